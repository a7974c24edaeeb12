"""Words to bytes and back: AES-256-GCM (NIST SP 800-38D), bound to where the words stand and whose they are.

    format (1 byte) | number of the data key (4) | nonce (12) | what is encrypted, and its tag (16)

The first five bytes and table, column, row and owner are authenticated with it: bytes that were moved or altered do
not open. A wrapped data key has the same form. Nonces are random: SP 800-38D allows 2^32 of them under one key, and a
person does not write that often.
"""

import os
import struct
from collections.abc import Callable
from functools import cache
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from .errors import NotHere, Sealed

FORMAT = 1
HEADER = struct.Struct(">BI")
NONCE = 12
TAG = 16
SHORTEST = HEADER.size + NONCE + TAG


class Place(NamedTuple):
    """Where sealed words stand. `row` is the row's own random number, which it has before it has a primary key."""

    table: str
    column: str
    row: UUID


class SealedBytes(bytes):
    """As they lie in the database. Shows nothing of itself but that."""

    def __repr__(self) -> str:
        return "<sealed words>"

    __str__ = __repr__

    @property
    def number(self) -> int:
        """Of the data key that opens them. Raises NotHere for bytes that nobody sealed."""
        if len(self) < SHORTEST or self[0] != FORMAT:
            raise NotHere("these bytes are no sealed words")
        number: int = HEADER.unpack_from(self)[1]
        return number


class DataKey:
    """A person's key, ready for use. `number` is random, so that words say which key they need."""

    __slots__ = ("_cipher", "number")

    def __init__(self, number: int, secret: bytes) -> None:
        self.number = number
        self._cipher = AESGCM(secret)

    def __repr__(self) -> str:
        return f"<data key {self.number}>"

    def __reduce__(self) -> str:
        raise TypeError("a data key is not put away")

    @sensitive_variables("text", "plain")
    def seal(self, text: str, *, person: int, place: Place) -> SealedBytes:
        """Raises ValueError for text that is none (half a surrogate pair)."""
        try:
            plain = text.encode()
        except UnicodeEncodeError:
            raise ValueError("words with half a character in them cannot be sealed") from None
        head, nonce = HEADER.pack(FORMAT, self.number), os.urandom(NONCE)
        return SealedBytes(head + nonce + self._cipher.encrypt(nonce, plain, _bound(head, person, place)))

    def open(self, sealed: SealedBytes, *, person: int, place: Place) -> str:
        """Raises NotHere when they are not these words, here, of this person; Sealed when they want another key."""
        if sealed.number != self.number:
            raise Sealed("the words want another key of their owner")
        head = sealed[: HEADER.size]
        nonce, rest = sealed[HEADER.size : HEADER.size + NONCE], sealed[HEADER.size + NONCE :]
        try:
            return self._cipher.decrypt(nonce, rest, _bound(head, person, place)).decode()
        except InvalidTag:
            raise NotHere("the words were altered, or stand elsewhere than they were written") from None

    def opener(self, person: int, table: str, column: str) -> Callable[[SealedBytes, bytes], str]:
        """`open` for many rows of one column, each with the bytes of its row's number. Raises as that does."""
        names, owner = _names(table, column), person.to_bytes(8, "big")
        head = HEADER.pack(FORMAT, self.number)
        begin, decrypt = HEADER.size + NONCE, self._cipher.decrypt

        def open_one(sealed: SealedBytes, row: bytes) -> str:
            if sealed[: HEADER.size] != head:
                return self.open(sealed, person=person, place=Place(table, column, UUID(bytes=row)))
            try:
                return decrypt(
                    sealed[HEADER.size : begin], sealed[begin:], names + row + owner + head
                ).decode()
            except InvalidTag:
                raise NotHere("the words were altered, or stand elsewhere than they were written") from None

        return open_one


def _bound(head: bytes, person: int, place: Place) -> bytes:
    return _names(place.table, place.column) + place.row.bytes + person.to_bytes(8, "big") + head


@cache
def _names(table: str, column: str) -> bytes:
    """With their lengths, so that no two pairs of names come out alike."""
    parts = (b"words", table.encode(), column.encode())
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)
