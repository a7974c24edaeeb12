"""As many mentees matched as possible; then the highest total fit; then the worst pair lifted. Exact, and proven.

What is exact, and how, stands in docs/matching.md.
"""

from dataclasses import dataclass

import numpy as np

from .auction import Outcome, auction
from .known import Known, best_candidates, brought
from .pairs import Mask, Pairs, Proof, best, proof
from .scores import Ints, Scores, Table, Those, fits_of
from .worst import lifted

# How many candidates of a mentee bid in the auction, and how many are looked at once there are prices.
BIDDING, LOOKED_AT = 64, 24
# The step of a bid is this part of the best fit.
STEPS = 300
MOST_AUCTIONS = 6
# How many candidates of a mentee, on average, the first exact assignment is made of.
CLOSE = 6
# Up to so many cells the whole table is kept: 8 MiB.
SMALL = 1 << 21


@dataclass(frozen=True)
class Assignment:
    """The mentor of each mentee, by their numbers, or -1; and the prices that prove it.

    With `big` the worth of being matched at all, on top of the fit: prices of places and worths of mentees are at
    least nothing; the worth of a mentee and the price of a mentor are together at least `big` and the fit for every
    pair there could be; and all prices of all places and all worths together are what the assignment is worth. So none
    is worth more (certificate.py checks that). Locked mentees stand outside it, with the places they take.
    """

    mentor_of: Ints
    locked: Ints  # The mentor of each mentee whose pair is locked, or -1.
    matched: int
    total: int  # The fits together, a locked pair's too; nothing for one that must-haves forbid.
    worst: int  # The lowest fit of a pair that is not locked; -1 where there is none.
    proof: Proof | None = None
    # Whether it is known that the worst pair of no equally good assignment is better.
    worst_is_best: bool = False


@dataclass(frozen=True)
class _Task:
    """What is left to assign once the locked pairs have their places: some rows to mentors who have room."""

    whole: Scores
    locked: Ints
    rows: Ints
    columns: Ints
    scores: Scores  # Of those columns.
    capacity: Ints

    @property
    def big(self) -> int:
        """More than any fits can be together that could make up for a mentee who is not matched."""
        return (min(len(self.rows), int(self.capacity.sum())) + 1) * (self.whole.best + 1)

    def assignment(
        self, mentor_of_rows: Ints, proof: Proof | None = None, *, worst_is_best: bool = False
    ) -> Assignment:
        mentor_of = self.locked.copy()
        matched = mentor_of_rows >= 0
        mentor_of[self.rows[matched]] = self.columns[mentor_of_rows[matched]]
        paired = np.flatnonzero(mentor_of >= 0)
        fits = fits_of(self.whole, paired, mentor_of[paired])
        free = fits[self.locked[paired] < 0]
        return Assignment(
            mentor_of=mentor_of,
            locked=self.locked,
            matched=len(paired),
            total=int(np.maximum(fits, 0).sum()),
            worst=int(free.min()) if len(free) else -1,
            proof=proof and self._of_all(proof),
            worst_is_best=worst_is_best,
        )

    def _of_all(self, proof: Proof) -> Proof:
        """With the locked mentees, who want nothing more, and mentors without room, who cost more than anybody has."""
        prices = np.full(self.whole.mentors, proof.big + self.whole.best, dtype=np.int64)
        prices[self.columns] = proof.prices
        worths = np.zeros(self.whole.mentees, dtype=np.int64)
        worths[self.rows] = proof.worths
        return Proof(proof.big, prices, worths)


def first_proposal(scores: Scores, capacity: Ints, locked: Ints | None = None) -> Assignment:
    """Near the best, in a moment; nothing is proven."""
    task = _task(scores, capacity, locked)
    return task.assignment(_first(task).mentor_of)


def assign(
    scores: Scores, capacity: Ints, locked: Ints | None = None, near: Assignment | None = None
) -> Assignment:
    """The best there is, with its proof.

    `capacity` is how many places each mentor has, `locked` the mentor of each mentee whose pair stands, else -1.
    From the assignment of a task that was nearly the same it is found sooner; what is found is as good, though it may
    be another one of those that are equally good.
    """
    task = _task(scores, capacity, locked)
    if not len(task.rows) or not len(task.columns):
        nobody = np.zeros(len(task.rows), dtype=np.int64)
        free = np.zeros(len(task.columns), dtype=np.int64)
        return task.assignment(nobody - 1, Proof(task.big, free, nobody), worst_is_best=True)
    known = Known(task.scores, task.rows, LOOKED_AT)
    if near is None or near.proof is None:
        lists = known.look_at_all(_first(task).prices)
    else:
        lists = known.look_at_all(_of_the_fit(near.proof, task))
    # Once more, among those that are best at these prices.
    outcome = auction(lists, task.capacity, _step(task))
    known.take_in(outcome.mentor_of)
    close = _close(known, outcome.prices)
    # With a small worth of being matched, prices stay near each other; mostly that is enough to match all who can be.
    small = task.scores.best + 1
    prices = outcome.prices + (0 if (outcome.mentor_of >= 0).all() else small)
    mentor_of, found, close = _proven(task, known, close, small, prices)
    exact = _with_big(found, mentor_of, task)
    if exact is None:
        mentor_of, exact, _ = _proven(task, known, close, task.big, found.prices)
    even = known.pairs.where(known.slack(exact) == 0)
    mentor_of = lifted(even, mentor_of, exact, task.capacity)
    return task.assignment(mentor_of, exact, worst_is_best=known.even_are_complete)


def _step(task: _Task) -> int:
    return max(1, task.scores.best // STEPS)


def _of_the_fit(proof: Proof, task: _Task) -> Ints:
    """Prices as they would be if being matched were worth nothing more than the fit."""
    prices = proof.prices[task.columns]
    return prices - max(0, int(np.median(prices)) // proof.big * proof.big) if len(prices) else prices


def _first(task: _Task) -> Outcome:
    """Near the best: an auction among the best candidates of each mentee.

    A mentor who is on few lists may be left with room while somebody goes without: then they bring the mentees who
    would gain most by them, and it is held again.
    """
    lists, _ = best_candidates(task.scores, task.rows, BIDDING)
    outcome = auction(lists, task.capacity, _step(task))
    for _ in range(MOST_AUCTIONS - 1):
        used = np.bincount(outcome.mentor_of[outcome.mentor_of >= 0], minlength=task.scores.mentors)
        free = np.flatnonzero(used < task.capacity)
        if not len(free) or (outcome.mentor_of >= 0).all():
            break
        more = brought(task.scores, task.rows, free, outcome, lists)
        if more is None:
            break
        lists = more
        outcome = auction(lists, task.capacity, _step(task))
    return outcome


def _proven(task: _Task, known: Known, close: Mask, big: int, near: Ints) -> tuple[Ints, Proof, Mask]:
    """The best assignment of all where being matched is worth `big`: on the close pairs, until no other pair would
    make it better."""
    while True:
        pairs = known.pairs.where(close)
        mentor_of = best(pairs, len(task.rows), task.capacity, outside=big)
        found = proof(pairs, mentor_of, task.capacity, big, near)
        near = found.prices
        slack = known.slack(found)
        if not (slack < 0).any():
            # Nothing that is known is missing: is there anything that is not?
            before = known.pairs
            known.look_further(found)
            close = _carried(close, before, known.pairs, task.scores.mentors)
            slack = known.slack(found)
            if not (slack < 0).any():
                return mentor_of, found, close
        missed = _most_missed(known.pairs, slack)
        if (close & missed).any():
            raise ArithmeticError("The prices do not prove the assignment that they came from.")
        close |= missed


def _with_big(found: Proof, mentor_of: Ints, task: _Task) -> Proof | None:
    """The same proof where being matched is worth more than all fits, if nobody more can be matched: everybody is, or
    every place is taken."""
    more = task.big - found.big
    if (mentor_of >= 0).all():
        return Proof(task.big, found.prices, found.worths + more)
    if (mentor_of >= 0).sum() == task.capacity.sum():
        return Proof(task.big, found.prices + more, found.worths)
    return None


def _task(scores: Scores, capacity: Ints, locked: Ints | None) -> _Task:
    if 0 < scores.mentees * scores.mentors <= SMALL and not isinstance(scores, Table):
        table = Table(scores.block(np.arange(scores.mentees)))
        table.best = scores.best
        scores = table
    if locked is None:
        locked = np.full(scores.mentees, -1, dtype=np.int64)
    taken = np.bincount(locked[locked >= 0], minlength=scores.mentors)
    left = np.asarray(capacity, dtype=np.int64) - taken
    if (left < 0).any():
        raise ValueError("The locked pairs take more places than there are.")
    columns = np.flatnonzero(left > 0)
    those = scores if len(columns) == scores.mentors else Those(scores, columns)
    return _Task(scores, locked, np.flatnonzero(locked < 0), columns, those, left[columns])


def _close(known: Known, paid: Ints) -> Mask:
    """The known pairs that are least below the best of their mentee at these prices: CLOSE of each, on average."""
    left = known.pairs.worth - paid[known.pairs.columns]
    most = np.zeros(len(known.rows), dtype=np.int64)  # To go without is worth nothing.
    np.maximum.at(most, known.pairs.rows, left)
    below = most[known.pairs.rows] - left
    few = CLOSE * len(known.rows)
    if len(below) <= few:
        return np.ones(len(below), dtype=bool)
    chosen: Mask = below <= np.partition(below, few)[few]
    return chosen


def _most_missed(pairs: Pairs, slack: Ints) -> Mask:
    """The pairs of each mentee that would make it better most, CLOSE of them."""
    chosen = np.zeros(len(pairs), dtype=bool)
    missed = np.flatnonzero(slack < 0)
    missed = missed[np.lexsort((slack[missed], pairs.rows[missed]))]
    first = np.flatnonzero(np.diff(pairs.rows[missed], prepend=-1))
    rank = np.arange(len(missed)) - np.repeat(first, np.diff(first, append=len(missed)))
    chosen[missed[rank < CLOSE]] = True
    return chosen


def _carried(close: Mask, before: Pairs, after: Pairs, columns: int) -> Mask:
    """The choice among the pairs before, as a choice among those after, which hold them all."""
    carried = np.zeros(len(after), dtype=bool)
    kept = before.where(close)
    carried[np.searchsorted(after.rows * columns + after.columns, kept.rows * columns + kept.columns)] = True
    return carried
