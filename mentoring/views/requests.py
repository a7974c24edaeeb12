"""A request for a mentor, for the two of it: the mentor reads and answers it, the mentee sees how it stands.

Yes and no are said to the question behind it, by `pairings:accept` and `pairings:decline`.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import Profile, User
from mentoring import actions, rules
from mentoring.forms import PauseForm, RoomForm, WordsForm
from mentoring.models import Enrollment, Pairing, PairingRequest
from mentoring.open_requests import MADE
from mentoring.people import shows_pronouns_to
from mentoring.request_emails import next_of

from .pairings import why_the_two


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    over = PairingRequest.objects.over_for(request.user).filter(pk=pk).first()
    if over is not None:
        # With nothing that either wrote, and nothing of why: only what this mentor did.
        said_no = over.state == PairingRequest.State.DECLINED and not over.because
        return render(request, "mentoring/request_over.html", {"said_no": said_no})
    asked = visible_request(request.user, pk)
    if asked.state == PairingRequest.State.ACCEPTED and asked.pairing is not None:
        return redirect("pairings:detail", asked.pairing.pk)
    return request_page(request, asked)


@require_POST
def ask_back(request: AuthedRequest, pk: int) -> HttpResponse:
    asked = visible_request(request.user, pk)
    form = _question_form(asked, request.POST)
    if form.is_valid():
        try:
            actions.ask_back(asked, by=request.user, question=form.cleaned_data["words"], now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            said = _("Sent. %(name)s has two weeks to tell you more, and you as long to answer then.")
            messages.success(request, said % {"name": asked.mentee.first_name})
            return redirect("requests:detail", pk)
    return request_page(request, asked, question=form)


@require_POST
def reply(request: AuthedRequest, pk: int) -> HttpResponse:
    asked = visible_request(request.user, pk)
    form = _reply_form(asked, request.POST)
    if form.is_valid():
        try:
            actions.reply(asked, by=request.user, reply=form.cleaned_data["words"], now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            said = _("Sent. %(name)s reads it, and answers you.")
            messages.success(request, said % {"name": asked.mentor.first_name})
            return redirect("requests:detail", pk)
    return request_page(request, asked, reply=form)


@require_POST
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    asked = visible_request(request.user, pk)
    try:
        actions.take_back_request(asked, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("You took it back. Nobody asks why."))
    return redirect("requests:detail", pk)


@require_POST
def room(request: AuthedRequest, pk: int) -> HttpResponse:
    asked = visible_request(request.user, pk)
    place = _own_place(asked, request.user)
    form = RoomForm(request.POST)
    if form.is_valid():
        try:
            ended = actions.set_room(place, form.cleaned_data["capacity"], by=request.user, now=clock.now())
        except actions.Refused as no:
            form.add_error("capacity", str(no))
        else:
            messages.success(request, _room_said(form.cleaned_data["capacity"], ended))
            return _back(request.user, pk)
    return request_page(request, asked, room=form)


@require_POST
def pause(request: AuthedRequest, pk: int) -> HttpResponse:
    asked = visible_request(request.user, pk)
    place, now = _own_place(asked, request.user), clock.now()
    form = PauseForm(request.POST, program=asked.program, now=now)
    if form.is_valid():
        try:
            actions.take_a_break(place, until=form.cleaned_data["until"], now=now)
        except actions.Refused as no:
            form.add_error("until", str(no))
        else:
            messages.success(request, _("You rest now. Nothing is asked of you until then."))
            return _back(request.user, pk)
    return request_page(request, asked, pause=form)


def visible_request(user: User, pk: int) -> PairingRequest:
    """Raises Http404 for anybody but the two, and for the mentor before it has reached them and once it is over."""
    return get_object_or_404(PairingRequest.objects.visible_to(user).with_people(), pk=pk)


def request_page(request: AuthedRequest, asked: PairingRequest, **forms: forms.Form) -> HttpResponse:
    """The request's page, with those of its forms that stand as somebody sent them."""
    user, now = request.user, clock.now()
    is_mentor = user.pk == asked.mentor_id
    context: dict[str, Any] = {
        "asked": asked,
        "pairing": asked.pairing,
        "program": asked.program,
        "partner": asked.mentee if is_mentor else asked.mentor,
        "is_mentor": is_mentor,
        "reasons": _reasons(asked, user),
        "until": asked.pairing.answer_by if asked.pairing else None,
        "may_ask_back": rules.may_ask_back(user, asked),
        "may_reply": rules.may_reply(user, asked),
        "may_take_back": rules.may_take_back(user, asked),
    }
    more = _for_mentor(asked, user, now) if is_mentor else _for_mentee(asked)
    return render(request, "mentoring/request_detail.html", context | more | forms)


def _for_mentor(asked: PairingRequest, user: User, now: Any) -> dict[str, Any]:
    """With what a mentor may see of whoever asks: the profile, and what they seek."""
    profile = Profile.objects.filter(person=asked.mentee).first()
    theirs = Enrollment.objects.filter(program=asked.program_id, person=asked.mentee_id).first()
    place = Enrollment.objects.filter(program=asked.program_id, person=user).first()
    context: dict[str, Any] = {
        "partner_profile": profile,
        "partner_pronouns": profile.pronouns if profile and shows_pronouns_to(user, profile) else "",
        "partner_place": theirs,
        "partner_skills": theirs.skills.by_side() if theirs else [],
        "question": _question_form(asked),
    }
    if place is None:
        return context
    place.program, place.person = asked.program, user
    mentees = Pairing.objects.filter(program=asked.program_id, mentor=user, status__in=MADE).count()
    return context | {
        "place": place,
        "mentees": mentees,
        "may_set_room": rules.may_set_room(user, place, now),
        "may_pause": rules.may_pause_place(place, now),
        "room": RoomForm(initial={"capacity": place.capacity}),
        "pause": PauseForm(program=asked.program, now=now),
    }


def _for_mentee(asked: PairingRequest) -> dict[str, Any]:
    return {"reply": _reply_form(asked), "next": None if asked.is_open else next_of(asked)}


def _reasons(asked: PairingRequest, user: User) -> list[tuple[bool, str]]:
    pairing = asked.pairing
    if pairing is None:
        return []
    pairing.program, pairing.mentor, pairing.mentee = asked.program, asked.mentor, asked.mentee
    return why_the_two(pairing, user)


def _question_form(asked: PairingRequest, data: Any = None) -> WordsForm:
    return WordsForm(
        data,
        label=_("What would you like to know?"),
        help_text=_("Only %(name)s reads it. You can ask back once.") % {"name": asked.mentee.first_name},
    )


def _reply_form(asked: PairingRequest, data: Any = None) -> WordsForm:
    return WordsForm(
        data,
        label=_("Your answer"),
        help_text=_("Only %(name)s reads it.") % {"name": asked.mentor.first_name},
    )


def _own_place(asked: PairingRequest, user: User) -> Enrollment:
    """Of the mentor who was asked. Raises Http404 for the mentee: their room is nothing here."""
    if asked.mentor_id != user.pk:
        raise Http404
    place = get_object_or_404(Enrollment.objects.visible_to(user), program=asked.program_id)
    place.program, place.person = asked.program, user
    return place


def _room_said(capacity: int, ended: int) -> str:
    words = ngettext(
        "You have room for %(number)d mentee.", "You have room for %(number)d mentees.", capacity
    )
    said = words % {"number": capacity} if capacity else _("You take nobody new now.")
    if not ended:
        return said
    told = ngettext(
        "%(number)d request ended, and whoever asked is told.",
        "%(number)d requests ended, and those who asked are told.",
        ended,
    )
    return f"{said} {told % {'number': ended}}"


def _back(user: User, pk: int) -> HttpResponseRedirect:
    """To the request, if it is still there for them."""
    if PairingRequest.objects.visible_to(user).filter(pk=pk).exists():
        return redirect("requests:detail", pk)
    return redirect("pairings:list")
