"""What somebody wrote of what they can picture, and the shelf of their pair that it may stand on.

It never goes there by itself: once its writer shares the answer with the pairing, they are offered to put it there too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from accounts.vault.reading import words
from mentoring import rules
from mentoring.models import Pairing, Possibility

from .models import Answer, Audience, Reflection, ShelfCopy
from .models.reflection import AnswerQuerySet

# By the code of its question: what one has started to picture.
PICTURED = ("E10",)


@dataclass(frozen=True)
class Shelf:
    pairing: Pairing
    partner: User
    is_there: bool


def shelves(person: User, answers: Iterable[Answer]) -> dict[int, list[Shelf]]:
    """By answer, for those of their own that a pair of theirs reads and that wait for nobody's yes: the shelves that
    these words stand on, or may be put on. Without such an answer no query is made."""
    found = {}
    for answer in answers:
        if answer.question.code not in PICTURED or answer.audience != Audience.PAIRING:
            continue
        if not is_shared(answer).exists():
            continue
        pairings = [
            pairing
            for pairing in answer.pairings.with_people().order_by("pk")
            if rules.may_write_in_room(person, pairing)
        ]
        found[answer.pk] = [
            Shelf(pairing, pairing.partner_of(person), is_read(standing(answer, pairing, person)))
            for pairing in pairings
        ]
    return found


def is_shared(answer: Answer) -> AnswerQuerySet:
    """The answer, as long as a pair can read it: it is finished, and whoever it names has agreed."""
    return Answer.objects.agreed_to().filter(
        pk=answer.pk,
        is_locked=False,
        audience=Audience.PAIRING,
        reflection__status=Reflection.Status.SUBMITTED,
    )


def withdrawn() -> QuerySet[ShelfCopy, tuple[int]]:
    """Of what was put on shelves: that which nobody but its writer reads for now."""
    return ShelfCopy.objects.withdrawn().values_list("possibility")


def is_read(row: Possibility | None) -> bool:
    """Whether it stands there for both."""
    return row is not None and not ShelfCopy.objects.withdrawn().filter(possibility=row).exists()


def standing(answer: Answer, pairing: Pairing, person: User) -> Possibility | None:
    """What this person put on the shelf in the very words of the answer."""
    rows = Possibility.objects.filter(pairing=pairing, author=person).order_by("pk")
    return next((row for row in rows if words(row, "text") == answer.text.strip()), None)
