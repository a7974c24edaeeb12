"""Values, and what shows them."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why
from accounts.vault import reading
from mentoring.models import Program
from reflections.models import Value, ValueShown


def holdings() -> Iterator[Holding]:
    yield Holding(
        Value,
        _("Your values, in your own words"),
        of=lambda person: Value.objects.of(person),
        exported={"id": _("number"), "name": None, "created_at": None},
        withheld={"seal_id": Why.LOCK, "person": Why.OWNER},
    )
    yield Holding(
        ValueShown,
        _("What shows your values"),
        of=lambda person: ValueShown.objects.of(person).select_related(
            "value", "moment", "answer__reflection", "reflection__round__program"
        ),
        exported={
            "value": _("value"),
            "moment": _("shown by the moment"),
            "answer": _("shown by the answer"),
            "quote": None,
            "reflection": _("said on the page of"),
            "created_at": None,
        },
        withheld={"id": Why.KEY, "seal_id": Why.LOCK},
        values={
            "value": lambda shown: reading.words(shown.value, "name"),
            "moment": lambda shown: reading.words(shown.moment, "text") if shown.moment else None,
            "answer": lambda shown: shown.answer_id,
            "reflection": lambda shown: (
                f"{shown.reflection.round.program} · {shown.reflection.round.quarter.label}"
                if shown.reflection
                else None
            ),
        },
    )


def clear_words(person: User, program: Program) -> None:
    """What somebody wrote in a program shows nothing any more. A value is a word of their own, and of no program."""
    there = Q(moment__program=program) | Q(moment__pairing__program=program)
    there |= Q(answer__reflection__round__program=program)
    ValueShown.objects.of(person).filter(pk__in=ValueShown.objects.filter(there).values("pk")).delete()
