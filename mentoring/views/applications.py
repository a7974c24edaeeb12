"""Asking for a place: the form, its draft, and the names that it suggests."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.hours import in_words, on_clock
from accounts.http import AuthedRequest
from accounts.languages import names_of
from accounts.templatetags.best import clock as on_the_clock
from mentoring import actions, rules, skills
from mentoring.earlier import earlier_place, said_in
from mentoring.forms import ApplicationForm
from mentoring.models import ApplicationDraft, Enrollment, Program

from .programs import visible_place


def apply(request: AuthedRequest, pk: int) -> HttpResponse:
    """The form for whoever may ask for a place. It begins with a draft, or with what they said last time."""
    program = _open_program(request, pk)
    if program is None:
        return redirect("programs:detail", pk)
    form = ApplicationForm(request.POST or None, program=program, person=request.user)
    if request.method == "POST" and request.POST.get("do") == "draft":
        return _keep_draft(request, form)
    if request.method == "POST" and form.is_valid():
        return _send(request, form)
    context: dict[str, Any] = {}
    if request.method != "POST":
        form, context = _as_it_begins(request, program)
    return _page(request, form, **context)


def _as_it_begins(request: AuthedRequest, program: Program) -> tuple[ApplicationForm, dict[str, Any]]:
    drafts = ApplicationDraft.objects.visible_to(request.user)
    draft = drafts.filter(program=program).first()
    if draft is not None:
        form = ApplicationForm(program=program, person=request.user, draft=draft.typed)
        return form, {"draft": draft}
    earlier = earlier_place(request.user, program)
    if earlier is None:
        return ApplicationForm(program=program, person=request.user), {}
    begin = said_in(earlier, list(program.enrollment_questions.asked()))
    form = ApplicationForm(program=program, person=request.user, begin=begin)
    return form, {"earlier": earlier}


def _send(request: AuthedRequest, form: ApplicationForm) -> HttpResponse:
    try:
        place = actions.apply(form.program, request.user, form.application(), now=clock.now())
    except actions.Refused as no:
        form.add_error(None, str(no))
        return _page(request, form)
    if place.status == Enrollment.Status.ACTIVE:
        messages.success(
            request, _("You are in. This page is about the program, and about your place in it.")
        )
    else:
        messages.success(request, _("It has arrived. A receipt is on its way to you by e-mail."))
    return redirect("programs:detail", place.program_id)


def _keep_draft(request: AuthedRequest, form: ApplicationForm) -> HttpResponse:
    try:
        actions.keep_draft(form.program, request.user, form.typed(), now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Kept as a draft. Only you can see it."))
    return redirect("programs:apply", form.program.pk)


def edit(request: AuthedRequest, pk: int) -> HttpResponse:
    """The same form for somebody who has a place: what they said, to be said otherwise."""
    place = visible_place(request.user, pk)
    if not rules.may_change_place(place, clock.now()):
        return redirect("programs:detail", pk)
    data = request.POST if request.method == "POST" else None
    form = ApplicationForm(data, program=place.program, person=request.user, place=place)
    if not form.is_valid():
        return _page(request, form)
    try:
        actions.change_place(place, form.application(), now=clock.now())
    except actions.Refused as no:
        form.add_error(None, str(no))
        return _page(request, form)
    messages.success(request, _("Kept. It is as you say now."))
    return redirect("programs:detail", pk)


@require_POST
def draft(request: AuthedRequest, pk: int) -> JsonResponse:
    """What the page sends by itself while one writes."""
    program = _open_program(request, pk)
    if program is None:
        return JsonResponse({"message": _("You have asked for a place by now.")}, status=409)
    form = ApplicationForm(request.POST, program=program, person=request.user)
    try:
        kept = actions.keep_draft(program, request.user, form.typed(), now=clock.now())
    except actions.Refused as no:
        return JsonResponse({"message": str(no)}, status=409)
    said = _("Kept at %(time)s. Only you can see it.") % {"time": on_the_clock(kept.saved_at)}
    return JsonResponse({"message": said})


@require_POST
def draft_delete(request: AuthedRequest, pk: int) -> HttpResponse:
    mine = ApplicationDraft.objects.visible_to(request.user)
    actions.drop_draft(get_object_or_404(mine, program=pk))
    messages.success(request, _("The draft is deleted."))
    return redirect("programs:list")


@require_safe
def suggest(request: AuthedRequest, pk: int) -> JsonResponse:
    """Names of the program's list for what is typed so far, and whether that is one of them as it stands."""
    program = _open_program(request, pk) or get_object_or_404(Program.objects.visible_to(request.user), pk=pk)
    typed = request.GET.get("q", "").replace("\0", "")[:200]
    names = skills.names_in(typed)
    return JsonResponse(
        {"names": skills.suggested(program, typed), "new": skills.unknown(program, names[:1])}
    )


def _open_program(request: AuthedRequest, pk: int) -> Program | None:
    """One in which they may ask for a place; None for one whose page they find otherwise. Raises Http404."""
    program = Program.objects.open_to(request.user, clock.now()).filter(pk=pk).first()
    if program is None and not Program.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    return program


def _page(request: AuthedRequest, form: ApplicationForm, **more: object) -> HttpResponse:
    zone, now = request.user.zone, clock.now()
    context: dict[str, object] = {
        "form": form,
        "usual": in_words(on_clock(form.usual_hours, zone, zone, now)),
        "languages": names_of(form.spoken),
        "program": form.program,
        "place": form.place,
        "new": form.new_skills(),
        "now": now,
    }
    return render(request, "mentoring/application.html", context | more)
