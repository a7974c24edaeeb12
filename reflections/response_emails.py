"""The e-mail to somebody that the other one of their pair said something, or somebody wrote them a note: at most one a
day, whatever was said and by how many. It names who, and has not a word of it."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import links
from accounts.mail.kinds import Kind, Letter, Unrenderable, register
from accounts.mail.models import Message
from accounts.models import User
from mentoring.emails import NOT_RUNNING, PAIRINGS, written
from mentoring.models import Pairing, Program

from . import notices
from .models import MutedWriter, Reply, Response, ResponseNotice, Thanks
from .wording import listed

NOTE = "pair_note"
# Thanks and a question are often said in one go.
TAKEN_BACK = "what was said was taken back"


def register_kinds() -> None:
    notice = ResponseNotice.objects.filter(pk=OuterRef("subject_id"), person=OuterRef("person_id"))
    said = Exists(notice.filter(_something_said()))
    running = Exists(notice.filter(_something_said(running=True)))
    register(
        Kind(
            NOTE,
            PAIRINGS,
            gettext_lazy("Somebody says something to what you shared, or writes you a note"),
            note,
            conditions=((TAKEN_BACK, Q(said)), (NOT_RUNNING, Q(running))),
            is_daily=True,
        )
    )


def _something_said(*, running: bool = False) -> Q:
    """Of a notice: whether something was said to its person since then, and stands; in a program that is `running`."""
    since, person = OuterRef("since"), OuterRef("person")
    to_them = (Q(pairing__mentor=person) | Q(pairing__mentee=person)) & ~Q(reader=person)
    responses = Response.objects.filter(to_them, Q(thanked_at__gte=since) | Q(asked_at__gte=since))
    replies = Reply.objects.filter(response__reader=person, created_at__gte=since)
    muted = MutedWriter.objects.filter(person=OuterRef("recipient"), writer=OuterRef("writer"))
    notes = Thanks.objects.filter(recipient=person, way=Thanks.Way.HERE, sent_at__gte=since)
    notes = notes.unread().exclude(Exists(muted))
    if running:
        responses = responses.filter(pairing__program__status=Program.Status.ACTIVE)
        replies = replies.filter(response__pairing__program__status=Program.Status.ACTIVE)
        notes = notes.filter(program__status=Program.Status.ACTIVE)
    return Q(Exists(responses)) | Q(Exists(replies)) | Q(Exists(notes))


def tell(person_id: int, now: datetime) -> None:
    """Something was just said to them. What waits to go out says that too; else one is owed, a day after the last one.

    To be called behind a lock on the person's row, so that two who say something at one moment owe one e-mail.
    """
    notices.owe(
        NOTE, person_id, lambda: ResponseNotice.objects.create(person_id=person_id, since=now).pk, now
    )


def take_up_notes(now: datetime) -> int:
    """What was not sent because a program rested goes out once it goes on; how many."""
    return notices.take_up(NOTE, now)


def note(message: Message) -> Letter:
    """Who thanks, who asks, who has answered; each once, whatever they said."""
    notice = ResponseNotice.objects.filter(pk=message.subject_id, person=message.person_id).first()
    if notice is None:
        raise Unrenderable(TAKEN_BACK)
    person, since = message.person, notice.since
    to_them = _running(Response.objects.to(person).select_related("reader", "pairing__program"))
    answers = (
        Reply.objects.to(person)
        .filter(created_at__gte=since)
        .select_related("person", "response__pairing__program")
    )
    answers = answers.filter(response__pairing__program__status=Program.Status.ACTIVE)
    notes = (
        Thanks.objects.to(person)
        .unread()
        .filter(sent_at__gte=since, program__status=Program.Status.ACTIVE)
        .select_related("writer", "program")
        .order_by("pk")
    )
    said = [
        *(
            _said(row.reader, row.pairing, _("%(name)s thanks you for something that you shared."))
            for row in to_them.filter(thanked_at__gte=since)
        ),
        *(
            _said(row.reader, row.pairing, _("%(name)s asks you something about what you shared."))
            for row in to_them.filter(asked_at__gte=since)
        ),
        *(
            _said(row.person, row.response.pairing, _("%(name)s has answered your question."))
            for row in answers
        ),
        *(_note_from(row) for row in notes),
    ]
    if not said:
        raise Unrenderable(TAKEN_BACK)
    names = listed(list(dict.fromkeys(one.name for one in said)))
    return written(
        message,
        "pair_note",
        _("A note from %(names)s") % {"names": names},
        {"lines": list(dict.fromkeys((one.words, one.url) for one in said))},
        program=said[0].program,
        thread=f"notes/{message.person_id}",
        list_="pairings",
    )


class Said(NamedTuple):
    """One line of the e-mail."""

    name: str
    words: str
    url: str
    program: Program


def _said(who: User, pairing: Pairing, words: str) -> Said:
    url = links.absolute("reflections:timeline", pairing.pk)
    return Said(who.first_name, words % {"name": who.first_name}, url, pairing.program)


def _note_from(note: Thanks) -> Said:
    if note.program is None:  # Only those of a program that runs are asked for.
        raise Unrenderable(TAKEN_BACK)
    words = _("%(name)s wrote you a note.") % {"name": note.writer.first_name}
    return Said(note.writer.first_name, words, links.absolute("thanks:received"), note.program)


def _running(rows: QuerySet[Response]) -> QuerySet[Response]:
    return rows.filter(pairing__program__status=Program.Status.ACTIVE).order_by("pk")
