"""What matching is measured against is right. The benchmark itself is a drill."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bench.matching_people import matching
from bench.munkres import munkres


@given(st.integers(1, 7), st.randoms(use_true_random=False))
def test_munkres_finds_the_least(size: int, random: "np.random.RandomState") -> None:
    costs = np.array([[random.randint(0, 9) for _ in range(size)] for _ in range(size)])
    columns = munkres(costs.tolist())
    assert sorted(columns) == list(range(size))
    assert costs[np.arange(size), columns].sum() == costs[linear_sum_assignment(costs)].sum()


def test_the_same_seed_makes_the_same_people() -> None:
    assert matching(30) == matching(30) != matching(30, seed=6)
