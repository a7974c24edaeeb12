"""Reports about a message, read by the standard library: from bytes to what they say.

What became of it (RFC 3464), and that somebody called it unwanted (RFC 5965).
"""

import re
from email.message import Message
from typing import NamedTuple

from accounts.mail.models import MailEvent

from . import reading

Kind = MailEvent.Kind

STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
# RFC 3463. No about this message, its size, or us, and a mailbox that is full: the address may be as good as ever.
NOT_ABOUT_THE_ADDRESS = frozenset({"3", "6", "7"})
FULL_OR_TOO_LONG = frozenset({("2", "2"), ("2", "3")})
# "5.1.1 no such user": the mailbox is not there, or is closed. In what a mail server says to RCPT.
NO_MAILBOX = re.compile(r"\b5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")

# Of the types of RFC 5965 (and one that came before it) those that mean: this person does not want it.
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out"})


class Report(NamedTuple):
    kind: MailEvent.Kind
    status: str
    # The same when the same report comes in again.
    mark: str


def read(content: bytes) -> list[Report]:
    """What it says of each recipient; nothing, for what is no report: an answer by a machine, or by a person."""
    email = reading.parse(content)
    if email.get_content_type() != "multipart/report":
        return []
    found = []
    for part in email.walk():
        if part.get_content_type() == "message/feedback-report":
            found += _of_feedback(part, email)
        if part.get_content_type() != "message/delivery-status":
            continue
        fields = part.get_payload()
        for each in fields[1:] if isinstance(fields, list) else []:
            if isinstance(each, Message) and (report := _of_recipient(each, email)) is not None:
                found.append(report)
    return found


def _of_feedback(part: Message, email: Message) -> list[Report]:
    """One complaint, however many fields it has; nothing for "not spam", for a virus, and for what is unknown."""
    fields = part.get_payload()
    each = fields[0] if isinstance(fields, list) and fields else None
    if not isinstance(each, Message):
        return []
    type_of_it = str(each.get("Feedback-Type", "")).strip().lower()
    if type_of_it not in COMPLAINTS:
        return []
    mark = str(email.get("Message-ID", "")).strip() or str(each.get("Arrival-Date", ""))
    return [Report(Kind.COMPLAINT, type_of_it, mark)]


def _of_recipient(fields: Message, email: Message) -> Report | None:
    status = STATUS.match(str(fields.get("Status", "")))
    action = str(fields.get("Action", "")).strip().lower()
    if status is None:
        return None
    kind = _kind(action, *status.groups())
    if kind is None:
        return None
    mark = str(email.get("Message-ID", "")).strip() or str(fields.get("Last-Attempt-Date", ""))
    return Report(kind, ".".join(status.groups()), mark)


def _kind(action: str, of: str, subject: str, detail: str) -> MailEvent.Kind | None:
    if action == "delivered":
        return Kind.DELIVERED
    if action == "delayed":
        return Kind.DELAYED
    if action != "failed":
        return None
    is_for_good = (
        of == "5" and subject not in NOT_ABOUT_THE_ADDRESS and (subject, detail) not in FULL_OR_TOO_LONG
    )
    return Kind.HARD if is_for_good else Kind.SOFT
