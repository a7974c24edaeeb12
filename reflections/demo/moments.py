"""What some of the cast said of their moments afterwards: what it gave them, and that it was mentoring. Invented."""

from collections.abc import Sequence

from accounts.models import User
from reflections.models import Moment

from .pairs import Pair
from .words import cast_moments

# By the beginning of the moment's words.
GAVE = {
    "Devika said “I disagree": "I have stopped softening my own doubts, at least in the mornings.",
    "Callum’s crew chief": "A good hour, and no part in it. I had forgotten how that feels.",
    "Gave my corner": "A better mood, and the better half of the table after all.",
    "Said it in the review": "My knees have come back. The voice is staying.",
}


def say_more(pairs: Sequence[Pair], users: dict[str, User]) -> int:
    """How many moments say more than their line."""
    keys = {person.key: person.email for pair in pairs for person in (pair.mentor, pair.mentee) if person.key}
    said = 0
    for one in cast_moments():
        moment = _found(users[keys[one.key]], one.text) if one.key in keys else None
        gave = next((words for begins, words in GAVE.items() if one.text.startswith(begins)), "")
        if moment is None or not (gave or moment.pairing_id):
            continue
        moment.gave, moment.mentoring_in_id = gave, moment.pairing_id
        moment.save()
        said += 1
    return said


def _found(person: User, text: str) -> Moment | None:
    return next((moment for moment in Moment.objects.of(person) if moment.text == text), None)
