"""A swap of two, in one quarter: its page, and what each does about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from reflections import actions, facing, naming, swapping
from reflections.forms.swap import SwapDayForm, SwapForm
from reflections.models import SwapItem
from reflections.swapping import AGREED, NONE, OPEN, SUGGESTED, Swapping

from .pairings import pairing_or_404


@require_safe
def page(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    return _page(request, _swapping(request, pk, round_pk))


@require_POST
def suggest(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    """A day, for the first time or instead of the one that the other suggests."""
    here = _swapping(request, pk, round_pk)
    form = SwapDayForm(request.POST, usual=here.usual_day)
    if not form.is_valid():
        return _page(request, here, day=form)
    try:
        actions.suggest_swap(
            here.pairing,
            here.round,
            by=request.user,
            opens_on=form.cleaned_data["opens_on"],
            now=clock.now(),
        )
    except actions.Refused as no:
        form.add_error("opens_on", str(no))
        return _page(request, here, day=form)
    return _back(here)


@require_POST
def agree(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    """To the day that stands on the page: no other one is agreed to by it."""
    here = _swapping(request, pk, round_pk)
    form = SwapDayForm(request.POST, usual=here.usual_day)
    if form.is_valid():
        day = form.cleaned_data["opens_on"]
        _act(request, actions.agree_swap, here, opens_on=day, now=clock.now())
    return _back(here)


@require_POST
def call_off(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    here = _swapping(request, pk, round_pk)
    if _act(request, actions.call_off_swap, here):
        messages.success(request, _("No swap, then. Nothing of it was read."))
    return _back(here)


@require_POST
def pick(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    here = _swapping(request, pk, round_pk)
    if here.state != AGREED or not here.may_act:
        return _back(here)
    form = _pick_form(here, request.POST)
    if not form.is_valid():
        return _page(request, here, form=form)
    ready = request.POST.get("then") == "ready"
    opened = _act(
        request,
        actions.pick_for_swap,
        here,
        moments=form.moments,
        answers=form.answers,
        is_ready=ready,
        now=clock.now(),
    )
    if opened is False:
        messages.success(
            request,
            _("You are ready. Nobody is told before it opens.") if ready else _("Kept. Only you can see it."),
        )
    return _back(here)


def _act(request: AuthedRequest, act: Callable[..., Any], here: Swapping, **said: Any) -> Any:
    """What it gave; None, with the reason on the next page, where it was refused."""
    try:
        return act(here.pairing, here.round, by=request.user, **said)
    except actions.Refused as no:
        messages.error(request, str(no))
        return None


def _swapping(request: AuthedRequest, pk: int, round_pk: int) -> Swapping:
    pairing = pairing_or_404(request, pk)
    now = clock.now()
    for round in facing.rounds_of(pairing, pairing.program.today(now)):
        if round.pk == round_pk:
            return swapping.swapping(pairing, round, request.user, now)
    raise Http404


def _pick_form(here: Swapping, data: Any = None) -> SwapForm:
    swap = here.swap
    part = swapping.my_part(swap, here.reader) if swap else None
    return SwapForm(
        data,
        offer=swapping.on_offer(here.pairing, here.reader, here.round),
        picked=SwapItem.objects.filter(part=part) if part else (),
        # The one who is to read it is told with it.
        known=[person for person in naming.known_to(here.reader) if person.pk != here.partner.pk],
    )


def _page(
    request: AuthedRequest, here: Swapping, *, day: SwapDayForm | None = None, form: SwapForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"here": here, "pairing": here.pairing, "partner": here.partner}
    if here.swap and here.state == OPEN:
        context["mine"], context["theirs"] = swapping.opened(here.swap, here.pairing, here.reader)
    elif here.may_act and here.state == AGREED and here.swap:
        part = swapping.my_part(here.swap, here.reader)
        context |= {"form": form or _pick_form(here), "is_ready": part is not None and part.ready_at}
    elif here.may_act:
        usual = here.swap.opens_on if here.swap and here.state == SUGGESTED else here.usual_day
        context["day"] = day or SwapDayForm(usual=usual)
        context["is_new"] = here.state == NONE
    return render(request, "reflections/swap.html", context)


def _back(here: Swapping) -> HttpResponse:
    return redirect("reflections:swap", here.pairing.pk, here.round.pk)
