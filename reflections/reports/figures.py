"""What is told of a count of people, and why nobody can work out more. Plain numbers; no database.

A count is told as the five numbers that it may be: "10 to 14" for 10, 11, 12, 13 and 14 alike, and "fewer than five"
for none to 4. That is each count rounded down to a multiple of five, by itself.

1. What one is counted in among others (`WITHIN`) adds nothing. Rounding down keeps an order: who met is among those who
   were in a pair, so the one figure is never above the other, and any of its five numbers goes with all the others
   (raise it, and what it lies within, by the same 0 to 4, and leave all else at the lower end). The same holds for
   parts that together are no more than their whole. So each count, each difference of two, and each change from one
   quarter to the next may be five different numbers at least.
2. That is lost where a whole is the sum of its parts and both are rounded: five parts of 4 and a whole of 20 would tell
   each of them. So no such whole is counted: `together` adds what is told already. There are no figures by role beside
   those for all, and of the ways in which a pairing ends one is never told.
3. It would be lost on another day, too: once "10 to 14" turns into "15 to 19" overnight, 15 people are there, and
   whoever came was one. So a quarter is counted once (`counting`).

`tests/reflections/reports/test_recovery.py` asks a solver for a single person in all reports at once.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from mentoring.small_counts import FEWEST


class Measure(StrEnum):
    """Counted are people, each once."""

    ENROLLED = "enrolled"
    MATCHED = "matched"
    MET = "met"
    REFLECTED = "reflected"
    COMPLETED = "completed"
    ENDED_BY_ONE = "ended_by_one"
    ENDED_IN_SILENCE = "ended_in_silence"


# Who is counted in the first is counted in the second.
WITHIN: Mapping[Measure, Measure] = {
    Measure.MATCHED: Measure.ENROLLED,
    Measure.MET: Measure.MATCHED,
    Measure.REFLECTED: Measure.ENROLLED,
    Measure.COMPLETED: Measure.MATCHED,
    Measure.ENDED_BY_ONE: Measure.MATCHED,
    Measure.ENDED_IN_SILENCE: Measure.MATCHED,
}


def at_least(number: int) -> int:
    """The lowest of the five numbers that a count is told as: a multiple of five, 0 for "fewer than five".

    Raises ValueError for a number below 0.
    """
    if number < 0:
        raise ValueError("A count of people is not negative.")
    return number - number % FEWEST


def at_most(lowest: int) -> int:
    """The highest of the five numbers, of what `at_least` gave."""
    return lowest + FEWEST - 1


def told(counts: Mapping[Measure, int]) -> dict[Measure, int]:
    """`at_least` of each measure; what was not counted is nobody."""
    return {measure: at_least(counts.get(measure, 0)) for measure in Measure}


def together(lowest: Iterable[int | None]) -> int:
    """Of several figures that are told: how many people these are at least. Never of counts. None is no figure."""
    return sum(figure or 0 for figure in lowest)
