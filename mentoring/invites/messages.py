"""Calendar messages as bytes: invitations and their updates, cancellations, and the feed of one person.

RFC 5545 (the format), 5546 (METHOD and what goes with it), 7986 (names and refreshing of feeds, CONFERENCE). Whatever
people wrote becomes the text of one property: it cannot begin a line of its own.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from icalendar import Calendar, Event, Parameters, vCalAddress, vDDDTypes, vDuration, vText, vUri

from .meeting import Attendee, Every, Meeting, Moved, Series, weekday_of_month
from .zones import DAYS, vtimezone

PRODUCT = "-//Best Stuff//Mentoring//EN"
# What stands for itself in the mailto: of an address. Clients compare it letter by letter with their own.
ADDRESS_SAFE = "!$&'*+-/=^_`{|}~.@"


class Text(vText):
    """What people wrote. icalendar itself takes a backslash before an N in it for the end of a line."""

    def to_ical(self) -> bytes:
        return re.sub(r"[\\;,]", r"\\\g<0>", self).replace("\n", r"\n").encode()


class Method(StrEnum):
    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def request(meeting: Meeting, *, now: datetime, only: datetime | None = None, replies: bool = True) -> bytes:
    """The invitation, or with a grown `sequence` its update. Of a series all of it, or the one moved occurrence whose
    original start `only` is. `now` becomes DTSTAMP, by which clients tell apart two messages of one version.
    Without `replies` nobody is asked to answer: for where nobody reads what calendars answer.

    Raises ValueError for a meeting that is cancelled, and for an `only` that was not moved.
    """
    if meeting.is_cancelled:
        raise ValueError("nobody is invited to what is cancelled")
    events = _with_moved(meeting, stamp=now, asks=True, replies=replies)
    if only is not None:
        events = [event for event in events if _id_of(event) == only]
        if not events:
            raise ValueError("this occurrence was not moved")
    return _calendar(Method.REQUEST, events, [meeting])


def cancel(meeting: Meeting, *, now: datetime) -> bytes:
    """That it does not take place, a series with all its occurrences. Its `sequence` has grown before."""
    event = _event(meeting, stamp=now, status="CANCELLED")
    _repeat(event, meeting)
    return _calendar(Method.CANCEL, [event], [meeting])


def cancel_occurrences(meeting: Meeting, originals: Iterable[datetime], *, now: datetime) -> bytes:
    """That some occurrences of a series do not take place: those that would have begun then.

    Raises ValueError for one that is none, and for no series.
    """
    walls = meeting.occurrences()
    events = []
    for original in sorted(originals):
        if meeting.series is None or original not in walls:
            raise ValueError("this is no occurrence")
        event = _event(meeting, stamp=now, starts=original, status="CANCELLED")
        _add_when(event, "RECURRENCE-ID", walls[original])
        events.append(event)
    if not events:
        raise ValueError("no occurrence is named")
    return _calendar(Method.CANCEL, events, [meeting])


def feed(meetings: Iterable[Meeting], *, name: str, refresh: timedelta = timedelta(hours=6)) -> bytes:
    """All of them for a calendar that subscribes: in the order of their starts, the same bytes for the same meetings.

    Nobody's address is in it but the organizer's, since a feed is read by whoever has its link (and RFC 5546, 3.2.1,
    wants no attendees in what is published). Raises ValueError where two have the same UID.
    """
    inside = sorted(meetings, key=lambda meeting: (meeting.starts, meeting.uid))
    if len({meeting.uid for meeting in inside}) != len(inside):
        raise ValueError("two meetings have the same UID")
    events = [
        event
        for meeting in inside
        for event in _with_moved(meeting, stamp=meeting.changed, asks=False, attendees=False)
    ]
    return _calendar(Method.PUBLISH, events, inside, name=name, refresh=refresh)


def download(meeting: Meeting) -> bytes:
    """One meeting as a file that its reader opens with their calendar: as in the feed, and no calendar of its own."""
    return _calendar(
        Method.PUBLISH, _with_moved(meeting, stamp=meeting.changed, asks=False, attendees=False), [meeting]
    )


def etag(content: bytes) -> str:
    """For the header of that name: a strong validator."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _calendar(
    method: Method,
    events: list[Event],
    meetings: Iterable[Meeting],
    *,
    name: str = "",
    refresh: timedelta | None = None,
) -> bytes:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method.value)
    if name:
        calendar.add("NAME", Text(_line(name)))
        calendar.add("X-WR-CALNAME", Text(_line(name)))  # What everybody reads; NAME is its standard form.
    if refresh is not None:
        calendar.add("REFRESH-INTERVAL", vDuration(refresh), {"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", vDuration(refresh))  # The same for Outlook.
    spans: dict[str, tuple[datetime, datetime]] = {}
    for meeting in meetings:
        first, last = meeting.span()
        if meeting.zone in spans:
            first, last = min(first, spans[meeting.zone][0]), max(last, spans[meeting.zone][1])
        spans[meeting.zone] = first, last
    # A VTIMEZONE for each TZID that is referred to, and for no other (RFC 5545, 3.2.19).
    named = {zone for event in events for zone in _zones_of(event)}
    by_zone = {meeting.zone: meeting.clock for meeting in meetings}
    for zone in sorted(named):
        calendar.add_component(vtimezone(by_zone[zone], *spans[zone]))
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _with_moved(
    meeting: Meeting, *, stamp: datetime, asks: bool, replies: bool = True, attendees: bool = True
) -> list[Event]:
    event = _event(
        meeting,
        stamp=stamp,
        status="CANCELLED" if meeting.is_cancelled else "CONFIRMED",
        asks=asks,
        replies=replies,
        attendees=attendees,
    )
    _repeat(event, meeting)
    events = [event]
    if meeting.series is not None and not meeting.is_cancelled:
        walls = meeting.occurrences()
        for moved in sorted(meeting.series.moved, key=lambda each: each.original):
            one = _event(
                meeting,
                stamp=stamp,
                status="CONFIRMED",
                asks=asks,
                replies=replies,
                attendees=attendees,
                moved=moved,
            )
            _add_when(one, "RECURRENCE-ID", walls[moved.original])
            events.append(one)
    return events


def _event(
    meeting: Meeting,
    *,
    stamp: datetime,
    status: str,
    starts: datetime | None = None,
    moved: Moved | None = None,
    asks: bool = False,
    replies: bool = True,
    attendees: bool = True,
) -> Event:
    """A meeting without what repeats it, or one occurrence."""
    starts = starts or (moved.starts if moved else meeting.starts)
    place = meeting.place if moved is None or moved.place is None else moved.place
    people = meeting.attendees if moved is None or moved.attendees is None else moved.attendees
    event = Event()
    event.add("UID", meeting.uid)
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTAMP", stamp)
    event.add("CREATED", meeting.created)
    event.add("LAST-MODIFIED", meeting.changed)
    ends = starts.astimezone(UTC) + timedelta(minutes=moved.minutes if moved else meeting.minutes)
    _add_when(event, "DTSTART", starts.astimezone(meeting.clock))
    _add_when(event, "DTEND", ends.astimezone(meeting.clock))
    event.add("SUMMARY", Text(_line(meeting.summary)))
    if text := _text("\n".join(meeting.description)):
        event.add("DESCRIPTION", Text(text))
    # A link in LOCATION is what Google and Outlook make clickable; only newer clients look at CONFERENCE.
    if where := ", ".join(filter(None, (_line(place), meeting.call))):
        event.add("LOCATION", Text(where))
    if meeting.call:
        event.add(
            "CONFERENCE", vUri(meeting.call), Parameters({"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]})
        )
    if meeting.page:
        event.add("URL", vUri(meeting.page))
    event.add("STATUS", status)
    event.add("TRANSP", "TRANSPARENT" if status == "CANCELLED" else "OPAQUE")
    event.add("CLASS", "PRIVATE" if meeting.is_private else "PUBLIC")
    event.add("ORGANIZER", _address(meeting.organizer.address, meeting.organizer.name))
    for each in people if attendees else ():
        event.add("ATTENDEE", _attendee(each, asks=asks and replies))
    if asks:
        # Nobody reads what "Propose new time" would send; Outlook then does not offer it.
        event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    return event


def _repeat(event: Event, meeting: Meeting) -> None:
    series = meeting.series
    if series is None:
        return
    walls = meeting.occurrences()
    event.add("RRULE", _rule(series, meeting))
    for original in sorted(series.without):
        _add_when(event, "EXDATE", walls[original])


def _rule(series: Series, meeting: Meeting) -> dict[str, object]:
    day = meeting.starts.astimezone(meeting.clock).date()
    rule: dict[str, object] = {"FREQ": "WEEKLY", "BYDAY": DAYS[day.weekday()]}
    if series.every is Every.TWO_WEEKS:
        rule["INTERVAL"] = 2
    if series.every is Every.MONTH:
        rule = {"FREQ": "MONTHLY", "BYDAY": f"{weekday_of_month(day)}{DAYS[day.weekday()]}"}
    if series.times is not None:
        rule["COUNT"] = series.times
    elif series.until is not None:
        # In UTC, as it must be where DTSTART names a zone (RFC 5545, 3.3.10): the last second of that day there.
        following = datetime.combine(series.until + timedelta(days=1), datetime.min.time(), meeting.clock)
        rule["UNTIL"] = following.astimezone(UTC) - timedelta(seconds=1)
    return rule


def _attendee(who: Attendee, *, asks: bool) -> vCalAddress:
    made = _address(who.address, who.name)
    made.params["CUTYPE"] = "INDIVIDUAL"
    made.params["ROLE"] = "REQ-PARTICIPANT"
    made.params["PARTSTAT"] = who.status.value
    if asks:
        # Also for those who have answered: without it Thunderbird and Apple's Mail show no buttons to answer anew.
        made.params["RSVP"] = "TRUE"
    return made


def _address(address: str, name: str) -> vCalAddress:
    made = vCalAddress("mailto:" + quote(address, safe=ADDRESS_SAFE))
    # A parameter holds no double quotes, and the way around (RFC 6868) shows as "^'" where it is not known.
    made.params["CN"] = _line(name).replace('"', "'") or address
    return made


def _add_when(event: Event, name: str, wall: datetime) -> None:
    """By the clock of its zone. In UTC what such a time cannot say: the second of two hours that the wall shows alike,
    since without a word it means the first (RFC 5545, 3.3.5)."""
    zone = getattr(wall.tzinfo, "key", "")
    if wall.fold or zone in ("UTC", "Etc/UTC"):
        wall = wall.astimezone(UTC)
    event.add(name, wall)


def _zones_of(event: Event) -> set[str]:
    found = set()
    for _, value in event.property_items(recursive=False):
        parameters = getattr(value, "params", {})
        if "TZID" in parameters:
            found.add(str(parameters["TZID"]))
    return found


def _id_of(event: Event) -> datetime | None:
    value = event.get("RECURRENCE-ID")
    at = value.dt if isinstance(value, vDDDTypes) else None
    return at.astimezone(UTC) if isinstance(at, datetime) else None


def _text(words: str) -> str:
    """Without the characters that mean something to a parser or nothing to a reader; lines end in one way."""
    lines = ["".join(c for c in line if _is_text(c)) for line in words.splitlines()]
    return "\n".join(lines).strip()


def _line(words: str) -> str:
    return " ".join(_text(words).split())


def _is_text(character: str) -> bool:
    # Controls, halves of surrogate pairs, and what is no character.
    return character == "\t" or unicodedata.category(character) not in ("Cc", "Cs", "Cn")
