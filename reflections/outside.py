"""Addresses of people who are not here: known again by a keyed hash, and the link by which they are left in peace.

The key is SECRET_KEY. Whoever replaces it keeps the old one in SECRET_KEY_FALLBACKS (docs/operations.md): without it
nobody would be known again as somebody who asked never to be written to, and the links in old notes would do nothing.
"""

import contextlib
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

SALT = "reflections.outside"


class Reader(NamedTuple):
    """Whoever holds the link of a note: by the hash of their address. `sending` is the number of the OutsideNote."""

    address_hash: str
    sending: int


def hash_of(address: str) -> str:
    """Under the present key."""
    return hashes_of(address)[0]


def hashes_of(address: str) -> list[str]:
    """Under each key that is known, the present one first."""
    one = _one_of(address)
    return [_hashed(one, key) for key in _keys()]


def token_for(address_hash: str, sending: int) -> str:
    """It does not expire, and works also when the note and its writer are gone from here."""
    return Signer(salt=SALT, sep=".").sign(f"{address_hash}-{sending}")


def read(token: str) -> Reader | None:
    """None for one that we did not make."""
    try:
        address_hash, _, sending = Signer(salt=SALT, sep=".").unsign(token).partition("-")
        return Reader(address_hash, int(sending))
    except (BadSignature, ValueError):
        return None


def _keys() -> Sequence[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _hashed(address: str, key: str) -> str:
    return salted_hmac(SALT, address, secret=key, algorithm="sha256").hexdigest()


def _one_of(address: str) -> str:
    """One spelling of all that lead to one mailbox: capitals, a domain in its own letters, `name+anything@`."""
    local, _, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local.partition('+')[0] or local}@{domain.rstrip('.')}"
