"""Addresses of ours with a token in them, which e-mails name as where an answer goes: post+r-….@in.example.org.

One mailbox is enough for all of them, wherever it is: most servers deliver what stands after a plus to the name before
it (RFC 5233). A token is in lower case, since some servers on the way fold it.
"""

import contextlib
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from enum import StrEnum

from django.conf import settings

# RFC 5321, section 4.5.3.1.1.
LONGEST_LOCAL_PART = 64


class Purpose(StrEnum):
    """What an e-mail to such an address means. The letter stands in the address."""

    REPLY = "r"
    NOT_THIS_QUARTER = "n"
    ANOTHER_TIME = "t"
    STOP = "s"
    BOUNCE = "b"


def is_on() -> bool:
    """Whether mail to such addresses is taken in at all."""
    return bool(settings.INBOUND_ADDRESS and settings.INBOUND_AUTHSERV_ID)


def address(purpose: Purpose, token: str) -> str:
    """Raises ValueError for a token that would not come back as it went."""
    name, _at, domain = settings.INBOUND_ADDRESS.rpartition("@")
    local = f"{name}+{purpose}-{token}"
    if token != token.lower() or len(local) > LONGEST_LOCAL_PART:
        raise ValueError("the token does not fit an address")
    return f"{local}@{domain}"


def parse(recipient: str) -> tuple[Purpose, str] | None:
    """The purpose and the token of an address of that kind, as an envelope names it; None for any other."""
    name, _at, domain = settings.INBOUND_ADDRESS.lower().rpartition("@")
    local, _at, their_domain = recipient.strip().strip("<>").lower().rpartition("@")
    theirs, _plus, rest = local.partition("+")
    letter, dash, token = rest.partition("-")
    if not name or (theirs, their_domain) != (name, domain) or not dash or not token:
        return None
    try:
        return Purpose(letter), token
    except ValueError:
        return None


def is_ours(recipient: str) -> bool:
    """Whether mail to it is taken in: an address with a token, one of those for keeping, or that of the calendars.

    Whether somebody has that token is not said: the envelope is answered before anything is looked up.
    """
    if parse(recipient) is not None:
        return True
    plain = recipient.strip().strip("<>").casefold()
    local, _at, domain = plain.rpartition("@")
    name, _plus, secret = local.partition("+")
    keeps = settings.KEEP_ADDRESS.casefold()
    return plain == settings.CALENDAR_ADDRESS.casefold() or bool(
        keeps and secret and f"{name}@{domain}" == keeps
    )


# How mail servers note the envelope's recipient, before what the sender has written.
SAID_BY_THE_SERVER = ("X-Original-To", "Delivered-To", "Envelope-To")
SAID_BY_THE_SENDER = ("To", "Cc")
MOST_RECIPIENTS = 5


def found_in(email: Message) -> list[str]:
    """For mail from a mailbox, which has lost its envelope: which of our own addresses it was sent to, as the headers
    say; nobody else's ever. What a mail server has written counts before what the sender has."""
    for names in (SAID_BY_THE_SERVER, SAID_BY_THE_SENDER):
        values = [str(value) for name in names for value in email.get_all(name, [])]
        found = [address.strip().lower() for value in values for address in _in(value) if is_ours(address)]
        if found:
            return list(dict.fromkeys(found))[:MOST_RECIPIENTS]
    return []


def _in(value: str) -> list[str]:
    """None in what nobody can read: the other headers may name one still."""
    with contextlib.suppress(MessageError, ValueError, RecursionError):
        return [address for _name, address in getaddresses([value])]
    return []
