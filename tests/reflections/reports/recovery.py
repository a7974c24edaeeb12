"""Somebody who has every report there is, knows how the figures come about, and has a solver, looks for one person.

`Attack` holds what they know: unknown whole numbers of people, what reports say of them, and what has to be true of any
people at all. `width` is how far apart the largest and the smallest number are that something may still be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from reflections.reports.figures import WITHIN, Measure

# More people than any of these worlds has.
EVERYBODY = 10_000
ENDINGS = (Measure.COMPLETED, Measure.ENDED_BY_ONE, Measure.ENDED_IN_SILENCE)
# A pairing may end in ways that no report tells.
OTHERWISE = "otherwise"

# A program, a quarter, and what was counted then.
Cell = tuple[int, int, Measure | str]
Counts = Mapping[Cell, int]


@dataclass
class Attack:
    cells: list[Cell]
    rows: list[tuple[dict[Cell, int], float, float]] = field(default_factory=list)

    def learns(self, of: Mapping[Cell, int], low: float, high: float) -> None:
        """That this sum is from `low` to `high`."""
        self.rows.append((dict(of), low, high))

    def width(self, of: Mapping[Cell, int]) -> int:
        low, high = (self._best(of, sign) for sign in (1, -1))
        return high - low

    def _best(self, of: Mapping[Cell, int], sign: int) -> int:
        places = {cell: place for place, cell in enumerate(self.cells)}
        matrix = np.zeros((len(self.rows), len(self.cells)))
        for number, (row, _low, _high) in enumerate(self.rows):
            for cell, times in row.items():
                matrix[number, places[cell]] = times
        goal = np.zeros(len(self.cells))
        for cell, times in of.items():
            goal[places[cell]] = times * sign
        found = milp(
            goal,
            constraints=LinearConstraint(
                matrix, [low for _row, low, _high in self.rows], [high for _row, _low, high in self.rows]
            ),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds(0, EVERYBODY),
        )
        assert found.success, found.message
        return round(found.fun) * sign


def of_everything_known(cells: Iterable[Cell], *, tells_every_ending: bool = False) -> Attack:
    """What is true of any people, with the most that somebody may know besides: each had one pairing at a time, and
    whoever was in one goes on in the next quarter or is among those whose pairing ended."""
    attack = Attack(list(cells))
    moments = {(program, quarter) for program, quarter, _measure in attack.cells}
    for program, quarter in moments:
        for measure, whole in WITHIN.items():
            attack.learns({(program, quarter, measure): 1, (program, quarter, whole): -1}, -np.inf, 0)
        ended = {(program, quarter, measure): 1 for measure in ENDINGS}
        attack.learns(ended | {(program, quarter, Measure.MATCHED): -1}, -np.inf, 0)
        if (program, quarter + 1) in moments:
            others = {} if tells_every_ending else {(program, quarter, OTHERWISE): 1}
            goes_on = {(program, quarter + 1, Measure.MATCHED): 1}
            attack.learns(ended | others | goes_on | {(program, quarter, Measure.MATCHED): -1}, 0, np.inf)
    return attack


def all_cells(programs: int, quarters: int) -> list[Cell]:
    return [
        (program, quarter, measure)
        for program in range(programs)
        for quarter in range(quarters)
        for measure in (*Measure, OTHERWISE)
    ]


def choices(programs: int, quarters: int) -> Iterable[tuple[tuple[int, ...], range]]:
    """Each report that can be asked for: any programs, and any quarters that follow each other."""
    for number in range(1, programs + 1):
        for some in combinations(range(programs), number):
            for first in range(quarters):
                for last in range(first, quarters):
                    yield some, range(first, last + 1)


def questions(programs: int, quarters: int) -> Iterable[dict[Cell, int]]:
    """What would tell of a single person: each count; who is in a whole and not in its part; who came or went from one
    quarter to the next; how two things that were counted differ."""
    for program in range(programs):
        for quarter in range(quarters):
            for measure in Measure:
                yield {(program, quarter, measure): 1}
                if quarter:
                    yield {(program, quarter, measure): 1, (program, quarter - 1, measure): -1}
            for one, other in combinations(Measure, 2):
                yield {(program, quarter, one): 1, (program, quarter, other): -1}
    for measure in Measure:
        for one, other in combinations(range(programs), 2):
            yield {(one, 0, measure): 1, (other, 0, measure): 1}
