"""A reply to an e-mail of ours, which is an answer: from the address that it came to, to where its words belong.

A reply to one of the three e-mails of a quarter goes into the draft of that quarter, below the question that was asked;
one to the receipt for it is a second look, below the question that asks for one. To any other e-mail it is a moment.
"""

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from accounts.mail.inbound import addresses
from accounts.mail.inbound.addresses import Purpose
from accounts.mail.models import MailLink
from accounts.mail.models.link import hash_of
from accounts.models import User
from mentoring.models import Enrollment

from . import mail_in, rules
from .actions import Place
from .mail_in import Outcome
from .models import IncomingMail, Question, Reflection, Round, Step
from .receipt_emails import RECEIPT
from .schedule import Nudge

NUDGES = tuple(nudge.value for nudge in Nudge)
THERE = (*Enrollment.IN, Enrollment.Status.COMPLETED)


@sensitive_variables("content", "recipient", "token")
def receive(content: bytes, recipient: str, now: datetime) -> list[Outcome] | None:
    """What became of it; None where it is not to an address for replies."""
    parsed = addresses.parse(recipient)
    if parsed is None or parsed[0] is not Purpose.REPLY:
        return None
    if not addresses.is_on():
        return [Outcome.OFF]
    found = MailLink.objects.filter(
        token_hash=hash_of(parsed[1]), purpose=MailLink.Purpose.REPLY, person__is_active=True
    )
    link = found.select_related("person", "message").first()
    if link is None:
        return [Outcome.UNKNOWN]
    return [
        mail_in.take(
            content,
            link.person,
            now,
            way=IncomingMail.Way.REPLY,
            link=link,
            is_late=not is_open(link, now),
            place=lambda: place_of(link, link.person),
            stands=lambda: User.objects.filter(pk=link.person_id, is_active=True).exists(),
        )
    ]


def is_open(link: MailLink, now: datetime) -> bool:
    """Whether a reply to it is taken as an answer: until it ends, is revoked, or its person leaves the program."""
    if link.revoked_at is not None or link.expires_at <= now:
        return False
    round = _round_of(link)
    return round is None or _is_there(link.person_id, round)


def _is_there(person_id: int, round: Round) -> bool:
    places = Enrollment.objects.filter(person=person_id, program=round.program_id, status__in=THERE)
    return places.exists()


def place_of(link: MailLink | None, person: User) -> Place | None:
    """The question that it answers; None where its words are a moment, as they are once its person has left."""
    round = _round_of(link) if link is not None else None
    if link is None or link.message is None or round is None or not _is_there(person.pk, round):
        return None
    reflection = Reflection.objects.filter(person=person, round=round).first()
    asked = Question.objects.filter(round=round).for_role(
        reflection.role if reflection else rules.role_for(person, round)
    )
    if link.message.kind == RECEIPT:
        asked = asked.filter(step=Step.AGAIN)
    question = asked.filter(is_locked=False).first()
    return Place(round, question) if question else None


def _round_of(link: MailLink) -> Round | None:
    """Of the e-mail that is answered: its own, or that of the reply that a receipt is about."""
    message = link.message
    if message is None:
        return None
    rounds = Round.objects.select_related("program")
    if message.kind in NUDGES:
        return rounds.filter(pk=message.subject_id).first()
    if message.kind == RECEIPT:
        about = IncomingMail.objects.filter(pk=message.subject_id, person=link.person_id)
        keys = about.exclude(answer=None).values("answer__reflection__round")
        return rounds.filter(pk__in=keys).first()
    return None
