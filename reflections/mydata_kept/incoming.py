"""What is held of the e-mails that somebody sent us: for a week, or a month, and never the e-mail itself."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Program
from reflections.models import IncomingMail, Round
from reflections.receipt_emails import RECEIPT
from reflections.schedule import Nudge


def holdings() -> Iterator[Holding]:
    yield Holding(
        IncomingMail,
        _("E-mails of yours that came in"),
        of=lambda person: IncomingMail.objects.of(person).select_related("person"),
        exported=named("way", "came_at", "state", "because", "sender", "text", "left_out", "had_files"),
        withheld={
            "id": Why.KEY,
            "seal_id": Why.LOCK,
            "person": Why.OWNER,
            "link": Why.KEY,
            "token_hash": Why.SECRET,
            "message_hash": Why.MACHINERY,
            "mail_id": Why.MACHINERY,
            "answer": Why.KEY,
            "moment": Why.KEY,
        },
    )


def clear_words(person: User, program: Program) -> None:
    """Replies to what this program asked, and to the receipts for them. Lines to keep belong to no program."""
    rounds = Round.objects.filter(program=program).order_by()
    nudges = Message.objects.of(*Nudge).filter(person=person, subject_id__in=rounds.values("pk"))
    replies = IncomingMail.objects.of(person).filter(link__message__in=nudges.order_by())
    receipts = Message.objects.of(RECEIPT).filter(
        person=person, subject_id__in=list(replies.values_list("pk", flat=True))
    )
    again = Q(link__message__in=list(receipts.values_list("pk", flat=True)))
    IncomingMail.objects.of(person).filter(again).delete()
    replies.delete()
