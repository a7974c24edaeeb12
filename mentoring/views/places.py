"""What somebody does with their own place: one press each, but for leaving, which is said to what it leads first."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.http import AuthedRequest
from mentoring import actions, rules
from mentoring.forms import PauseForm
from mentoring.models import Pairing

from .programs import program_page, visible_place

IN = gettext_lazy("You are in.")
PASSED = gettext_lazy("You let it pass. You stay on the list, now at its end.")
BACK = gettext_lazy("You are back.")


@require_POST
def accept(request: AuthedRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.accept_offer, IN)


@require_POST
def pass_(request: AuthedRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.pass_on_offer, PASSED)


@require_POST
def come_back(request: AuthedRequest, pk: int) -> HttpResponse:
    return _done(request, pk, actions.come_back, BACK)


@require_POST
def pause(request: AuthedRequest, pk: int) -> HttpResponse:
    place, now = visible_place(request.user, pk), clock.now()
    form = PauseForm(request.POST, program=place.program, now=now)
    if not form.is_valid():
        return program_page(request, place, form)
    until = form.cleaned_data["until"]
    rested = _("You rest now. Nothing is asked of you until then.")
    return _done(request, pk, lambda place, now: actions.take_a_break(place, until=until, now=now), rested)


def withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    """What leaving means; POST leaves."""
    place = visible_place(request.user, pk)
    if not rules.may_withdraw(place):
        return redirect("programs:detail", pk)
    if request.method == "POST":
        has_been_in = place.joined_on is not None
        left = (
            _("You have left the program.") if has_been_in else _("You took it back. Nothing more is asked.")
        )
        return _done(request, pk, actions.withdraw, left)
    pairings = Pairing.objects.visible_to(request.user).filter(program=place.program).open().with_people()
    context = {"place": place, "program": place.program, "pairings": pairings.order_by("starts_on", "pk")}
    return render(request, "mentoring/place_withdraw.html", context)


def _done(request: AuthedRequest, pk: int, act: "Callable[..., object]", said: str | Promise) -> HttpResponse:
    """The act upon their own place, and back to the page of the program, which says how things stand now."""
    place = visible_place(request.user, pk)
    try:
        act(place, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, str(said))
    return redirect("programs:detail", pk)
