"""A few times that suit everybody: within the usual hours of each, by their own clock on that very day.

Usual hours are spans of a weekday in half hours after midnight, as `accounts.models.UsualHours` has them. The answer
is the same for the same question, whatever order rows come in. Where no time suits, the nearest ones are named with
what they cost whom: facts, for a sentence like “an hour early for Noor”.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

# Instants from one to the other, the end excluded.
Interval = tuple[datetime, datetime]

MOST_DAYS = 62
STEP = timedelta(minutes=15)
HALF_HOUR = timedelta(minutes=30)
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
# Minutes: two clocks that are less apart show about the same time of day.
ALIKE = 180
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

# Of somebody who has said no hours: Monday to Friday, 09:00 to 17:00.
ASSUMED = tuple((weekday, 18, 34) for weekday in range(5))
# Outside their usual hours nobody is asked to meet before 07:00 or after 22:00.
WAKING = tuple((weekday, 14, 44) for weekday in range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`hours` are (weekday, begins, ends), Monday is 0; none: they have not said. `busy` are instants from and until,
    `away` first and last days by their calendar. Raises ValueError for what is none of these."""

    zone: str
    hours: frozenset[tuple[int, int, int]] = frozenset()
    busy: tuple[Interval, ...] = ()
    away: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        for weekday, begins, ends in self.hours:
            if not (0 <= weekday <= 6 and 0 <= begins < ends <= 48):
                raise ValueError(f"({weekday}, {begins}, {ends}) is no span of a week.")


class Why(Enum):
    EARLY = "it begins before their hours"
    LATE = "it ends after their hours"
    OTHER_DAY = "they have no hours on that day"
    NOT_SAID = "they have not said their hours"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a time costs the person of that number; `minutes` for EARLY and LATE, else 0."""

    person: int
    why: Why
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A start in UTC. It suits everybody where nothing is in `costs` (but NOT_SAID, of somebody nobody knows)."""

    starts: datetime
    costs: tuple[Cost, ...] = ()

    @property
    def suits(self) -> bool:
        return all(cost.why is Why.NOT_SAID for cost in self.costs)


def suggest(
    people: Sequence[Person],
    *,
    days: tuple[date, date],
    minutes: int,
    now: datetime,
    notice: timedelta = timedelta(hours=24),
    days_off: Iterable[tuple[date, date]] = (),
    most: int = 3,
) -> tuple[Suggestion, ...]:
    """At most `most` times in their order, on different days and at different times of day where there are such.

    `days` and `days_off` are first and last days, and hold by each person's calendar. Nothing begins before `now` and
    `notice`. Without a time that suits, the ones that cost least, each on its own day where that costs no hour more;
    none at all where nobody can be asked to be awake. Raises ValueError for nobody, no days or too many of them.
    """
    first, last = days
    if not people or not 0 <= (last - first).days < MOST_DAYS or minutes < 1 or most < 1:
        raise ValueError("no question")
    length = timedelta(minutes=minutes)
    off = tuple(days_off)
    unknown = tuple(Cost(number, Why.NOT_SAID) for number, each in enumerate(people) if not each.hours)
    usual = [_by_day(each, each.hours or ASSUMED, days, off) for each in people]

    shared = _shared([_merged(hours.values()) for hours in usual])
    starts = _starts(shared, people, length, now + notice)
    found = [Suggestion(start, unknown) for start in starts]
    if not found:
        shared = _shared([_merged(_by_day(each, WAKING, days, off).values()) for each in people])
        starts = _starts(shared, people, length, now + notice)
        found = [Suggestion(start, (*_costs(people, usual, start, length), *unknown)) for start in starts]
    return tuple(sorted(_spread(found, people, length, most), key=lambda each: each.starts))


def _by_day(
    person: Person,
    hours: Iterable[tuple[int, int, int]],
    days: tuple[date, date],
    off: tuple[tuple[date, date], ...],
) -> dict[tuple[date, int], Interval]:
    """Their hours as instants, by day and number, without the days on which they are away or everybody is off."""
    zone = ZoneInfo(person.zone)
    found = {}
    day = days[0]
    while day <= days[1]:
        if not any(begins <= day <= ends for begins, ends in (*person.away, *off)):
            for weekday, begins, ends in hours:
                span = _instant(day, begins, zone), _instant(day, ends, zone, is_end=True)
                if weekday == day.weekday() and span[0] < span[1]:
                    found[day, begins] = span
        day += A_DAY
    return found


def _instant(day: date, half_hours: int, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """When the clock on the wall shows it, in UTC. Of two such instants a span begins with the later and ends with the
    earlier one, so that all of it lies within the hours by any reading; where the clock passes over that time, it is
    when it does."""
    wall = datetime.combine(day, time()) + half_hours * HALF_HOUR
    earlier, later = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier <= later:
        return earlier if is_end else later
    # In the gap the offsets are used the other way round, and what is sought lies between.
    low, high = later, earlier
    old = low.astimezone(zone).utcoffset()
    while high - low > A_MINUTE:
        middle = low + (high - low) // A_MINUTE // 2 * A_MINUTE
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for begins, ends in sorted(intervals):
        if merged and begins <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], ends)
        else:
            merged.append((begins, ends))
    return merged


def _shared(lists: Sequence[list[Interval]]) -> list[Interval]:
    shared = lists[0]
    for other in lists[1:]:
        both = [
            (max(a[0], b[0]), min(a[1], b[1])) for a in shared for b in other if a[0] < b[1] and b[0] < a[1]
        ]
        shared = sorted(both)
    return shared


def _starts(
    shared: list[Interval], people: Sequence[Person], length: timedelta, earliest: datetime
) -> list[datetime]:
    """Every quarter of an hour from which on all of them have time for the whole of it."""
    busy = _merged(
        (begins.astimezone(UTC), ends.astimezone(UTC)) for each in people for begins, ends in each.busy
    )
    found = []
    for begins, ends in shared:
        begins = max(begins, earliest.astimezone(UTC))
        start = EPOCH - (EPOCH - begins) // STEP * STEP
        while start + length <= ends:
            if not any(start < until and since < start + length for since, until in busy):
                found.append(start)
            start += STEP
    return found


def _costs(
    people: Sequence[Person],
    usual: Sequence[dict[tuple[date, int], Interval]],
    start: datetime,
    length: timedelta,
) -> Iterable[Cost]:
    for number, (person, hours) in enumerate(zip(people, usual, strict=True)):
        today = start.astimezone(ZoneInfo(person.zone)).date()
        overhangs = [
            (max(begins - start, timedelta()), max(start + length - ends, timedelta()))
            for (day, _), (begins, ends) in hours.items()
            if day == today
        ]
        if not overhangs:
            yield Cost(number, Why.OTHER_DAY)
            continue
        early, late = min(overhangs, key=lambda each: (each[0] + each[1], each))
        if early:
            yield Cost(number, Why.EARLY, early // A_MINUTE)
        if late:
            yield Cost(number, Why.LATE, late // A_MINUTE)


def _spread(
    found: list[Suggestion], people: Sequence[Person], length: timedelta, most: int
) -> list[Suggestion]:
    """The ones that cost least; among those of about the same price other days first, then other times of day, then
    the rounder ones by everybody's clock, then those whose cost is shared, then the earlier ones."""
    chosen: list[Suggestion] = []
    zones = [ZoneInfo(each.zone) for each in people]
    prices = {each: _price(each) for each in found}
    while len(chosen) < most:
        left = [each for each in found if all(abs(each.starts - other.starts) >= length for other in chosen)]
        if not left:
            break
        theirs = [each.starts.astimezone(zones[0]) for each in chosen]
        days, clocks = {each.date() for each in theirs}, {_minute(each) for each in theirs}

        def rank(each: Suggestion, days: set[date] = days, clocks: set[int] = clocks) -> tuple[object, ...]:
            there = each.starts.astimezone(zones[0])
            return (
                prices[each] // 60,
                there.date() in days,
                prices[each],
                any(abs(_minute(there) - other) < ALIKE for other in clocks),
                sum(_oddness(each.starts.astimezone(zone)) for zone in zones),
                max((cost.minutes for cost in each.costs), default=0),
                each.starts,
            )

        chosen.append(min(left, key=rank))
    return chosen


def _price(suggestion: Suggestion) -> int:
    """In minutes; a day that is none of somebody's is dearer than any hour of one that is."""
    return sum(24 * 60 if cost.why is Why.OTHER_DAY else cost.minutes for cost in suggestion.costs)


def _minute(there: datetime) -> int:
    return there.hour * 60 + there.minute


def _oddness(there: datetime) -> int:
    return {0: 0, 30: 1}.get(there.minute, 3)
