"""What people answer from their calendars: reading it (RFC 5546, 3.2.3 and 3.2.7), and whether it still counts (2.1.5).

What comes in was made by anybody. So it is read line by line and never as a calendar: no time zone of theirs is
evaluated (a VTIMEZONE may hold a rule without an end), nothing is nested, and all of it is short.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, StrEnum
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from icalendar import vDDDTypes
from icalendar.parser import Contentline, Parameters

from .meeting import ADDRESS

MOST_BYTES = 256 * 1024
MOST_LINES = 5000
MOST_EVENTS = 50
LONGEST_LINE = 20_000
LONGEST_COMMENT = 2000
LONGEST_ADDRESS = 254
LARGEST_SEQUENCE = 2**31 - 1

# A line that goes on begins with a space or a tab; some clients end lines with LF alone.
FOLD = re.compile(r"\r?\n[ \t]")
# Without the scheme, too, as some have it; another scheme than this ("invalid:nomail") is no address.
MAILTO = re.compile(r"\"?(?:mailto:)?\s*([^:\"]+?)\s*\"?", re.IGNORECASE)
LINE_END = re.compile(r"\r?\n|\r")
NAMES = {"UID", "SEQUENCE", "DTSTAMP", "RECURRENCE-ID", "ATTENDEE", "COMMENT", "DTSTART"}
Line = tuple[str, Parameters, str]


class Answer(StrEnum):
    """What was answered. RFC 5545 (3.2.12) wants whatever else it says to be taken for no answer yet."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"
    NEEDS_ACTION = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer to one meeting, or to one occurrence of a series.

    `address` is what the message says, in lower case: that its sender is the one who has it is for the caller to check.
    `occurrence` is the original start, aware, or naive where the message names no zone that is known here
    (`occurrence_in`). `stamp` is None where it is missing or nonsense. `proposes` is the start that a COUNTER would
    like better, with the same two forms.
    """

    uid: str
    address: str
    answer: Answer
    sequence: int = 0
    stamp: datetime | None = None
    occurrence: datetime | None = None
    comment: str = ""
    is_counter: bool = False
    proposes: datetime | None = None

    def occurrence_in(self, zone: str) -> datetime | None:
        """In UTC; a time without a zone is one by the meeting's clock, which their calendar had from us."""
        return _in_utc(self.occurrence, zone)

    def proposes_in(self, zone: str) -> datetime | None:
        return _in_utc(self.proposes, zone)


class Unreadable(Exception):
    """This is no answer to a meeting of ours. Its text says nothing private."""


class TooBig(Unreadable):
    """More bytes, lines or meetings than an answer has."""


class NoCalendar(Unreadable):
    """It is no calendar message at all."""


class NoReply(Unreadable):
    """A calendar message of another kind: `method` is what it says, in upper case, or ""."""

    def __init__(self, method: str) -> None:
        super().__init__("this is no reply")
        self.method = method


class Foreign(Unreadable):
    """It answers a meeting that is none of ours."""


class Unclear(Unreadable):
    """It does not say who answered, or whose answer of several this is."""


def read(
    content: bytes, *, is_ours: Callable[[str], bool], sender: str = "", charset: str = ""
) -> list[Reply]:
    """The answers to meetings of ours, in their order. `is_ours` is asked for each UID; `sender` is the address that
    the e-mail came from, which says whose answer it is where several people are named.

    Raises a kind of Unreadable where there is no such answer.
    """
    if len(content) > MOST_BYTES:
        raise TooBig("too many bytes")
    method, events = _events(_decoded(content, charset))
    if method not in ("REPLY", "COUNTER"):
        raise NoReply(method)
    replies: list[Reply] = []
    problems: list[Unreadable] = []
    for event in events:
        try:
            replies.append(_reply(event, method, is_ours, sender))
        except Unreadable as problem:
            problems.append(problem)
    if not replies:
        # Whether it is ours says more than whether it is clear.
        raise min(
            problems, key=lambda each: isinstance(each, Foreign), default=NoCalendar("it has no meeting")
        )
    return replies


class Verdict(Enum):
    APPLY = "apply"
    # To a version that was at another time, or said before what we have from them already.
    STALE = "stale"
    # To a version that we have not made.
    UNKNOWN_VERSION = "unknown version"
    # They have looked at it, or sent somebody else: nothing to write down.
    NO_ANSWER = "no answer"
    # They would like another time: nothing that we move by ourselves.
    COUNTER = "counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What we hold of a meeting, or of the occurrence that is answered, and of the attendee who answers.

    `sequence` is the current version, `asked_in` the one in which the time became what it is (`asks_again`): an answer
    to any version since then is one to this time. `last_sequence` and `last_stamp` are those of the reply that was
    applied last, -1 and None before the first.
    """

    sequence: int
    asked_in: int
    last_sequence: int = -1
    last_stamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`stamp` is what to keep as `last_stamp`: never later than now, or a wrong clock would silence its owner."""

    verdict: Verdict
    stamp: datetime


def decide(reply: Reply, known: Known, *, now: datetime) -> Decision:
    """Whether an answer that arrived `now` is to be written down (RFC 5546, 2.1.5 and 3.2.3): the version goes before
    the time at which it was said, and of two answers said at the same second the first stays."""
    stamp = min(reply.stamp or now, now)
    if reply.sequence > known.sequence:
        verdict = Verdict.UNKNOWN_VERSION
    elif reply.sequence < known.asked_in or _is_older(reply.sequence, stamp, known):
        verdict = Verdict.STALE
    elif reply.is_counter:
        verdict = Verdict.COUNTER
    elif reply.answer in (Answer.NEEDS_ACTION, Answer.DELEGATED):
        verdict = Verdict.NO_ANSWER
    else:
        verdict = Verdict.APPLY
    return Decision(verdict, stamp)


def _is_older(sequence: int, stamp: datetime, known: Known) -> bool:
    if sequence != known.last_sequence:
        return sequence < known.last_sequence
    # DTSTAMP has seconds, and ours may be finer.
    return known.last_stamp is not None and stamp.replace(microsecond=0) <= known.last_stamp.replace(
        microsecond=0
    )


def _decoded(content: bytes, charset: str) -> str:
    """Some clients say one charset and send another: what is UTF-8 is taken for that, whatever they say."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    with contextlib.suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig")
    with contextlib.suppress(LookupError, ValueError):
        return content.decode(charset or "cp1252", "replace")
    return content.decode("cp1252", "replace")


def _events(text: str) -> tuple[str, list[list[Line]]]:
    """The METHOD, and of each VEVENT the lines that we read."""
    lines = LINE_END.split(FOLD.sub("", text))
    if len(lines) > MOST_LINES:
        raise TooBig("too many lines")
    within: list[str] = []
    method, events = "", list[list[Line]]()
    for name, parameters, value in _content_lines(lines):
        if name == "BEGIN":
            within.append(value.strip().upper())
            if within == ["VCALENDAR", "VEVENT"]:
                events.append([])
        elif name == "END":
            if within and within[-1] == value.strip().upper():
                within.pop()
        elif within == ["VCALENDAR"] and name == "METHOD":
            method = method or value.strip().upper()
        elif within == ["VCALENDAR", "VEVENT"] and name in NAMES:
            events[-1].append((name, parameters, value))
    if not text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR"):
        raise NoCalendar("it does not begin as one")
    if len(events) > MOST_EVENTS:
        raise TooBig("too many meetings")
    return method, events


def _content_lines(lines: list[str]) -> Iterator[Line]:
    for line in lines:
        if len(line) <= LONGEST_LINE:
            with contextlib.suppress(ValueError):  # What is no line of a calendar says nothing.
                name, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
                yield name.upper(), parameters, value


def _reply(event: list[Line], method: str, is_ours: Callable[[str], bool], sender: str) -> Reply:
    uid = _first(event, "UID")
    if not uid or not is_ours(uid):
        raise Foreign("another's meeting")
    parameters, address = _who(event, sender)
    try:
        answer = Answer(str(parameters.get("PARTSTAT", "")).upper())
    except ValueError:
        answer = Answer.NEEDS_ACTION
    stamp = _when(event, "DTSTAMP")
    reply = Reply(
        uid=uid,
        address=address,
        answer=answer,
        sequence=_number(_first(event, "SEQUENCE")),
        stamp=stamp.astimezone(UTC) if stamp and stamp.tzinfo else None,
        occurrence=_when(event, "RECURRENCE-ID"),
        comment=_comment(event, parameters),
    )
    if any(name == "RECURRENCE-ID" for name, _, _ in event) and reply.occurrence is None:
        raise Unclear("no telling which occurrence")
    if method == "COUNTER":
        return replace(reply, is_counter=True, proposes=_when(event, "DTSTART"))
    return reply


def _who(event: list[Line], sender: str) -> tuple[Parameters, str]:
    """The attendee who answers: the only one, or the one whose address the e-mail came from."""
    named = []
    for name, parameters, value in event:
        if name == "ATTENDEE" and (found := MAILTO.fullmatch(value.strip())):
            address = unquote(found[1]).lower()
            if len(address) <= LONGEST_ADDRESS and ADDRESS.fullmatch(address):
                named.append((parameters, address))
    if len(named) > 1:
        named = [each for each in named if each[1] == sender.strip().lower()]
    if len(named) != 1:
        raise Unclear("no telling who answers")
    return named[0]


def _comment(event: list[Line], parameters: Parameters) -> str:
    """COMMENT; Google has it in a parameter of its own."""
    words = _first(event, "COMMENT") or str(parameters.get("X-RESPONSE-COMMENT", ""))
    lines = ("".join(c for c in line if c.isprintable() or c == "\t") for line in words.splitlines())
    return "\n".join(lines).strip()[:LONGEST_COMMENT]


def _first(event: list[Line], wanted: str) -> str:
    return next((value.strip() for name, _, value in event if name == wanted), "")


def _number(text: str) -> int:
    return min(int(text), LARGEST_SEQUENCE) if re.fullmatch(r"[0-9]{1,10}", text) else 0


def _when(event: list[Line], wanted: str) -> datetime | None:
    for name, parameters, value in event:
        if name == wanted:
            with contextlib.suppress(ValueError, TypeError, KeyError, OSError, OverflowError):
                zone = parameters.get("TZID")
                at = vDDDTypes.from_ical(value.strip(), timezone=str(zone) if zone else None)  # type: ignore[no-untyped-call]
                if isinstance(at, datetime):
                    return at
            return None
    return None


def _in_utc(at: datetime | None, zone: str) -> datetime | None:
    if at is None:
        return None
    with contextlib.suppress(OverflowError):
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    return None
