"""Nobody can be told apart in reports, by whoever has all of them: every choice of programs and quarters, on two days.

A bound is stated: whatever is asked (`recovery.questions`), the answer may still be five different numbers. Each part
of the scheme is then taken away, and the same attack has to find somebody, or the test would prove nothing.
"""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mentoring.small_counts import FEWEST
from reflections.reports.figures import Measure, at_least, at_most, together, told

from .recovery import (
    ENDINGS,
    OTHERWISE,
    Attack,
    Cell,
    Counts,
    all_cells,
    choices,
    of_everything_known,
    questions,
)

PROGRAMS, QUARTERS = 2, 2
# From the lowest of five numbers to the highest.
SAFE = FEWEST - 1
Rounding = Callable[[int], tuple[int, int]]


def as_told(number: int) -> tuple[int, int]:
    """Between which numbers a report says that it is."""
    lowest = at_least(number)
    return lowest, at_most(lowest)


def exactly_from_five_on(number: int) -> tuple[int, int]:
    """Primary suppression alone."""
    return (number, number) if number >= FEWEST else (0, FEWEST - 1)


@st.composite
def worlds(draw: st.DrawFn) -> Counts:
    """People of two programs over two quarters, of whom each measure is true of some. About the steps, where there is
    most to be learned."""
    counts: dict[Cell, int] = {}

    def some(most: int) -> int:
        near = [number for number in range(most + 1) if number % FEWEST in (0, 1, FEWEST - 1)]
        return draw(st.sampled_from(near) | st.integers(0, most))

    for program in range(PROGRAMS):
        for quarter in range(QUARTERS):
            enrolled = some(30)
            left = matched = some(enrolled)
            found: dict[Measure | str, int] = {
                Measure.ENROLLED: enrolled,
                Measure.MATCHED: matched,
                Measure.MET: some(matched),
                Measure.REFLECTED: some(enrolled),
                OTHERWISE: 0,
            }
            for measure in ENDINGS:
                found[measure] = some(left)
                left -= found[measure]
            counts |= {(program, quarter, measure): number for measure, number in found.items()}
        _let_the_others_end(counts, program)
    return counts


def _let_the_others_end(counts: dict[Cell, int], program: int) -> None:
    """Those who are missing in the next quarter had a pairing that ended in a way that is not told."""
    for quarter in range(QUARTERS - 1):
        matched = counts[program, quarter, Measure.MATCHED]
        ended = sum(counts[program, quarter, measure] for measure in ENDINGS)
        gone = matched - ended - counts[program, quarter + 1, Measure.MATCHED]
        counts[program, quarter, OTHERWISE] = max(gone, 0)


def attack_on(
    counts: Counts,
    *,
    rounding: Rounding = as_told,
    rounds_sums: bool = False,
    tells_every_ending: bool = False,
) -> Attack:
    """All that the reports of this world say, one after the other, to somebody who keeps each."""
    attack = of_everything_known(all_cells(PROGRAMS, QUARTERS), tells_every_ending=tells_every_ending)
    for programs, quarters in choices(PROGRAMS, QUARTERS):
        for quarter in quarters:
            for measure in Measure:
                cells: Mapping[Cell, int] = {(program, quarter, measure): 1 for program in programs}
                for cell in cells:
                    attack.learns({cell: 1}, *rounding(counts[cell]))
                whole = sum(counts[cell] for cell in cells)
                if rounds_sums:
                    attack.learns(cells, *rounding(whole))
                else:
                    lowest = together(rounding(counts[cell])[0] for cell in cells)
                    attack.learns(cells, lowest, float("inf"))
    return attack


def narrowest(attack: Attack) -> int:
    return min(attack.width(question) for question in questions(PROGRAMS, QUARTERS))


def a_world(**numbers: Mapping[int, int]) -> dict[Cell, int]:
    """Nobody anywhere, but for `measure={quarter: number}` of the first program."""
    counts = dict.fromkeys(all_cells(PROGRAMS, QUARTERS), 0)
    for name, by_quarter in numbers.items():
        measure = Measure(name) if name in set(Measure) else name
        counts |= {(0, quarter, measure): number for quarter, number in by_quarter.items()}
    return counts


# One of thirteen was in no pair; and a quarter in which pairings ended in each way.
ONE_OF_THIRTEEN = a_world(enrolled={0: 13, 1: 14}, matched={0: 12, 1: 12})
MANY_ENDED = a_world(
    enrolled={0: 25, 1: 25},
    matched={0: 25, 1: 4},
    completed={0: 9},
    ended_by_one={0: 9},
    ended_in_silence={0: 4},
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
@example(ONE_OF_THIRTEEN)
@example(MANY_ENDED)
def test_all_reports_together_leave_five_answers_to_each_question_about_one_person(counts: Counts) -> None:
    attack = attack_on(counts)
    for question in questions(PROGRAMS, QUARTERS):
        assert attack.width(question) >= SAFE, question


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_who_is_among_others_is_never_told_as_more_than_they(one: int, other: int) -> None:
    part, whole = sorted((one, other))
    assert at_least(part) <= at_least(whole)
    assert at_least(one) + at_least(other) <= at_least(one + other)


def test_figures_are_multiples_of_five_that_are_never_below_five() -> None:
    for number in range(40):
        lowest = told({Measure.MET: number})[Measure.MET]
        assert lowest % FEWEST == 0
        assert lowest <= number <= at_most(lowest)
        assert (lowest == 0) == (number < FEWEST)
    with pytest.raises(ValueError, match="not negative"):
        at_least(-1)


# --- Each part of it taken away ---------------------------------------------------------------------------------------


def test_exact_totals_of_five_or_more_would_tell_of_one_by_difference() -> None:
    """Thirteen had a place and twelve were in a pair: neither is small, and one person was left over."""
    assert narrowest(attack_on(ONE_OF_THIRTEEN, rounding=exactly_from_five_on)) == 0
    assert narrowest(attack_on(ONE_OF_THIRTEEN)) >= SAFE


def test_a_sum_over_programs_that_is_rounded_by_itself_would_narrow_its_parts() -> None:
    """Nine and nine are eighteen: "15 to 19" beside two of "5 to 9" says that neither is five."""
    counts = a_world(enrolled={0: 9, 1: 9})
    counts |= {(1, quarter, Measure.ENROLLED): 9 for quarter in range(QUARTERS)}
    assert narrowest(attack_on(counts, rounds_sums=True)) < SAFE
    assert narrowest(attack_on(counts)) >= SAFE


def test_endings_that_were_all_told_would_tell_of_each_of_them() -> None:
    """Of 25 pairs, 4 went on, and 9, 9 and 4 ended, so that 26 are the most there can be: with one more that is not
    told, nothing follows."""
    counts = MANY_ENDED | {(0, 0, Measure.ENDED_IN_SILENCE): 4, (0, 0, Measure.COMPLETED): 9}
    assert narrowest(attack_on(counts, tells_every_ending=True)) < SAFE
    assert narrowest(attack_on(counts)) >= SAFE


def test_a_quarter_counted_anew_each_day_would_tell_when_somebody_came() -> None:
    """Fourteen today and fifteen tomorrow: whoever has both reports, and knows that one came at most, knows both."""
    today, tomorrow = (0, 0, Measure.ENROLLED), (1, 0, Measure.ENROLLED)
    for told_tomorrow, finds in ((as_told(15), True), (as_told(14), False)):
        attack = Attack([today, tomorrow])
        attack.learns({tomorrow: 1, today: -1}, 0, 1)
        attack.learns({today: 1}, *as_told(14))
        attack.learns({tomorrow: 1}, *told_tomorrow)
        assert (attack.width({today: 1}) < SAFE) is finds
