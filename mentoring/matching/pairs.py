"""The best assignment on a list of pairs that are known, and the prices that prove it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .scores import Ints

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Some pairs with what each is worth; in the order of rows, then columns; none twice."""

    rows: Ints
    columns: Ints
    worth: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, chosen: Mask) -> "Pairs":
        return Pairs(self.rows[chosen], self.columns[chosen], self.worth[chosen])


@dataclass(frozen=True)
class Proof:
    """What every place costs and what it is worth to every mentee to take part, with `big` the worth of being matched
    at all. Assignment says what it proves."""

    big: int
    prices: Ints
    worths: Ints


def united(one: Pairs, other: Pairs, columns: int) -> Pairs:
    """Both lists, each pair once."""
    rows, across = np.concatenate([one.rows, other.rows]), np.concatenate([one.columns, other.columns])
    _, first = np.unique(rows * columns + across, return_index=True)
    return Pairs(rows[first], across[first], np.concatenate([one.worth, other.worth])[first])


def best(pairs: Pairs, mentees: int, capacity: Ints, outside: int) -> Ints:
    """The column of each row, or -1, so that what they are worth together is most.

    Whoever is left out costs `outside`: more than anything could be worth together, where as many as possible shall be
    matched first; else 0. scipy's shortest augmenting paths (Jonker and Volgenant, for sparse tables) do the work, on
    a column for each place and one for each mentee to be left out (or the other way round). Its floats hold our whole
    numbers exactly.
    """
    # Here, for all processes that never match know this module too, and would begin later for it.
    from scipy import sparse
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    first = np.concatenate([[0], np.cumsum(capacity)])
    places = int(first[-1])
    repeats = capacity[pairs.columns]
    pair = np.repeat(np.arange(len(pairs)), repeats)
    place = (
        first[pairs.columns[pair]] + np.arange(len(pair)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    )
    top = int(pairs.worth.max(initial=0)) + 1
    found = np.full(mentees, -1, dtype=np.int64)
    # The smaller side chooses: of the larger one many will be left out in any case.
    sides = (pairs.rows[pair], mentees), (place, places)
    (few, fewer), (many, more) = sides if mentees <= places else sides[::-1]
    if not fewer:
        return found
    each = np.arange(fewer)
    costs = np.concatenate([top - pairs.worth[pair], np.full(fewer, top + outside)]).astype(np.float64)
    at = np.concatenate([few, each]), np.concatenate([many, more + each])
    chose, chosen = min_weight_full_bipartite_matching(
        sparse.csr_array((costs, at), shape=(fewer, more + fewer))
    )
    chose, chosen = chose[chosen < more], chosen[chosen < more]
    mentor_of_place = np.repeat(np.arange(len(capacity)), capacity)
    if mentees <= places:
        found[chose] = mentor_of_place[chosen]
    else:
        found[chosen] = mentor_of_place[chose]
    return found


def proof(pairs: Pairs, mentor_of: Ints, capacity: Ints, big: int, near: Ints) -> Proof:
    """That `mentor_of`, which must be the best on these pairs, is. Of all prices that prove it, some near `near`: the
    nearer they are to those of the whole table, the fewer pairs seem to be missing.

    Prices prove it when everybody has what they like best: then the place of i with j costs at most so much more than
    one with k as it is worth more to i. So the highest prices are shortest paths, and the lowest above some given ones
    are longest paths, in the same graph (Bellman and Ford, all edges at once).
    """
    columns, outside = len(capacity), len(capacity)
    worth = pairs.worth + big
    taken = mentor_of[pairs.rows] == pairs.columns
    worth_here = np.zeros(len(mentor_of), dtype=np.int64)
    worth_here[pairs.rows[taken]] = worth[taken]
    # Whoever has nobody has the last column, where nothing costs anything.
    here = np.where(mentor_of < 0, outside, mentor_of)
    origin, target = here[pairs.rows[~taken]], pairs.columns[~taken]
    more = worth[~taken] - worth_here[pairs.rows[~taken]]
    used = np.bincount(mentor_of[mentor_of >= 0], minlength=columns)
    highest = np.append(np.where(used < capacity, 0, int(worth.max(initial=0))), 0)
    np.minimum.at(highest, here, worth_here)
    _settle(highest, target, origin, -more, np.minimum)
    prices = np.minimum(np.append(near, 0), highest)
    _settle(prices, origin, target, more, np.maximum)
    if (prices > highest).any():
        raise ArithmeticError("The assignment was not the best one on its pairs.")
    prices = prices[:columns]
    worths = np.zeros(len(mentor_of), dtype=np.int64)
    worths[pairs.rows[taken]] = worth[taken] - prices[pairs.columns[taken]]
    return Proof(big, prices, worths)


def _settle(prices: Ints, origin: Ints, target: Ints, more: Ints, bound: np.ufunc) -> None:
    """Move prices until each target's is bound by every origin's and `more`. In place."""
    if not len(target):
        return
    order = np.argsort(target, kind="stable")
    origin, target, more = origin[order], target[order], more[order]
    first = np.flatnonzero(np.diff(target, prepend=-1))
    targets = target[first]
    for _ in range(len(prices) + 1):
        moved = bound(prices[targets], bound.reduceat(prices[origin] + more, first))
        if np.array_equal(moved, prices[targets]):
            return
        prices[targets] = moved
    raise ArithmeticError("The assignment was not the best one on its pairs.")
