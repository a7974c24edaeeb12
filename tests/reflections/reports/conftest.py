"""A first quarter of 2026 in which many people were there, and a clock that stands in the middle of the next one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine

from accounts.models import User
from mentoring.models import Enrollment, Meeting, Pairing, Program
from reflections.models import Reflection, Round
from reflections.reports.counting import count_due
from tests.conftest import NOW, enroll, make_person, pair
from tests.reflections.conftest import open_round

FIRST = date(2026, 1, 1)
IN_IT = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[datetime]:
    with time_machine.travel(NOW, tick=False):
        yield NOW


def crowd(program: Program, number: int, start: int = 0) -> list[User]:
    """So many people with a place from the first day."""
    people = [
        make_person(f"p{start + each}@{program.slug}.example", f"Person {start + each}")
        for each in range(number)
    ]
    for person in people:
        enroll(program, person, Enrollment.Role.BOTH, capacity=3)
    return people


def in_pairs(program: Program, people: list[User], **fields: object) -> list[Pairing]:
    """The first with the second, the third with the fourth, and so on."""
    return [pair(program, *two, **fields) for two in zip(people[::2], people[1::2], strict=True)]


def met(pairing: Pairing, at: datetime = IN_IT, *, said: bool | None = True) -> Meeting:
    return Meeting.objects.create(
        pairing=pairing, starts_at=at, took_place=said, said_at=None if said is None else at
    )


def reflected(round: Round, *people: User) -> None:
    for person in people:
        Reflection.objects.create(
            person=person,
            round=round,
            role="both",
            status=Reflection.Status.SUBMITTED,
            submitted_at=NOW,
        )


@pytest.fixture
def first_round(program: Program) -> Round:
    return open_round(program, FIRST)


@pytest.fixture
def counted(program: Program, first_round: Round) -> Program:
    """Thirteen people, of whom twelve were in pairs, ten of these met, and seven reflected."""
    people = crowd(program, 13)
    for pairing in in_pairs(program, people[:12])[:5]:
        met(pairing)
    reflected(first_round, *people[:7])
    count_due(NOW)
    return program
