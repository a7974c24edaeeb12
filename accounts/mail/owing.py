"""Messages come to be owed, in the transaction of the action that causes them, and stop being owed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models.functions import Greatest

from accounts.clock import database_now

from . import gathering, kinds
from .letters import id_for
from .models import Message

# What somebody has sent again is worth trying for a day, however late it is for it.
AGAIN_LIVES = timedelta(days=1)


class Owed(NamedTuple):
    """One row for `owe_many`. `due_at` and `expires_at` are aware."""

    kind: str
    person_id: int
    subject_id: int
    due_at: datetime
    expires_at: datetime


def owe(kind: str, person_id: int, subject_id: int, *, due_at: datetime, expires_at: datetime) -> bool:
    """This person gets one e-mail of this kind about this subject. False when it was owed before, sent or not."""
    return owe_many([Owed(kind, person_id, subject_id, due_at, expires_at)]) == 1


def owe_many(rows: Iterable[Owed]) -> int:
    """`owe` for many people in one INSERT: how many were not owed before. Planned twice, or by two at once, it is
    owed once: the database's unique key says so. Raises LookupError for a kind that nobody registered."""
    rows = list(rows)
    if not rows:
        return 0
    for name in {row.kind for row in rows}:
        kinds.get(name)
    columns: Any = [
        [row.person_id for row in rows],
        [row.kind for row in rows],
        [row.subject_id for row in rows],
        [row.due_at for row in rows],
        [row.expires_at for row in rows],
        [id_for(f"{row.kind}/{row.person_id}/{row.subject_id}") for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, columns)
        return int(cursor.rowcount)


# Written out, because bulk_create does not say how many rows were new.
INSERT = """
    INSERT INTO mail_message
        (person_id, kind, subject_id, due_at, expires_at, message_id, next_attempt_at, state, attempts, last_error)
    SELECT person_id, kind, subject_id, due_at, expires_at, message_id, due_at, 'queued', 0, ''
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[])
        AS owed (person_id, kind, subject_id, due_at, expires_at, message_id)
    ON CONFLICT DO NOTHING
"""


def cancel(*names: str, subject_id: int, person_id: int | None = None, reason: str = "") -> int:
    """What is still owed of these kinds about this subject is not sent; how many that were. `reason` is one word for
    the list of messages. What a sender is handing over at this moment goes out."""
    rows = Message.objects.of(*names, subject_id=subject_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return rows.filter(state__in=[Message.State.QUEUED, Message.State.CLAIMED]).update_in_order(
        state=Message.State.CANCELLED, lease_token=None, lease_until=None, last_error=reason
    )


def resume(person_id: int, *, reason: str) -> int:
    """What was cancelled for that reason is owed again, where it is not too late; how many."""
    rows = Message.objects.filter(person_id=person_id, state=Message.State.CANCELLED, last_error=reason)
    return rows.filter(expires_at__gt=database_now()).update_in_order(
        state=Message.State.QUEUED, next_attempt_at=database_now(), **Message.UNTRIED
    )


def take_up(
    *names: str,
    subjects: Iterable[int],
    reason: str,
    due_at: datetime,
    expires_at: datetime | None = None,
    person_id: int | None = None,
) -> int:
    """What was cancelled of these kinds for that reason, about these subjects, is owed as if nobody had tried.

    Returns how many. `expires_at` gives it a new end; without one, what is over by `due_at` stays cancelled.
    """
    rows = Message.objects.of(*names).filter(
        subject_id__in=list(subjects), state=Message.State.CANCELLED, last_error=reason
    )
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    changes: dict[str, Any] = {"expires_at": expires_at} if expires_at else {}
    return (rows if expires_at else rows.filter(expires_at__gt=due_at)).update_in_order(
        state=Message.State.QUEUED,
        due_at=due_at,
        next_attempt_at=due_at,
        **Message.UNTRIED,
        **changes,
    )


@transaction.atomic
def send_again(message: Message) -> bool:
    """Somebody has looked, and wants it sent once more: the same message, by its old Message-ID, as if never tried.

    Only for what was refused, and for what may or may not have arrived, which may be a copy then. The conditions of
    its kind must hold still. What went out with it waits for it again. False when it is in another state by now.
    """
    with transaction.atomic():
        gathering.lock_with_gathered(message.pk)
        found = Message.objects.filter(
            pk=message.pk, state__in=[Message.State.FAILED, Message.State.UNCERTAIN]
        )
        is_owed = found.update(
            state=Message.State.QUEUED,
            due_at=database_now(),
            next_attempt_at=database_now(),
            expires_at=Greatest("expires_at", database_now() + AGAIN_LIVES),
            sending_at=None,
            **Message.UNTRIED,
        )
        if is_owed:
            gathering.put_back(message.pk)
    return is_owed == 1


def move(message: Message, *, due_at: datetime, expires_at: datetime | None = None) -> bool:
    """It is due at another time, as when its person moved to another zone. False when it waits no more."""
    return (
        Message.objects.waiting()
        .filter(pk=message.pk, attempts=0)
        .update(due_at=due_at, next_attempt_at=due_at, expires_at=expires_at or message.expires_at)
        == 1
    )
