"""Arrangements as rows, and the e-mails about them as they arrive."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from accounts.mail import claims, letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import calendars
from mentoring.calendar_emails import DECLINED, OF_A_VERSION
from mentoring.invites import meeting as rule
from mentoring.models import Arrangement, Attendance, Meeting, Pairing

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def soon(days: int = 7, hour: int = 15) -> datetime:
    """On the hour; the fence and the letters read the real clock."""
    return (datetime.now(UTC) + days * DAY).replace(hour=hour, minute=0, second=0, microsecond=0)


def arranged(
    *pairings: Pairing, starts_at: datetime | None = None, every: str = "", times: int = 1, **fields: Any
) -> Arrangement:
    """With a meeting for each time and pairing, and nobody's answer yet; told to nobody."""
    starts_at = starts_at or soon()
    values = {"zone": "Europe/Lisbon", "minutes": 60, "place": "", "arranged_by": pairings[0].mentor} | fields
    made = Arrangement.objects.create(starts_at=starts_at, every=every, times=times, **values)
    for original in _starts(made):
        for pairing in pairings:
            Meeting.objects.create(
                pairing=pairing,
                arrangement=made,
                original_at=original,
                starts_at=original,
                minutes=made.minutes,
                place=made.place,
            )
    for person in {person.pk: person for each in pairings for person in (each.mentor, each.mentee)}.values():
        Attendance.objects.create(arrangement=made, person=person)
    return made


def told(*pairings: Pairing, **fields: Any) -> Arrangement:
    made = arranged(*pairings, **fields)
    tell(made, asks_again=True)
    return made


def tell(arrangement: Arrangement, **how: Any) -> None:
    calendars.tell(arrangement, datetime.now(UTC), **({"asks_again": False} | how))


def move(arrangement: Arrangement, to: datetime) -> None:
    """Of one that is no series."""
    arrangement.meetings.update(starts_at=to)
    Arrangement.objects.filter(pk=arrangement.pk).update(starts_at=to)
    arrangement.refresh_from_db()
    tell(arrangement, asks_again=True)


def call_off(arrangement: Arrangement) -> None:
    now = datetime.now(UTC)
    arrangement.meetings.filter(starts_at__gt=now).update(cancelled_at=now)
    Arrangement.objects.filter(pk=arrangement.pk).update(cancelled_at=now)
    arrangement.refresh_from_db()
    tell(arrangement, asks_again=True, is_cancelled=True)


def owed(person: User) -> list[str]:
    """The kinds of what is owed to them about meetings, in the order in which that came about."""
    rows = Message.objects.of(*OF_A_VERSION, DECLINED).filter(person=person).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def latest(person: User) -> Message:
    return Message.objects.of(*OF_A_VERSION, DECLINED).filter(person=person).latest("pk")


def why_not(message: Message) -> str:
    ending = claims.why_not(message)
    return ending.reason if ending else ""


def send_all() -> None:
    """As if each of those that may go out were handed over; the others are settled."""
    for message in Message.objects.waiting().of(*OF_A_VERSION, DECLINED).order_by("pk"):
        no = claims.why_not(message)
        now = datetime.now(UTC)
        Message.objects.filter(pk=message.pk).update(
            **(
                {"state": no.state, "last_error": no.reason}
                if no
                else {"state": "sent", "sent_at": now, "sending_at": now}
            )
        )


def arrives(message: Message) -> EmailMessage:
    """As its reader's client gets it."""
    assert why_not(message) == ""
    raw = letters.post(message).content
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def calendar_of(mail: EmailMessage) -> bytes:
    part = next(each for each in mail.walk() if each.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def _starts(arrangement: Arrangement) -> Iterable[datetime]:
    if not arrangement.is_series:
        return [arrangement.starts_at]
    every = {"week": rule.Every.WEEK, "two_weeks": rule.Every.TWO_WEEKS, "month": rule.Every.MONTH}
    return rule.Meeting(
        uid="x",
        sequence=0,
        starts=arrangement.starts_at,
        minutes=60,
        zone=arrangement.zone,
        summary="",
        organizer=rule.Organizer("", "a@b.example"),
        attendees=(),
        created=arrangement.created_at,
        changed=arrangement.created_at,
        series=rule.Series(every=every[arrangement.every], times=arrangement.times),
    ).occurrences()
