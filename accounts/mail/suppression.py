"""Addresses to which mail is not sent any more, because it came back for good or was called unwanted.

It holds for what is in a stream. What belongs to none goes on being tried: codes for signing in are no messages of the
outbox at all, and what somebody must hear of is not given up because a mail server once said no; where it says so
again, the message is FAILED and seen to by a person.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from accounts.clock import database_now
from accounts.models import User

from . import kinds
from .models import MailEvent, Message, Suppression

Reason = Suppression.Reason

# In the list of messages.
NOT_WORKING = "address not working"
# A complaint reads there as any other stop: what somebody said to their provider is not an admin's to know.
COMPLAINED = "stopped"

# The first of the codes by which a mail server refuses for good.
PERMANENT = 500
SOFT_BOUNCES = 3
SOFT_WITHIN = timedelta(days=30)
EVENTS_LIVE = timedelta(days=90)


def stands(reason: Reason) -> Exists:
    """For a query over Message: that the address of the message's person is suppressed."""
    return Exists(Suppression.objects.standing().filter(person_id=OuterRef("person_id"), reason=reason))


def reason_of_user() -> Subquery:
    """For a query over User: why mail is not sent to the address that they have now; None where it is."""
    rows = Suppression.objects.filter(person_id=OuterRef("pk"), address=OuterRef("email"), lifted_at=None)
    return Subquery(rows.order_by("reason").values("reason")[:1])


def of_dead_addresses() -> Exists:
    """For a query over User: that mail to them came back. A complaint is its person's own business."""
    rows = Suppression.objects.filter(person_id=OuterRef("pk"), address=OuterRef("email"), lifted_at=None)
    return Exists(rows.filter(reason=Reason.BOUNCED))


def dead_addresses() -> QuerySet[Suppression]:
    """The same of everybody, as rows of Suppression: for a query that begins with them."""
    return Suppression.objects.standing().filter(reason=Reason.BOUNCED)


def weigh(person: User, kind: str, *, now: datetime) -> None:
    """What an event leads to: one hard bounce or complaint is enough, of soft bounces the third in 30 days.

    The caller holds the lock on the person, so that of two at once the second counts the first.
    """
    if kind == MailEvent.Kind.HARD or (kind == MailEvent.Kind.SOFT and _too_often(person, now)):
        Suppression.objects.put(person.pk, person.email, Reason.BOUNCED, now=now)
    elif kind == MailEvent.Kind.COMPLAINT:
        Suppression.objects.put(person.pk, person.email, Reason.COMPLAINT, now=now)


def _too_often(person: User, now: datetime) -> bool:
    lifted_at = Suppression.objects.filter(person=person).aggregate(last=Max("lifted_at"))["last"]
    since = max(now - SOFT_WITHIN, lifted_at) if lifted_at else now - SOFT_WITHIN
    soft = MailEvent.objects.filter(person=person, kind=MailEvent.Kind.SOFT, at__gt=since)
    return soft.count() >= SOFT_BOUNCES


@transaction.atomic
def lift(person: User, *, now: datetime, reasons: Collection[str] = tuple(Reason)) -> bool:
    """Mail goes to their address again, with what was held back, where it is not too late. False for no change."""
    rows = Suppression.objects.filter(person=person, lifted_at=None, reason__in=reasons)
    if not rows.update(lifted_at=now):
        return False
    if Reason.BOUNCED in reasons:
        held_back = Message.objects.filter(
            person=person, state=Message.State.SUPPRESSED, last_error=NOT_WORKING
        )
        held_back.filter(expires_at__gt=database_now()).update_in_order(
            state=Message.State.QUEUED, next_attempt_at=database_now(), **Message.UNTRIED
        )
    return True


@transaction.atomic
def address_changed(person: User, *, now: datetime) -> None:
    """What came back from the address before, or was refused there, says nothing about the one they have now."""
    lift(person, now=now)
    Suppression.objects.filter(person=person).exclude(address=person.email).delete()
    MailEvent.objects.filter(person=person, kind__in=MailEvent.CAME_BACK).delete()
    refused = Q(state=Message.State.FAILED, last_code__gte=PERMANENT)
    theirs = Message.objects.filter(Q(state=Message.State.BOUNCED) | refused, person=person)
    # What they sent to others came back from those.
    theirs.exclude(kind__in=[name for name in kinds.names() if kinds.get(name).to_others]).update_in_order(
        last_error=Message.TO_AN_EARLIER_ADDRESS
    )


def tidy(now: datetime) -> int:
    """Delete what says nothing any more: about addresses that people no longer have, and what happened long ago."""
    gone = Suppression.objects.exclude(address=F("person__email")).delete()[0]
    gone += Suppression.objects.filter(lifted_at__lt=now - EVENTS_LIVE).delete()[0]
    return gone + MailEvent.objects.filter(at__lt=now - EVENTS_LIVE).delete()[0]
