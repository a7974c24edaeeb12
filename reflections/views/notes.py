"""Notes that others wrote to somebody here: read, thanked for, muted, reported."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from accounts.vault import data_keys
from mentoring.actions.refused import Refused
from reflections import actions, rules
from reflections.models import MutedWriter, NoteReport, Thanks


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The newest first; those of muted writers on a page of their own (`?muted=1`)."""
    me = request.user
    is_muted = "muted" in request.GET
    notes = Thanks.objects.muted_by(me) if is_muted else Thanks.objects.to(me)
    page = page_of(request, notes.with_people().order_by("-sent_at", "-pk"))
    data_keys.prepare(note.writer_id for note in page)
    context = {
        "page": page,
        "is_muted": is_muted,
        "has_muted": MutedWriter.objects.filter(person=me).exists(),
    }
    return render(request, "reflections/thanks/received.html", context)


@require_safe
def detail(request: AuthedRequest, pk: int) -> HttpResponse:
    note = _to_me(request, pk)
    context = {
        "note": note,
        "is_muted": MutedWriter.objects.filter(person=request.user, writer=note.writer).exists(),
        "is_reported": NoteReport.objects.filter(note=note, reporter=request.user).exists(),
        "may_reply": rules.may_write_to(request.user, note.writer),
    }
    return render(request, "reflections/thanks/received_note.html", context)


@require_POST
def read(request: AuthedRequest, pk: int) -> HttpResponse:
    note = _to_me(request, pk)
    actions.mark_note_read(note, by=request.user, now=clock.now())
    messages.success(request, _("%(name)s sees that you have read it.") % {"name": note.writer.first_name})
    return redirect("thanks:received")


@require_POST
def reply(request: AuthedRequest, pk: int) -> HttpResponse:
    """A draft back. Whoever answers has read it."""
    note, now = _to_me(request, pk), clock.now()
    try:
        draft = actions.thank_back(note, by=request.user, now=now)
    except Refused as no:
        messages.error(request, str(no))
        return redirect("thanks:received_note", pk)
    actions.mark_note_read(note, by=request.user, now=now)
    return redirect("thanks:note", draft.pk)


@require_POST
def mute(request: AuthedRequest, pk: int) -> HttpResponse:
    note = _to_me(request, pk)
    writer: User = note.writer
    if request.POST.get("again"):
        actions.hear_again(request.user, writer)
        told = _("Notes of %(name)s come to you again.")
    else:
        actions.mute_writer(request.user, writer, now=clock.now())
        told = _("Notes of %(name)s stay out of your sight from now on. They are not told.")
    messages.success(request, told % {"name": writer.first_name})
    return redirect("thanks:received")


def report(request: AuthedRequest, pk: int) -> HttpResponse:
    """Asks first: those who run the program learn who said so."""
    note = _to_me(request, pk)
    if request.method != "POST":
        return render(request, "reflections/thanks/report.html", {"note": note})
    try:
        actions.report_note(note, by=request.user, now=clock.now())
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(
            request, _("Those who run the program see that you reported it, and not what it says.")
        )
    return redirect("thanks:received_note", pk)


def _to_me(request: AuthedRequest, pk: int) -> Thanks:
    mine = Thanks.objects.visible_to(request.user).filter(recipient=request.user)
    return get_object_or_404(mine.with_people(), pk=pk)
