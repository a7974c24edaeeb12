"""Who published which edition of a questionnaire: goes with them, and the edition stays."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why
from mentoring.models import Program
from reflections.models import EditionAuthor


def holdings() -> Iterator[Holding]:
    yield Holding(
        EditionAuthor,
        _("Editions of questionnaires that you published"),
        of=lambda person: EditionAuthor.objects.filter(person=person).select_related(
            "edition__questionnaire"
        ),
        exported={"edition": None},
        withheld={"id": Why.KEY, "person": Why.OWNER},
        values={"edition": lambda row: f"{row.edition.questionnaire}, {row.edition}"},
    )


def clear_words(person: User, program: Program) -> None:
    """Nothing: what is asked of everybody is no word of theirs."""
