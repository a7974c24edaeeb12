"""How one of the two lets their pairing rest, brings it to its end, goes on for longer, and looks back on it."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.vault.errors import Unreadable
from mentoring import actions, rules
from mentoring.endings import last_day
from mentoring.forms.endings import ExtendForm, FarewellForm, StepForm
from mentoring.models import Extension, Farewell, Pairing, Step

from .pairings import visible_pairing

Kind = Step.Kind
read_or_sent = require_http_methods(["GET", "HEAD", "POST"])
MOST_STEPS = 50


@require_safe
def ending(request: AuthedRequest, pk: int) -> HttpResponse:
    """Which ways there are, and what they noted for themselves when they took one."""
    pairing, now = visible_pairing(request.user, pk), clock.now()
    if not rules.may_end_pairing(request.user, pairing):
        return redirect("pairings:detail", pk)
    steps = _own_steps(request.user, pairing)
    return _page(
        request,
        pairing,
        "ending",
        steps=steps,
        may_pause=rules.may_pause_pairing(request.user, pairing) and rules.has_time_to_rest(pairing, now),
        may_complete=rules.may_complete_pairing(request.user, pairing),
        may_extend=rules.may_extend_pairing(request.user, pairing, now),
        ends_on=last_day(pairing),
    )


@read_or_sent
@sensitive_post_parameters()
def pause(request: AuthedRequest, pk: int) -> HttpResponse:
    def act(pairing: Pairing, form: StepForm, now: datetime) -> str:
        until = form.cleaned_data["until"]
        actions.pause_own_pairing(pairing, by=request.user, until=until, said=form.aside, now=now)
        return _("It rests now, and goes on by itself on that day.")

    return _step(request, pk, Kind.PAUSE, rules.may_pause_pairing, act)


@read_or_sent
@sensitive_post_parameters()
def complete(request: AuthedRequest, pk: int) -> HttpResponse:
    def act(pairing: Pairing, form: StepForm, now: datetime) -> str:
        was_first = actions.complete_own_pairing(pairing, by=request.user, said=form.aside, now=now)
        return _("You have brought it to a good end.") if was_first else _other_was_faster(request, pairing)

    return _step(request, pk, Kind.COMPLETE, rules.may_complete_pairing, act)


@read_or_sent
@sensitive_post_parameters()
def end(request: AuthedRequest, pk: int) -> HttpResponse:
    def act(pairing: Pairing, form: StepForm, now: datetime) -> str:
        was_first = actions.end_own_pairing(pairing, by=request.user, said=form.aside, now=now)
        return _("It is over, from today.") if was_first else _other_was_faster(request, pairing)

    return _step(request, pk, Kind.END, rules.may_end_pairing, act)


@require_POST
def resume(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = visible_pairing(request.user, pk)
    try:
        actions.resume_own_pairing(pairing, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("It goes on."))
    return redirect("pairings:detail", pk)


@read_or_sent
def extend(request: AuthedRequest, pk: int) -> HttpResponse:
    """A later last day: proposed by one, answered by the other."""
    pairing, now = visible_pairing(request.user, pk), clock.now()
    if not rules.may_complete_pairing(request.user, pairing):
        return redirect("pairings:detail", pk)
    form = ExtendForm(request.POST if request.method == "POST" else None, pairing=pairing, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            found = actions.propose_extension(
                pairing, by=request.user, until=form.cleaned_data["until"], now=now
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            if found.state == Extension.State.AGREED:
                messages.success(request, _("You both want that: it is agreed."))
            else:
                name = pairing.partner_of(request.user).first_name
                messages.success(request, _("%(name)s is asked.") % {"name": name})
            return redirect("pairings:extend", pk)
    pairing.refresh_from_db(fields=["runs_until"])
    return _page(
        request,
        pairing,
        "extend",
        form=form,
        found=Extension.objects.open().filter(pairing=pairing).first(),
        last=Extension.objects.filter(pairing=pairing, proposed_by=request.user).order_by("-pk").first(),
        may_extend=rules.may_extend_pairing(request.user, pairing, now),
        ends_on=last_day(pairing),
        latest=rules.latest_extension(pairing, now),
    )


@require_POST
def extend_answer(request: AuthedRequest, pk: int, extension_pk: int) -> HttpResponse:
    """Which one is answered stands in the address: another one may have taken its place meanwhile."""
    pairing, found = _extension(request, pk, extension_pk)
    do = request.POST.get("do")
    if do not in ("yes", "no"):
        return redirect("pairings:extend", pk)
    try:
        actions.answer_extension(found, by=request.user, is_yes=do == "yes", now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("You go on.") if do == "yes" else _("It stays as it was planned."))
    return redirect("pairings:detail", pairing.pk)


@require_POST
def extend_take_back(request: AuthedRequest, pk: int, extension_pk: int) -> HttpResponse:
    _pairing, found = _extension(request, pk, extension_pk)
    try:
        actions.take_back_extension(found, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("You took it back."))
    return redirect("pairings:extend", pk)


@read_or_sent
@sensitive_post_parameters()
def farewell(request: AuthedRequest, pk: int) -> HttpResponse:
    """What one will keep, and what the other should hear; and what the other one said."""
    pairing, user = visible_pairing(request.user, pk), request.user
    mine = Farewell.objects.visible_to(user).filter(pairing=pairing).first()
    if not rules.may_say_farewell(user, pairing, mine):
        return redirect("pairings:detail", pk)
    other = pairing.partner_of(user)
    was_said = mine is not None and mine.sent_at is not None
    try:
        keep = mine.keep if mine is not None else ""
    except Unreadable as closed:
        # What cannot be read is not shown in a field, which would be saved over it.
        messages.error(request, str(closed))
        return redirect("pairings:detail", pk)
    form = FarewellForm(
        request.POST if request.method == "POST" else None,
        name=other.first_name,
        keep=keep,
        asks_for_hear=not was_said and rules.is_there(other),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.say_farewell(
                pairing, by=user, keep=data["keep"], hear=data.get("hear", ""), now=clock.now()
            )
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Kept.") if not data.get("hear") else _("Kept, and on its way."))
            return redirect("pairings:detail", pk)
    theirs = Farewell.objects.heard_by(user).filter(pairing=pairing).defer("keep").first()
    return _page(
        request, pairing, "farewell", form=form, mine=mine, theirs=theirs, was_said=was_said,
        ends_on=pairing.ended_on or last_day(pairing), steps=_own_steps(user, pairing),
    )  # fmt: skip


def _own_steps(user: User, pairing: Pairing) -> list[Step]:
    """What they noted for themselves when they paused or ended it, the newest first."""
    return list(Step.objects.visible_to(user).filter(pairing=pairing)[:MOST_STEPS])


def _step(
    request: AuthedRequest,
    pk: int,
    kind: Step.Kind,
    may: Callable[..., bool],
    act: Callable[[Pairing, StepForm, datetime], str],
) -> HttpResponse:
    """The page that says what it means; its POST does it. Where the other one was faster, what was typed is kept."""
    pairing, now, user = visible_pairing(request.user, pk), clock.now(), request.user
    is_sent = request.method == "POST"
    if not may(user, pairing) and not (is_sent and kind != Kind.PAUSE and pairing.status in Pairing.OVER):
        return redirect("pairings:detail", pk)
    name = pairing.partner_of(user).first_name
    form = StepForm(request.POST if is_sent else None, pairing=pairing, kind=kind, name=name, now=now)
    if is_sent and form.is_valid():
        try:
            said = act(pairing, form, now)
        except actions.Refused as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, said)
            pairing.refresh_from_db(fields=["status"])
            if pairing.status in Pairing.OVER:
                return redirect("pairings:farewell", pk)
            if pairing.status in Pairing.CAME_TO_NOTHING:
                return redirect("pairings:list")
            return redirect("pairings:detail", pk)
    return _page(request, pairing, "step", form=form, kind=kind.value)


def _other_was_faster(request: AuthedRequest, pairing: Pairing) -> str:
    return _("It was over already when you sent this. What you noted is kept.")


def _extension(request: AuthedRequest, pk: int, extension_pk: int) -> tuple[Pairing, Extension]:
    pairing = visible_pairing(request.user, pk)
    rows = Extension.objects.visible_to(request.user).select_related("pairing")
    return pairing, get_object_or_404(rows, pk=extension_pk, pairing=pairing)


def _page(request: AuthedRequest, pairing: Pairing, name: str, **more: object) -> HttpResponse:
    context = {
        "pairing": pairing,
        "program": pairing.program,
        "partner": pairing.partner_of(request.user),
        "is_mentor": pairing.is_mentor(request.user),
        **more,
    }
    return render(request, f"mentoring/room/ending_{name}.html", context)
