"""What this thread is doing: a request or a task, with the number that stands in each line of the log about it."""

import contextlib
import re
import secrets
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass

# What a proxy of ours may call a request: long enough to be found, and nothing that could be more than a number.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


@dataclass
class Work:
    """`number` is the request's, also in a task that it rang for. `view` and `path` are known once it is resolved;
    the path has no token and no query. Of who asks there is nothing here."""

    number: str = ""
    method: str = ""
    view: str = ""
    path: str = ""
    task: str = ""
    task_id: str = ""


_at_hand: ContextVar[Work | None] = ContextVar("work at hand", default=None)


def new_number() -> str:
    """Short enough to be read out on the phone, and the only one in a log of some million lines."""
    return secrets.token_hex(6)


def current() -> Work | None:
    return _at_hand.get()


def reference() -> str:
    """By which an error on a page is found in the log; empty where nothing has a number."""
    work = _at_hand.get()
    return work.number if work else ""


def begin(work: Work) -> None:
    """This thread works on that from now on, until `end`."""
    _at_hand.set(work)


def end() -> None:
    _at_hand.set(None)


@contextlib.contextmanager
def working_on(work: Work) -> Iterator[None]:
    token = _at_hand.set(work)
    try:
        yield
    finally:
        _at_hand.reset(token)
