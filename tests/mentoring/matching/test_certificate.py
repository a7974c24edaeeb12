"""A certificate holds for the best assignment, and for nothing that was tampered with."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.matching.assignment import Assignment, assign, first_proposal
from mentoring.matching.certificate import NotProven, check_certificate
from mentoring.matching.pairs import Proof
from mentoring.matching.scores import Ints, Table

from .tables import every_assignment, goodness, random_task, small_tasks

FITS, CAPACITY = random_task(2, 40, 25, 0.9, 0.5)
SCORES = Table(FITS)
FOUND = assign(SCORES, CAPACITY)


def proof() -> Proof:
    assert FOUND.proof is not None
    return Proof(FOUND.proof.big, FOUND.proof.prices.copy(), FOUND.proof.worths.copy())


def pairs_with(change: Callable[[Ints], None]) -> Assignment:
    mentor_of = FOUND.mentor_of.copy()
    change(mentor_of)
    return replace(FOUND, mentor_of=mentor_of)


def one_left_out(mentor_of: Ints) -> None:
    mentor_of[np.flatnonzero(mentor_of >= 0)[0]] = -1


def two_swapped(mentor_of: Ints) -> None:
    one, other = np.flatnonzero(mentor_of >= 0)[:2]
    mentor_of[[one, other]] = mentor_of[[other, one]]


def one_too_many(mentor_of: Ints) -> None:
    full = mentor_of[np.flatnonzero(mentor_of >= 0)[0]]
    mentor_of[np.flatnonzero(mentor_of != full)[0]] = full


def one_forbidden(mentor_of: Ints) -> None:
    one = np.flatnonzero(mentor_of >= 0)[0]
    mentor_of[one] = np.flatnonzero(FITS[one] < 0)[0]


def nobody_there(mentor_of: Ints) -> None:
    mentor_of[0] = len(CAPACITY)


def test_it_holds_for_what_was_found() -> None:
    check_certificate(SCORES, CAPACITY, FOUND)


@pytest.mark.parametrize("change", [one_left_out, two_swapped, one_too_many, one_forbidden, nobody_there])
def test_another_assignment_is_not_proven(change: Callable[[Ints], None]) -> None:
    with pytest.raises(NotProven):
        check_certificate(SCORES, CAPACITY, pairs_with(change))


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("of", ["prices", "worths"])
def test_no_number_of_the_proof_can_be_another_one(of: str, by: int) -> None:
    for at in range(len(getattr(proof(), of))):
        changed = proof()
        # A mentor without room has no place whose price would count: higher proves as much.
        if of == "prices" and not CAPACITY[at]:
            continue
        getattr(changed, of)[at] += by
        with pytest.raises(NotProven):
            check_certificate(SCORES, CAPACITY, replace(FOUND, proof=changed))


def test_a_proof_with_little_for_being_matched_is_none() -> None:
    with pytest.raises(NotProven, match="not worth more"):
        check_certificate(SCORES, CAPACITY, replace(FOUND, proof=replace(proof(), big=1000)))


def test_a_first_proposal_has_no_proof() -> None:
    with pytest.raises(NotProven, match="no prices"):
        check_certificate(SCORES, CAPACITY, first_proposal(SCORES, CAPACITY))


def test_a_proof_is_of_its_own_fits_and_capacities() -> None:
    better = FITS.copy()
    at = np.flatnonzero(FOUND.mentor_of >= 0)[0]
    better[at, FOUND.mentor_of[at]] += 1
    with pytest.raises(NotProven):
        check_certificate(Table(better), CAPACITY, FOUND)
    with pytest.raises(NotProven):
        check_certificate(SCORES, CAPACITY + 1, FOUND)


def test_a_locked_pair_that_is_gone_is_seen() -> None:
    locked = np.full(len(FITS), -1)
    locked[0] = next(mentor for mentor in np.flatnonzero(CAPACITY) if mentor != FOUND.mentor_of[0])
    with pytest.raises(NotProven, match="locked"):
        check_certificate(SCORES, CAPACITY, FOUND, locked)


@given(small_tasks(), st.randoms(use_true_random=False))
def test_it_holds_for_no_assignment_that_is_worse(
    task: tuple[np.ndarray, Ints, Ints], random: "np.random.RandomState"
) -> None:
    fits, capacity, locked = task
    scores = Table(fits)
    found = assign(scores, capacity, locked)
    other = random.choice(every_assignment(fits, capacity, locked))
    changed = replace(found, mentor_of=np.array(other, dtype=np.int64))
    if goodness(fits, locked, other)[:2] == (found.matched, found.total):
        check_certificate(scores, capacity, changed, locked)
    else:
        with pytest.raises(NotProven):
            check_certificate(scores, capacity, changed, locked)
