"""What people answer from their calendars: from the bytes of an e-mail to what is written down.

Nothing is ever answered to such an e-mail, and nothing of it is kept but the answer. It counts only if our own mail
server has found that it comes from the address that it speaks for (`accounts.mail.authenticity`).
"""

import contextlib
import uuid
from datetime import datetime
from email.message import Message
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from accounts.mail import authenticity
from accounts.mail.inbound import doors, reading
from accounts.models import User

from . import calendar_events, calendars, open_requests, rules
from .calendar_events import Seen
from .invites import replies
from .invites.mail import calendar_in
from .invites.replies import Decision, Known, Reply, Verdict
from .models import Arrangement, Attendance, Meeting

MOST_BYTES = 1024 * 1024


class Outcome(StrEnum):
    """What became of an e-mail, in a word for the log."""

    APPLIED = "applied"
    OFF = "inbound mail is off"
    TOO_BIG = "too big"
    OTHER_ADDRESS = "not to our address for calendars"
    REPORT = "a report of another mail"
    NOT_SHOWN = "not shown to be from its sender"
    NO_REPLY = "no reply from a calendar"
    NOT_THEIRS = "its sender is not asked to that meeting"
    ANOTHERS = "it speaks for somebody else"
    OVER = "the meeting is off, or over"
    NO_OCCURRENCE = "the series has no such meeting"
    STALE = "an answer to an earlier version, or the same once more"
    UNKNOWN_VERSION = "an answer to a version that there is not"
    NO_ANSWER = "no answer yet"
    COUNTER = "another time is asked for"


OF_VERDICT = {
    Verdict.APPLY: Outcome.APPLIED,
    Verdict.STALE: Outcome.STALE,
    Verdict.UNKNOWN_VERSION: Outcome.UNKNOWN_VERSION,
    Verdict.NO_ANSWER: Outcome.NO_ANSWER,
    Verdict.COUNTER: Outcome.COUNTER,
}


def receive(content: bytes, *, now: datetime, recipient: str = "") -> list[Outcome]:
    """What became of each answer in it; of an e-mail without one, why it counts for nothing.

    `recipient` is the envelope's, where the mail server says it.
    """
    if not settings.INBOUND_AUTHSERV_ID:
        return [Outcome.OFF]
    if len(content) > MOST_BYTES:
        return [Outcome.TOO_BIG]
    if recipient and recipient.strip().casefold() != settings.CALENDAR_ADDRESS.casefold():
        return [Outcome.OTHER_ADDRESS]
    email = reading.parse(content)
    # Bounces and receipts quote what we sent. Calendars' own answers may well call themselves made by a machine.
    if email.get_content_type() == "multipart/report":
        return [Outcome.REPORT]
    try:
        sender = authenticity.sender_of(email, authserv_id=doors.authserv_id())
    except authenticity.NotShown:
        return [Outcome.NOT_SHOWN]
    try:
        found = _read(email, sender)
    except replies.Unreadable:
        return [Outcome.NO_REPLY]
    return [_take(reply, sender, now) for reply in found]


def take(content: bytes, recipient: str, now: datetime) -> list[Outcome] | None:
    """As `receive`, for the door that all mail comes in by; None where it is to another address than the calendars'.

    Without a recipient it is for us: addresses with a secret in them are known by the envelope alone.
    """
    outcomes = receive(content, now=now, recipient=recipient)
    return None if outcomes == [Outcome.OTHER_ADDRESS] else outcomes


def _read(email: Message, sender: str) -> list[Reply]:
    part = calendar_in(email)
    if part is None:
        raise replies.NoCalendar("it has none")
    content, charset = part
    return replies.read(content, is_ours=_is_ours, sender=sender, charset=charset)


def _is_ours(uid: str) -> bool:
    return _uid(uid) is not None


def _uid(text: str) -> uuid.UUID | None:
    """Of an arrangement, as we write them and in no other way."""
    with contextlib.suppress(ValueError):
        found = uuid.UUID(text)
        return found if str(found) == text.lower() else None
    return None


@transaction.atomic
def _take(reply: Reply, sender: str, now: datetime) -> Outcome:
    """Behind the lock on the arrangement: whoever moves it meanwhile comes before or after."""
    person = User.objects.active().filter(email=User.objects.normalize_email(sender)).first()
    arrangement = _held(reply)
    seen = calendar_events.seen_by(person, arrangement, now) if person and arrangement else None
    if seen is None:
        return Outcome.NOT_THEIRS
    if User.objects.normalize_email(reply.address) != seen.person.email:
        return Outcome.ANOTHERS
    if seen.is_off or not any(pairing.status in rules.MEETS for pairing in seen.pairings):
        return Outcome.OVER
    occurrence = _occurrence(reply, seen)
    if reply.occurrence is not None and occurrence is None:
        return Outcome.NO_OCCURRENCE
    # Of a meeting that is no series an answer to it is one to all, whichever of the two its calendar says.
    is_alone = occurrence is not None and seen.arrangement.is_series
    rows = _standing(seen, occurrence) if is_alone else []
    if is_alone and not any(row.ends_at > now for row in rows):
        return Outcome.OVER
    return _decided(reply, seen, occurrence if is_alone else None, rows, now)


def _held(reply: Reply) -> Arrangement | None:
    """The arrangement that is answered, locked after those who come to it, as everybody locks these."""
    found = Arrangement.objects.filter(uid__in=[_uid(reply.uid)])
    pairs = (
        Meeting.objects.filter(arrangement__in=found)
        .order_by()
        .values_list("pairing__mentor", "pairing__mentee")
    )
    open_requests.keep_people(key for two in pairs.distinct() for key in two)
    return found.select_for_update(no_key=True).first()


def _decided(
    reply: Reply, seen: Seen, occurrence: datetime | None, rows: list[Meeting], now: datetime
) -> Outcome:
    """Of an answer to all of it, or to the one that would have begun at `occurrence`, whose meetings are `rows`."""
    keys: set[int | None] = {row.pk for row in rows} or {None}
    said = [each for each in seen.attendances if each.person_id == seen.person.pk and each.meeting_id in keys]
    last = max(said, key=lambda each: each.last_sequence, default=Attendance())
    known = Known(
        sequence=seen.arrangement.sequence,
        asked_in=_asked_in(seen.arrangement, occurrence),
        last_sequence=last.last_sequence,
        last_stamp=last.last_stamp,
    )
    decision = replies.decide(reply, known, now=now)
    if decision.verdict is not Verdict.APPLY:
        return OF_VERDICT[decision.verdict]
    # What they said on our page has no version: it counts for all that was said before it.
    is_from_page = last.answered_at is not None and last.answered_at != last.last_stamp
    if is_from_page and last.answered_at is not None and decision.stamp < last.answered_at:
        return Outcome.STALE
    _write_down(reply, decision, seen, rows)
    if reply.answer is replies.Answer.DECLINED:
        calendars.tell_of_no(seen, rows)
    return Outcome.APPLIED


def _asked_in(arrangement: Arrangement, occurrence: datetime | None) -> int:
    """Since which version an answer counts: of one meeting of a series, since that one came to its time as well."""
    alone = arrangement.versions.filter(occurrence=occurrence, asks_again=True)
    alone = alone if occurrence else alone.none()
    last = alone.order_by("sequence").values_list("sequence", flat=True).last()
    return max(arrangement.asked_in, last or 0)


def _occurrence(reply: Reply, seen: Seen) -> datetime | None:
    """The original start of the one that is answered; None for all of it, and for one that there is not."""
    original = reply.occurrence_in(seen.arrangement.zone)
    return original if original is not None and seen.at(original) else None


def _standing(seen: Seen, occurrence: datetime | None) -> list[Meeting]:
    """What takes place of the one that would have begun then, of each pairing."""
    rows = seen.at(occurrence) if occurrence else []
    return [row for row in rows if row.cancelled_at is None]


def _write_down(reply: Reply, decision: Decision, seen: Seen, rows: list[Meeting]) -> None:
    values = {
        "answer": Attendance.Answer(reply.answer.value),
        "answered_at": decision.stamp,
        "last_sequence": reply.sequence,
        "last_stamp": decision.stamp,
    }
    meetings: list[Meeting] | list[None] = rows or [None]
    for row in meetings:
        Attendance.objects.update_or_create(
            arrangement=seen.arrangement, meeting=row, person=seen.person, defaults=values
        )
