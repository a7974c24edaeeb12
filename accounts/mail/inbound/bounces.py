"""The inbox of reports about our own messages. Whoever holds the address was sent that message, or carried it."""

from datetime import datetime
from enum import StrEnum

from accounts.mail import events
from accounts.mail.events import Heard
from accounts.mail.models import MailEvent, Message
from accounts.mail.models.event import key_of

from . import addresses, reports, return_paths
from .addresses import Purpose
from .outcomes import Common
from .return_paths import Sent

PROVIDER = "report"


class Outcome(StrEnum):
    DELIVERED = "a message arrived"
    DELAYED = "a message is delayed"
    SOFT = "a message came back for now"
    HARD = "a message came back for good"
    COMPLAINT = "a message was called unwanted"
    KNOWN = "a report that was known"
    NO_REPORT = "no report, though to the address for them"


OF_KIND = {
    MailEvent.Kind.DELIVERED: Outcome.DELIVERED,
    MailEvent.Kind.DELAYED: Outcome.DELAYED,
    MailEvent.Kind.SOFT: Outcome.SOFT,
    MailEvent.Kind.HARD: Outcome.HARD,
    MailEvent.Kind.COMPLAINT: Outcome.COMPLAINT,
}


def receive(content: bytes, recipient: str, now: datetime) -> list[StrEnum] | None:
    """What became of it; None where it is not to an address for reports. Who sent it does not matter."""
    found = addresses.parse(recipient)
    if found is None or found[0] is not Purpose.BOUNCE:
        return None
    if not addresses.is_on():
        return [Common.OFF]
    sent = return_paths.read(found[1])
    message = Message.objects.filter(pk=sent.message_id).first() if sent else None
    if sent is None or message is None:
        return [Common.NOBODYS]
    said = reports.read(content)
    if not said:
        return [Outcome.NO_REPORT]
    return [_note(report, message, sent, now) for report in said]


def _note(report: reports.Report, message: Message, sent: Sent, now: datetime) -> Outcome:
    heard = Heard(
        provider=PROVIDER,
        key=key_of(message.pk, report.kind, report.status, report.mark),
        kind=report.kind,
        person_id=message.person_id,
        message=message,
        went_to=sent.went_to,
        said=report.status,
    )
    return OF_KIND[report.kind] if events.note(heard, now=now) else Outcome.KNOWN
