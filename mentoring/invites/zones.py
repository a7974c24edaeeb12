"""A time zone as calendars want it: a VTIMEZONE with every change of the clock that matters (RFC 5545, 3.6.5).

icalendar 7.3 can make one, but writes the begin of summer time by the clock that it begins, an hour late. So the
changes are found here, from the zone itself.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Of a rule that holds for so many years nobody needs to be told when it ends.
YEARS_AHEAD = 10
A_DAY, A_SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """The clock is put from one offset to another. `onset` is the last time that the old clock showed."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def onset(self) -> datetime:
        return self.at.replace(tzinfo=None) + self.before


def vtimezone(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """The zone's definition, true for every instant from `first` to `last`.

    Where the clock changes on the same weekday of a month each year it says so, since Outlook reads a zone as one such
    rule for each half of the year, and knows no list of dates (MS-STANOICAL, 2.2.47). Otherwise it names each change of
    that time and no other, so that what Outlook makes of it is right for a meeting that is not on both sides of one.
    """
    changes = _changes(zone, first.year - 1, max(last.year + 1, first.year + YEARS_AHEAD))
    made = Timezone()
    made.add("TZID", zone.key)
    rules = _rules(changes)
    if not rules:
        rules = [(change, "") for change in _within(zone, changes, first, last)]
    only = len(rules) == 1
    for change, by_day in sorted(rules, key=lambda rule: rule[0].at):
        observance = TimezoneDaylight() if change.is_summer and not only else TimezoneStandard()
        observance.add("DTSTART", change.onset)
        if by_day:
            rule = {"FREQ": "YEARLY", "BYMONTH": change.onset.month, "BYDAY": by_day}
            observance.add("RRULE", rule)
        observance.add("TZOFFSETFROM", change.before)
        observance.add("TZOFFSETTO", change.after)
        observance.add("TZNAME", change.name)
        made.add_component(observance)
    return made


def _rules(changes: tuple[Change, ...]) -> list[tuple[Change, str]]:
    """The first change of each kind with its weekday of the month, if there are two kinds, once a year each."""
    kinds: dict[tuple[timedelta, timedelta, str], list[Change]] = {}
    for change in changes:
        kinds.setdefault((change.before, change.after, change.name), []).append(change)
    years = sorted({change.onset.year for change in changes})
    rules = []
    for group in kinds.values():
        by_day = _by_day([change.onset for change in group])
        if not by_day or [change.onset.year for change in group] != years:
            return []
        rules.append((group[0], by_day))
    return rules if len(rules) == 2 else []


def _by_day(onsets: list[datetime]) -> str:
    """ "2SU" or "-1SU", where one of them is true of all; "" otherwise."""
    if len({(onset.month, onset.weekday(), onset.time()) for onset in onsets}) != 1:
        return ""
    day = DAYS[onsets[0].weekday()]
    numbers = {(onset.day - 1) // 7 + 1 for onset in onsets}
    if len(numbers) == 1:
        return f"{numbers.pop()}{day}"
    are_last = all((onset + timedelta(weeks=1)).month != onset.month for onset in onsets)
    return f"-1{day}" if are_last else ""


def _within(zone: ZoneInfo, changes: tuple[Change, ...], first: datetime, last: datetime) -> list[Change]:
    """What holds when `first` is, and each change until `last`."""
    earlier = [change for change in changes if change.at <= first]
    later = [change for change in changes if first < change.at <= last]
    if earlier:
        return [earlier[-1], *later]
    offset, name = _state(zone, first)
    since = datetime(1970, 1, 1, tzinfo=UTC) - offset
    return [Change(since, offset, offset, name, is_summer=False), *later]


@lru_cache(maxsize=512)
def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[Change, ...]:
    """Every change of the clock or of its name in these years."""
    found = []
    at, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    state = _state(zone, at)
    while at < end:
        following = at + A_DAY
        if _state(zone, following) != state:
            found.append(_change(zone, at, following))
            state = _state(zone, following)
        at = following
    return tuple(found)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    """The one change between two instants, to the second."""
    old, new = _state(zone, before), _state(zone, after)
    low, high = before, after
    while high - low > A_SECOND:
        middle = low + (high - low) // A_SECOND // 2 * A_SECOND
        low, high = (middle, high) if _state(zone, middle) == old else (low, middle)
    # Ireland's summer is its standard time, and its winter the exception: a change up is a summer if either is one.
    has_summer = any(each.astimezone(zone).dst() for each in (before, after))
    return Change(high, old[0], new[0], new[1], is_summer=new[0] > old[0] and has_summer)


def _state(zone: ZoneInfo, at: datetime) -> tuple[timedelta, str]:
    there = at.astimezone(zone)
    return there.utcoffset() or timedelta(), there.tzname() or ""
