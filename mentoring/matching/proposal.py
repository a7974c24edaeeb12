"""A matching as a proposal: pairs by the keys of people, and what they come to together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .assignment import Assignment, assign, first_proposal
from .certificate import check_certificate
from .fit import Musts, points
from .people import Key, Pair
from .program import Matching
from .scores import Ints, ProgramScores, Scores, fits_of


@dataclass(frozen=True, slots=True)
class Proposed:
    pair: Pair
    fit: int  # 0 to `Criteria.best`; of a locked pair too, though must-haves may forbid it.
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class Totals:
    """What runs are compared by."""

    matched: int
    fit: int  # Of all pairs together.
    worst: int | None  # The lowest fit of any pair; None where there is no pair.


@dataclass(frozen=True)
class Proposal:
    matching: Matching
    scores: Scores
    assignment: Assignment

    @cached_property
    def pairs(self) -> tuple[Proposed, ...]:
        """In the order of the mentees' keys."""
        return tuple(
            Proposed(pair, points(mentee, mentor, self.matching.criteria), pair in self.matching.locked)
            for mentee, at in zip(self.matching.mentees, self.assignment.mentor_of, strict=True)
            if at >= 0
            for mentor in [self.matching.mentors[at]]
            for pair in [Pair(mentee.key, mentor.key)]
        )

    @cached_property
    def mentor_of(self) -> Mapping[Key, Key]:
        return {each.pair.mentee: each.pair.mentor for each in self.pairs}

    @cached_property
    def room(self) -> Mapping[Key, int]:
        """The places that each mentor has left."""
        left = {mentor.key: mentor.capacity for mentor in self.matching.mentors}
        for each in self.pairs:
            left[each.pair.mentor] -= 1
        return left

    @cached_property
    def musts(self) -> Musts:
        return Musts(self.matching)

    @property
    def totals(self) -> Totals:
        fits = [each.fit for each in self.pairs]
        return Totals(len(fits), sum(fits), min(fits, default=None))

    @property
    def mentees_without(self) -> list[Key]:
        return [mentee.key for mentee in self.matching.mentees if mentee.key not in self.mentor_of]

    @property
    def mentors_without(self) -> list[Key]:
        taken = set(self.mentor_of.values())
        return [mentor.key for mentor in self.matching.mentors if mentor.key not in taken]

    def check(self) -> None:
        """Raises NotProven unless it is the best there is."""
        check_certificate(self.scores, capacities(self.matching), self.assignment, locks(self.matching))


def propose(matching: Matching, *, near: Proposal | None = None) -> Proposal:
    """The best there is: as many matched as possible, then the highest fit together, then the worst pair lifted.

    `near`, a proposal for the same people and criteria, makes it quicker: fits are not computed anew.
    """
    scores = _scores(matching, near)
    before = near.assignment if near else None
    return Proposal(matching, scores, assign(scores, capacities(matching), locks(matching), near=before))


def propose_at_once(matching: Matching) -> Proposal:
    """A proposal that is near the best, in a moment."""
    scores = ProgramScores(matching)
    return Proposal(matching, scores, first_proposal(scores, capacities(matching), locks(matching)))


def as_it_is(matching: Matching, pairs: Iterable[Pair]) -> Proposal:
    """These pairs as a proposal, so that it can be asked what a change to them would do. Nothing is solved and nothing
    is proven; a pair with somebody who is not in the matching is left out, and nobody's room is counted."""
    locked = locks(matching)
    mentor_of = locked.copy()
    for pair in pairs:
        if pair.mentee in matching.mentee_at and pair.mentor in matching.mentor_at:
            mentor_of[matching.mentee_at[pair.mentee]] = matching.mentor_at[pair.mentor]
    scores = ProgramScores(matching)
    paired = np.flatnonzero(mentor_of >= 0)
    fits = fits_of(scores, paired, mentor_of[paired])
    free = fits[locked[paired] < 0]
    found = Assignment(
        mentor_of=mentor_of,
        locked=locked,
        matched=len(paired),
        total=int(np.maximum(fits, 0).sum()),
        worst=int(free.min()) if len(free) else -1,
    )
    return Proposal(matching, scores, found)


def capacities(matching: Matching) -> Ints:
    return np.array([mentor.capacity for mentor in matching.mentors], dtype=np.int64)


def locks(matching: Matching) -> Ints:
    """The number of the mentor of each locked mentee, else -1."""
    locked = np.full(len(matching.mentees), -1, dtype=np.int64)
    for pair in matching.locked:
        locked[matching.mentee_at[pair.mentee]] = matching.mentor_at[pair.mentor]
    return locked


def _scores(matching: Matching, near: Proposal | None) -> Scores:
    if near is None:
        return ProgramScores(matching)
    before = near.matching
    if (before.mentees, before.mentors, before.criteria) != (
        matching.mentees,
        matching.mentors,
        matching.criteria,
    ):
        raise ValueError("The other proposal is for other people, or by other criteria.")
    scores = near.scores
    return scores.shut_by(matching) if isinstance(scores, ProgramScores) else ProgramScores(matching)
