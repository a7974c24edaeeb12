"""What the two of a pairing let each other read."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import clock
from accounts.http import AuthedRequest
from mentoring.models import Pairing
from reflections import rules, swapping, timeline
from reflections.facing import facing_page
from reflections.models import Round


def facing(request: AuthedRequest, pk: int, round_pk: int) -> HttpResponse:
    pairing = pairing_or_404(request, pk)
    today = clock.now().astimezone(request.user.zone).date()
    rounds = Round.objects.filter(program=pairing.program_id, opens_on__lte=today).select_related("program")
    page = facing_page(pairing, request.user, get_object_or_404(rounds, pk=round_pk))
    theirs = page.theirs[0].reflection_id if page.theirs else None
    said = timeline.item(pairing, request.user, timeline.PAGE, theirs) if theirs else None
    context = {
        "pairing": pairing,
        "page": page,
        "item": said,
        "may_respond": rules.may_respond(request.user, pairing),
        "swap": swapping.open_ones(pairing, request.user).filter(round=page.round).first(),
    }
    return render(request, "reflections/pair_round.html", context)


def pairing_or_404(request: AuthedRequest, pk: int) -> Pairing:
    """One of one's own pairings that has begun; the others have nothing to share yet."""
    return get_object_or_404(Pairing.objects.visible_to(request.user).begun().with_people(), pk=pk)
