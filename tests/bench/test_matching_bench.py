"""The benchmark of the matching runs from end to end, and Munkres's steps there are right. What it measures is not
judged."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from bench.matching_people import matching
from bench.munkres import munkres

from .test_pages_bench import lines_of


def test_a_line_against_each_solver_that_found_the_same() -> None:
    lines = lines_of("bench.matching", "--n", "40")
    assert len(lines) == 2
    for line in lines:
        assert line["bench"] == "matching"
        assert line["n"] == 40
        assert line["matched"] > 0
        assert line["ratio"] > 0
        assert line["first_below"] >= 0
        assert line["peak_mb"] > line["idle_mb"] / 2 > 0
    assert "Munkres" in lines[1]["against"]


@given(st.integers(1, 7), st.randoms(use_true_random=False))
def test_munkres_finds_the_least(size: int, random: "np.random.RandomState") -> None:
    costs = np.array([[random.randint(0, 9) for _ in range(size)] for _ in range(size)])
    columns = munkres(costs.tolist())
    assert sorted(columns) == list(range(size))
    assert costs[np.arange(size), columns].sum() == costs[linear_sum_assignment(costs)].sum()


def test_the_same_seed_makes_the_same_people() -> None:
    assert matching(30) == matching(30) != matching(30, seed=6)
