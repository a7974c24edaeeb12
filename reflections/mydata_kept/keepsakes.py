"""Keepsake books: copies of one's own words, which go when the words go."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Program
from reflections.keepsake import making
from reflections.models import Keepsake, KeepsakePart


def holdings() -> Iterator[Holding]:
    yield Holding(
        Keepsake,
        _("Keepsake books you asked for"),
        of=lambda person: Keepsake.objects.visible_to(person),
        exported={
            **named("state", "problem", "requested_at", "ready_at", "expires_at"),
            "parts": _("parts"),
            "years": _("years"),
            "forms": _("forms"),
        },
        withheld={
            "id": Why.KEY,
            "person": Why.OWNER,
            "stage": Why.MACHINERY,
            "claim": Why.MACHINERY,
            "claimed_until": Why.MACHINERY,
            "attempts": Why.MACHINERY,
        },
    )
    yield Holding(
        KeepsakePart,
        _("The keepsake books themselves"),
        of=lambda person: KeepsakePart.objects.filter(keepsake__person=person),
        exported={},
        withheld={
            "id": Why.KEY,
            "seal_id": Why.LOCK,
            "keepsake": Why.KEY,
            "form": Why.MACHINERY,
            "number": Why.MACHINERY,
            "content": Why.COPY,
        },
    )


def clear_words(person: User, program: Program) -> None:
    """A book cannot be taken apart again: all of theirs go, and they can have another one made."""
    making.delete_all_of(person)
