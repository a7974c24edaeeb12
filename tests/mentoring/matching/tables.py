"""Small and large tables of fits, and what their best assignment is, found in other ways than ours."""

from itertools import product

import numpy as np
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp

from mentoring.matching.scores import Ints


@st.composite
def small_tasks(draw: st.DrawFn) -> tuple[np.ndarray, Ints, Ints]:
    """Fits (few different ones, so that there are ties), capacities, and locks that fit into them."""
    mentees = draw(st.integers(0, 5))
    mentors = draw(st.integers(0, 4))
    fit = draw(st.sampled_from([st.integers(-1, 2), st.integers(-1, 9), st.sampled_from([-1, -1, 0, 1000])]))
    fits = np.array([[draw(fit) for _ in range(mentors)] for _ in range(mentees)], dtype=np.int32).reshape(
        mentees, mentors
    )
    capacity = np.array([draw(st.integers(0, 3)) for _ in range(mentors)], dtype=np.int64)
    locked = np.full(mentees, -1, dtype=np.int64)
    left = capacity.copy()
    for mentee in range(mentees):
        free = [-1, -1, *np.flatnonzero(left > 0)]
        locked[mentee] = draw(st.sampled_from(free))
        if locked[mentee] >= 0:
            left[locked[mentee]] -= 1
    return fits, capacity, locked


def every_assignment(fits: np.ndarray, capacity: Ints, locked: Ints) -> list[tuple[int, ...]]:
    """All that are allowed, one by one."""
    choices = [
        [int(lock)] if lock >= 0 else [-1, *map(int, np.flatnonzero(row >= 0))]
        for row, lock in zip(fits, locked, strict=True)
    ]
    return [
        one
        for one in product(*choices)
        if all(one.count(mentor) <= room for mentor, room in enumerate(capacity))
    ]


def goodness(fits: np.ndarray, locked: Ints, one: tuple[int, ...]) -> tuple[int, int, int]:
    """Matched, total and the worst pair that is not locked, as they are compared."""
    pairs = [(mentee, mentor) for mentee, mentor in enumerate(one) if mentor >= 0]
    free = [int(fits[pair]) for pair in pairs if locked[pair[0]] < 0]
    return len(pairs), sum(max(0, int(fits[pair])) for pair in pairs), min(free, default=-1)


def random_task(
    seed: int, mentees: int, mentors: int, places: float, allowed: float
) -> tuple[np.ndarray, Ints]:
    """Fits of a table in which some pairs are allowed, and capacities of so many places for each mentee in all."""
    random = np.random.default_rng(seed)
    fits = random.integers(0, 1000, (mentees, mentors)).astype(np.int32)
    fits[random.random(fits.shape) > allowed] = -1
    capacity = random.multinomial(int(places * mentees), np.full(mentors, 1 / mentors)).astype(np.int64)
    return fits, capacity


def by_dense_assignment(fits: np.ndarray, capacity: Ints) -> tuple[int, int]:
    """Matched and total by scipy's dense solver, with columns repeated."""
    big = (len(fits) + 1) * 1001
    columns = np.repeat(np.arange(len(capacity)), capacity)
    worth = np.where(fits < 0, 0, fits.astype(np.int64) + big)[:, columns]
    rows, at = linear_sum_assignment(worth, maximize=True)
    taken = worth[rows, at]
    matched = int((taken > 0).sum())
    return matched, int(taken.sum()) - matched * big


def by_linear_program(fits: np.ndarray, capacity: Ints) -> tuple[int, int]:
    """Matched and total by HiGHS, first the one and then the other, with no big number in it."""
    rows, columns = np.nonzero(fits >= 0)
    each = np.arange(len(rows))
    one = np.ones(len(rows))
    of_mentee = sparse.csr_array((one, (rows, each)), shape=(len(fits), len(rows)))
    of_mentor = sparse.csr_array((one, (columns, each)), shape=(len(capacity), len(rows)))
    limits = [LinearConstraint(of_mentee, ub=1), LinearConstraint(of_mentor, ub=capacity)]
    most = milp(-one, integrality=1, bounds=(0, 1), constraints=limits)
    matched = round(-most.fun)
    limits.append(LinearConstraint(one[None, :], lb=matched))
    best = milp(-fits[rows, columns].astype(float), integrality=1, bounds=(0, 1), constraints=limits)
    return matched, round(-best.fun)
