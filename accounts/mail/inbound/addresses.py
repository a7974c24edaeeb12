"""Addresses of ours with a token in them, which e-mails name as where an answer goes: post+r-….@in.example.org.

One mailbox is enough for all of them, wherever it is: most servers deliver what stands after a plus to the name before
it (RFC 5233). A token is in lower case, since some servers on the way fold it.
"""

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
