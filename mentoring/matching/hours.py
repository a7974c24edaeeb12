"""The week as 336 half hours in UTC, one bit each, so that what two people share is one AND."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HALF_HOURS = 48
WEEK = 7 * HALF_HOURS
MINUTES_OF_WEEK = WEEK * 30
MINUTES_OF_DAY = 24 * 60


def week(spans: Iterable[tuple[int, int, int]], zone: str, on: date) -> int:
    """The half hours that lie wholly within `spans`: weekday (Monday is 0), begin and end in half hours after
    midnight by the clock of `zone`, in the week that contains `on` (summer time counts).

    Raises ValueError for a span that is none, and ZoneInfoNotFoundError for a zone that is none.
    """
    there = ZoneInfo(zone)
    monday = on - timedelta(days=on.weekday())
    bits = 0
    for weekday, begins, ends in spans:
        if not (0 <= weekday <= 6 and 0 <= begins < ends <= HALF_HOURS):
            raise ValueError(f"({weekday}, {begins}, {ends}) is no span of a week.")
        # In a zone that is no whole half hours away, what sticks out at either end is no half hour.
        first = -(-_minutes(monday, weekday, begins, there) // 30)
        after = _minutes(monday, weekday, ends, there) // 30
        if first < after:
            span = ((1 << (after - first)) - 1) << first % WEEK
            bits |= span | span >> WEEK  # What is beyond the week is at its beginning.
    return bits & ((1 << WEEK) - 1)


# Of thousands of people few live by different clocks, or begin at different half hours.
@lru_cache(maxsize=2**14)
def _minutes(monday: date, weekday: int, half_hours: int, zone: ZoneInfo) -> int:
    """From Monday 00:00 UTC on; below nothing, or beyond the week, for the clocks that are ahead or behind."""
    local = datetime.combine(monday, datetime.min.time()) + timedelta(days=weekday, minutes=30 * half_hours)
    ahead = local.replace(tzinfo=zone).utcoffset() or timedelta()
    return weekday * MINUTES_OF_DAY + half_hours * 30 - ahead // timedelta(minutes=1)


def minutes_ahead(zone: str, on: date) -> int:
    """How far the clock of `zone` is ahead of UTC at noon of that day."""
    noon = datetime.combine(on, datetime.min.time()) + timedelta(hours=12)
    return (noon.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()) // timedelta(minutes=1)


def shared(one: int, other: int) -> int:
    """How many half hours of the week two people share."""
    return (one & other).bit_count()


def gap(one: int, other: int) -> int:
    """Minutes between two clocks, the short way round: twelve hours at most."""
    apart = abs(one - other) % MINUTES_OF_DAY
    return min(apart, MINUTES_OF_DAY - apart)


def half_hours(bits: int) -> Iterator[int]:
    """The numbers of the half hours that are in it, from Monday 00:00 UTC on."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
