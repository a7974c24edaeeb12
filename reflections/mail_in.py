"""The one path of what people send us by e-mail: from its bytes to a line in a draft, a moment, or a question to them.

Size, token, whether a machine sent it, who it is from, what is written in it: in that order (docs/mail.md). Nobody is
ever written to because of an e-mail that is not shown to be theirs.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from email.message import Message
from enum import StrEnum

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.mail.inbound import automatic, reading, trust
from accounts.mail.inbound.reading import Problem, Written
from accounts.mail.inbound.trust import Doubt
from accounts.mail.models import MailLink
from accounts.models import User

from . import actions, receipt_emails
from .actions import Arrival, Place
from .models import IncomingMail

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of an e-mail, in a word for the log."""

    KEPT = "kept"
    OFF = "inbound mail is off"
    TOO_BIG = "too big"
    UNKNOWN = "to an address that nobody has"
    BY_ITSELF = "sent by a machine"
    HELD = "held until its person has seen it"
    DROPPED = "not shown to be from its sender, and not held"
    TWICE = "the same once more, or too many wait"
    EMPTY = "no words in it"


@sensitive_variables("content", "email", "written")
def take(
    content: bytes,
    person: User,
    now: datetime,
    *,
    way: IncomingMail.Way,
    link: MailLink | None = None,
    is_late: bool = False,
    place: Callable[[], Place | None] = lambda: None,
    stands: Callable[[], bool] = lambda: True,
) -> Outcome:
    """What became of an e-mail to an address of this person's. `place` says where its words belong, None for a moment;
    `stands`, asked behind the lock, whether the address is still theirs. `is_late`: it takes nothing by itself now.
    """
    email = reading.parse(content)
    doubt = trust.doubt(email, person)
    if sign := automatic.sign_of(email):
        log.info("mail in: %s", sign)
        # People write such subjects too: where there is no other sign, and it is theirs, they are asked.
        if sign is not automatic.Sign.OUT_OF_OFFICE or doubt is not None:
            return Outcome.BY_ITSELF
        doubt = Doubt.BY_ITSELF
    if is_late:
        doubt = Doubt.LATE
    written = _written(email, content, way)
    arrival = Arrival(person, way, reading.print_of(email, content), reading.id_of(email), link)
    if doubt is not None and not written.text:
        return Outcome.DROPPED
    with transaction.atomic():
        actions.lock_person(person)
        if not stands():
            return Outcome.UNKNOWN
        if doubt is not None:
            sender = trust.named_sender(email)
            held = actions.hold_mail(arrival, written, doubt, sender=sender, now=now)
            return Outcome.HELD if held else Outcome.TWICE
        if written.problem is not None:
            row = actions.note_unread(arrival, written.problem, had_files=written.had_files, now=now)
        else:
            row = actions.take_mail(arrival, written, place(), now=now)
        if row is None:
            return Outcome.TWICE
        if way == IncomingMail.Way.REPLY:
            receipt_emails.owe_receipt(row, now)
    if written.problem is None:
        return Outcome.KEPT
    return Outcome.TOO_BIG if written.problem is Problem.TOO_BIG else Outcome.EMPTY


def _written(email: Message, content: bytes, way: IncomingMail.Way) -> Written:
    """To an address for keeping the subject alone is a line as well."""
    if reading.is_too_big(content):
        return Written(problem=Problem.TOO_BIG)
    written = reading.read(email)
    if way == IncomingMail.Way.KEEP and written.problem is Problem.EMPTY and written.subject:
        return Written(text=written.subject, left_out=written.left_out, had_files=written.had_files)
    return written
