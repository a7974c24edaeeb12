"""What the two of a pairing let each other read."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import clock
from accounts.http import AuthedRequest
from accounts.paging import page_of
from mentoring.models import Pairing
from reflections.facing import facing_page
from reflections.models import Moment, Round


def moments(request: AuthedRequest, pk: int) -> HttpResponse:
    pairing = _pairing_or_404(request, pk)
    shared = (
        Moment.objects.visible_to(request.user)
        .shared_in(pairing)
        .with_writers()
        .with_readers()
        .newest_first()
    )
    return render(
        request,
        "reflections/pair_moments.html",
        {"pairing": pairing, "partner": pairing.partner_of(request.user), "page": page_of(request, shared)},
    )


def facing(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    pairing = _pairing_or_404(request, pk)
    today = clock.now().astimezone(request.user.zone).date()
    rounds = Round.objects.filter(program=pairing.program_id, opens_on__lte=today).select_related("program")
    page = facing_page(pairing, request.user, get_object_or_404(rounds, pk=round_pk))
    return render(request, "reflections/pair_round.html", {"pairing": pairing, "page": page})


def _pairing_or_404(request: AuthedRequest, pk: int) -> Pairing:
    """One of one's own pairings that has begun; the others have nothing to share yet."""
    return get_object_or_404(Pairing.objects.visible_to(request.user).begun().with_people(), pk=pk)
