"""A pair that looks for a time, and a mentor with a second mentee."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import User
from mentoring import actions
from mentoring.models import Arrangement, Meeting, MeetingProposal, Pairing, Program
from tests.conftest import NOW, pair

DAY = timedelta(days=1)
# Thursday and Friday of the next week, 16:00 in Lisbon.
THURSDAY = datetime(2026, 7, 2, 15, 0, tzinfo=UTC)
FRIDAY = THURSDAY + DAY
TIMES = [THURSDAY, FRIDAY]


@pytest.fixture
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def second(program: Program, mentor: User, member: User) -> Pairing:
    """Of the same mentor, with Ines."""
    return pair(program, mentor, member)


@pytest.fixture
def proposal(pairing: Pairing, mentor: User) -> MeetingProposal:
    return propose(pairing, mentor)


def propose(pairing: Pairing, by: User, **fields: object) -> MeetingProposal:
    values: dict[str, object] = {"starts": TIMES, "minutes": 60, "place": "Café Lux", "now": NOW}
    return actions.propose_times(pairing, by=by, **(values | fields))  # type: ignore[arg-type]


def plan(pairing: Pairing, by: User, **fields: object) -> Meeting:
    values: dict[str, object] = {"starts_at": THURSDAY, "minutes": 60, "place": "Café Lux", "now": NOW}
    return actions.plan_meeting(pairing, by=by, **(values | fields))  # type: ignore[arg-type]


def versions(arrangement: Arrangement | None) -> list[tuple[int, datetime | None, bool]]:
    """What calendars were told of it: number, which occurrence alone, whether it is cancelled."""
    assert arrangement is not None
    rows = arrangement.versions.order_by("sequence")
    return list(rows.values_list("sequence", "occurrence", "is_cancelled"))


def answers(arrangement: Arrangement | None) -> dict[str, str]:
    """What each said of all of it."""
    assert arrangement is not None
    rows = arrangement.attendances.for_all().select_related("person")
    return {each.person.first_name: each.answer for each in rows}
