"""Swaps, and lines that were offered to be told, in the data map."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Pairing, Program
from reflections.models import LeftUntold, Swap, SwapItem, SwapPart


def clear_words(person: User, program: Program) -> None:
    """A swap has no words of its own; what somebody picked for one goes, and what nobody would open."""
    SwapPart.objects.filter(person=person, swap__pairing__program=program).delete()
    Swap.objects.shut().filter(proposed_by=person, pairing__program=program).delete()


def holdings() -> Iterator[Holding]:
    yield Holding(
        Swap,
        _("Swaps that you suggested"),
        of=lambda person: Swap.objects.filter(proposed_by=person).select_related(
            "pairing__mentor", "pairing__mentee", "round__program"
        ),
        exported={
            "pairing": _("with"),
            "round": _("quarter"),
            **named("opens_on", "created_at", "agreed_at", "opened_at"),
        },
        withheld={"id": Why.KEY, "proposed_by": Why.OWNER},
        values={
            "pairing": lambda row: _other(row.pairing, row.proposed_by_id),
            "round": lambda row: row.round.quarter.label,
        },
    )
    yield Holding(
        SwapPart,
        _("Swaps that you were ready for"),
        of=lambda person: SwapPart.objects.filter(person=person).select_related(
            "swap__pairing__mentor", "swap__pairing__mentee"
        ),
        exported={"swap": _("with"), "ready_at": None},
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"swap": lambda row: _other(row.swap.pairing, row.person_id)},
    )
    yield Holding(
        SwapItem,
        _("What you picked for swaps"),
        of=lambda person: SwapItem.objects.filter(part__person=person),
        exported={"moment": _("number of the moment"), "answer": _("number of the answer")},
        withheld={"id": Why.KEY, "part": Why.KEY},
        values={"moment": lambda row: row.moment_id, "answer": lambda row: row.answer_id},
    )
    yield Holding(
        LeftUntold,
        _("Lines that you would rather not tell"),
        of=lambda person: LeftUntold.objects.of(person),
        exported={
            "moment": _("number of the moment"),
            "answer": _("number of the answer"),
            "created_at": None,
        },
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"moment": lambda row: row.moment_id, "answer": lambda row: row.answer_id},
    )


def _other(pairing: Pairing, person: int) -> str:
    other = pairing.mentee if person == pairing.mentor_id else pairing.mentor
    return other.name or other.first_name
