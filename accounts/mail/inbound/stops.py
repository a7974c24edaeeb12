"""The inbox of the address in List-Unsubscribe: an e-mail there stops the stream, as the link beside it does.

Whoever sends it: the token is the right to do this one thing, and mail programs send such e-mails by themselves.
"""

from datetime import datetime
from enum import StrEnum

from accounts.mail import kinds
from accounts.mail.models import MailLink, Stopped

from . import addresses
from .addresses import Purpose
from .outcomes import Common


class Outcome(StrEnum):
    STOPPED = "a kind of e-mail is stopped"


def receive(content: bytes, recipient: str, now: datetime) -> list[StrEnum] | None:
    """What became of it; None where it is not to such an address. Any number of times, it stops once."""
    found = addresses.parse(recipient)
    if found is None or found[0] is not Purpose.STOP:
        return None
    if not addresses.is_on():
        return [Common.OFF]
    link = MailLink.objects.find(found[1], MailLink.Purpose.STOP, now=now)
    stream = kinds.stream_of(link.message.kind) if link is not None and link.message is not None else None
    if link is None or stream is None:
        return [Common.NOBODYS]
    Stopped.objects.stop(link.person_id, stream.name)
    return [Outcome.STOPPED]
