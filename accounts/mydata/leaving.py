"""Leaving by oneself: asked for, waited for, stopped again or carried out."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from accounts.mail import outbox
from accounts.mail.claims import WHILE_LEAVING
from accounts.models import User
from accounts.refused import Refused

from . import erasing
from .letters import LEAVING, LEAVING_SOON, subject_of
from .registry import obstacles

log = logging.getLogger(__name__)

GRACE = timedelta(days=14)
LAST_WORD = timedelta(days=1)


@transaction.atomic
def ask_to_leave(person: User, *, now: datetime) -> datetime:
    """Everything of theirs goes after the grace: when. Asked twice, the first day stays.

    They are told at once, and once more the day before; nothing is written to them after it, because by then nobody
    knows their address any more. Raises Refused while something has to be done first.
    """
    mine: User = User.objects.select_for_update().get(pk=person.pk)
    if mine.erasure_due_at is not None:
        return mine.erasure_due_at
    if in_the_way := obstacles(mine):
        raise Refused(in_the_way[0])
    due_at = now + GRACE
    User.objects.filter(pk=mine.pk).update(erasure_due_at=due_at)
    subject = subject_of(due_at)
    outbox.owe(LEAVING, mine.pk, subject, due_at=now, expires_at=due_at)
    outbox.owe(LEAVING_SOON, mine.pk, subject, due_at=due_at - LAST_WORD, expires_at=due_at)
    return due_at


@transaction.atomic
def keep_account(person: User) -> bool:
    """Everything stays as it is. False when they were not leaving."""
    mine = User.objects.select_for_update().filter(pk=person.pk).leaving().first()
    if mine is None or mine.erasure_due_at is None:
        return False
    User.objects.filter(pk=mine.pk).update(erasure_due_at=None)
    subject = subject_of(mine.erasure_due_at)
    outbox.cancel(LEAVING, LEAVING_SOON, subject_id=subject, person_id=mine.pk, reason="they stay")
    outbox.resume(mine.pk, reason=WHILE_LEAVING)
    return True


def erase_due(now: datetime) -> int:
    """Erase those whose grace is over, each in a transaction of their own: how many.

    Any number of clocks may call it at once. Somebody without whom a program or the installation would be left alone
    (which came up since they asked) waits until that is settled; their page says so.
    """
    erased = 0
    for pk in _due(now):
        try:
            erased += _erase_if_due(pk, now)
        except Exception as error:  # Nobody waits because of somebody else.
            log.error("person %s was not erased (%s); the next tick tries again", pk, type(error).__name__)
    erasing.sweep(now)
    return erased


def _due(now: datetime) -> list[int]:
    return list(
        User.objects.filter(erasure_due_at__lte=now).order_by("erasure_due_at").values_list("pk", flat=True)
    )


@transaction.atomic
def _erase_if_due(pk: int, now: datetime) -> bool:
    erasing.one_at_a_time()
    # Whoever presses "Keep my account" at this moment comes before or after, and not in between.
    rows = User.objects.select_for_update(skip_locked=True).filter(pk=pk, erasure_due_at__lte=now)
    person = rows.first()
    if person is None:
        return False
    if obstacles(person):
        log.warning("person %s cannot leave yet: somebody has to take over from them first", pk)
        return False
    return erasing.erase(person, now=now)
