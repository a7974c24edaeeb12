"""Of the data map: from which answer something on a shelf was copied."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why
from mentoring.models import Program
from reflections.models import ShelfCopy


def holdings() -> Iterator[Holding]:
    # The words are a possibility, which is exported as such.
    yield Holding(
        ShelfCopy,
        _("What you put from an answer on the shelf of a pair"),
        of=lambda person: ShelfCopy.objects.filter(possibility__author=person),
        exported={"put_at": None, "answer": _("the answer")},
        withheld={"id": Why.KEY, "possibility": Why.KEY},
        values={"answer": lambda copy: copy.answer_id},
    )


def clear_words(person: User, program: Program) -> None:
    """Nothing: the rows go with what stands on the shelf, and have no words."""
