"""How much of what no hand sends a person gets: one in a week over all kinds and programs, whatever it is about; and of
what others say to them one e-mail in a day.

"A week" is six days, so that summer time, a flight, a busy queue or a coffee slot moved by a day costs nobody a
reminder.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, Q

from accounts.clock import database_now

from . import kinds
from .kinds import Kind
from .models import Message

GAP = timedelta(days=6)
DAY = timedelta(days=1)
ANOTHER_THAT_WEEK = "another that week"
# The first number of PostgreSQL's advisory locks of this kind ("caps" in ASCII); the second is the person. No other
# kind of lock has it (relay.LOCKS, reflections/naming_emails.py): a person's number may be that of a sender's slot.
ONE_AT_A_TIME = 0x63617073


def nudges() -> list[str]:
    """The names of the kinds that count among the one in a week."""
    return [name for name in kinds.names() if kinds.get(name).rank is not None]


def daily() -> list[str]:
    """The names of the kinds of which all together a person gets one in a day."""
    return [name for name in kinds.names() if kinds.get(name).is_daily]


def alone_that_week(kind: Kind) -> Q:
    """Of a message of this kind: no other went to its person within six days, and none that goes before it is about
    to."""
    others = Message.objects.filter(person=OuterRef("person_id")).exclude(pk=OuterRef("pk"))
    gone = others.of(*nudges()).went().filter(sending_at__gt=OuterRef("next_attempt_at") - GAP)
    before = [name for name in nudges() if (kinds.get(name).rank or 0) < (kind.rank or 0)]
    coming = others.of(*before).filter(
        state__in=[Message.State.QUEUED, Message.State.CLAIMED],
        next_attempt_at__lt=OuterRef("next_attempt_at") + GAP,
        expires_at__gt=F("next_attempt_at"),
    )
    return ~Q(Exists(gone)) & ~Q(Exists(coming))


def free_from(message: Message) -> datetime | None:
    """When the day is over in which its person had another e-mail of those that come one a day at most; None if it
    is."""
    last = (
        Message.objects.of(*daily())
        .went()
        .filter(person=message.person_id, sending_at__gt=database_now() - DAY)
        .exclude(pk=message.pk)
        .aggregate(at=Max("sending_at"))["at"]
    )
    return last + DAY if last else None


def take_turns(kind: Kind, person_id: int) -> None:
    """Until the transaction ends, no other such message to this person passes the fence."""
    if kind.rank is not None or kind.is_daily:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ONE_AT_A_TIME, person_id % 2**31])
