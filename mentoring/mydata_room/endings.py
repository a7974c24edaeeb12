"""How pairings rest and end, in the data map."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Extension, Farewell, Program, Step

PROGRAM = {"pairing": lambda row: row.pairing.program.name}


def clear_words(person: User, program: Program) -> None:
    """Why they paused and ended, and what they kept and said at the end."""
    Step.objects.filter(person=person, pairing__program=program).delete()
    Farewell.objects.filter(person=person, pairing__program=program).delete()


def holdings() -> Iterator[Holding]:
    yield Holding(
        Step,
        _("When you paused or ended a pairing, and why"),
        of=lambda person: Step.objects.filter(person=person).select_related("pairing__program"),
        exported={"pairing": _("program"), **named("kind", "reason", "next_step", "created_at")},
        withheld={
            "id": Why.KEY,
            "seal_id": Why.MACHINERY,
            "person": Why.OWNER,
            "settled_at": Why.MACHINERY,
        },
        values=PROGRAM,
    )
    yield Holding(
        Farewell,
        _("What you keep of pairings that ended, and what you said to the other one"),
        of=lambda person: Farewell.objects.filter(person=person).select_related("pairing__program"),
        exported={
            "pairing": _("program"),
            **named("keep", "hear", "asked_at", "answered_at", "sent_at"),
        },
        withheld={"id": Why.KEY, "seal_id": Why.MACHINERY, "person": Why.OWNER},
        values=PROGRAM,
    )
    yield Holding(
        Extension,
        _("Later last days that you proposed"),
        of=lambda person: Extension.objects.filter(proposed_by=person).select_related("pairing__program"),
        exported={"pairing": _("program"), **named("until", "state", "created_at", "closed_at")},
        withheld={"id": Why.KEY, "proposed_by": Why.OWNER},
        values=PROGRAM,
    )
