"""Whether an assignment is the best there is, checked by its prices over every pair, in whole numbers.

It trusts nothing of what made the assignment: it needs the scores, the capacities and the locks alone.
"""

import numpy as np

from .assignment import Assignment
from .scores import Ints, Scores, blocks


class NotProven(Exception):
    """What does not hold."""


def check_certificate(scores: Scores, capacity: Ints, result: Assignment, locked: Ints | None = None) -> None:
    """Raises NotProven unless `result` is allowed, matches as many as possible, and of those has the highest total.

    For any assignment of the mentees who are not locked, the sum of worths and prices is at least what it is worth
    (`big` and the fit for each pair), by the inequality of each pair and since none is below nothing; the result
    reaches that sum. As `big` is more than any fits together, what is worth most matches most, and then has the most.
    """
    if result.proof is None:
        raise NotProven("There are no prices.")
    if locked is None:
        locked = np.full(scores.mentees, -1, dtype=np.int64)
    free = np.flatnonzero(locked < 0)
    left = np.asarray(capacity, dtype=np.int64) - np.bincount(locked[locked >= 0], minlength=scores.mentors)
    big, prices, worths = result.proof.big, result.proof.prices, result.proof.worths
    _hold(len(result.mentor_of) == len(worths) == scores.mentees, "It is of other mentees.")
    _hold(len(prices) == scores.mentors, "It is of other mentors.")
    _hold(bool((result.mentor_of[locked >= 0] == locked[locked >= 0]).all()), "A locked pair is gone.")
    _hold(bool(((result.mentor_of >= -1) & (result.mentor_of < scores.mentors)).all()), "A mentor is nobody.")
    taken = np.bincount(result.mentor_of[free][result.mentor_of[free] >= 0], minlength=scores.mentors)
    _hold(bool((taken <= left).all()), "Somebody has more mentees than room.")
    _hold(bool((prices >= 0).all() and (worths >= 0).all()), "Something is worth less than nothing.")
    most = min(len(free), int(left.sum()))
    _hold(big > most * scores.best, "To be matched is not worth more than everything else.")
    reached = 0
    for rows, block in blocks(scores, free):
        _hold(int(block.max(initial=0)) <= scores.best, "A fit is better than the best.")
        short = (worths[rows] - big)[:, None] + prices - block
        _hold(bool((short[block >= 0] >= 0).all()), "A pair is worth more than its prices.")
        matched = np.flatnonzero(result.mentor_of[rows] >= 0)
        fits = block[matched, result.mentor_of[rows[matched]]].astype(np.int64)
        _hold(bool((fits >= 0).all()), "A pair is forbidden.")
        reached += int((fits + big).sum())
    _hold(reached == int(worths[free].sum() + (left * prices).sum()), "The prices prove no such total.")


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotProven(otherwise)
