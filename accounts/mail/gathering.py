"""What goes out with the weekly e-mail: over when that one passes the fence, waiting again where it was not taken."""

from collections.abc import Collection

from django.db.models import BigIntegerField, Q

from accounts.clock import database_now

from . import manners
from .models import Message, MessageQuerySet
from .statements import Given, Statement, Statements

State = Message.State
_statements = Statements()


def lock(wanted: Q) -> None:
    """Until the transaction ends, by number, as everybody does who holds several (`update_in_order`)."""
    list(Message.objects.filter(wanted).order_by("pk").select_for_update().values_list("pk", flat=True))


def lock_all(message_ids: Collection[int]) -> None:
    """These, as `lock` does."""
    if len(message_ids) > 1:
        lock(Q(pk__in=message_ids))
        return
    _statements.get("lock", (), _lock_one).rows(message=next(iter(message_ids)))


def _lock_one() -> Statement:
    one = Message.objects.filter(pk=Given("message", BigIntegerField()))
    return Statement.select(one.order_by().select_for_update().values_list("pk"))


def lock_with_gathered(message_id: int) -> None:
    """The message, and what went out with it."""
    lock(Q(pk=message_id) | Q(gathered_by=message_id))


def take_along(rows: MessageQuerySet, message_id: int) -> None:
    """These go out with that message, and are over. The caller has locked them all."""
    rows.update(
        state=State.CANCELLED,
        last_error=Message.IN_THE_WEEKLY,
        sending_at=database_now(),
        gathered_by=message_id,
    )


def put_back(message_id: int) -> int:
    """What went out with that message waits again; how many. The caller has locked them all.

    Each keeps its time. What is tried by itself finds that it waits for the weekly e-mail, or would be too late.
    """
    rows = Message.objects.filter(
        gathered_by=message_id, state=State.CANCELLED, last_error=Message.IN_THE_WEEKLY
    )
    return rows.update(state=State.QUEUED, last_error=manners.WEEKLY, last_code=None, sending_at=None)
