"""Of those who want one e-mail a week at most: when it comes, and what waits for it.

It comes at their coffee time, unless that is on a day off (`register_days_off`), and takes along whatever can wait:
each kind with a stream that is not `is_urgent`, as long as it would not be too late by then. What would be too late
goes by itself, as it does for everybody.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.localtime import first_valid
from accounts.models import User

from . import kinds
from .models import Message, Stopped

WEEKLY = "weekly"
WEEK = timedelta(days=7)
# It comes by day, as what the calendar sends does.
OPENS, LAST = time(7, 0), time(19, 30)
# So long what waits for it leaves it the way before it asks for the next one.
GRACE = timedelta(hours=2)
# A clock that stood still makes up for an e-mail that is so old at most.
LATE = timedelta(days=2)
SATURDAY = 5
# Of days off more than so many coffee times in a row are not looked for.
MOST_WEEKS_OFF = 9

# Says whether it is a day off then, for one person.
IsOff = Callable[[datetime], bool]
DaysOffOf = Callable[[Collection[int], datetime], Mapping[int, IsOff]]
_days_off: list[DaysOffOf] = []


def never(_instant: datetime) -> bool:
    return False


def register_days_off(days_off_of: DaysOffOf) -> None:
    """An app above knows days on which somebody is not written to, from about now on: by person, and only for those
    who have any. It is asked for many people at once, with a fixed number of queries."""
    if days_off_of not in _days_off:
        _days_off.append(days_off_of)


def days_off(people: Collection[int], now: datetime) -> dict[int, IsOff]:
    found: dict[int, IsOff] = {}
    for each in _days_off:
        found |= each(people, now)
    return found


class CoffeeTime(NamedTuple):
    """A weekday (0 is Monday) and a time in a zone; those on a day off (`off`) are none."""

    zone: ZoneInfo
    weekday: int
    at: time
    off: IsOff = never

    def first_after(self, instant: datetime) -> datetime:
        """The first one after `instant` (UTC). In a gap of the clock the first minute after it, in a repeated hour the
        first of the two."""
        day = instant.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday()) - WEEK
        while (found := self._in_week(monday)) <= instant:
            monday += WEEK
        return self._not_off(monday, WEEK) or found

    def last_until(self, instant: datetime) -> datetime:
        """The last one that is not after `instant` (UTC)."""
        day = instant.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday()) + WEEK
        while (found := self._in_week(monday)) > instant:
            monday -= WEEK
        return self._not_off(monday, -WEEK) or found

    def number_of(self, instant: datetime) -> int:
        """Which week it is there, counted from the first of all Mondays: one e-mail for each."""
        return (instant.astimezone(self.zone).date().toordinal() - 1) // 7

    def is_day_off(self, instant: datetime) -> bool:
        """Whether nothing that is late goes out then: a weekend that is not their coffee day, or a day off."""
        weekday = instant.astimezone(self.zone).weekday()
        return (weekday >= SATURDAY and weekday != self.weekday) or self.off(instant)

    def _not_off(self, monday: date, step: timedelta) -> datetime | None:
        weeks = (self._in_week(monday + number * step) for number in range(MOST_WEEKS_OFF))
        return next((found for found in weeks if not self.off(found)), None)

    def _in_week(self, monday: date) -> datetime:
        at = min(max(self.at, OPENS), LAST)
        return first_valid(monday + timedelta(days=self.weekday), at, self.zone).astimezone(UTC)


def of(person: User, off: IsOff = never) -> CoffeeTime:
    return CoffeeTime(person.zone, person.coffee_weekday, person.coffee_time, off)


def kinds_that_wait() -> list[str]:
    """The names of the kinds that go out with it."""
    return [
        name
        for name in kinds.names()
        if name != WEEKLY and (kind := kinds.get(name)).stream and not kind.is_urgent
    ]


def waits_until(message: Message, coffee: CoffeeTime, now: datetime) -> datetime | None:
    """Until when it leaves the weekly e-mail the way to take it along; None where it goes by itself, being urgent or
    too late by then. Of somebody who has stopped the weekly e-mail it waits until it is over."""
    kind = kinds.get(message.kind)
    if message.kind == WEEKLY or kind.stream is None or kind.is_urgent:
        return None
    if Stopped.objects.filter(person=message.person_id, stream=WEEKLY).exists():
        return message.expires_at
    until = coffee.first_after(now - GRACE) + GRACE
    return until if until < message.expires_at else None
