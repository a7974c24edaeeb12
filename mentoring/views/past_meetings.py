"""When the two met: all of it, one meeting with what belongs to it, and writing down one that was not planned here."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring import actions, rules
from mentoring.forms import NoteForm, PastMeetingForm
from mentoring.models import AgendaItem, Meeting, Note, Pairing
from mentoring.models.meeting import MeetingQuerySet
from mentoring.room.met import SHOWN_WITHIN, together_with

from .rooms import pairing_with_room


@require_http_methods(["GET", "HEAD", "POST"])
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing, user, now = pairing_with_room(request.user, pk), request.user, clock.now()
    form = PastMeetingForm(request.POST if request.method == "POST" else None, zone=user.zone, now=now)
    if form.is_valid():
        data = form.cleaned_data
        try:
            meeting = actions.log_meeting(
                pairing, by=user, starts_at=data["starts_at"], kind=data["kind"], now=now
            )
        except actions.Refused as no:
            form.add_error("on", str(no))
        else:
            other = pairing.partner_of(user).first_name
            messages.success(request, _("Written down. %(name)s sees it here too.") % {"name": other})
            return redirect("pairings:past_one", pk, meeting.pk)
    theirs = Note.objects.visible_to(user).filter(pairing=pairing)
    rows = Meeting.objects.filter(pairing=pairing).past(now)
    page = page_of(request, rows.annotate(notes_there=Count("notes", filter=Q(notes__in=theirs))))
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "page": page,
        "form": form,
        "now": now,
        "asks_since": now - SHOWN_WITHIN,
        "may_write": rules.may_write_in_room(user, pairing),
    }
    return render(request, "mentoring/room/meet_past_page.html", context)


@require_safe
def detail(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    pairing, user, now = pairing_with_room(request.user, pk), request.user, clock.now()
    meeting = get_object_or_404(_past(pairing).select_related("logged_by"), pk=meeting_pk)
    meeting.pairing = pairing
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    notes = Note.objects.visible_to(user).filter(pairing=pairing, meeting=meeting).select_related("meeting")
    others = together_with(meeting, user).filter(took_place=None)
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(user),
        "is_mentor": pairing.is_mentor(user),
        "meeting": meeting,
        "now": now,
        "others": [
            each.pairing.partner_of(user).first_name
            for each in others.select_related("pairing__mentor", "pairing__mentee").order_by("pk")
        ],
        "may_say": rules.may_say_whether_met(user, meeting, now),
        "may_write": rules.may_write_in_room(user, pairing),
        "kinds": Meeting.Kind.choices,
        "talked": page_of(
            request,
            AgendaItem.objects.visible_to(user).filter(meeting=meeting).select_related("meeting"),
            name="talked",
        ),
        "notes": page_of(request, notes),
        "note_form": NoteForm(label=""),
    }
    return render(request, "mentoring/room/meet_past_one.html", context)


@require_POST
def say_met(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    said = {"yes": True, "no": False}.get(request.POST.get("do", ""))

    def act(meeting: Meeting) -> None:
        if said is not None:
            actions.say_whether_met(meeting, by=request.user, met=said, now=clock.now())

    return _done(request, pk, meeting_pk, act)


@require_POST
def say_kind(request: AuthedRequest, pk: int, meeting_pk: int) -> HttpResponse:
    kind = request.POST.get("kind", "")

    def act(meeting: Meeting) -> None:
        if kind in Meeting.Kind.values:
            actions.say_kind(meeting, by=request.user, kind=kind, now=clock.now())

    return _done(request, pk, meeting_pk, act)


def _past(pairing: Pairing) -> MeetingQuerySet:
    return Meeting.objects.filter(pairing=pairing).past(clock.now())


def _done(request: AuthedRequest, pk: int, meeting_pk: int, act: Callable[[Meeting], None]) -> HttpResponse:
    pairing = pairing_with_room(request.user, pk)
    meeting = get_object_or_404(_past(pairing), pk=meeting_pk)
    meeting.pairing = pairing
    try:
        act(meeting)
    except actions.Refused as no:
        messages.error(request, str(no))
    return redirect("pairings:past_one", pk, meeting_pk)
