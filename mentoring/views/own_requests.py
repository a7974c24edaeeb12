"""What a mentee has asked: whom, since when, until when an answer is due, and who comes next."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import clock
from accounts.http import AuthedRequest
from accounts.models import User
from accounts.paging import page_of
from mentoring import actions, rules
from mentoring.models import PairingRequest

from .programs import visible_place


@require_safe
def list_(request: AuthedRequest, pk: int) -> HttpResponse:
    """For whoever may ask there, and whoever has."""
    place = visible_place(request.user, pk)
    program = place.program
    mine = PairingRequest.objects.visible_to(request.user).made_by(request.user).filter(program=program)
    mine = mine.with_people()
    may_ask = rules.may_ask(request.user, program, clock.now())
    if not may_ask and not mine.exists():
        raise Http404
    states = PairingRequest.State
    past = mine.exclude(state__in=PairingRequest.OPEN).order_by("-closed_at", "-pk")
    context = {
        "program": program,
        "asked": mine.filter(state__in=[states.ASKED, states.CHECKED]).order_by("created_at", "pk"),
        "waiting": mine.waiting(),
        "past": page_of(request, past),
        "may_look": rules.may_look(place, clock.now()),
    }
    return render(request, "mentoring/own_requests.html", context)


@require_POST
def sooner(request: AuthedRequest, pk: int, request_pk: int) -> HttpResponse:
    asked = _own(request.user, pk, request_pk)
    try:
        actions.ask_sooner(asked, by=request.user)
    except actions.Refused as no:
        messages.error(request, str(no))
    return redirect("programs:requests", pk)


@require_POST
def take_back(request: AuthedRequest, pk: int, request_pk: int) -> HttpResponse:
    asked = _own(request.user, pk, request_pk)
    try:
        actions.take_back_request(asked, by=request.user, now=clock.now())
    except actions.Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("You took it back. Nothing more comes of it."))
    return redirect("programs:requests", pk)


def _own(user: User, pk: int, request_pk: int) -> PairingRequest:
    """Raises Http404 for whatever they did not ask themselves, in that program."""
    mine = PairingRequest.objects.visible_to(user).made_by(user).filter(program=pk)
    return get_object_or_404(mine.with_people(), pk=request_pk)
