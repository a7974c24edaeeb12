"""A pair of which nothing was heard since its first day, and a clock that goes by in days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine

from accounts.models import User
from mentoring import actions
from mentoring.models import Pairing, Program, Silence
from tests.conftest import NOW, pair

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def quiet(program: Program, mentor: User, mentee: User) -> Pairing:
    """Silent for exactly three weeks at NOW."""
    return begun(program, mentor, mentee, 21)


def begun(program: Program, mentor: User, mentee: User, days: int) -> Pairing:
    return pair(program, mentor, mentee, starts_on=NOW.date() - days * DAY)


def tick(now: datetime = NOW) -> int:
    """What the clock does about silence, once: how many were asked."""
    actions.note_rests(now)
    asked = actions.ask_silent_pairs(now)
    actions.close_silent_pairs(now)
    return asked


def live(*days: int, since: datetime = NOW) -> None:
    """Noons with their ticks, so many days after that one."""
    for number in days:
        tick(since + number * DAY)


def asked(pairing: Pairing, person: User) -> list[tuple[int, date]]:
    """Which time, and on what day."""
    rows = Silence.objects.filter(pairing=pairing, person=person).order_by("asked_at")
    return [(row.number, row.asked_at.date()) for row in rows]
