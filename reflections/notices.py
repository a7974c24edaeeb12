"""E-mails that say that there is something, for what was said within a day at most together.

Their messages are about a notice, which says since when; what it says is asked of the rows when it is sent.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Max
from django.db.models.functions import Coalesce, Greatest

from accounts.mail import kinds, outbox
from accounts.mail.models import Message
from mentoring.emails import NOT_RUNNING

TOGETHER = timedelta(minutes=15)
BETWEEN = timedelta(days=1)
LIVES = timedelta(days=7)


def owe(kind: str, person_id: int, notice: Callable[[], int], now: datetime) -> None:
    """What waits to go out says what is new too; else one is owed, a day after the last one. `notice` makes the row
    that it is about, and gives its key. To be called behind a lock that lets one do so for a person at a time."""
    theirs = Message.objects.filter(person=person_id, kind=kind)
    if theirs.filter(state=Message.State.QUEUED).exists():
        return
    gone = theirs.exclude(state__in=[Message.State.CANCELLED, Message.State.EXPIRED])
    last = gone.aggregate(at=Max(Greatest("due_at", Coalesce("sending_at", "due_at"))))["at"]
    due_at = max(now + TOGETHER, last + BETWEEN) if last else now + TOGETHER
    outbox.owe(kind, person_id, notice(), due_at=due_at, expires_at=due_at + LIVES)


def take_up(kind: str, now: datetime) -> int:
    """What was not sent because a program rested goes out once it goes on; how many."""
    waiting = Message.objects.filter(
        kind=kind, state=Message.State.CANCELLED, last_error=NOT_RUNNING, expires_at__gt=now - LIVES
    )
    for _reason, holds in kinds.get(kind).conditions:
        waiting = waiting.filter(holds)
    return sum(
        outbox.take_up(
            kind,
            subjects=[message.subject_id],
            person_id=message.person_id,
            reason=NOT_RUNNING,
            due_at=now,
            expires_at=now + LIVES,
        )
        for message in waiting
    )
