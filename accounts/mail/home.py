"""Whether this database is where it was. A backup that was restored, or a copy, remembers another server than the one
that it wakes up on: from then on mail waits, until a person says what this database is (`manage.py mail release`).

Its rows cannot tell what the original has sent since they were copied. A replica that takes over has the same server's
number, and goes on.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, Max, Q

from accounts import pooling, sessions
from accounts.clock import database_now
from accounts.house.records import TICK
from accounts.models import HouseRun
from accounts.refused import Refused

from .models import Home, MailLink, Message
from .statements import Given

log = logging.getLogger(__name__)
State = Message.State

PLACE = Given("place", CharField())
# Rows of one table, between a backup and whatever made it necessary.
MORE_THAN_ARE_MADE = 1_000_000
# `last_error` of what the original may have sent after this copy of it was made.
PERHAPS_BEFORE = "perhaps sent before the restore"

# Of a connection, since it stays with one server and one database for as long as it lives. Behind a pooler it does not.
_places: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


class As(StrEnum):
    """What a person says that this database is."""

    MOVED = "moved"
    RESTORED = "restored"
    COPY = "copy"


@dataclass(frozen=True)
class Standing:
    """`waits_since` is None where mail goes out. A copy for testing waits for good."""

    since: datetime
    waits_since: datetime | None = None
    is_copy: bool = False

    @property
    def waits(self) -> bool:
        return self.waits_since is not None


def here() -> str:
    """The number of the server's data (as its replicas have it), of the database in it, and of a table in that.

    A role that may not read the first is told apart by the other two: a restore gives tables other numbers, and a copy
    on the same server has another database's.
    """
    connection.ensure_connection()
    known = None if pooling.stands_between() else _places.get(connection.connection)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')")
            (may_read,) = cursor.fetchone()
            number = "(SELECT system_identifier::text FROM pg_control_system())" if may_read else "'-'"
            cursor.execute(
                f"SELECT {number} || '/' || oid || '/' || %s::regclass::oid"  # noqa: S608 (one of two texts above)
                " FROM pg_database WHERE datname = current_database()",
                [Home._meta.db_table],
            )
            (known,) = cursor.fetchone()
        _places[connection.connection] = known
    return str(known)


def look(now: datetime) -> Standing:
    """How it stands; asked by whoever starts, and by senders and the clock each time.

    A database that nobody has asked before is at home here. One that wakes up elsewhere lets mail wait from now on,
    ends all sessions and closes the links in its e-mails: what was ended or closed since then is open in it.
    """
    place = here()
    row = Home.objects.first()
    if row is None:
        Home.objects.bulk_create([Home(place=place, since=now)], ignore_conflicts=True)
        row = Home.objects.get()
    if row.place != place:
        if _is_one(row.place, place):
            Home.objects.filter(place=row.place, pk=1).update(place=place)
        else:
            _wake_elsewhere(row.place, place, now)
        row = Home.objects.get()
    return Standing(row.since, row.waits_since, row.is_copy)


def _is_one(before: str, place: str) -> bool:
    """Also where one of the two was noted by a role that may not read the server's number: a grant moves nothing."""
    (number, *rest), (another, *others) = before.split("/"), place.split("/")
    return rest == others and (number == another or "-" in (number, another))


def waits() -> Standing | None:
    """As it was found last, for pages, which change nothing; None where mail goes out."""
    row = Home.objects.filter(waits_since__isnull=False).first()
    return Standing(row.since, row.waits_since, row.is_copy) if row else None


def close(now: datetime) -> Standing:
    """As when it wakes up elsewhere, whatever it remembers: what `manage.py restore` has brought back."""
    if look(now).waits:
        return look(now)
    _wake_elsewhere(here(), here(), now)
    return look(now)


def _wake_elsewhere(before: str, place: str, now: datetime) -> None:
    """Of several that notice at once, one does it."""
    with transaction.atomic():
        changed = Home.objects.filter(place=before, pk=1).update(
            place=place, since=now, waits_since=now, is_copy=False
        )
        if not changed:
            return
        ended = sessions.end_all()
        living = MailLink.objects.filter(revoked_at__isnull=True).exclude(purpose__in=MailLink.HARMLESS)
        closed = living.update(revoked_at=now)
        _leave_numbers_out()
    log.critical(
        "This database was copied from another server: mail waits, %s sessions were ended and %s links of e-mails"
        " closed. `manage.py mail release` lets mail go out.",
        ended,
        closed,
    )


def _leave_numbers_out() -> None:
    """Rows that are made from now on get numbers that the original cannot have given to others since the copy was made.
    The Message-ID of an e-mail is made of its kind, its person and such a number (`owing.id_for`), and a mailbox shows
    no second one of the same. A role that may not do this goes on without."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(
                    "SELECT setval(oid::regclass, nextval(oid::regclass) + %s) FROM pg_class"
                    " WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace",
                    [MORE_THAN_ARE_MADE],
                )
        except DatabaseError:
            log.warning("The numbers of new rows may be those of rows that the original has made since.")


def release(kind: As, now: datetime, *, stopped_at: datetime | None = None, anyway: bool = False) -> int:
    """Let mail go out again, or (for a copy) never; how many e-mails now stand as perhaps sent.

    MOVED: the same installation, copied while nothing ran: what is owed goes out. RESTORED: what was due up to now is
    perhaps sent already, and each of it waits for a person (`outbox.send_again`); with `stopped_at`, the moment from
    which the original sent nothing more, what it knew of and was due later goes out. Raises Refused.
    """
    with transaction.atomic():
        row = Home.objects.select_for_update().first()
        if row is None or row.waits_since is None:
            if kind is not As.COPY:
                raise Refused("Mail does not wait: there is nothing to release.")
            look(now)
            Home.objects.update(is_copy=True, waits_since=now)
            return 0
        if kind is As.COPY:
            Home.objects.update(is_copy=True)
            return 0
        if row.is_copy and not anyway:
            raise Refused(
                "It was said of this database that it is a copy for testing. If that was a mistake, add --anyway."
            )
        count = _in_doubt(row.waits_since, stopped_at) if kind is As.RESTORED else 0
        Home.objects.update(waits_since=None, is_copy=False, since=now)
    return count


def _in_doubt(waits_since: datetime, stopped_at: datetime | None) -> int:
    """What the clock of the original brought about after the copy is not in it. So the clock goes round here first, and
    what it owes anew is in doubt with the rest."""
    last = HouseRun.objects.filter(name=TICK).aggregate(at=Max("last_at"))["at"]
    if last is None or last < waits_since:
        raise Refused("The clock has not gone round here since the restore. Run `manage.py tick` first.")
    at = database_now()
    open_still = Message.objects.filter(state__in=[State.QUEUED, *Message.HELD])
    # What came about here since may be for next morning; the original may have owed it for an earlier one.
    rows = open_still.filter(
        Q(due_at__lte=at)
        | Q(next_attempt_at__lte=at)
        | Q(state__in=Message.HELD)
        | Q(created_at__gte=waits_since)
    )
    if stopped_at is not None:
        rows = rows.exclude(created_at__lt=waits_since, due_at__gt=stopped_at, state=State.QUEUED)
    return rows.update_in_order(
        state=State.UNCERTAIN,
        # What a program deletes a month after a warning counts from here, if the warning is among them.
        sending_at=at,
        lease_token=None,
        lease_until=None,
        last_error=PERHAPS_BEFORE,
    )


__all__ = ["PERHAPS_BEFORE", "PLACE", "As", "Standing", "close", "here", "look", "release", "waits"]
