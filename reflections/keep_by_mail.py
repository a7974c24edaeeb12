"""A moment that somebody sends from their own mail: the address that only its owner knows, and what comes to it.

Whether it is theirs, and what is written in it, is decided as for any e-mail that comes in (`mail_in`). Nobody is ever
written to because of it, and what was kept is private.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from accounts.mail.inbound import addresses
from accounts.models import User

from . import mail_in
from .mail_in import Outcome
from .models import IncomingMail, KeepAddress
from .models.keep_address import hash_of, new_nonce, token_of

NOTED_EVERY = timedelta(hours=1)


# --- The address ---------------------------------------------------------------------------------------------------


def is_on() -> bool:
    """Whether mail is taken in at all."""
    return bool(settings.INBOUND_AUTHSERV_ID and settings.KEEP_ADDRESS)


def renew(person: User, now: datetime) -> KeepAddress:
    """A new address; to the one before nothing comes in from now on."""
    nonce = new_nonce()
    token = token_of(nonce, settings.SECRET_KEY)
    made, _created = KeepAddress.objects.update_or_create(
        person=person,
        defaults={"nonce": nonce, "token_hash": hash_of(token), "created_at": now, "used_at": None},
    )
    return made


def end(person: User) -> bool:
    """False where there was none."""
    return KeepAddress.objects.filter(person=person).delete()[0] > 0


# --- What comes in -------------------------------------------------------------------------------------------------


@sensitive_variables("content", "recipient", "token")
def receive(content: bytes, recipient: str, now: datetime) -> list[Outcome] | None:
    """What became of it; None where it is not to an address for keeping."""
    token = _token_in(recipient)
    if token is None:
        return None
    if not is_on():
        return [Outcome.OFF]
    found = KeepAddress.objects.filter(token_hash=hash_of(token), person__is_active=True)
    address = found.select_related("person").first()
    if address is None:
        return [Outcome.UNKNOWN]
    held = KeepAddress.objects.select_for_update(no_key=True).filter(
        pk=address.pk, token_hash=address.token_hash
    )
    outcome = mail_in.take(
        content, address.person, now, way=IncomingMail.Way.KEEP, stands=lambda: held.exists()
    )
    if outcome is Outcome.KEPT and (address.used_at is None or address.used_at < now - NOTED_EVERY):
        KeepAddress.objects.filter(pk=address.pk).update(used_at=now)
    return [outcome]


def _token_in(recipient: str) -> str | None:
    """What stands after the plus, where it is an address of that kind.

    One mailbox may be both: what is answered has a letter and a dash there, which no address for keeping has."""
    if addresses.parse(recipient) is not None:
        return None
    local, _at, domain = settings.KEEP_ADDRESS.casefold().rpartition("@")
    theirs, _at, their_domain = recipient.strip().strip("<>").casefold().rpartition("@")
    name, plus, token = theirs.partition("+")
    return token if plus and local and (name, their_domain) == (local, domain) else None
