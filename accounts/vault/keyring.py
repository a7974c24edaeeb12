"""The keys of the key file as they are now, and data keys wrapped by them."""

import os
import struct
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from . import keyfile
from .errors import Sealed
from .sealing import FORMAT, HEADER, NONCE, DataKey

BOUND = struct.Struct(">8sQI")


class Keyring:
    """Wraps under the newest key, unwraps under any that the file holds."""

    def __init__(self, keys: Sequence[keyfile.FileKey]) -> None:
        self.present = keys[0].version
        self._ciphers = {key.version: AESGCM(key.secret) for key in keys}

    def __repr__(self) -> str:
        return f"<keyring of versions {self.versions}>"

    @property
    def versions(self) -> tuple[int, ...]:
        """The newest first."""
        return tuple(self._ciphers)

    def wrap(self, secret: bytes, number: int, *, person: int) -> bytes:
        """Under the present version."""
        head, nonce = HEADER.pack(FORMAT, number), os.urandom(NONCE)
        bound = head + BOUND.pack(b"data key", person, self.present)
        return head + nonce + self._ciphers[self.present].encrypt(nonce, secret, bound)

    def open(self, wrapped: bytes, version: int, *, person: int) -> DataKey:
        """Raises Sealed when the file does not hold that version, or another key by its number."""
        return DataKey(*self._opened(wrapped, version, person))

    def wrap_anew(self, wrapped: bytes, version: int, *, person: int) -> bytes:
        """The same data key under the present version. Raises Sealed as `open` does."""
        number, secret = self._opened(wrapped, version, person)
        return self.wrap(secret, number, person=person)

    def _opened(self, wrapped: bytes, version: int, person: int) -> tuple[int, bytes]:
        cipher = self._ciphers.get(version)
        if cipher is None:
            raise Sealed(f"the key file holds no version {version}")
        head, nonce, rest = (
            wrapped[: HEADER.size],
            wrapped[HEADER.size :][:NONCE],
            wrapped[HEADER.size + NONCE :],
        )
        try:
            secret = cipher.decrypt(nonce, rest, head + BOUND.pack(b"data key", person, version))
        except (InvalidTag, ValueError):
            raise Sealed(f"version {version} of the key file does not open this data key") from None
        return HEADER.unpack(head)[1], secret


_known: tuple[tuple[object, ...], Keyring] | None = None


def keyring() -> Keyring:
    """Read again when the file has changed, so that a rotation needs no restart. Raises Sealed without a good file."""
    global _known
    path = Path(settings.KEY_FILE)
    try:
        now = os.stat(path)
        mark = (path, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
        if _known is not None and _known[0] == mark:
            return _known[1]
        ring = Keyring(keyfile.read(path))
    except OSError:
        raise Sealed("KEY_FILE cannot be read") from None
    except keyfile.KeyFileTrouble as trouble:
        raise Sealed(f"KEY_FILE {trouble}") from None
    _known = (mark, ring)
    return ring
