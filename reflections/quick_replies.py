"""“Not this quarter” and “another time” by an e-mail to an address with a token, which a nudge names.

Whatever stands in it is not read: the address says it all. It counts only from the address of the person whose token it
is, shown by our own mail server, and only if no machine sent it. Nobody is ever written to because of it.
"""

from datetime import datetime
from enum import StrEnum

from django.views.decorators.debug import sensitive_variables

from accounts.mail.inbound import addresses, automatic, reading, trust
from accounts.mail.inbound.addresses import Purpose
from accounts.mail.models import MailLink
from mentoring.actions.refused import Refused

from . import actions
from .actions.asking import may_be_asked
from .models import Round
from .outlook import ABOUT_A_ROUND

MOST_BYTES = 1024 * 1024


class Outcome(StrEnum):
    """What became of it, in a word for the log."""

    DECLINED = "not this quarter"
    ANOTHER_TIME = "another time"
    NOTHING = "nothing to change any more"
    OFF = "inbound mail is off"
    TOO_BIG = "too big"
    UNKNOWN = "to an address that nobody has"
    NOT_THEIRS = "not shown to be from its person, or sent by a machine"


@sensitive_variables("content", "recipient", "token")
def receive(content: bytes, recipient: str, now: datetime) -> list[Outcome] | None:
    """What became of it; None where it is not to such an address."""
    found = addresses.parse(recipient)
    if found is None or found[0] not in (Purpose.NOT_THIS_QUARTER, Purpose.ANOTHER_TIME):
        return None
    purpose, token = found
    if not addresses.is_on():
        return [Outcome.OFF]
    if len(content) > MOST_BYTES:
        return [Outcome.TOO_BIG]
    link = MailLink.objects.find(token, MailLink.Purpose.NUDGE, now=now)
    message = link.message if link else None
    if message is None or message.kind not in ABOUT_A_ROUND:
        return [Outcome.UNKNOWN]
    round = Round.objects.select_related("program").filter(pk=message.subject_id).first()
    if round is None or not message.person.is_active:
        return [Outcome.UNKNOWN]
    person = message.person
    email = reading.parse(content)
    if automatic.sign_of(email) or trust.doubt(email, person):
        return [Outcome.NOT_THEIRS]
    if not may_be_asked(person, round, now):
        return [Outcome.NOTHING]
    if purpose is Purpose.NOT_THIS_QUARTER:
        declined = actions.decline_reflection(person, round, now=now)
        return [Outcome.DECLINED if declined else Outcome.NOTHING]
    try:
        actions.say_another_time(message, round, now=now)
    except Refused:
        return [Outcome.NOTHING]
    return [Outcome.ANOTHER_TIME]
