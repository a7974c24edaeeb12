"""Whom a text names, of the people its writer knows here. It looks for first names and whole names as words, and for
nothing else: what a text says is nobody's to look into."""

import re
from collections.abc import Iterable

from accounts.models import User
from mentoring.models import Pairing


def known_to(person: User) -> list[User]:
    """Everybody they are or were a pair with, by name; by one query."""
    pairings = Pairing.objects.of(person).begun().with_people()
    found = {(other := pairing.partner_of(person)).pk: other for pairing in pairings}
    return sorted(found.values(), key=lambda other: (other.name, other.pk))


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Those whose first name or whole name stands in it, in their order."""
    return [person for person in people if any(_stands(name, text) for name in _names(person))]


def _names(person: User) -> set[str]:
    return {name for name in (person.first_name, person.name) if len(name) > 1}


def _stands(name: str, text: str) -> bool:
    # A word of its own; what follows a name in some languages (Ayos, Ayo's) counts as it.
    return re.search(rf"(?<!\w){re.escape(name)}(?:['’]?s)?(?!\w)", text, re.IGNORECASE) is not None
