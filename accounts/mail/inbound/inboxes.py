"""Whom an e-mail that came in is for: apps register what they take."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

# What became of it; None where it is not for that inbox.
Receive = Callable[[bytes, str, datetime], Sequence[StrEnum] | None]

_inboxes: list[Receive] = []


def register(receive: Receive) -> None:
    """`receive(content, recipient, now)`: the envelope's recipient, empty where the mail server does not say it."""
    if receive not in _inboxes:
        _inboxes.append(receive)


def take(content: bytes, recipient: str, now: datetime) -> Sequence[StrEnum] | None:
    """What became of it at the first inbox that it is for, committed; None where it is for none."""
    for receive in _inboxes:
        with transaction.atomic():
            outcomes = receive(content, recipient, now)
        if outcomes is not None:
            return outcomes
    return None
