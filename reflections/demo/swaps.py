"""Swaps of the demo program: one that is open, one that waits for its day, one that is suggested."""

from collections.abc import Mapping, Sequence

from reflections.models import Answer, Audience, Moment, Round, Swap, SwapItem, SwapPart

from .calendar import DAY, Times
from .pairs import Pair


def make(pairs: Sequence[Pair], rounds: Mapping[int, Round], times: Times) -> int:
    """How many there are. `rounds` by how many quarters ago theirs was."""
    by_keys = {(pair.mentor.key, pair.mentee.key): pair for pair in pairs if pair.mentor.key}
    devika, callum = by_keys["hanne", "devika"], by_keys.get(("hanne", "callum")) or by_keys["callum", "ines"]
    _open(devika, rounds[1], times)
    _suggest(devika, rounds[0], times)
    _agree(callum, rounds[0], times)
    return 3


def _open(pair: Pair, round: Round, times: Times) -> None:
    """With what the two let each other read of that quarter already."""
    opened_at = times.at(round.closes_on + DAY, 18, 10)
    swap = Swap.objects.create(
        pairing=pair.saved,
        round=round,
        proposed_by=pair.saved.mentor,
        opens_on=round.closes_on + 4 * DAY,
        created_at=opened_at - 10 * DAY,
        agreed_at=opened_at - 9 * DAY,
        opened_at=opened_at,
    )
    for person in (pair.saved.mentor, pair.saved.mentee):
        part = SwapPart.objects.create(swap=swap, person=person, ready_at=opened_at)
        answers = Answer.objects.filter(
            reflection__person=person, reflection__round=round, audience=Audience.PAIRING, pairings=pair.saved
        )
        for answer in answers.order_by("pk").values_list("pk", flat=True)[:2]:
            SwapItem.objects.create(part=part, answer_id=answer)
        moments = Moment.objects.of(person).within(round.quarter).shared_in(pair.saved).newest_first()
        for moment in moments.values_list("pk", flat=True)[:1]:
            SwapItem.objects.create(part=part, moment_id=moment)


def _suggest(pair: Pair, round: Round, times: Times) -> None:
    Swap.objects.create(
        pairing=pair.saved,
        round=round,
        proposed_by=pair.saved.mentee,
        opens_on=times.today + 8 * DAY,
        created_at=min(times.at(times.today - DAY, 17, 5), times.now),
    )


def _agree(pair: Pair, round: Round, times: Times) -> None:
    """One of the two has picked something, and is ready; nobody else knows."""
    agreed_at = times.at(times.today - 2 * DAY, 8, 40)
    swap = Swap.objects.create(
        pairing=pair.saved,
        round=round,
        proposed_by=pair.saved.mentee,
        opens_on=times.today + 6 * DAY,
        created_at=agreed_at - DAY,
        agreed_at=agreed_at,
    )
    part = SwapPart.objects.create(swap=swap, person=pair.saved.mentor, ready_at=agreed_at)
    kept = Moment.objects.of(pair.saved.mentor).within(round.quarter).filter(audience=Audience.ME)
    for moment in kept.newest_first().values_list("pk", flat=True)[:1]:
        SwapItem.objects.create(part=part, moment_id=moment)
