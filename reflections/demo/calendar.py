"""When things happened in the demo program: everything is told from the day on which it is made."""

import calendar
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from mentoring.quarter import Quarter
from reflections.rounds import OPENS_BEFORE

DAY = timedelta(days=1)
PAST_QUARTERS = 3


def asked_until(today: date) -> date:
    """The last day of the quarter that the demo is about: the end of this month, or of the last one.

    The one that is to come as soon as its page is open, and before that the one just over, whose page is open still.
    """
    this_month = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return this_month if this_month - OPENS_BEFORE <= today else today.replace(day=1) - DAY


def first_month_before(last_day: date) -> int:
    """A first month of the fiscal year, not January, with which a quarter ends on `last_day`.

    It is the fourth of its year wherever that year does not begin in January.
    """
    following = last_day.month % 12 + 1
    return following if following != 1 else 4


@dataclass(frozen=True)
class Times:
    """`now`, on the program's own calendar, and the quarters behind it."""

    now: datetime
    zone: ZoneInfo

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @cached_property
    def first_month(self) -> int:
        return first_month_before(asked_until(self.today))

    def quarter(self, ago: int) -> Quarter:
        """The quarter that is asked about for 0, the one before for 1, and so on."""
        return self._quarters[ago]

    @cached_property
    def _quarters(self) -> list[Quarter]:
        quarters = [Quarter.containing(asked_until(self.today), self.first_month)]
        for _ in range(PAST_QUARTERS):
            quarters.append(quarters[-1].previous)
        return quarters

    @property
    def began_on(self) -> date:
        """The program's first day: the first Monday of the oldest of its past quarters."""
        start = self.quarter(PAST_QUARTERS).start
        return start + timedelta(days=-start.weekday() % 7)

    def last_day(self, ago: int) -> date:
        """The last day of that quarter which is not still to come."""
        return min(self.today, self.quarter(ago).end)

    def at(self, day: date, hour: int, minute: int = 0, *, zone: str = "") -> datetime:
        """That time of day where the program is, or in `zone`, and never later than a minute ago."""
        there = ZoneInfo(zone) if zone else self.zone
        instant = datetime.combine(day, time(hour, minute), there).astimezone(UTC)
        return min(instant, self.now - timedelta(minutes=1))


def working_day(day: date) -> date:
    """The day itself, or the Monday after the weekend that it lies in."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def some_day(rng: random.Random, first: date, last: date) -> date | None:
    """A day of that span, or None where it is empty."""
    return first + timedelta(days=rng.randint(0, (last - first).days)) if first <= last else None


def coffee_now(now: datetime, zone: ZoneInfo) -> tuple[int, time]:
    """The last full half hour in that zone, between seven and half past seven in the evening: whoever has their coffee
    then is asked about now, or in the morning."""
    local = now.astimezone(zone) - timedelta(minutes=5)
    slot = local.time().replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
    return local.weekday(), min(max(slot, time(7)), time(19, 30))
