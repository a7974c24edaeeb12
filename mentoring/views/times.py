"""Times are proposed, taken, refused and taken back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.templatetags.best import clock as time_of_day
from accounts.templatetags.best import weekday_date
from mentoring import actions, suggestions
from mentoring.models import Meeting, MeetingProposal, Pairing, ProposedTime
from mentoring.room.planning import habit, new_times_form

from .meetings import change_page
from .pairings import visible_pairing
from .planning import asked_day, asked_minutes, plan_page
from .rooms import key_in


@require_POST
def propose(request: AuthedRequest, pk: int) -> HttpResponse:
    """For a new meeting, or instead of the one whose number is in `moves`. The times among which one chose were found
    for `minutes` from the day `from` on."""
    pairing = visible_pairing(request.user, pk)
    moves = _moved(request, pairing)
    user, now = request.user, clock.now()
    minutes = asked_minutes(request.POST, moves.minutes if moves else habit(pairing)["minutes"])
    found = suggestions.find([pairing], user, minutes=minutes, first=asked_day(request.POST), now=now)
    form = new_times_form(pairing, user, found, {"minutes": minutes}, now, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.propose_times(
                pairing,
                by=user,
                starts=data["starts"],
                minutes=data["lasts"],
                place=data["place"],
                moves=moves,
                now=now,
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            name = pairing.partner_of(user).first_name
            messages.success(request, _("Proposed. %(name)s gets an e-mail.") % {"name": name})
            return redirect("pairings:detail", pk)
    if moves is not None:
        return change_page(request, moves, times_form=form, found=found)
    return plan_page(request, pairing, times_form=form, found=found)


@require_POST
def take(request: AuthedRequest, pk: int, proposal_pk: int) -> HttpResponse:
    proposal = _proposal(request.user, pk, proposal_pk)
    chosen = request.POST.get("time", "")
    rows = ProposedTime.objects.filter(proposal=proposal, pk=key_in(chosen))
    time = get_object_or_404(rows)
    time.proposal = proposal
    try:
        meeting = actions.take_time(time, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        when = {"day": weekday_date(meeting.starts_at), "time": time_of_day(meeting.starts_at)}
        messages.success(request, _("You meet on %(day)s at %(time)s. Both of you get an invitation.") % when)
    return redirect("pairings:detail", pk)


@require_POST
def none(request: AuthedRequest, pk: int, proposal_pk: int) -> HttpResponse:
    """None of them suits: the next thing is to propose others."""
    proposal = _proposal(request.user, pk, proposal_pk)
    try:
        actions.none_suits(proposal, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
        return redirect("pairings:detail", pk)
    name = proposal.pairing.partner_of(request.user).first_name
    messages.success(request, _("%(name)s hears of it. You can propose others here.") % {"name": name})
    return redirect("pairings:meeting_plan", pk)


@require_POST
def take_back(request: AuthedRequest, pk: int, proposal_pk: int) -> HttpResponse:
    proposal = _proposal(request.user, pk, proposal_pk)
    try:
        actions.take_back_times(proposal, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Taken back."))
    return redirect("pairings:detail", pk)


def _proposal(user: User, pk: int, proposal_pk: int) -> MeetingProposal:
    """Raises Http404 for anybody but the two, and for one of another pairing."""
    rows = MeetingProposal.objects.visible_to(user).select_related(
        "pairing__program", "pairing__mentor", "pairing__mentee"
    )
    return get_object_or_404(rows, pk=proposal_pk, pairing=pk)


def _moved(request: AuthedRequest, pairing: Pairing) -> Meeting | None:
    asked = request.POST.get("moves", "")
    if not asked:
        return None
    rows = Meeting.objects.visible_to(request.user).filter(pairing=pairing)
    moves = get_object_or_404(rows, pk=key_in(asked))
    moves.pairing = pairing
    return moves
