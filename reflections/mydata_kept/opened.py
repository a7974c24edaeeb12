"""Of the data map: somebody's words, opened in an emergency."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why
from mentoring.models import Program
from reflections.models import BreakGlass, BreakGlassReading


def holdings() -> Iterator[Holding]:
    yield Holding(
        BreakGlass,
        _("When superusers asked to read your words"),
        of=lambda person: BreakGlass.objects.of(person).with_people(),
        exported={
            "id": _("number"),
            "about": None,
            "moment": None,
            "answer": None,
            "note": None,
            "round": _("quarter"),
            "reason": None,
            "asked_by": None,
            "asked_at": None,
            "allowed_by": None,
            "allowed_at": None,
            "ends_at": None,
            "refused_by": None,
            "refused_at": None,
        },
        withheld={"seal_id": Why.LOCK, "person": Why.OWNER},
        values={
            "moment": lambda row: row.moment_id,
            "answer": lambda row: row.answer_id,
            "note": lambda row: row.note_id,
            "round": lambda row: f"{row.round.program} · {row.round.quarter.label}" if row.round else None,
            "asked_by": lambda row: _called(row.asked_by),
            "allowed_by": lambda row: _called(row.allowed_by),
            "refused_by": lambda row: _called(row.refused_by),
        },
    )
    yield Holding(
        BreakGlassReading,
        _("When they read them"),
        of=lambda person: BreakGlassReading.objects.filter(opening__person=person).select_related("reader"),
        exported={"opening": _("number of the asking"), "reader": _("read by"), "read_at": None},
        withheld={"id": Why.KEY},
        values={"opening": lambda row: row.opening_id, "reader": lambda row: _called(row.reader)},
    )


def _called(person: User | None) -> str | None:
    return None if person is None else person.name or person.first_name


def clear_words(person: User, program: Program) -> None:
    """Nothing: what was opened of whose is kept for them until they leave."""
