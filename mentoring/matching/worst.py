"""Among all assignments that are equally good, one whose worst pair is as good as it can be.

They are known exactly: by the prices of one best assignment (complementary slackness) the best assignments are those
that use only even pairs (worth and price together are what the pair is worth), leave out nobody whose worth is above
nothing, and leave no place empty whose price is. So whether there is one without the pairs below a threshold is again
an assignment, on few pairs, and the highest threshold is found by halving.
"""

import numpy as np

from .pairs import Pairs, Proof, best
from .scores import Ints


def lifted(even: Pairs, mentor_of: Ints, proof: Proof, capacity: Ints) -> Ints:
    """The assignment whose worst pair is the best, given all pairs that the prices of a best one leave even."""
    worths, prices = proof.worths, proof.prices
    asks = (worths > 0)[even.rows].astype(np.int64) + (prices > 0)[even.columns]
    needed = int((worths > 0).sum() + capacity[prices > 0].sum())
    taken = mentor_of[even.rows] == even.columns
    if not taken.any():
        return mentor_of
    worst = int(even.worth[taken].min())
    steps = np.unique(even.worth)
    steps = steps[(steps > worst) & (steps <= _roof(even, worths, prices))]
    low, high = 0, len(steps)  # The first `low` steps can be had; from `high` on none can.
    while low < high:
        middle = (low + high) // 2
        kept = even.worth >= steps[middle]
        tried = best(Pairs(even.rows[kept], even.columns[kept], asks[kept]), len(worths), capacity, outside=0)
        got = tried[even.rows[kept]] == even.columns[kept]
        if int(asks[kept][got].sum()) == needed:
            mentor_of, low = tried, middle + 1
        else:
            high = middle
    return mentor_of


def _roof(even: Pairs, worths: Ints, prices: Ints) -> int:
    """No worst pair can be better: somebody who has to be matched has no better one, or some place that must be
    filled."""
    roof = np.iinfo(np.int64).max
    for at, needed in ((even.rows, worths > 0), (even.columns, prices > 0)):
        most = np.full(len(needed), -1, dtype=np.int64)
        np.maximum.at(most, at, even.worth)
        roof = min(roof, int(most[needed].min(initial=roof)))
    return roof
