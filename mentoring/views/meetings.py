"""Meetings that are arranged, moved, answered and called off."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.templatetags.best import place
from mentoring import actions, arrangements, rules, suggestions
from mentoring.actions.meetings import pairings_together
from mentoring.forms import MeetingForm, TimesForm, TogetherForm
from mentoring.forms.meeting import lengths_with
from mentoring.models import Meeting
from mentoring.room import coming as room_coming
from mentoring.room.planning import habit, new_times_form, offered_time, offered_times
from mentoring.suggestions import Found

from .pairings import visible_pairing
from .planning import asked_day, asked_minutes, new_plan_form, plan_page


@require_POST
def add(request: AuthedRequest, pk: int) -> HttpResponse:
    """A time on which the two have agreed already."""
    pairing = visible_pairing(request.user, pk)
    form = new_plan_form(request.user, request.POST)
    if form.is_valid():
        try:
            actions.plan_meeting(pairing, by=request.user, **_when(form.cleaned_data), now=clock.now())
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            other = pairing.partner_of(request.user)
            messages.success(
                request, _("Planned. %(name)s gets an invitation, too.") % {"name": other.first_name}
            )
            return redirect("pairings:detail", pk)
    return plan_page(request, pairing, plan_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def together(request: AuthedRequest, pk: int) -> HttpResponse:
    """A mentor meets with all their mentees of a program at once. There is no such page for anybody else."""
    pairing = visible_pairing(request.user, pk)
    everybody = list(pairings_together(pairing).with_people())
    if not pairing.is_mentor(request.user) or len(everybody) < 2 or pairing not in everybody:
        raise Http404
    usual = habit(pairing)
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    minutes = asked_minutes(asked, usual["minutes"], "found_minutes" if is_sent else "minutes")
    user, now = request.user, clock.now()
    found = suggestions.find(everybody, user, minutes=minutes, first=asked_day(asked), now=now)
    form = TogetherForm(
        request.POST if is_sent else None,
        zone=user.zone,
        place_name=place(user),
        offered=offered_times(found.suggested, everybody, user, minutes=minutes),
        named=partial(offered_time, pairings=everybody, reader=user, minutes=minutes),
        initial={"minutes": minutes, "found_minutes": minutes, "place": usual["place"]},
    )
    if is_sent and form.is_valid():
        try:
            actions.plan_together(pairing, by=user, **_when(form.cleaned_data), now=now)
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Planned. Each of them gets an invitation."))
            return redirect("pairings:detail", pk)
    context = {
        "pairing": pairing,
        "partner": pairing.mentee,
        "mentees": [each.mentee for each in everybody],
        "form": form,
        "found": found,
        "lengths": lengths_with(minutes),
        "minutes": minutes,
        "later": found.last + timedelta(days=1),
    }
    return render(request, "mentoring/room/times_together.html", context)


@require_safe
def coming(request: AuthedRequest, pk: int) -> HttpResponse:
    """All meetings of the two that are to come."""
    pairing = visible_pairing(request.user, pk)
    now = clock.now()
    page = page_of(request, room_coming.rows(pairing, now))
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "page": page,
        "coming": room_coming.seen_by(request.user, pairing, page, now),
        "now": now,
        "may_plan": rules.may_plan_meeting(request.user, pairing),
    }
    return render(request, "mentoring/room/times_coming.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Another time or place: said at once, or proposed to the other."""
    meeting = _meeting(request.user, pk, meeting_pk)
    if request.method != "POST":
        return change_page(request, meeting)
    form = _change_form(request.user, meeting, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.move_meeting(
                meeting,
                by=request.user,
                starts_at=data["starts_at"],
                minutes=data["minutes"],
                place=data["place"],
                now=clock.now(),
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Changed, here and in the calendars of all who come."))
            return redirect("pairings:detail", pk)
    return change_page(request, meeting, form=form)


def change_page(
    request: AuthedRequest,
    meeting: Meeting,
    *,
    form: MeetingForm | None = None,
    times_form: TimesForm | None = None,
    found: Found | None = None,
) -> HttpResponse:
    """With the form that was sent as it stands, if one was. Without forms, where nothing can be changed any more."""
    user, now = request.user, clock.now()
    pairing = meeting.pairing
    rows = room_coming.rows(pairing, now).filter(pk=meeting.pk)
    seen = next(iter(room_coming.seen_by(user, pairing, rows, now)), None)
    context: dict[str, Any] = {
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "meeting": meeting,
        "seen": seen,
        "now": now,
        "form": form or times_form,  # What the title says "Error:" about.
    }
    if seen is not None and seen.may_move:
        initial = {"minutes": meeting.minutes, "place": meeting.place}
        if times_form is None and not seen.others:
            found = suggestions.find([pairing], user, minutes=meeting.minutes, now=now)
            times_form = new_times_form(pairing, user, found, initial, now)
        context |= {
            "found": found,
            "change_form": form or _change_form(user, meeting),
            "times_form": times_form,
            "is_change_sent": form is not None,
            "waiting": room_coming.waiting(pairing, user, now),
        }
    return render(request, "mentoring/room/times_change.html", context)


@require_POST
def cancel(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    meeting = _meeting(request.user, pk, meeting_pk)
    rest = request.POST.get("which") == "rest"
    user = request.user
    is_out = not meeting.pairing.is_mentor(user) and arrangements.pairings_of(meeting).count() > 1
    try:
        actions.cancel_meeting(meeting, by=user, rest=rest, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        name = meeting.pairing.partner_of(user).first_name
        match is_out, rest:
            case True, True:
                done = _("You are out of this meeting and all that follow. %(name)s meets with the others.")
            case True, False:
                done = _("You are out of this meeting. %(name)s meets with the others.")
            case False, True:
                done = _("The meeting is canceled, and all that would have followed it.")
            case _other:
                done = _("The meeting is canceled.")
        messages.success(request, done % {"name": name})
    return redirect("pairings:detail", pk)


@require_POST
def answer(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    """Whether one of the two comes."""
    meeting = _meeting(request.user, pk, meeting_pk)
    comes = request.POST.get("do") != "no"
    try:
        actions.answer_meeting(meeting, by=request.user, comes=comes, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        name = meeting.pairing.partner_of(request.user).first_name
        said = _("%(name)s sees that you come.") if comes else _("%(name)s sees that you cannot come.")
        messages.success(request, said % {"name": name})
    return redirect("pairings:detail", pk)


def _meeting(user: User, pk: int, meeting_pk: int) -> Meeting:
    """Raises Http404 for anybody but the two, and for a meeting of another pairing."""
    rows = Meeting.objects.visible_to(user).select_related(
        "pairing__program", "pairing__mentor", "pairing__mentee"
    )
    return get_object_or_404(rows, pk=meeting_pk, pairing=pk)


def _change_form(user: User, meeting: Meeting, data: Any = None) -> MeetingForm:
    return MeetingForm.of(meeting, data, zone=user.zone, place_name=place(user))


def _when(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("starts_at", "minutes", "place", "every", "times")}
