"""What is heard of a message after it has left, from whoever tells it: a bounce, a provider, the mail server itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.models import User

from . import kinds, suppression
from .models import MailEvent, Message

State = Message.State
Kind = MailEvent.Kind


@dataclass(frozen=True)
class Heard:
    """`key` is the same whenever the same is told again (`key_of`). `went_to` says whether it was sent to that address.
    `said` is for the list of messages: a status, no address and no text."""

    provider: str
    key: str
    kind: MailEvent.Kind
    person_id: int
    message: Message | None
    went_to: Callable[[str], bool]
    said: str = ""


@transaction.atomic
def note(heard: Heard, *, now: datetime) -> bool:
    """Write it down, move the message, and suppress the address where it has to be. False where it was known.

    Of two that tell the same at once, the second waits here for the first.
    """
    person = User.objects.select_for_update(no_key=True).filter(pk=heard.person_id).first()
    if person is None:
        return False
    _row, is_new = MailEvent.objects.get_or_create(
        provider=heard.provider,
        key=heard.key,
        defaults={"person": person, "message": heard.message, "kind": heard.kind, "at": now},
    )
    if not is_new:
        return False
    if heard.message is not None:
        _move(heard.message, heard)
    # What was sent to an address of theirs before, or to somebody else's, says nothing about the one they have now.
    if heard.went_to(person.email) and not _goes_to_others(heard.message):
        suppression.weigh(person, heard.kind, now=now)
    return True


def _move(message: Message, heard: Heard) -> None:
    """Whatever is heard of a message shows that the mail server had taken it. It may be heard while its sender still
    waits for the answer after the content: then that answer finds it settled, and changes nothing."""
    rows = Message.objects.filter(pk=message.pk)
    taken = {"sent_at": Coalesce("sent_at", F("sending_at")), "lease_token": None, "lease_until": None}
    if heard.kind in MailEvent.CAME_BACK:
        handed_over = (State.SENDING, State.SENT, State.UNCERTAIN)
        rows.filter(state__in=handed_over).update(
            state=State.BOUNCED, last_error=f"came back {heard.said}".strip()[:200], **taken
        )
    else:
        rows.filter(state=State.UNCERTAIN).update(state=State.SENT, last_error="", **taken)


def _goes_to_others(message: Message | None) -> bool:
    return message is not None and message.kind in kinds.names() and kinds.get(message.kind).to_others
