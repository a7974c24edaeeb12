"""What somebody wrote around the meetings of their pairs: agenda and notes, each in the copy of its writer alone."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import AgendaItem, Note, Program


def holdings() -> Iterator[Holding]:
    yield Holding(
        AgendaItem,
        _("What you wanted to talk about"),
        of=lambda person: AgendaItem.objects.filter(author=person).select_related(
            "meeting", "pairing__mentor", "pairing__mentee"
        ),
        exported={
            "pairing": _("with"),
            **named("text", "created_at", "talked_at"),
            "meeting": _("at the meeting of"),
        },
        withheld={"id": Why.KEY, "seal_id": Why.MACHINERY, "author": Why.OWNER},
        values={"pairing": _two, "meeting": _when},
    )
    yield Holding(
        Note,
        _("Your notes around meetings, private and shared"),
        of=lambda person: Note.objects.filter(author=person).select_related(
            "meeting", "pairing__mentor", "pairing__mentee"
        ),
        exported={
            "pairing": _("with"),
            "meeting": _("at the meeting of"),
            **named("is_shared", "text", "created_at", "changed_at"),
        },
        withheld={"id": Why.KEY, "seal_id": Why.MACHINERY, "author": Why.OWNER},
        values={"pairing": _two, "meeting": _when},
    )


def clear_words(person: User, program: Program) -> None:
    AgendaItem.objects.filter(author=person, pairing__program=program).delete()
    Note.objects.filter(author=person, pairing__program=program).delete()


def _two(row: Any) -> str:
    names = [each.name or each.first_name for each in (row.pairing.mentor, row.pairing.mentee)]
    return gettext("%(mentor)s and %(mentee)s") % {"mentor": names[0], "mentee": names[1]}


def _when(row: Any) -> Any:
    return row.meeting.starts_at if row.meeting else None
