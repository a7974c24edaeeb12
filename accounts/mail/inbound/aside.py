"""What came in by a door that keeps nothing itself, and that we tripped over: kept until we do no longer, for a week.

A mail server that is told to try again does so for some days, and then writes to whoever is named as the sender. So
such an e-mail is taken, and lies in a row for each recipient, sealed by a key of its own that the key file opens: in
the database, where each machine sees it. While that is away, the mail server is told to try again anyway.
`manage.py receive --aside` takes them up, on any machine.
"""

import base64
import contextlib
import json
import logging
import os
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Count, Sum
from django.views.decorators.debug import sensitive_variables

from accounts.models import MailAside
from accounts.vault.errors import Unreadable
from accounts.vault.keyring import keyring
from accounts.vault.sealing import DataKey, Place, SealedBytes

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
# Whoever has found out what we trip over fills no disk with it, and no backup.
MOST = 200
MOST_BYTES = 256 * 1024 * 1024
NOBODYS = 0


class Aside(NamedTuple):
    """As it was handed over; `row` is where it lies."""

    row: UUID
    content: bytes
    recipient: str
    sender: str | None
    authserv_id: str | None


@sensitive_variables()
def put(content: bytes, recipient: str, *, sender: str | None, authserv_id: str | None) -> bool:
    """Whether it lies there now. False where there is no room, no key, or no database."""
    row, number, secret = uuid4(), secrets.randbits(32), os.urandom(32)
    said = json.dumps([base64.b64encode(content).decode(), recipient, sender, authserv_id])
    try:
        ring = keyring()
        wrapped = ring.wrap(secret, number, person=NOBODYS)
        sealed = DataKey(number, secret).seal(said, person=NOBODYS, place=_place(row))
        with transaction.atomic():
            there = MailAside.objects.aggregate(number=Count("pk"), size=Sum("size", default=0))
            if there["number"] >= MOST or there["size"] + len(sealed) > MOST_BYTES:
                return False
            MailAside.objects.create(
                pk=row, file_key=ring.present, wrapped=wrapped, sealed=bytes(sealed), size=len(sealed)
            )
    except (DatabaseError, InterfaceError, Unreadable) as problem:
        log.error("receive: could not be put aside (%s)", type(problem).__name__)
        return False
    return True


@sensitive_variables()
def waiting() -> Iterator[Aside]:
    """The oldest first; what the key file does not open any more is passed over."""
    for pk in list(MailAside.objects.order_by("put_at").values_list("pk", flat=True)):
        lies = MailAside.objects.filter(pk=pk).first()
        if lies is None:
            continue
        with contextlib.suppress(Unreadable, ValueError):
            key = keyring().open(bytes(lies.wrapped), lies.file_key, person=NOBODYS)
            content, recipient, sender, authserv_id = json.loads(
                key.open(SealedBytes(lies.sealed), person=NOBODYS, place=_place(pk))
            )
            yield Aside(pk, base64.b64decode(content), recipient, sender, authserv_id)


def take_away(aside: Aside) -> None:
    """It was taken up."""
    MailAside.objects.filter(pk=aside.row).delete()


def forget(now: datetime) -> int:
    """What has lain there for a week; how many."""
    gone, _ = MailAside.objects.filter(put_at__lte=now - KEPT_FOR).delete()
    return gone


def _place(row: UUID) -> Place:
    return Place("inbound aside", "e-mail", row)
