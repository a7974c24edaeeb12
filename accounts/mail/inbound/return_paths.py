"""The envelope's sender of each message, to which the reports about it come back (VERP): post+b-TOKEN@….

The token is the message's number and a code that only we can make, so that nobody else can report a message as come
back; no row is needed. It ends with a few letters that stand for the address it went to: a report about an address
that somebody has no more says nothing about the one they have now.
"""

import base64
import contextlib
import hashlib
import hmac
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare

from . import addresses
from .addresses import Purpose

CODE_BYTES = 10
PRINT_BYTES = 4


class Sent(NamedTuple):
    """What a token says: which message, and whether it went to that address is asked with `went_to`."""

    message_id: int
    key: str
    print_: str

    def went_to(self, address: str) -> bool:
        return constant_time_compare(self.print_, _print_of(self.message_id, address, self.key))


def sender_of(message_id: int, address: str) -> str:
    """The envelope's sender of that message to that address; the usual one where nothing comes in."""
    if not addresses.is_on():
        sender: str = settings.MAIL_FROM_ADDRESS
        return sender
    key = settings.SECRET_KEY
    token = f"{message_id}-{_code_of(message_id, key)}-{_print_of(message_id, address, key)}"
    return addresses.address(Purpose.BOUNCE, token)


def read(token: str) -> Sent | None:
    """What we have put into it; None for a token that we have not made."""
    number, _dash, rest = token.partition("-")
    code, _dash, print_ = rest.partition("-")
    with contextlib.suppress(ValueError):
        message_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if message_id and constant_time_compare(code, _code_of(message_id, key)):
                return Sent(message_id, key, print_)
    return None


def _code_of(message_id: int, key: str) -> str:
    return _mac(f"return path/{message_id}", key, CODE_BYTES)


def _print_of(message_id: int, address: str, key: str) -> str:
    return _mac(f"return path/{message_id}/{address.lower()}", key, PRINT_BYTES)


def _mac(words: str, key: str, length: int) -> str:
    whole = hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()
    return base64.b32encode(whole[:length]).decode().lower().rstrip("=")
