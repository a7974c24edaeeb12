"""What came in by a door that keeps nothing itself, and that we tripped over: kept until we do no longer, for a week.

A mail server that is told to try again does so for some days, and then writes to whoever is named as the sender. So
such an e-mail is taken, and lies in a folder, one file for each recipient, sealed by a key of its own that the key file
opens. `manage.py receive --aside` takes them up again.
"""

import base64
import contextlib
import json
import logging
import os
import secrets
import struct
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from accounts.vault.errors import Unreadable
from accounts.vault.keyring import keyring
from accounts.vault.sealing import DataKey, Place, SealedBytes

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
# Whoever has found out what we trip over fills no disk with it.
MOST = 200
# The version of the key file, and how long the wrapped key is that follows; then the sealed e-mail.
HEADER = struct.Struct(">II")
NOBODYS = 0


class Aside(NamedTuple):
    """As it was handed over; `path` is where it lies."""

    path: Path
    content: bytes
    recipient: str
    sender: str | None
    authserv_id: str | None


@sensitive_variables()
def put(content: bytes, recipient: str, *, sender: str | None, authserv_id: str | None) -> bool:
    """Whether it lies there now. False where there is no room, or no key."""
    row, number, secret = uuid4(), secrets.randbits(32), os.urandom(32)
    said = json.dumps([base64.b64encode(content).decode(), recipient, sender, authserv_id])
    try:
        ring = keyring()
        wrapped = ring.wrap(secret, number, person=NOBODYS)
        sealed = DataKey(number, secret).seal(said, person=NOBODYS, place=_place(row))
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if len(_files()) >= MOST:
            return False
        unfinished = folder / f"{row}.part"
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(HEADER.pack(ring.present, len(wrapped)) + wrapped + sealed)
        unfinished.replace(folder / f"{row}.sealed")
    except (OSError, Unreadable) as problem:
        log.error("receive: could not be put aside (%s)", type(problem).__name__)
        return False
    return True


@sensitive_variables()
def waiting() -> Iterator[Aside]:
    """The oldest first; what the key file does not open any more is passed over."""
    for path in _files():
        with contextlib.suppress(OSError, Unreadable, ValueError, struct.error):
            whole = path.read_bytes()
            version, length = HEADER.unpack_from(whole)
            wrapped, sealed = whole[HEADER.size :][:length], whole[HEADER.size + length :]
            key = keyring().open(wrapped, version, person=NOBODYS)
            content, recipient, sender, authserv_id = json.loads(
                key.open(SealedBytes(sealed), person=NOBODYS, place=_place(UUID(path.stem)))
            )
            yield Aside(path, base64.b64decode(content), recipient, sender, authserv_id)


def forget(now: datetime) -> int:
    """What has lain there for a week; how many."""
    gone = 0
    for path in [*_files(), *_folder().glob("*.part")]:
        with contextlib.suppress(OSError):
            if path.stat().st_mtime <= (now - KEPT_FOR).timestamp():
                path.unlink()
                gone += 1
    return gone


def _files() -> list[Path]:
    def age(path: Path) -> float:
        with contextlib.suppress(OSError):
            return path.stat().st_mtime
        return 0

    return sorted(_folder().glob("*.sealed"), key=age)


def _folder() -> Path:
    return Path(settings.INBOUND_ASIDE)


def _place(row: UUID) -> Place:
    return Place("inbound aside", "e-mail", row)
