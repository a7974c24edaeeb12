"""What is held of a person so that they can keep moments by mail."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Program
from reflections.models import AnotherTime, KeepAddress


def holdings() -> Iterator[Holding]:
    yield Holding(
        KeepAddress,
        _("Your address to keep moments by mail"),
        of=lambda person: KeepAddress.objects.of(person),
        exported=named("created_at", "used_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER, "nonce": Why.SECRET, "token_hash": Why.SECRET},
    )
    yield Holding(
        AnotherTime,
        _("When you would rather be asked"),
        of=lambda person: AnotherTime.objects.visible_to(person).select_related("round__program"),
        exported=named("round", "nudge", "not_before", "created_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"round": lambda row: f"{row.round.program} · {row.round.quarter.label}"},
    )


def clear_words(person: User, program: Program) -> None:
    """There are no words in any of it, and it belongs to no program."""
