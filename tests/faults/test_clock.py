"""Clocks that tick twice, at once, or not at all: everybody gets each e-mail of the quarter's end once, and only once.

Real beats, workers and SMTP. PROMISES in short: F6, at the size of every commit.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.mail.models import Message
from dev.processes import ROOT
from mentoring.models import Enrollment
from reflections.schedule import Nudge
from tests.browser.calendar import Calendar
from tests.browser.stack import Ground, Stack, eventually
from tests.conftest import enroll, make_person, pair

pytestmark = pytest.mark.faults

SUBJECT = "What was your best stuff this quarter?"
# Where it is day at the same time, so that all may get e-mail at one moment.
ZONES = ["Europe/Warsaw", "Europe/Lisbon", "America/Sao_Paulo", "America/Denver"]
LAST = ZoneInfo("America/Denver")  # Whose coffee time comes last.


@pytest.fixture
def stack(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Stack]:
    with ground.stack(tmp_path_factory.mktemp("clock"), reach=django_db_blocker.unblock) as stack:
        yield stack


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(timezone.now().date())


@pytest.fixture
def people(stack: Stack, calendar: Calendar) -> list[str]:
    """Four pairs, two people in each of the zones."""
    addresses = []
    with stack.database():
        program = calendar.program()
        for zone in ZONES:
            name = zone.rpartition("/")[2]
            mentor = make_person(f"mentor@{name}.example".lower(), f"{name} Mentor", time_zone=zone)
            mentee = make_person(f"mentee@{name}.example".lower(), f"{name} Mentee", time_zone=zone)
            enroll(program, mentor, Enrollment.Role.MENTOR)
            enroll(program, mentee, Enrollment.Role.MENTEE)
            pair(program, mentor, mentee)
            addresses += [mentor.email, mentee.email]
    return addresses


def test_everybody_is_written_to_once_whatever_the_clock_does(
    stack: Stack, calendar: Calendar, people: list[str]
) -> None:
    asked = calendar.coffee(LAST) + timedelta(minutes=10)
    stack.restart(asked, "beat", "beat2", "worker", "worker2")
    each_has(stack, people, 1, "two clocks and two workers ask")

    reminded = calendar.coffee(LAST, weeks=1) + timedelta(minutes=10)
    stack.set_clock(reminded)
    by_hand_at_once(stack, 4, "tick")
    by_hand_at_once(stack, 4, "outbox", "--once")
    each_has(stack, people, 2, "four ticks at one moment, and four senders, remind")

    called = calendar.coffee(LAST, weeks=3) + timedelta(days=2)
    stack.restart(called, "beat", "worker")
    each_has(stack, people, 3, "a clock that stood still for two days calls for the last time")
    with stack.database():
        nudges = Message.objects.of(*Nudge)
        assert set(nudges.values_list("state", flat=True)) == {Message.State.SENT}


def each_has(stack: Stack, people: list[str], number: int, what: str) -> None:
    """So many letters each, and no more after further ticks."""
    eventually(lambda: len(stack.letters(subject=SUBJECT)) >= number * len(people), what)
    if any(name.startswith("beat") for name in stack.children):
        stack.wait_for_ticks(3)
    else:
        by_hand_at_once(stack, 2, "tick")
        by_hand_at_once(stack, 2, "outbox", "--once")
    got = Counter(address for letter in stack.letters(subject=SUBJECT) for address in letter.recipients)
    assert got == dict.fromkeys(people, number)


def by_hand_at_once(stack: Stack, number: int, *command: str) -> None:
    """So many processes of a management command, started together."""
    arguments = [sys.executable, "manage.py", *command]
    running = [
        subprocess.Popen(
            arguments, cwd=ROOT, env=stack.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(number)
    ]
    for one in running:
        said, _ = one.communicate(timeout=60)
        assert one.returncode == 0, said.decode()
