"""A program in which mentees ask, and mentors to be asked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from accounts.models import Profile, User, UsualHours
from mentoring.models import Enrollment, Program
from tests.conftest import NOW, enroll, make_person, say_skills


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asking(program: Program) -> Program:
    program.matched_by = Program.MatchedBy.MENTEES
    program.save()
    return program


Make = Callable[..., User]


@pytest.fixture
def make_mentor(asking: Program) -> Make:
    """A mentor of the program with a first name, skills, words and hours."""

    def make(
        name: str,
        *,
        offers: tuple[str, ...] = (),
        seeks: tuple[str, ...] = (),
        hours: tuple[tuple[int, int, int], ...] = (),
        zone: str = "Europe/Lisbon",
        capacity: int = 1,
        department: str = "",
        role: str = Enrollment.Role.MENTOR,
        **said: Any,
    ) -> User:
        person = make_person(f"{name.lower()}@harbor.example", f"{name} Grün", time_zone=zone)
        place = enroll(asking, person, role, capacity=capacity, department=department)
        say_skills(place, "offers", *offers)
        say_skills(place, "seeks", *seeks)
        Profile.objects.create(person=person, **said)
        for weekday, begins, ends in hours:
            UsualHours.objects.create(person=person, weekday=weekday, begins=begins, ends=ends)
        return person

    return make
