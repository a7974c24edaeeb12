"""Whom somebody calls their mentors, and the notes they write: begun, saved by themselves, sent, kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from mentoring.actions.refused import Refused
from reflections import actions, rules
from reflections.actions.thanks import version
from reflections.forms.thanks import MentorForm, NoteForm, ThankForm, WhomForm
from reflections.models import Answer, Moment, OwnMentor, Thanks
from reflections.note_fate import fate_of
from reflections.thanks_people import someone_of, to_thank
from reflections.wording import said_when

MENTOR, NOTE = "reflections/thanks/mentor.html", "reflections/thanks/note.html"


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The mentors of one's own, what is begun, and what has gone out."""
    me = request.user
    mentors = list(OwnMentor.objects.of(me).select_related("member"))
    drafts = Thanks.objects.written_by(me).drafts().with_people()
    context = {
        "mentors": mentors,
        "drafts": page_of(request, drafts, name="drafts"),
        "gone": page_of(
            request, Thanks.objects.written_by(me).gone().with_people().order_by("-sent_at", "-pk")
        ),
        "has_notes": Thanks.objects.to(me).exists(),
    }
    return render(request, "reflections/thanks/index.html", context)


# --- The list ------------------------------------------------------------------------------------------------------


@sensitive_post_parameters()
def add_mentor(request: AuthedRequest) -> HttpResponse:
    """Also for a draft that has nobody yet (`?note=`): it is theirs then."""
    note = _draft_named(request)
    form = MentorForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        try:
            mentor = actions.name_mentor(request.user, **_said(form), now=clock.now())
            if note is not None:
                actions.address_note(note, by=request.user, recipient=mentor.member, mentor=mentor)
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Named. Nobody sees this list but you."), extra_tags="kept")
            return redirect("thanks:note", note.pk) if note else redirect("thanks:index")
    return render(request, MENTOR, {"form": form, "mentor": None, "note": note})


@sensitive_post_parameters()
def change_mentor(request: AuthedRequest, pk: int) -> HttpResponse:
    mentor = get_object_or_404(OwnMentor.objects.of(request.user).select_related("member"), pk=pk)
    form = MentorForm(request.POST if request.method == "POST" else None, person=request.user, mentor=mentor)
    if form.is_valid():
        try:
            actions.change_mentor(mentor, by=request.user, **_said(form))
        except Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Changed."), extra_tags="kept")
            return redirect("thanks:index")
    return render(request, MENTOR, {"form": form, "mentor": mentor})


@require_POST
def remove_mentor(request: AuthedRequest, pk: int) -> HttpResponse:
    mentor = get_object_or_404(OwnMentor.objects.of(request.user), pk=pk)
    actions.remove_mentor(mentor, by=request.user)
    messages.success(request, _("Taken off your list. Your notes to them stay."))
    return redirect("thanks:index")


def _said(form: MentorForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {name: data[name] for name in ("name", "address", "kept")} | {"member": form.member}


def _draft_named(request: AuthedRequest) -> Thanks | None:
    pk = request.GET.get("note", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return get_object_or_404(Thanks.objects.written_by(request.user).drafts(), pk=int(pk))


# --- A note --------------------------------------------------------------------------------------------------------


@require_POST
@sensitive_post_parameters()
def begin(request: AuthedRequest) -> HttpResponse:
    """A draft: for somebody, out of an answer or a moment of one's own, or with words that are ready to be sent."""
    me = request.user
    form = ThankForm(_with_a_choice(request), person=me)
    if not form.is_valid():
        return render(request, "reflections/thanks/begin.html", {"form": form})
    answer = _own(
        request,
        "answer",
        Answer.objects.filter(reflection__person=me, is_locked=False).select_related("reflection"),
    )
    moment = _own(request, "moment", Moment.objects.of(me))
    someone = form.someone
    text = form.cleaned_data["text"] or (answer or moment or _Nothing).text
    try:
        note = actions.draft_note(
            me,
            text=text,
            recipient=someone.person if someone else None,
            mentor=someone.mentor if someone else None,
            answer=answer,
            moment=moment,
            now=clock.now(),
        )
    except Refused as no:
        form.add_error("text", str(no))
        return render(request, "reflections/thanks/begin.html", {"form": form})
    if request.POST.get("then") == "send" and note.recipient is not None and note.text.strip():
        if _sent(request, note):
            return HttpResponseRedirect(_where_they_were(request))
    elif someone is None or (someone.person is None and someone.mentor is None):
        return redirect("thanks:whom", note.pk)
    return redirect("thanks:note", note.pk)


class _Nothing:
    text = ""


def _with_a_choice(request: AuthedRequest) -> Any:
    """A button “Write to them” sends no words, one of an answer chooses nobody: neither is an error."""
    data = request.POST.copy()
    if not data.get("to"):
        data["to"] = "else"
    return data


def _own(request: AuthedRequest, name: str, rows: Any) -> Any:
    pk = request.POST.get(name, "")
    return get_object_or_404(rows, pk=int(pk)) if pk.isdecimal() and len(pk) <= 18 else None


@sensitive_post_parameters()
def note(request: AuthedRequest, pk: int) -> HttpResponse:
    """One of one's own: a draft to write, or what has gone out to look at."""
    mine = get_object_or_404(Thanks.objects.written_by(request.user).with_people(), pk=pk)
    if mine.sent_at is not None:
        return _sent_page(request, mine)
    if request.method != "POST":
        return _draft_page(request, mine, NoteForm(initial={"text": mine.text, "version": version(mine)}))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _draft_page(request, mine, form)
    try:
        mine = actions.save_note(
            mine,
            by=request.user,
            text=form.cleaned_data["text"],
            based_on=form.cleaned_data["version"],
            now=clock.now(),
        )
    except actions.NoteOvertaken as other:
        # Their words are in the form, the other ones beside it; the next save replaces what they have now seen.
        data = request.POST.copy()
        data["version"] = version(other.note)
        return _draft_page(request, mine, NoteForm(data), other=other.note)
    except Refused as no:
        form.add_error(None, str(no))
        return _draft_page(request, mine, form)
    return _go_on(request, mine, form)


def _go_on(request: AuthedRequest, mine: Thanks, form: NoteForm) -> HttpResponse:
    then = request.POST.get("then", "")
    if then in ("send", "mail", "print", "copy") and not mine.text.strip():
        form.add_error("text", _("Write a few words first. One sentence is plenty."))
        return _draft_page(request, mine, form)
    if then == "send":
        _sent(request, mine)
        return redirect("thanks:note", mine.pk)
    if then in ("mail", "print", "copy", "whom"):
        return redirect(f"thanks:{then}", mine.pk)
    messages.success(request, _("Kept as a draft. Nobody else can read it."), extra_tags="kept")
    return redirect("thanks:index")


@require_POST
@sensitive_post_parameters()
def save(request: AuthedRequest, pk: int) -> HttpResponse:
    """What the page saves by itself: says what became of it, in JSON, and never sends anything."""
    mine = get_object_or_404(Thanks.objects.written_by(request.user), pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"state": "refused", "message": " ".join(errors)}, status=422)
    data, now = form.cleaned_data, clock.now()
    try:
        saved = actions.save_note(mine, by=request.user, text=data["text"], based_on=data["version"], now=now)
    except actions.NoteOvertaken as other:
        said = _("You saved other words in another window, %(when)s.") % {
            "when": said_when(other.note.saved_at, now)
        }
        return JsonResponse(
            {
                "state": "overtaken",
                "message": said,
                "text": other.note.text,
                "version": version(other.note),
            },
            status=409,
        )
    except Refused as no:
        return JsonResponse({"state": "refused", "message": str(no)}, status=422)
    return JsonResponse({"state": "saved", "message": _("Saved"), "version": version(saved)})


@sensitive_post_parameters()
def whom(request: AuthedRequest, pk: int) -> HttpResponse:
    """Whom a draft is for; somebody who is on no list is named first."""
    mine = get_object_or_404(Thanks.objects.written_by(request.user).drafts().with_people(), pk=pk)
    form = WhomForm(
        request.POST if request.method == "POST" else None, person=request.user, chosen=_choice_of(mine)
    )
    if form.is_valid():
        someone = form.someone
        if someone is None or (someone.person is None and someone.mentor is None):
            return HttpResponseRedirect(f"{reverse('thanks:mentor_add')}?note={mine.pk}")
        actions.address_note(mine, by=request.user, recipient=someone.person, mentor=someone.mentor)
        return redirect("thanks:note", mine.pk)
    return render(request, "reflections/thanks/whom.html", {"form": form, "note": mine})


def _choice_of(note: Thanks) -> str:
    if note.recipient_id and someone_of(to_thank(note.writer), f"person-{note.recipient_id}"):
        return f"person-{note.recipient_id}"
    return f"mentor-{note.mentor_id}" if note.mentor_id else ""


def delete(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(Thanks.objects.written_by(request.user).with_people(), pk=pk)
    if request.method != "POST":
        return render(request, "reflections/thanks/delete.html", {"note": mine})
    actions.delete_note(mine, by=request.user)
    messages.success(request, _("Deleted."))
    return redirect("thanks:index")


@require_POST
def take_back(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(Thanks.objects.written_by(request.user), pk=pk)
    try:
        if mine.way == Thanks.Way.MAIL:
            actions.take_back_mail(mine, by=request.user, now=clock.now())
            told = _("It does not go out. It is a draft again.")
        elif actions.take_back_note(mine, by=request.user, now=clock.now()):
            told = _("Taken back: it is a draft again. It had been read before.")
        else:
            told = _("It is a draft again.")
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, told)
    return redirect("thanks:note", pk)


# --- Given by one's own hand ---------------------------------------------------------------------------------------


@require_safe
def print_note(request: AuthedRequest, pk: int) -> HttpResponse:
    """A page to print: the note, from whom, and the day."""
    return _to_give(request, pk, "print")


@require_safe
def copy_note(request: AuthedRequest, pk: int) -> HttpResponse:
    """The bare words in one box, to be copied into a letter or a message of one's own."""
    return _to_give(request, pk, "copy")


def _to_give(request: AuthedRequest, pk: int, way: str) -> HttpResponse:
    mine = get_object_or_404(Thanks.objects.written_by(request.user).with_people(), pk=pk)
    context = {"note": mine, "way": way, "name": _name_of(mine), "on": mine.sent_at or clock.now()}
    return render(request, f"reflections/thanks/{way}.html", context)


@require_POST
def given(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = get_object_or_404(Thanks.objects.written_by(request.user), pk=pk)
    try:
        actions.hand_over(mine, request.POST.get("way", ""), by=request.user, now=clock.now())
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Good. It stands among those that have gone out."), extra_tags="kept")
    return redirect("thanks:note", pk)


# --- Pages ---------------------------------------------------------------------------------------------------------


def _draft_page(
    request: AuthedRequest, mine: Thanks, form: NoteForm, other: Thanks | None = None
) -> HttpResponse:
    context = {
        "note": mine,
        "form": form,
        "other": other,
        "name": _name_of(mine),
        "may_send": mine.recipient is not None and rules.may_write_to(request.user, mine.recipient),
    }
    return render(request, NOTE, context)


def _sent_page(request: AuthedRequest, mine: Thanks) -> HttpResponse:
    context = {"note": mine, "name": _name_of(mine), "fate": fate_of(mine), "now": clock.now()}
    return render(request, "reflections/thanks/sent.html", context)


def _name_of(note: Thanks) -> str:
    if note.recipient is not None:
        return note.recipient.first_name
    return note.mentor.name if note.mentor is not None else ""


def _sent(request: AuthedRequest, note: Thanks) -> bool:
    try:
        actions.send_here(note, by=request.user, now=clock.now())
    except Refused as no:
        messages.error(request, str(no))
        return False
    name = note.recipient.first_name if note.recipient else ""
    messages.success(request, _("Sent. Only %(name)s and you can read it.") % {"name": name})
    return True


def _where_they_were(request: AuthedRequest) -> str:
    url = request.POST.get("next", "")
    if url and url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        return url
    return reverse("thanks:index")
