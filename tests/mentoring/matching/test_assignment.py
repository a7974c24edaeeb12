"""The assignment is the best there is: against trying everything, and against other solvers."""

import numpy as np
import pytest
from hypothesis import given, settings

from mentoring.matching import assignment, known
from mentoring.matching.assignment import assign, first_proposal
from mentoring.matching.certificate import check_certificate
from mentoring.matching.scores import Block, Ints, Table

from .tables import (
    by_dense_assignment,
    by_linear_program,
    every_assignment,
    goodness,
    random_task,
    small_tasks,
)

Task = tuple[np.ndarray, Ints, Ints]


class Unkept(Table):
    """A table that is never kept as a whole, so that its pairs are found a few at a time."""

    asked = 0

    def block(self, rows: Ints, columns: Ints | None = None) -> Block:
        self.asked += len(rows) * (self.mentors if columns is None else len(columns))
        return super().block(rows, columns)


def with_short_lists(patch: pytest.MonkeyPatch) -> None:
    """So that nearly every pair has to be found missing by its price."""
    for name in ("BIDDING", "LOOKED_AT", "CLOSE"):
        patch.setattr(assignment, name, 1)
    patch.setattr(known, "BRINGS", 1)
    patch.setattr(known, "MOST_BETTER", 1)


@pytest.fixture(params=["as it is", "with short lists"])
def lists(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "with short lists":
        with_short_lists(monkeypatch)


@settings(max_examples=150)
@given(small_tasks())
def test_nothing_that_is_allowed_is_better(task: Task) -> None:
    is_the_best(*task)


@settings(max_examples=150)
@given(small_tasks())
def test_nothing_is_better_when_pairs_have_to_be_found_by_their_price(task: Task) -> None:
    with pytest.MonkeyPatch.context() as patch:
        with_short_lists(patch)
        is_the_best(*task)


def is_the_best(fits: np.ndarray, capacity: Ints, locked: Ints) -> None:
    scores = Table(fits)
    found = assign(scores, capacity, locked)
    all_of_them = every_assignment(fits, capacity, locked)
    assert tuple(found.mentor_of) in all_of_them
    best = max(goodness(fits, locked, one) for one in all_of_them)
    assert goodness(fits, locked, tuple(found.mentor_of)) == best
    assert (found.matched, found.total, found.worst) == best
    assert found.worst_is_best
    check_certificate(scores, capacity, found, locked)


@settings(max_examples=150)
@given(small_tasks())
def test_a_first_proposal_is_allowed_and_no_better_than_the_best(task: Task) -> None:
    fits, capacity, locked = task
    found = first_proposal(Table(fits), capacity, locked)
    all_of_them = every_assignment(fits, capacity, locked)
    assert tuple(found.mentor_of) in all_of_them
    assert found.matched <= max(goodness(fits, locked, one) for one in all_of_them)[0]
    assert found.proof is None


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize(
    ("mentees", "mentors", "places", "allowed"),
    [
        (60, 40, 1.2, 0.5),  # Room for everybody.
        (60, 40, 1.0, 0.1),  # Just so many places, and few pairs.
        (80, 30, 0.5, 0.3),  # Half of them go without.
        (80, 60, 1.0, 0.03),  # Places stay empty while mentees go without.
        (30, 90, 4.0, 0.9),  # Far more room than is needed.
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_other_solvers_find_nothing_better(
    seed: int, mentees: int, mentors: int, places: float, allowed: float
) -> None:
    fits, capacity = random_task(seed, mentees, mentors, places, allowed)
    scores = Unkept(fits)
    found = assign(scores, capacity)
    check_certificate(scores, capacity, found)
    assert (found.matched, found.total) == by_dense_assignment(fits, capacity)
    assert (found.matched, found.total) == by_linear_program(fits, capacity)


@pytest.mark.parametrize("places", [0.6, 1.0, 1.2])
def test_other_solvers_find_nothing_better_in_a_large_table(
    places: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assignment, "BIDDING", 8)
    monkeypatch.setattr(assignment, "LOOKED_AT", 4)
    fits, capacity = random_task(7, 700, 500, places, 0.2)
    scores = Unkept(fits)
    found = assign(scores, capacity)
    check_certificate(scores, capacity, found)
    assert (found.matched, found.total) == by_dense_assignment(fits, capacity)
    assert found.worst_is_best


def test_the_worst_pair_is_lifted_as_far_as_the_total_allows() -> None:
    # 5 + 5 and 9 + 1 are as much together.
    found = assign(Table([[5, 9], [1, 5]]), np.array([1, 1]))
    assert list(found.mentor_of) == [0, 1]
    assert (found.total, found.worst) == (10, 5)
    # 9 + 2 is more, whatever becomes of the worst.
    found = assign(Table([[5, 9], [2, 5]]), np.array([1, 1]))
    assert (found.total, found.worst) == (11, 2)


def test_more_matched_goes_before_any_fit() -> None:
    found = assign(Table([[1000, 0], [1000, -1]]), np.array([1, 1]))
    assert list(found.mentor_of) == [1, 0]


def test_the_same_task_is_solved_the_same_each_time() -> None:
    fits, capacity = random_task(3, 200, 120, 1.0, 0.3)
    fits //= 100  # Many that are equally good.
    one, other = (assign(Unkept(fits), capacity).mentor_of for _ in range(2))
    assert np.array_equal(one, other)


def test_an_assignment_is_found_as_good_from_one_that_was_nearly_the_same() -> None:
    fits, capacity = random_task(4, 300, 200, 0.9, 0.3)
    before = assign(Unkept(fits), capacity)
    changed = fits.copy()
    changed[np.arange(20), before.mentor_of[:20]] = -1
    warm = assign(Unkept(changed), capacity, near=before)
    cold = assign(Unkept(changed), capacity)
    assert (warm.matched, warm.total, warm.worst) == (cold.matched, cold.total, cold.worst)
    check_certificate(Unkept(changed), capacity, warm)


def test_equally_good_pairs_beyond_number_are_said_to_prove_nothing_of_the_worst(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(known, "MOST_EVEN", 10)
    monkeypatch.setattr(assignment, "BIDDING", 2)
    monkeypatch.setattr(assignment, "LOOKED_AT", 2)
    scores = Unkept(np.full((20, 20), 7))
    found = assign(scores, np.ones(20, dtype=np.int64))
    assert (found.matched, found.total) == (20, 140)
    assert not found.worst_is_best
    check_certificate(scores, np.ones(20, dtype=np.int64), found)


def test_locks_that_take_more_places_than_there_are_are_a_defect() -> None:
    with pytest.raises(ValueError, match="more places"):
        assign(Table([[1], [1]]), np.array([1]), np.array([0, 0]))
