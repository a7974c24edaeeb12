"""What is held of a person so that they can keep moments by mail."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why, named
from mentoring.models import Program
from reflections.models import KeepAddress


def holdings() -> Iterator[Holding]:
    yield Holding(
        KeepAddress,
        _("Your address to keep moments by mail"),
        of=lambda person: KeepAddress.objects.of(person),
        exported=named("created_at", "used_at"),
        withheld={"id": Why.KEY, "person": Why.OWNER, "nonce": Why.SECRET, "token_hash": Why.SECRET},
    )


def clear_words(person: User, program: Program) -> None:
    """There are no words in any of it, and it belongs to no program."""
