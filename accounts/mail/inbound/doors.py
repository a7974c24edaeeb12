"""By which door the e-mail at hand came in: each may have a server of its own that says whom an e-mail is from."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

_at_hand: ContextVar[str | None] = ContextVar("the name of the server before this door", default=None)


def authserv_id() -> str:
    """What the server before that door calls itself in Authentication-Results; empty, that there is none."""
    name = _at_hand.get()
    return str(settings.INBOUND_AUTHSERV_ID if name is None else name)


@contextmanager
def vouched_for_by(name: str | None) -> Iterator[None]:
    """Within it that server alone is believed; None for our own, INBOUND_AUTHSERV_ID."""
    token = _at_hand.set(name)
    try:
        yield
    finally:
        _at_hand.reset(token)
