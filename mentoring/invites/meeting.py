"""A meeting as a calendar sees it. Instants are aware, and are written by the clock of the meeting's zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import count
from zoneinfo import ZoneInfo

MOST_OCCURRENCES = 260
LONGEST_UID = 255

# Printable ASCII without spaces: RFC 5545 allows more, and clients compare, cut and requote what is unusual.
UID = re.compile(rf"[!-~]{{1,{LONGEST_UID}}}")
ADDRESS = re.compile(r"[^\s@<>\"\x00-\x1f\x7f]+@[^\s@<>\"\x00-\x1f\x7f]+")
WEB_ADDRESS = re.compile(r"https?://[!-~]+")


class Status(StrEnum):
    """What somebody answered, in RFC 5545's words (PARTSTAT)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


@dataclass(frozen=True, slots=True)
class Organizer:
    """Whom replies go to, which is an address of ours: see `Meeting`. Raises ValueError for an address that is none."""

    name: str
    address: str

    def __post_init__(self) -> None:
        _must(ADDRESS.fullmatch(self.address), "the address is none")


@dataclass(frozen=True, slots=True)
class Attendee:
    """Raises ValueError for an address that is none."""

    name: str
    address: str
    status: Status = Status.NEEDS_ACTION

    def __post_init__(self) -> None:
        _must(ADDRESS.fullmatch(self.address), "the address is none")


class Every(StrEnum):
    WEEK = "week"
    TWO_WEEKS = "two weeks"
    # The same weekday of the month: the third Thursday; whoever begins on a fifth one means the last.
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One occurrence of a series that is otherwise: at another time or place, or with answers to it alone. `original`
    is when it would have begun."""

    original: datetime
    starts: datetime
    minutes: int
    # None: as in the series.
    place: str | None = None
    attendees: tuple[Attendee, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """How a meeting repeats: `times` in all, or until the day `until`, which is included.

    `without` are the original starts of occurrences that do not take place.
    """

    every: Every
    times: int | None = None
    until: date | None = None
    without: frozenset[datetime] = frozenset()
    moved: tuple[Moved, ...] = ()

    def __post_init__(self) -> None:
        _must(
            (self.times is None) != (self.until is None),
            "a series has either a number of times or a last day",
        )
        _must(
            self.times is None or 1 <= self.times <= MOST_OCCURRENCES,
            "the series is too long, or never begins",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Raises ValueError for what no calendar could hold.

    `organizer` must be none of the attendees: Outlook takes an invitation whose organizer is its reader for a copy of
    their own, and moves it to the deleted items. `sequence` grows with each version (`next_sequence`). `call` is the
    address of a video call, `page` that of the meeting's page here. What `is_private` shows others who may look into
    an attendee's calendar is that they are busy, and not with whom.
    """

    uid: str
    sequence: int
    starts: datetime
    minutes: int
    zone: str
    summary: str
    organizer: Organizer
    attendees: tuple[Attendee, ...]
    created: datetime
    changed: datetime
    place: str = ""
    call: str = ""
    page: str = ""
    description: tuple[str, ...] = ()
    series: Series | None = None
    is_cancelled: bool = False
    is_private: bool = True

    def __post_init__(self) -> None:
        _must(UID.fullmatch(self.uid), "a UID is printable ASCII without spaces")
        _must(self.sequence >= 0, "versions are counted from 0")
        _must(self.minutes > 0, "a meeting lasts a minute at least")
        instants = [self.starts, self.created, self.changed]
        for link in filter(None, (self.call, self.page)):
            _must(WEB_ADDRESS.fullmatch(link), "a link is a web address in ASCII")
        addresses = [each.address.casefold() for each in self.attendees]
        _must(len(set(addresses)) == len(addresses), "somebody is invited twice")
        _must(self.organizer.address.casefold() not in addresses, "the organizer is invited")
        if self.series is not None:
            for each in self.series.moved:
                _must(each.minutes > 0, "a meeting lasts a minute at least")
                asked = [who.address.casefold() for who in each.attendees or ()]
                _must(self.organizer.address.casefold() not in asked, "the organizer is invited")
                instants += [each.original, each.starts]
            instants += self.series.without
        _must(all(each.utcoffset() is not None for each in instants), "an instant has a time zone")
        if self.series is not None:
            _must(not self.starts.astimezone(self.clock).fold, "a series begins in an hour that comes once")
            named = [*self.series.without, *(each.original for each in self.series.moved)]
            _must(len(set(named)) == len(named), "an occurrence is left out or moved twice")
            _must(set(named) <= self.occurrences().keys(), "what is left out or moved is no occurrence")

    @property
    def clock(self) -> ZoneInfo:
        """Raises ZoneInfoNotFoundError for a zone that is none."""
        return ZoneInfo(self.zone)

    @property
    def ends(self) -> datetime:
        return self.starts.astimezone(UTC) + timedelta(minutes=self.minutes)

    def occurrences(self) -> Mapping[datetime, datetime]:
        """When it begins by its rule, those that are left out or moved among them: the instant in UTC, and the time
        on the wall that the rule says. These two differ where the wall never shows that time: then it begins as
        much later as the clock was put forward, as RFC 5545 (3.3.5) has it. Raises ValueError for too many."""
        return occurrences(self.starts, self.clock, self.series)

    def span(self) -> tuple[datetime, datetime]:
        """From its first begin to its last end, moved occurrences included, in UTC."""
        begins = list(self.occurrences())
        longest = self.minutes
        if self.series is not None:
            begins += [each.starts.astimezone(UTC) for each in self.series.moved]
            longest = max([longest, *(each.minutes for each in self.series.moved)])
        return min(begins), max(begins) + timedelta(minutes=longest)


def occurrences(starts: datetime, clock: ZoneInfo, series: Series | None) -> Mapping[datetime, datetime]:
    """As `Meeting.occurrences`, of what is no meeting yet."""
    if series is None:
        return {starts.astimezone(UTC): starts.astimezone(clock)}
    first = starts.astimezone(clock)
    found: dict[datetime, datetime] = {}
    for number in count():
        day = _day(first.date(), series.every, number)
        if series.times == number or (series.until is not None and day > series.until):
            return found
        _must(number < MOST_OCCURRENCES, "the series is too long")
        wall = datetime.combine(day, first.time(), clock)
        found[wall.astimezone(UTC)] = wall
    raise AssertionError


def weekday_of_month(day: date) -> int:
    """1 for the first Thursday of a month to 4 for the fourth, -1 for a fifth: that is the last."""
    number = (day.day - 1) // 7 + 1
    return -1 if number == 5 else number


def asks_again(before: Meeting, after: Meeting) -> bool:
    """Whether what was answered to `before` says nothing about `after`: it is at another time."""
    return _times(before) != _times(after)


def next_sequence(before: Meeting, after: Meeting) -> int:
    """The number of the version that `after` is. RFC 5546 (2.1.4) asks for a new one with another time only, but
    clients are known to overlook a new place under the old number; what people answered is no new version."""
    return before.sequence + (_shown(before) != _shown(after))


def _times(meeting: Meeting) -> tuple[object, ...]:
    times: tuple[object, ...] = (meeting.starts, meeting.minutes, meeting.is_cancelled)
    if (series := meeting.series) is None:
        return times
    rule = (series.every, series.times, series.until, series.without, meeting.zone)
    moved = {
        (each.original, each.starts, each.minutes)
        for each in series.moved
        if (each.starts, each.minutes) != (each.original, meeting.minutes)
    }
    return (*times, rule, moved)


def _shown(meeting: Meeting) -> tuple[object, ...]:
    moved = meeting.series.moved if meeting.series else ()
    return (
        _times(meeting), meeting.zone, meeting.summary, meeting.place, meeting.call, meeting.page,
        meeting.description, meeting.is_private, meeting.organizer, _named(meeting.attendees),
        {(each.original, each.place) for each in moved if each.place is not None},
        {(each.original, _named(each.attendees)) for each in moved if each.attendees is not None}
        - {(each.original, _named(meeting.attendees)) for each in moved},
    )  # fmt: skip


def _named(attendees: tuple[Attendee, ...]) -> tuple[tuple[str, str], ...]:
    """Who they are, and not what they answered."""
    return tuple((each.name, each.address) for each in attendees)


def _day(first: date, every: Every, number: int) -> date:
    if every is not Every.MONTH:
        return first + timedelta(weeks=number * (2 if every is Every.TWO_WEEKS else 1))
    months = first.month - 1 + number
    begins = date(first.year + months // 12, months % 12 + 1, 1)
    of_month = weekday_of_month(first)
    if of_month > 0:
        return begins + timedelta(days=(first.weekday() - begins.weekday()) % 7 + 7 * (of_month - 1))
    last = (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - first.weekday()) % 7)


def _must(holds: object, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
