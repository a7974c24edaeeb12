"""The page behind the link of proposed times in an e-mail: one of them, or none, without signing in. Looking changes
nothing."""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import clock
from accounts.models import User
from mentoring import actions, rules, times_links
from mentoring.models import Meeting, MeetingProposal, ProposedTime
from mentoring.times_links import Asked

from .answers import discreet, may_try
from .rooms import key_in

State = MeetingProposal.State


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    # As for the other links that answer (answers.py): also a right token is not looked up then.
    if not may_try(request, dry_run=True):
        return discreet(ratelimit.respond_429(request))
    asked = times_links.read(token)
    if asked is None:
        may_try(request)
        return discreet(render(request, "mentoring/answer_shut.html", status=404))
    return discreet(_answered(request, asked))


def _answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    rows = MeetingProposal.objects.select_related(
        "moves", "proposed_by", "pairing__program", "pairing__mentor", "pairing__mentee"
    )
    proposal = rows.filter(pk=asked.proposal_id).first()
    person = _who(proposal, asked.person_id)
    if proposal is None or person is None:
        return render(request, "mentoring/answer_shut.html", {"is_known": True}, status=410)
    how = _standing(request, proposal, person, asked)
    if request.method != "POST" or how != "open":
        return _page(request, proposal, person, how)
    try:
        if not _act(request, proposal, person):
            return _page(request, proposal, person, how)
    except actions.Refused as no:
        proposal = rows.get(pk=proposal.pk)
        return _page(request, proposal, person, _standing(request, proposal, person, asked), problem=str(no))
    # To the same page, which says how things stand now.
    return redirect(request.path)


def _act(request: HttpRequest, proposal: MeetingProposal, person: User) -> bool:
    """Whether the form said something that can be done."""
    if request.POST.get("do") == "none":
        actions.none_suits(proposal, by=person, now=clock.now())
        return True
    chosen = request.POST.get("time", "")
    time = proposal.times.filter(pk=key_in(chosen)).first()
    if time is None:
        return False
    time.proposal = proposal
    actions.take_time(time, by=person, now=clock.now())
    return True


def _who(proposal: MeetingProposal | None, person_id: int) -> User | None:
    """Whose link it is: the one of the two who was asked; nobody, once their account is closed."""
    if proposal is None:
        return None
    two: dict[int, User] = {each.pk: each for each in (proposal.pairing.mentor, proposal.pairing.mentee)}
    person = two.get(person_id)
    return person if person is not None and rules.is_asked_for_time(person, proposal) else None


def _standing(request: HttpRequest, proposal: MeetingProposal, person: User, asked: Asked) -> str:
    """What the page is about: "other" (somebody else is signed in), "open", "late", "taken", "none" or "closed"."""
    if request.user.is_authenticated and request.user.pk != person.pk:
        return "other"
    if proposal.state == State.TAKEN:
        return "taken"
    if proposal.state == State.NONE_SUITS:
        return "none"
    has_times = proposal.times.filter(starts_at__gt=clock.now()).exists()
    if proposal.state != State.OPEN or not has_times or not rules.may_plan_meeting(person, proposal.pairing):
        return "closed"
    return "late" if asked.is_late else "open"


def _page(
    request: HttpRequest, proposal: MeetingProposal, person: User, how: str, *, problem: str = ""
) -> HttpResponse:
    """Nothing that the e-mail itself does not say."""
    meeting = Meeting.objects.planned().filter(was_proposed__proposal=proposal).first()
    times: list[ProposedTime] = []
    if how == "open":
        times = list(proposal.times.filter(starts_at__gt=clock.now()).order_by("starts_at"))
    context = {
        "proposal": proposal,
        "pairing": proposal.pairing,
        "program": proposal.pairing.program,
        "person": person,
        "partner": proposal.pairing.partner_of(person),
        "times": times,
        "meeting": meeting if how == "taken" else None,
        "how": how,
        "problem": problem,
    }
    return render(request, "mentoring/room/times_answer.html", context)
