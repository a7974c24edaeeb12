"""This app's part of the data map: what those who run a program keep beside its people and pairs."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Kept, Why, named

from .models import AcceptedFor, AdminNote, Program, SavedView


def holdings() -> Iterator[Holding]:
    yield Holding(
        SavedView,
        _("Lists of the admin that you saved"),
        of=lambda person: SavedView.objects.visible_to(person),
        exported=named("of_list", "name", "query", "created_at"),
        withheld={"id": Why.KEY, "owner": Why.OWNER},
    )
    # What is said of somebody is theirs to read, whoever wrote it; who it was is told as the program.
    yield Holding(
        AdminNote,
        _("What those who run your programs noted about your places and your pairings"),
        of=lambda person: AdminNote.objects.about(person).select_related(
            "program", "pairing__mentor", "pairing__mentee"
        ),
        exported=named("program", "pairing", "text", "written_at"),
        withheld={
            "id": Why.KEY,
            "seal_id": Why.MACHINERY,
            "person": Why.KEY,
            "enrollment": Why.KEY,
            "author": Why.OTHERS,
        },
        values={"program": lambda note: note.program.name},
        erasure=Kept(
            "what they wrote about others is those people’s",
            act=_forget_notes,
            # Those about them go as a whole, words and all.
            replaced=("author", "text"),
            stays=("id", "seal_id", "program", "person", "enrollment", "pairing", "written_at"),
        ),
    )
    yield Holding(
        AcceptedFor,
        _("Yeses to a pairing that were said for you"),
        of=lambda person: AcceptedFor.objects.filter(person=person).select_related(
            "pairing__mentor", "pairing__mentee"
        ),
        exported=named("pairing", "reason", "at", "taken_back_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER, "by": Why.OTHERS},
        erasure=Kept(
            "those that they said for others are those people’s",
            act=_forget_yeses,
            replaced=("by", "reason"),
            stays=("id", "pairing", "person", "at", "taken_back_at"),
        ),
    )


def clear_words(person: User, program: Program) -> None:
    """What was noted about somebody whose place has been over for long enough, and how a yes of theirs was known."""
    AdminNote.objects.about(person).filter(program=program).delete()
    AcceptedFor.objects.filter(person=person, pairing__program=program).delete()


def _forget_notes(person: User, now: datetime) -> None:
    AdminNote.objects.about(person).delete()
    AdminNote.objects.filter(author=person).update(author=None)


def _forget_yeses(person: User, now: datetime) -> None:
    AcceptedFor.objects.filter(person=person).delete()
    AcceptedFor.objects.filter(by=person).update(by=None)
