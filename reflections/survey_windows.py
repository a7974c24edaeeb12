"""When somebody is asked a survey: days counted from their pairings in a program, on the program's calendar.

Each is a window, so that a clock that slept, or a survey that was switched on late, asks those for whom it is still
about now, and nobody about what is long past.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mentoring.models import Pairing

from .models import Survey

Stage = Survey.Stage
# After the first day of their first pairing.
START_AFTER = timedelta(days=7)
# After their last pairing ended.
END_AFTER = timedelta(days=3)
# Where no pairing of theirs has a last day, so long after the first day of the first one.
MIDDLE_WITHOUT_END = timedelta(days=91)
# Who is together for a shorter time is asked at the start and at the end.
SHORTEST_WITH_MIDDLE = timedelta(days=56)
# So much of the run is left at least where the middle is asked about.
LEFT_AFTER_MIDDLE = timedelta(days=14)
# So long it is about now.
WINDOW = timedelta(days=42)
# Between two surveys of one program to one person.
APART = timedelta(days=28)


class Window(NamedTuple):
    """From the first day to the last one, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class History:
    """Somebody's pairings in one program. `ends_on`: the last day, as it is planned, of those that go on; None where
    one of them has none."""

    first_on: date
    goes_on: bool
    ends_on: date | None = None
    ended_on: date | None = None

    @classmethod
    def of(cls, pairings: Iterable[Pairing], program_ends_on: date | None) -> "History | None":
        """None for somebody of whom no pairing has begun."""
        found = list(pairings)
        begun = [pairing.starts_on for pairing in found if pairing.status in Pairing.BEGUN]
        if not begun:
            return None
        on = [pairing for pairing in found if pairing.status in Pairing.MADE]
        planned = [_last_day(pairing.runs_until, program_ends_on) for pairing in on]
        known = [day for day in planned if day is not None]
        over = [pairing.ended_on for pairing in found if pairing.ended_on is not None]
        return cls(
            first_on=min(begun),
            goes_on=bool(on),
            ends_on=max(known) if known and len(known) == len(planned) else None,
            ended_on=max(over, default=None),
        )


def window(stage: str, history: History) -> Window | None:
    """When that survey is for somebody with these pairings; None where it is not for them."""
    if stage == Stage.END:
        if history.goes_on or history.ended_on is None:
            return None
        return Window(history.ended_on + END_AFTER, history.ended_on + WINDOW)
    if not history.goes_on:
        return None
    if stage == Stage.START:
        return Window(history.first_on + START_AFTER, history.first_on + WINDOW)
    if history.ends_on is None:
        middle = history.first_on + MIDDLE_WITHOUT_END
        return Window(middle, middle + WINDOW)
    run = history.ends_on - history.first_on
    if run < SHORTEST_WITH_MIDDLE:
        return None
    middle = history.first_on + timedelta(days=run.days // 2)
    return Window(middle, min(middle + WINDOW, history.ends_on - LEFT_AFTER_MIDDLE))


def _last_day(runs_until: date | None, program_ends_on: date | None) -> date | None:
    days = [day for day in (runs_until, program_ends_on) if day is not None]
    return min(days) if days else None
