"""What all pages below a pair's own page have in common."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.http import AuthedRequest
from accounts.models import User
from mentoring.models import Pairing


def pairing_with_room(user: User, pk: int) -> Pairing:
    """From the second yes on, for good. Raises Http404 for anybody but the two."""
    return get_object_or_404(Pairing.objects.of(user).made_or_over().with_people(), pk=pk)


def key_in(text: str) -> int:
    """The key of a row that was sent; 0, which is nobody's, for what is none. Python reads no number of any length."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def back_to(request: AuthedRequest, pairing: Pairing, otherwise: str, section: str) -> HttpResponse:
    """The section of the pair's page, where the form stood there (`from`), or else that other page."""
    if request.POST.get("from") == "pair":
        return redirect(f"{reverse('pairings:detail', args=[pairing.pk])}#{section}")
    return redirect(otherwise)
