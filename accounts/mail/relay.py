"""Being kind to the mail server: how fast all senders together may go, and when they all rest.

Times here are the database's own clock without the rehearsal's offset: a rest ends when it ends.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts import pooling
from accounts.clock import ClockTimestamp

from .models import Relay
from .statements import Statement, Statements

log = logging.getLogger(__name__)
_statements = Statements()

FAULTS_BEFORE_A_REST = 5
SHORTEST_REST = 60
LONGEST_REST = 15 * 60
# How long the others wait for the one message that tries whether the server is back.
PROBE = timedelta(minutes=5)
SLOW_FOR = timedelta(minutes=10)

# Names our advisory locks among others in the same database ("mail" in ASCII).
LOCKS = 0x6D61696C


@contextmanager
def connection_slot() -> Iterator[bool]:
    """One of the MAIL_WORKERS connections that may be open at once; False when all are in use.

    An advisory lock, since PostgreSQL lets go of it by itself when a sender dies.
    """
    with pooling.first_free([(LOCKS, slot) for slot in range(max(1, settings.MAIL_WORKERS))]) as is_free:
        yield is_free


class Turn:
    """A place in the line: after how many seconds it comes, and whether it tries out a server that rested."""

    def __init__(self, wait: float, *, is_probe: bool) -> None:
        self.wait = wait
        self.is_probe = is_probe


def take_turn() -> Turn | None:
    """The next free place at MAIL_PER_SECOND (0: no limit); None while the server rests."""
    if settings.MAIL_PER_SECOND <= 0 and _statement("is well", _is_well).finds():
        return Turn(0.0, is_probe=False)
    with transaction.atomic(durable=True):
        relay, now = _locked()
        is_probe = relay.faults >= FAULTS_BEFORE_A_REST
        if is_probe:
            if relay.paused_until and now < relay.paused_until:
                return None
            relay.paused_until = now + PROBE
        start = now
        if settings.MAIL_PER_SECOND > 0:
            start = max(now, relay.next_at or now)
            relay.next_at = start + _gap(relay, now)
        relay.save(update_fields=["paused_until", "next_at"])
    return Turn((start - now).total_seconds(), is_probe=is_probe)


def was_well() -> None:
    """The server talked to us as it should."""
    _statement("well", _well).changes()


def was_at_fault(*, probe: bool) -> None:
    """No connection, or 421 or 454: after five in a row everybody rests, longer each time."""
    with transaction.atomic(durable=True):
        relay, now = _locked()
        relay.faults += 1
        rests = relay.paused_until is not None and now < relay.paused_until
        if relay.faults >= FAULTS_BEFORE_A_REST and (probe or not rests):
            relay.pause_seconds = min(max(SHORTEST_REST, relay.pause_seconds * 2), LONGEST_REST)
            relay.paused_until = now + timedelta(seconds=relay.pause_seconds)
            log.error("mail server: %s faults in a row, resting %s s", relay.faults, relay.pause_seconds)
        relay.save(update_fields=["faults", "paused_until", "pause_seconds"])


def slow_down() -> None:
    """The server asked for less: half as fast for ten minutes."""
    with transaction.atomic(durable=True):
        relay, now = _locked()
        relay.slow_until = now + SLOW_FOR
        relay.save(update_fields=["slow_until"])


def _statement(name: str, make: Callable[[], Statement]) -> Statement:
    return _statements.get(name, (), make)


def _is_well() -> Statement:
    return Statement.exists(Relay.objects.filter(faults__lt=FAULTS_BEFORE_A_REST))


def _well() -> Statement:
    return Statement.update(Relay.objects.filter(faults__gt=0), faults=0, paused_until=None, pause_seconds=0)


def _gap(relay: Relay, now: datetime) -> timedelta:
    is_slow = relay.slow_until is not None and now < relay.slow_until
    return timedelta(seconds=(2.0 if is_slow else 1.0) / settings.MAIL_PER_SECOND)


def _locked() -> tuple[Relay, datetime]:
    rows = Relay.objects.select_for_update().filter(id=1)
    relay = rows.first()
    if relay is None:
        Relay.objects.bulk_create([Relay(id=1)], ignore_conflicts=True)
        relay = rows.get()
    now: datetime = Relay.objects.values_list(ClockTimestamp(), flat=True).get(id=1)
    return relay, now
