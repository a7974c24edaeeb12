"""A reply to an e-mail of ours, which is an answer: from the address that it came to, to where its words belong.

A reply to one of the three e-mails of a quarter goes into the draft of that quarter, below the question that was asked;
one to the receipt for it is a second look, below the question that asks for one. To any other e-mail it is a moment.
"""

from datetime import datetime

from django.db.models import Q
from django.views.decorators.debug import sensitive_variables

from accounts.mail.inbound import addresses
from accounts.mail.inbound.addresses import Purpose
from accounts.mail.models import MailLink, Message
from accounts.mail.models.link import hash_of
from accounts.models import User
from mentoring.models import Enrollment, Program

from . import mail_in, rules
from .actions import Place
from .asides import Aside
from .mail_in import Outcome
from .models import IncomingMail, Midquarter, Question, Reflection, Round, Step
from .outlook import ABOUT_A_ROUND
from .receipt_emails import RECEIPT
from .schedule import Nudge

NUDGES = tuple(nudge.value for nudge in Nudge)
LINES = (Aside.LINE.value, Aside.LINE_AGAIN.value)
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
    program_id = _program_of(link.message)
    return program_id is None or _is_there(link.person_id, program_id)


def _is_there(person_id: int, program_id: int) -> bool:
    places = Enrollment.objects.filter(person=person_id, program=program_id, status__in=THERE)
    return places.exists()


def end(person: User, program: Program, now: datetime) -> None:
    """They have left it: what its e-mails named takes nothing any more, also should they come back one day."""
    rounds = Round.objects.filter(program=program).values("pk")
    middles = Midquarter.objects.filter(program=program).values("pk")
    theirs = Message.objects.filter(person=person)
    asked = theirs.filter(
        Q(kind__in=ABOUT_A_ROUND, subject_id__in=rounds) | Q(kind__in=LINES, subject_id__in=middles)
    )
    came_in = IncomingMail.objects.filter(person=person).filter(
        Q(answer__reflection__round__in=rounds) | Q(link__message__in=asked)
    )
    receipts = theirs.filter(kind=RECEIPT, subject_id__in=came_in.values("pk"))
    living = MailLink.objects.filter(person=person, revoked_at__isnull=True).exclude(
        purpose__in=MailLink.HARMLESS
    )
    found = living.filter(Q(message__in=asked.values("pk")) | Q(message__in=receipts.values("pk")))
    MailLink.objects.filter(pk__in=list(found.values_list("pk", flat=True))).update(revoked_at=now)


def place_of(link: MailLink | None, person: User) -> Place | None:
    """The question that it answers; None where its words are a moment, as they are once its person has left."""
    round = _round_of(link) if link is not None else None
    if link is None or link.message is None or round is None or not _is_there(person.pk, round.program_id):
        return None
    reflection = Reflection.objects.filter(person=person, round=round).first()
    asked = Question.objects.filter(round=round).for_role(
        reflection.role if reflection else rules.role_for(person, round)
    )
    if link.message.kind == RECEIPT:
        asked = asked.filter(step=Step.AGAIN)
    question = asked.filter(is_locked=False).first()
    return Place(round, question) if question else None


def _program_of(message: Message | None) -> int | None:
    """Of whose quarter it is; that of a receipt is the one of the reply that it is about."""
    if message is None:
        return None
    if message.kind in NUDGES:
        found = Round.objects.filter(pk=message.subject_id)
        return found.values_list("program", flat=True).first()
    if message.kind in LINES:
        middles = Midquarter.objects.filter(pk=message.subject_id)
        return middles.values_list("program", flat=True).first()
    if message.kind == RECEIPT:
        about = IncomingMail.objects.filter(pk=message.subject_id, person=message.person_id)
        row = about.select_related("link__message", "answer__reflection__round").first()
        if row is not None and row.answer is not None:
            return row.answer.reflection.round.program_id
        answered = row.link.message if row is not None and row.link is not None else None
        return _program_of(answered) if answered is not None and answered.kind != RECEIPT else None
    return None


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
