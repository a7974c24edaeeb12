"""Whom somebody calls their mentors, their notes of thanks, and what was said about those."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, register_nobodys
from mentoring.models import Program
from reflections.models import MutedWriter, NoteReport, OutsideNote, OutsideStop, OwnMentor, Thanks

SEALED_KEY = {"id": Why.KEY, "seal_id": Why.LOCK}


def holdings() -> Iterator[Holding]:
    """What was said about a note before the notes: erasing goes backwards."""
    register_nobodys("a keyed hash of the address of somebody who is not here", "reflections.NeverAgain")
    yield Holding(
        OwnMentor,
        _("Whom you call your mentors"),
        of=lambda person: OwnMentor.objects.of(person),
        exported={"name": None, "address": None, "kept": None, "created_at": None},
        withheld={**SEALED_KEY, "person": Why.OWNER, "member": Why.OTHERS},
    )
    yield Holding(
        Thanks,
        _("Your notes of thanks"),
        of=lambda person: Thanks.objects.written_by(person).with_people(),
        exported={
            "recipient": _("to"),
            "mentor": _("to somebody of your list"),
            "about": None,
            "text": None,
            "way": None,
            "created_at": None,
            "saved_at": None,
            "sent_at": None,
            "read_at": None,
        },
        withheld={
            **SEALED_KEY,
            "writer": Why.OWNER,
            "pairing": Why.KEY,
            "program": Why.KEY,
            "in_reply_to": Why.OTHERS,
            "answer": Why.KEY,
            "moment": Why.KEY,
        },
        values={
            "recipient": lambda note: note.recipient and (note.recipient.name or note.recipient.first_name),
            "mentor": lambda note: note.mentor and note.mentor.name,
        },
    )
    yield Holding(
        OutsideNote,
        _("Notes that you had sent by e-mail"),
        of=lambda person: OutsideNote.objects.by(person),
        exported={
            "address": None,
            "tells_address": _("with your own address in it"),
            "asked_at": None,
        },
        withheld={
            **SEALED_KEY,
            "writer": Why.OWNER,
            "note": Why.KEY,
            "program": Why.KEY,
            "address_hash": Why.COPY,
        },
    )
    yield Holding(
        OutsideStop,
        _("Programs in whose name you send no notes by e-mail"),
        of=lambda person: OutsideStop.objects.filter(person=person).select_related("program"),
        exported={"program": None, "created_at": None},
        withheld={"id": Why.KEY, "person": Why.OWNER, "created_by": Why.OTHERS},
        values={"program": lambda stop: str(stop.program)},
    )
    yield Holding(
        MutedWriter,
        _("Whose notes you do not want to see"),
        of=lambda person: MutedWriter.objects.filter(person=person).select_related("writer"),
        exported={"writer": _("whose"), "created_at": None},
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"writer": lambda muted: muted.writer.name or muted.writer.first_name},
    )
    yield Holding(
        NoteReport,
        _("Notes that somebody said should not have been sent"),
        of=lambda person: NoteReport.objects.filter(Q(writer=person) | Q(reporter=person)).select_related(
            "program"
        ),
        exported={"program": None, "why": None, "way": None, "reported_at": None},
        withheld={
            "id": Why.KEY,
            "writer": Why.OTHERS,
            "reporter": Why.OTHERS,
            "note": Why.KEY,
            "by_mail_lately": Why.MACHINERY,
            "settled_at": Why.MACHINERY,
        },
        values={"program": lambda report: str(report.program)},
    )


def clear_words(person: User, program: Program) -> None:
    """Their notes to people of this program, and those that went out in its name. Whom they call their mentors belongs
    to no program."""
    OutsideNote.objects.by(person).filter(program=program).delete()
    Thanks.objects.written_by(person).filter(Q(program=program) | Q(pairing__program=program)).delete()
