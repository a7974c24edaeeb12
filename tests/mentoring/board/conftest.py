"""A program with people to be matched, and a run of it."""

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import Profile, User, UsualHours
from mentoring.models import Enrollment, MatchingRun, Program, ProposedPair
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, enroll, make_person, say_skills


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def comes(
    program: Program,
    name: str,
    role: str,
    *skills: str,
    capacity: int = 1,
    begins: int = 18,
    languages: str = "en",
) -> User:
    """Somebody who offers (or seeks) these skills, and has three hours on Tuesdays from this half hour on."""
    person = make_person(f"{name.lower().replace(' ', '.')}@harbor.example", name)
    place = enroll(program, person, role, capacity=capacity)
    say_skills(place, "offers" if role == Enrollment.Role.MENTOR else "seeks", *skills)
    Profile.objects.create(person=person, languages=[languages])
    UsualHours.objects.create(person=person, weekday=1, begins=begins, ends=begins + 6)
    return person


class Cast:
    """Mateo and Bram are mentors, Wen and Kofi mentees who fit them; Sven is a mentor whom nobody needs."""

    def __init__(self, program: Program, admin: User) -> None:
        self.program, self.admin = program, admin
        self.mateo = comes(program, "Mateo Ruiz", "mentor", "Pricing", "First team", capacity=2)
        self.bram = comes(program, "Bram Visser", "mentor", "Negotiation")
        self.wen = comes(program, "Wen Zhao", "mentee", "Pricing")
        self.kofi = comes(program, "Kofi Annor", "mentee", "Negotiation")
        self.priya = comes(program, "Priya Nair", "mentee", "First team", begins=24)
        self.run = in_one_go(program, NOW, created_by=admin)

    def mentor_of(self, mentee: User, run: MatchingRun | None = None) -> User | None:
        found = ProposedPair.objects.filter(run=run or self.run, mentee=mentee).first()
        return found.mentor if found else None

    def pair_of(self, mentee: User) -> ProposedPair:
        return ProposedPair.objects.select_related("run__program", "mentor", "mentee").get(
            run=self.run, mentee=mentee
        )

    def without(self) -> set[str]:
        return {row.person.first_name for row in self.run.without.select_related("person")}


@pytest.fixture
def cast(program: Program, admin: User) -> Cast:
    return Cast(program, admin)
