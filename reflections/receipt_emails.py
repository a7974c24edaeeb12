"""The receipt for a reply: that it is saved, where, and a question to look again; or that it could not be read.

It goes only to whoever is shown to have sent the reply, once an hour at most, and never for a reply to a receipt. It
says what was saved by its place and never by its words: what somebody wrote stands in no e-mail of ours, not even one
to themselves, and the page that has it is one link away.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.inbound import addresses, stripping
from accounts.mail.kinds import Always, Kind, Letter, Unrenderable, register
from accounts.mail.letters import id_for
from accounts.mail.links import absolute
from accounts.mail.models import Message

from .emails import SHORTEST, wrapped
from .models import Answer, IncomingMail, Question, Reflection, Step

RECEIPT = "reply_receipt"
ONE_IN = timedelta(hours=1)
LIVES = timedelta(hours=24)
STATES = (IncomingMail.State.TAKEN, IncomingMail.State.UNREAD)


def register_kinds() -> None:
    """Tell the outbox of the receipt."""
    rows = IncomingMail.objects.filter(
        pk=OuterRef("subject_id"), person=OuterRef("person_id"), state__in=STATES
    )
    register(
        Kind(
            RECEIPT,
            None,
            gettext_lazy("What became of your reply"),
            receipt,
            conditions=(("the reply is forgotten", Q(Exists(rows))),),
            always=Always(
                gettext_lazy("What became of your reply"),
                gettext_lazy("You have just answered an e-mail by replying to it."),
            ),
        )
    )


def owe_receipt(row: IncomingMail, at: datetime) -> bool:
    """False for a reply to a receipt, and for the second one in an hour. Behind the lock on its person."""
    message = row.link.message if row.link else None
    if message is None or message.kind == RECEIPT:
        return False
    lately = Message.objects.of(RECEIPT).filter(person=row.person_id, due_at__gt=at - ONE_IN)
    if lately.exists():
        return False
    return outbox.owe(RECEIPT, row.person_id, row.pk, due_at=at, expires_at=at + LIVES)


def receipt(message: Message) -> Letter:
    """Raises Unrenderable where the reply is forgotten."""
    row = (
        IncomingMail.objects.filter(pk=message.subject_id, person=message.person_id, state__in=STATES)
        .select_related("link__message__person", "answer__reflection__round__program", "answer__question")
        .first()
    )
    if row is None or row.link is None or row.link.message is None:
        raise Unrenderable("the reply is forgotten")
    answer, answered = row.answer, row.link.message
    again = _second_look(answer)
    until = row.link.expires_at if again and row.link.expires_at > now() + SHORTEST else None
    its_own = _letter_of(answered)
    subject = f"Re: {its_own.subject}" if its_own else _("Your reply")
    context = {
        "subject": subject,
        "row": row,
        "person": message.person,
        "answer": answer,
        "again": again,
        "can_reply": addresses.is_on() and until is not None,
        "delimiter": stripping.delimiter(),
        "url": _url(answer),
        "left_url": absolute("incoming:list") if row.left_out else "",
        "privacy_url": absolute("privacy"),
        "from_name": its_own.from_name if its_own else "Best Stuff",
    }
    return Letter(
        subject=subject,
        text=wrapped(render_to_string("reflections/emails/receipt.txt", context)),
        html=render_to_string("reflections/emails/receipt.html", context),
        from_name=its_own.from_name if its_own else "Best Stuff",
        headers={"Auto-Submitted": "auto-replied", **_thread(row, answered, its_own)},
        answerable_until=until,
    )


def _second_look(answer: Answer | None) -> Question | None:
    """The page's own question to look again, where the page is a draft and there is one."""
    if answer is None or answer.reflection.status != Reflection.Status.DRAFT:
        return None
    asked = Question.objects.filter(round=answer.reflection.round_id).for_role(answer.reflection.role)
    return asked.filter(step=Step.AGAIN, is_locked=False).exclude(pk=answer.question_id).first()


def _letter_of(answered: Message) -> Letter | None:
    """The e-mail that was answered, for its subject and its conversation; None where it cannot be made any more."""
    try:
        return kinds.get(answered.kind).render(answered)
    except (LookupError, Unrenderable):
        return None


def _thread(row: IncomingMail, answered: Message, its_own: Letter | None) -> dict[str, str]:
    if not row.mail_id:
        return {}
    root = [f"<{id_for('thread/' + its_own.thread)}>"] if its_own and its_own.thread else []
    references = [*root, f"<{answered.message_id}>", row.mail_id]
    return {"In-Reply-To": row.mail_id, "References": " ".join(references)}


def _url(answer: Answer | None) -> str:
    if answer is None:
        return absolute("moments:list")
    return absolute("reflections:question", answer.reflection.round_id, answer.question.code)
