"""Notes to one person: begun, changed, sent, taken back, by their writer alone; read and answered by their reader."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.actions.refused import Refused
from mentoring.models import Enrollment, Pairing, Program
from reflections import response_emails, rules
from reflections.models import Answer, Moment, OwnMentor, Thanks
from reflections.models.thanks import LONGEST_THANKS

ONLY_WRITER = _("Only its writer sends a note.")
SAY_SOMETHING = _("Write a few words first. One sentence is plenty.")
GONE = _("This note has gone out, so its words stay as they are.")


class NoteOvertaken(Exception):
    """The draft was saved elsewhere since the page was made; nothing was changed. `note` is as it stands."""

    def __init__(self, note: Thanks) -> None:
        super().__init__(note.pk)
        self.note = note


@transaction.atomic
def draft_note(
    writer: User,
    *,
    text: str,
    about: str = Thanks.About.THANKS,
    recipient: User | None = None,
    pairing: Pairing | None = None,
    mentor: OwnMentor | None = None,
    answer: Answer | None = None,
    moment: Moment | None = None,
    in_reply_to: Thanks | None = None,
    now: datetime,
) -> Thanks:
    """A note that nobody else reads before it is sent. The words may grow out of an answer or a moment of theirs."""
    for thing in (answer, moment):
        if thing is not None and thing.sealed_for != writer.pk:
            raise Refused(_("A note grows out of your own words."))
    if answer is not None and answer.is_locked:
        raise Refused(_("This answer can never be shared."))
    if mentor is not None and mentor.person_id != writer.pk:
        raise Refused(_("Only whoever named them writes to them from here."))
    if len(text) > LONGEST_THANKS:
        raise Refused(_("That is too long for a note."))
    note = Thanks(
        writer=writer,
        about=about,
        recipient=recipient,
        pairing=pairing,
        mentor=mentor,
        answer=answer,
        moment=moment,
        in_reply_to=in_reply_to,
        created_at=now,
        saved_at=now,
    )
    note.text = text
    note.save(force_insert=True)
    return note


def version(note: Thanks) -> str:
    """Which state of a draft a page was made from."""
    return note.saved_at.isoformat()


@transaction.atomic
def save_note(note: Thanks, *, by: User, text: str, based_on: str, now: datetime) -> Thanks:
    """The draft as it is then. Raises NoteOvertaken rather than replace words that its writer has not seen, and Refused
    once it has gone out."""
    mine = _mine(note, by)
    if mine.text == text:
        return mine
    if mine.sent_at is not None:
        raise Refused(GONE)
    if len(text) > LONGEST_THANKS:
        raise Refused(_("That is too long for a note."))
    if mine.text and based_on != version(mine):
        raise NoteOvertaken(mine)
    mine.text, mine.saved_at = text, now
    mine.save(update_fields=["text", "saved_at"])
    return mine


@transaction.atomic
def address_note(
    note: Thanks, *, by: User, recipient: User | None = None, mentor: OwnMentor | None = None
) -> None:
    """Whom a draft is for: somebody here, somebody of their own list, or nobody yet."""
    mine = _mine(note, by)
    if mine.sent_at is not None:
        raise Refused(GONE)
    if mentor is not None and mentor.person_id != by.pk:
        raise Refused(_("Only whoever named them writes to them from here."))
    if mine.recipient_id != (recipient.pk if recipient else None):
        # What it answers, and the two it is between, were the other one's.
        mine.in_reply_to = mine.pairing = None
    mine.recipient, mine.mentor = recipient, mentor
    mine.save(update_fields=["recipient", "mentor", "in_reply_to", "pairing"])


@transaction.atomic
def send_here(note: Thanks, *, by: User, now: datetime) -> bool:
    """Its recipient reads it when they sign in, and is told by e-mail without a word of it. False when it was sent
    before: sending twice is sending once.

    Raises Refused for a note without words, or to somebody whom its writer cannot write to here.
    """
    to = Thanks.objects.filter(pk=note.pk, writer=by).values_list("recipient", flat=True).first()
    # Their e-mails are counted behind this lock; it comes before that of the note (a person before what is theirs).
    list(User.objects.select_for_update(no_key=True).filter(pk=to).values("pk"))
    mine = _mine(note, by)
    if mine.sent_at is not None:
        return False
    if not mine.text.strip():
        raise Refused(SAY_SOMETHING)
    if mine.recipient is None or mine.recipient_id != to or not rules.may_write_to(by, mine.recipient):
        raise Refused(_("This person cannot be written to here."))
    mine.pairing = mine.pairing or _pairing_of(by, mine.recipient)
    mine.program = mine.pairing.program if mine.pairing else _program_of(by, mine.recipient)
    mine.way, mine.sent_at = Thanks.Way.HERE, now
    mine.save(update_fields=["way", "sent_at", "pairing", "program"])
    if not mine.recipient.muted_writers.filter(writer=by).exists():
        response_emails.tell(mine.recipient.pk, now)
    return True


@transaction.atomic
def hand_over(note: Thanks, way: str, *, by: User, now: datetime) -> bool:
    """Its writer gave it to them, on paper or by their own hand. False when it had gone out before."""
    if way not in (Thanks.Way.PRINT, Thanks.Way.COPY):
        raise Refused(_("That is no way in which you give it yourself."))
    mine = _mine(note, by)
    if mine.sent_at is not None:
        return False
    if not mine.text.strip():
        raise Refused(SAY_SOMETHING)
    mine.way, mine.sent_at = way, now
    mine.save(update_fields=["way", "sent_at"])
    return True


@transaction.atomic
def take_back_note(note: Thanks, *, by: User, now: datetime) -> bool:
    """Nobody here reads it from now on: it is a draft again. Whether it was read before: True when it was.

    What goes out by e-mail has a verb of its own (`note_mail.take_back_mail`).
    """
    mine = _mine(note, by)
    if mine.sent_at is None:
        return False
    if mine.way == Thanks.Way.MAIL:
        raise Refused(_("It goes by e-mail."))
    was_read = mine.read_at is not None
    mine.way, mine.sent_at, mine.read_at, mine.saved_at = "", None, None, now
    mine.save(update_fields=["way", "sent_at", "read_at", "saved_at"])
    return was_read


def delete_note(note: Thanks, *, by: User) -> None:
    """For good. What waits to go out by e-mail does not go (reflections/thanks_emails.py asks for the note)."""
    Thanks.objects.written_by(by).filter(pk=note.pk).delete()


def mark_note_read(note: Thanks, *, by: User, now: datetime) -> bool:
    """Its writer sees that it was read; nobody gets an e-mail. Doing it twice is doing it once."""
    theirs = Thanks.objects.filter(pk=note.pk, recipient=by, way=Thanks.Way.HERE, read_at__isnull=True)
    return bool(theirs.update(read_at=now))


@transaction.atomic
def thank_back(note: Thanks, *, by: User, now: datetime) -> Thanks:
    """A draft to whoever wrote this to them; the one that they had begun, where there is one."""
    mine = Thanks.objects.visible_to(by).select_related("writer", "pairing").filter(pk=note.pk).first()
    if mine is None or mine.recipient_id != by.pk:
        raise Refused(_("This note was taken back."))
    if not rules.may_write_to(by, mine.writer):
        raise Refused(_("This person cannot be written to here."))
    begun = Thanks.objects.written_by(by).drafts().filter(in_reply_to=mine).first()
    return begun or draft_note(
        by, text="", recipient=mine.writer, pairing=mine.pairing, in_reply_to=mine, now=now
    )


def _mine(note: Thanks, by: User) -> Thanks:
    """The row as it is now, its writer’s until the end of the transaction."""
    rows = Thanks.objects.select_for_update(of=("self",)).select_related("writer", "recipient")
    mine = rows.filter(pk=note.pk, writer=by).first()
    if mine is None:
        raise Refused(ONLY_WRITER)
    return mine


def _pairing_of(one: User, other: User) -> Pairing | None:
    """The one between the two; of several, one that is under way."""
    between = Pairing.objects.between(one, other).begun().select_related("program")
    found = sorted(between, key=lambda pairing: (pairing.status in rules.UNDER_WAY, pairing.pk))
    return found[-1] if found else None


def _program_of(one: User, other: User) -> Program | None:
    theirs = Enrollment.objects.filter(person=other).active().values("program")
    place = (
        Enrollment.objects.filter(person=one, program__in=theirs)
        .active()
        .select_related("program")
        .order_by("program__status", "pk")
        .first()
    )
    return place.program if place else None
