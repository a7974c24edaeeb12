"""How pairs of the demo program rest, end, and go on for longer; and what those who ended keep of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import cycle

from accounts.models import User
from mentoring.models import Extension, Farewell, Pairing, Step

from .calendar import DAY, Times, working_day
from .pairs import Pair

# What one keeps, and what the other should hear: of a mentor, and of a mentee.
OF_MENTORS = (
    ("That a question I cannot answer is the best part of an hour.", "You ask better than you think you do."),
    (
        "She drew the thing before she named it. I do that now.",
        "I said “we” in the last meeting and meant you.",
    ),
    ("An hour a month with nothing to decide.", ""),
)
OF_MENTEES = (
    ("Say the number first, then be quiet.", "You never once finished my sentence. I noticed each time."),
    (
        "The walk along the quay, and that it could rain.",
        "Thank you for showing me the drawing that went wrong.",
    ),
    ("I can say that I do not know yet.", ""),
)
REASONS = (
    ("Two sites at once until the end of the month.", Step.Next.NOTHING),
    ("We wanted different things from it, and both said so.", Step.Next.ANOTHER),
    ("I would like to tell somebody how it went.", Step.Next.TALK),
)


def make(pairs: Sequence[Pair], users: Mapping[str, User], times: Times) -> int:
    """How many rows there are then about ends and pauses."""
    plans = _plan_ends(pairs, users, times)
    steps = list(_steps(pairs, times))
    farewells = list(_farewells(pairs, times))
    for row in (*steps, *farewells):
        row.save()
    return len(steps) + len(farewells) + plans


def _plan_ends(pairs: Sequence[Pair], users: Mapping[str, User], times: Times) -> int:
    """One pair ends soon, and both were asked about it; in another one would like to go on."""
    by_keys = {(pair.mentor.key, pair.mentee.key): pair.saved for pair in pairs if pair.mentor.key}
    soon, longer = by_keys["callum", "ines"], by_keys["hanne", "laila"]
    _runs_until(soon, times.today + 11 * DAY)
    for person in (soon.mentor, soon.mentee):
        Farewell.objects.create(pairing=soon, person=person, asked_at=times.at(times.today - 2 * DAY, 9))
    _runs_until(longer, working_day(times.today + 40 * DAY))
    Extension.objects.create(
        pairing=longer,
        proposed_by=users["laila@harbor.example"],
        until=working_day(times.today + 130 * DAY),
        created_at=times.at(times.today - DAY, 16, 20),
    )
    return 3


def _runs_until(pairing: Pairing, day: object) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(runs_until=day)
    pairing.refresh_from_db(fields=["runs_until"])


def _steps(pairs: Sequence[Pair], times: Times) -> Iterator[Step]:
    reasons = cycle(REASONS)
    for number, pair in enumerate(pairs):
        pairing = pair.saved
        if pair.status == Pairing.Status.PAUSED and number % 2:
            until = times.today + timedelta(days=9 + number % 20)
            Pairing.objects.filter(pk=pairing.pk).update(paused_until=until)
            kind, on = Step.Kind.PAUSE, times.today - 6 * DAY
        elif pair.status == Pairing.Status.ENDED and pair.ended_on:
            kind, on = Step.Kind.END, pair.ended_on
        else:
            continue
        reason, next_step = next(reasons)
        yield Step(
            pairing=pairing,
            person=pairing.mentee,
            kind=kind,
            reason=reason,
            next_step=Step.Next.NOTHING if kind == Step.Kind.PAUSE else next_step,
            created_at=times.at(on, 17, 5),
            # The older ones were seen to.
            settled_at=times.at(on + 3 * DAY, 10) if on < times.today - 60 * DAY else None,
        )


def _farewells(pairs: Sequence[Pair], times: Times) -> Iterator[Farewell]:
    """Most of those who came to the end of their pairing said something; some have not, or did not want to."""
    words = {"mentor": cycle(OF_MENTORS), "mentee": cycle(OF_MENTEES)}
    for number, pair in enumerate(pair for pair in pairs if pair.status == Pairing.Status.COMPLETED):
        pairing = pair.saved
        if pairing.ended_on is None:
            continue
        asked_at = times.at(pairing.ended_on - 14 * DAY, 9)
        for side, person in (("mentor", pairing.mentor), ("mentee", pairing.mentee)):
            keep, hear = next(words[side])
            is_said = number % 4 != 3
            said_at = times.at(pairing.ended_on - DAY, 18, 30)
            yield Farewell(
                pairing=pairing,
                person=person,
                keep=keep if is_said else "",
                hear=hear if is_said else "",
                asked_at=asked_at,
                answered_at=said_at if is_said else None,
                sent_at=said_at if is_said and hear else None,
            )
