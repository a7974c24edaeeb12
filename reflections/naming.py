"""Whom a text names, of the people its writer knows here. It looks for first names and whole names as words, and for
nothing else: what a text says is nobody's to look into."""

import re
from collections import Counter
from collections.abc import Iterable

from accounts.models import User
from mentoring.models import Enrollment, Pairing

from .models import Answer, Audience, Moment


def known_to(person: User) -> list[User]:
    """Everybody they are or were a pair with, by name; by one query."""
    pairings = Pairing.objects.of(person).begun().with_people()
    found = {(other := pairing.partner_of(person)).pk: other for pairing in pairings}
    return sorted(found.values(), key=lambda other: (other.name, other.pk))


def named_in(text: str, people: Iterable[User]) -> list[User]:
    """Those whose first name or whole name stands in it, in their order."""
    return [person for person in people if any(_stands(name, text) for name in _names(person))]


def found_in(text: str, thing: Moment | Answer) -> list[User]:
    """Whom a thing that is shared seems to name: its writer's partners; and, of what is for a whole program, those of
    its members whose whole name stands in it, or a first name that nobody else there has."""
    writer = User(pk=thing.sealed_for)
    found = {person.pk: person for person in named_in(text, known_to(writer))}
    if thing.audience == Audience.PROGRAM:
        found |= {person.pk: person for person in _members_named(text, thing)}
    return [person for pk, person in found.items() if pk != thing.sealed_for]


def can_be_named(writer: User, thing: Moment | Answer) -> list[User]:
    """Whom they may name by hand: their partners, and whom the thing seems to name already."""
    more = [row.person for row in thing.namings.select_related("person")]
    return list({person.pk: person for person in (*known_to(writer), *more)}.values())


def _members_named(text: str, thing: Moment | Answer) -> list[User]:
    program = thing.program_id if isinstance(thing, Moment) else thing.reflection.round.program_id
    places = Enrollment.objects.filter(program=program).active().exclude(person=thing.sealed_for)
    folded = text.casefold()
    likely = [
        person
        for person in User.objects.filter(pk__in=places.values("person")).only(
            "name", "preferred_name", "email", "erased_at"
        )
        if any(name.casefold() in folded for name in _names(person))
    ]
    whole = [person for person in likely if person.name and _stands(person.name, text)]
    first = [person for person in likely if person not in whole and _stands(person.first_name, text)]
    times = Counter(person.first_name.casefold() for person in (*whole, *first))
    return [*whole, *(person for person in first if times[person.first_name.casefold()] == 1)]


def _names(person: User) -> set[str]:
    if person.erased_at:
        return set()
    return {name for name in (person.first_name, person.name) if len(name) > 1}


def _stands(name: str, text: str) -> bool:
    # A word of its own; what follows a name in some languages (Ayos, Ayo's) counts as it.
    return re.search(rf"(?<!\w){re.escape(name)}(?:['’]?s)?(?!\w)", text, re.IGNORECASE) is not None
