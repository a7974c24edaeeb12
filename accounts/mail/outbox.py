"""The door of the outbox: owe, cancel, resume, take up, move, send again; and send what is owed."""

import logging
from collections import Counter
from collections.abc import Callable

from django.db import transaction

from accounts.clock import now

from . import claims, home, relay
from .models import Message
from .owing import Owed, cancel, move, owe, owe_many, resume, send_again, take_up
from .sender import Sender

log = logging.getLogger(__name__)


def send_owed(
    *, limit: int | None = None, seconds: float | None = None, stop: Callable[[], bool] = lambda: False
) -> Counter[str]:
    """Send what is due, one message at a time, until nothing is: how many came to which end.

    Ends sooner after `limit` messages, after `seconds`, when `stop()` is true (the message at hand is finished), when
    the mail server rests, or when MAIL_WORKERS others are at it. Raises RuntimeError inside a transaction: what it
    writes must be committed before it speaks to the server. In a database that was copied from another server nothing
    is sent, and nothing is given up (home.py).
    """
    with transaction.atomic(durable=True):
        pass
    if home.look(now()).waits:
        log.warning(
            "outbox: mail waits, since this database was copied from another server (`manage.py mail`)"
        )
        return Counter()
    counts = claims.sweep()
    with relay.connection_slot() as is_free:
        if is_free:
            counts += Sender(limit=limit, seconds=seconds, stop=stop).run()
    if counts:
        log.info("outbox: %s", ", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    return counts


def has_due() -> bool:
    """Whether a sender would find something now."""
    return Message.objects.due().exists()


__all__ = [
    "Owed",
    "cancel",
    "has_due",
    "move",
    "owe",
    "owe_many",
    "resume",
    "send_again",
    "send_owed",
    "take_up",
]
