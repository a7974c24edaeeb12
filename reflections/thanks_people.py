"""Whom somebody can write a note to: those they are or were a pair with, and whom they call their mentors."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mentoring.models import Pairing

from .models import OwnMentor
from .rules import UNDER_WAY

ELSE = "else"
YOUR_MENTOR = gettext_lazy("Your mentor")
YOUR_MENTEE = gettext_lazy("Your mentee. It works both ways.")


@dataclass(frozen=True)
class Someone:
    """One choice of “Send it to”. `value` is what a form sends; neither person nor mentor is set for somebody else."""

    value: str
    label: str
    hint: str | Promise
    person: User | None = None
    mentor: OwnMentor | None = None


def partners(person: User) -> list[Someone]:
    """By two facts: who is whose, and whether it goes on. Those of today come first."""
    pairings = Pairing.objects.of(person).begun().with_people().order_by("-starts_on", "-pk")
    found: dict[int, Someone] = {}
    for pairing in sorted(pairings, key=lambda each: each.status not in UNDER_WAY):
        other = pairing.partner_of(person)
        if other.pk in found or not other.is_active:
            continue
        hint = YOUR_MENTEE if pairing.is_mentor(person) else YOUR_MENTOR
        found[other.pk] = Someone(f"person-{other.pk}", other.first_name, hint, person=other)
    return _told_apart(list(found.values()))


def to_thank(person: User) -> list[Someone]:
    """All choices, the last of them somebody else."""
    here = partners(person)
    known = {someone.person.pk for someone in here if someone.person}
    listed = [
        Someone(
            f"mentor-{mentor.pk}",
            mentor.name,
            _("On your list of mentors"),
            person=mentor.member,
            mentor=mentor,
        )
        for mentor in OwnMentor.objects.of(person).select_related("member")
        if mentor.member_id not in known
    ]
    return [*here, *listed, Someone(ELSE, _("Somebody else"), _("You say who it is next."))]


def someone_of(choices: Sequence[Someone], value: str) -> Someone | None:
    return next((someone for someone in choices if someone.value == value), None)


def _told_apart(people: list[Someone]) -> list[Someone]:
    """By whole names where two first names are one."""
    labels = [someone.label for someone in people]
    return [
        Someone(
            someone.value, someone.person.name or someone.label, someone.hint, someone.person, someone.mentor
        )
        if someone.person and labels.count(someone.label) > 1
        else someone
        for someone in people
    ]
