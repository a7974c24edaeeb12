"""Notes around the meetings of a pair: private ones and shared ones, each written on a page that says which it is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from accounts.vault import data_keys
from accounts.vault.errors import Unreadable
from mentoring import actions, rules
from mentoring.forms import NoteForm
from mentoring.models import Meeting, Note, Pairing

from .rooms import back_to, pairing_with_room


@require_safe
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = pairing_with_room(request.user, pk)
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    notes = Note.objects.visible_to(request.user).filter(pairing=pairing).select_related("meeting")
    context = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "notes": page_of(request, notes),
        "may_write": rules.may_write_in_room(request.user, pairing),
    }
    return render(request, "mentoring/room/meet_notes_page.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def add(request: AuthedRequest, pk: int, *, is_shared: bool) -> HttpResponse:
    """A page for each of the two kinds: which it is stands in its address, and is no choice beside the words."""
    pairing = pairing_with_room(request.user, pk)
    meetings = Meeting.objects.filter(pairing=pairing).past(clock.now())
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        label=_label(is_shared),
        meetings=meetings,
        initial={"was_shared": is_shared, "meeting": request.GET.get("meeting", "")},
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            note = actions.write_note(
                pairing,
                by=request.user,
                text=data["text"],
                is_shared=is_shared,
                meeting=data["meeting"],
                now=clock.now(),
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            other = pairing.partner_of(request.user).first_name
            kept = _("Kept. %(name)s can read it too.") if is_shared else _("Kept. Only you can read it.")
            messages.success(request, kept % {"name": other}, extra_tags="kept")
            return back_to(request, pairing, _home_of(note), "notes")
    return _form_page(request, pairing, form, is_shared=is_shared)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def edit(request: AuthedRequest, pk: int, note_pk: int) -> HttpResponse:
    pairing = pairing_with_room(request.user, pk)
    note = _own(request, pairing, note_pk)
    try:
        words = note.text
    except Unreadable as closed:
        messages.error(request, str(closed))
        return redirect("pairings:notes", pk)
    form = NoteForm(
        request.POST if request.method == "POST" else None,
        label=_label(note.is_shared),
        initial={"text": words, "was_shared": note.is_shared},
    )
    if form.is_valid():
        try:
            actions.rewrite_note(
                note,
                by=request.user,
                text=form.cleaned_data["text"],
                is_shared=form.cleaned_data["was_shared"],
                now=clock.now(),
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
            # The page says how it is now, so the next click is meant.
            note.refresh_from_db(fields=["is_shared"])
            form.fields["text"].label = _label(note.is_shared)
            form.data = {**form.data.dict(), "was_shared": note.is_shared}  # type: ignore[attr-defined]
        else:
            messages.success(request, _("Changed."), extra_tags="kept")
            return redirect(_home_of(note))
    return _form_page(request, pairing, form, is_shared=note.is_shared, note=note)


@require_POST
def share(request: AuthedRequest, pk: int, note_pk: int) -> HttpResponse:
    return _done(
        request,
        pk,
        note_pk,
        lambda note: actions.share_note(note, by=request.user, now=clock.now()),
        _("Shared. %(name)s can read it from now on."),
    )


@require_POST
def take_back(request: AuthedRequest, pk: int, note_pk: int) -> HttpResponse:
    return _done(
        request,
        pk,
        note_pk,
        lambda note: actions.take_back_note(note, by=request.user, now=clock.now()),
        _("Taken back: only you can read it now. %(name)s may have read it before."),
    )


@require_POST
def delete(request: AuthedRequest, pk: int, note_pk: int) -> HttpResponse:
    return _done(
        request,
        pk,
        note_pk,
        lambda note: actions.delete_note(note, by=request.user),
        _("Deleted."),
    )


def _done(
    request: AuthedRequest, pk: int, note_pk: int, act: Callable[[Note], object], said: str
) -> HttpResponse:
    pairing = pairing_with_room(request.user, pk)
    note = _own(request, pairing, note_pk)
    there = _home_of(note)
    try:
        act(note)
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, said % {"name": pairing.partner_of(request.user).first_name})
    return redirect(there)


def _own(request: AuthedRequest, pairing: Pairing, note_pk: int) -> Note:
    """Nobody changes a note but its writer; for the other one of the two it is not there to be changed."""
    notes = Note.objects.filter(author=request.user, pairing=pairing).select_related(
        "pairing__program", "meeting"
    )
    return get_object_or_404(notes, pk=note_pk)


def _home_of(note: Note) -> str:
    """The page on which it stands: of its meeting, or of all notes."""
    meeting = note.meeting
    if meeting is not None and meeting.cancelled_at is None and meeting.starts_at <= clock.now():
        return reverse("pairings:past_one", args=[note.pairing_id, meeting.pk]) + "#notes"
    return reverse("pairings:notes", args=[note.pairing_id])


def _label(is_shared: bool) -> str:
    return _("A note for you both") if is_shared else _("A note for yourself")


def _form_page(
    request: AuthedRequest, pairing: Pairing, form: NoteForm, *, is_shared: bool, note: Note | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "pairing": pairing,
        "partner": pairing.partner_of(request.user),
        "form": form,
        "is_shared": is_shared,
        "note": note,
        "may_write": rules.may_write_in_room(request.user, pairing),
    }
    return render(request, "mentoring/room/meet_note_form.html", context)
