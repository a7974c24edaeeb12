"""What the demo has of staying in touch: two whose pairing is over and who write each other postcards."""

from collections.abc import Sequence
from datetime import timedelta

from mentoring.models import InTouch, Pairing, Postcard

from .calendar import DAY, Times
from .pairs import Pair

# By Hanne and Jonas, half a year after their pairing.
POSTCARDS = (
    (
        "hanne",
        "The harbor wall is finished, and it is a little crooked where you said it would be. I show it to all. How "
        "is the new yard?",
    ),
    (
        "jonas",
        "Loud, and full of people who ask why. I have begun to ask it back, the way you did. On Fridays I cook for the "
        "whole shift.",
    ),
)


def make(pairs: Sequence[Pair], times: Times) -> int:
    """How many who stay in touch."""
    _in_touch(pairs, times)
    return InTouch.objects.count()


def _in_touch(pairs: Sequence[Pair], times: Times) -> None:
    over = [pair for pair in pairs if pair.status in Pairing.OVER and pair.ended_on]
    for number, pair in enumerate(over):
        if pair.ended_on is None:
            continue
        said_at = times.at(pair.ended_on + DAY, 18)
        both = pair.mentor.key == "hanne" or number % 3 == 0
        people = (pair.saved.mentor, pair.saved.mentee) if both else (pair.saved.mentee,)
        for person in people:
            InTouch.objects.create(pairing=pair.saved, person=person, wants=True, said_at=said_at)
    first = next((pair for pair in over if pair.mentor.key == "hanne"), None)
    if first is None or first.ended_on is None:
        return
    asked_at = min(times.at(first.ended_on + 182 * DAY, 9), times.now - 12 * DAY)
    for (key, words), sent_after in zip(POSTCARDS, (timedelta(days=1), timedelta(days=4)), strict=True):
        person = first.saved.mentor if first.mentor.key == key else first.saved.mentee
        Postcard.objects.create(
            pairing=first.saved,
            person=person,
            number=1,
            text=words,
            asked_at=asked_at,
            sent_at=asked_at + sent_after,
        )
