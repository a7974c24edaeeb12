"""Why somebody has no match, and the smallest change by which they would have one."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum

import numpy as np

from .fit import Must, Musts, points
from .pairs import Mask
from .people import Key, Person
from .proposal import Proposal
from .scores import Ints, Scores

# What no change is proposed for: these stand for a person, not for a wish.
STANDS = frozenset({"blocked", "never", "self", "earlier", "line"})
# Whom these stand for is told to nobody: in what is said, those people are as if they were not there.
UNTOLD = frozenset({"never", "line"})


class Cause(Enum):
    NOBODY_THERE = "nobody there"  # There is nobody on the other side.
    MUSTS = "musts"  # Must-haves left nobody.
    FULL = "full"  # Whoever they could be with has no room left.
    NO_ROOM = "no room"  # The mentor has room for nobody.
    NOT_NEEDED = "not needed"  # All mentees that the mentor could be with are with others.


@dataclass(frozen=True, slots=True)
class Left:
    """How many remained of the other side once this must-have was asked, too."""

    must: Must
    remained: int


@dataclass(frozen=True, slots=True)
class Change:
    """Waive these must-haves for this one pair, and give the mentor one more place if `adds_place`.

    With it as many are matched as before, and this mentee too; others may change their mentor for it.
    """

    mentor: Key
    fit: int
    waives: tuple[Must, ...] = ()
    adds_place: bool = False

    @property
    def size(self) -> int:
        return len(self.waives) + self.adds_place


@dataclass(frozen=True, slots=True)
class Unmatched:
    key: Key
    cause: Cause
    # One must-have after the other, in their order; those that took nobody away are not there.
    musts: tuple[Left, ...] = ()
    # The must-have that left nobody.
    emptied_by: Must | None = None
    # Whom they could be with, had these room (for a mentor: were these not with others); best fit first, a few.
    could_be_with: tuple[Key, ...] = ()
    change: Change | None = None


def mentee_without(proposal: Proposal, key: Key, few: int = 5) -> Unmatched:
    """Why this mentee has none."""
    matching = proposal.matching
    mentee = matching.mentees[matching.mentee_at[key]]
    musts = proposal.musts
    broken = {mentor.key: tuple(musts.broken(mentee, mentor)) for mentor in matching.mentors}
    fits = {mentor.key: points(mentee, mentor, matching.criteria) for mentor in matching.mentors}
    return _why(
        mentee,
        musts,
        broken,
        fits,
        otherwise=Cause.FULL,
        few=few,
        change=_smallest(proposal, broken, fits),
    )


def mentor_without(proposal: Proposal, key: Key, few: int = 5) -> Unmatched:
    """Why this mentor has none."""
    matching = proposal.matching
    mentor = matching.mentors[matching.mentor_at[key]]
    if not mentor.capacity:
        return Unmatched(key, Cause.NO_ROOM)
    musts = proposal.musts
    broken = {mentee.key: tuple(musts.broken(mentee, mentor)) for mentee in matching.mentees}
    fits = {
        mentee.key: points(mentee, mentor, matching.criteria)
        for mentee in matching.mentees
        if not broken[mentee.key]
    }
    return _why(mentor, musts, broken, fits, otherwise=Cause.NOT_NEEDED, few=few, change=None)


def _why(
    person: Person,
    musts: Musts,
    broken: dict[Key, tuple[Must, ...]],
    fits: dict[Key, int],
    *,
    otherwise: Cause,
    few: int,
    change: Change | None,
) -> Unmatched:
    broken = {key: each for key, each in broken.items() if not any(must.kind in UNTOLD for must in each)}
    first = Counter(each[0] for each in broken.values() if each)
    remained, funnel = len(broken), []
    for must in musts.asked:
        if first[must]:
            remained -= first[must]
            funnel.append(Left(must, remained))
    if not broken:
        return Unmatched(person.key, Cause.NOBODY_THERE)
    if not remained:
        return Unmatched(person.key, Cause.MUSTS, tuple(funnel), emptied_by=funnel[-1].must, change=change)
    free = sorted((key for key, each in broken.items() if not each), key=lambda key: (-fits[key], key))
    return Unmatched(person.key, otherwise, tuple(funnel), could_be_with=tuple(free[:few]), change=change)


def _smallest(proposal: Proposal, broken: dict[Key, tuple[Must, ...]], fits: dict[Key, int]) -> Change | None:
    """Of all mentors with whom only must-haves stand between them that can be waived: the fewest things to change
    (each must-have is one, one more place is one), then the best fit, then the lowest key."""
    matching = proposal.matching
    able = [
        (len(musts), -fits[key], key)
        for key, musts in broken.items()
        if not any(must.kind in STANDS for must in musts)
    ]
    best: Change | None = None
    makes_room: dict[Key, bool] = {}
    for _, _, key in sorted(able):
        if best and len(broken[key]) >= best.size:
            break
        if key not in makes_room:
            makes_room[key] = can_make_room(proposal, matching.mentor_at[key])
        found = Change(key, fits[key], broken[key], adds_place=not makes_room[key])
        if best is None or found.size < best.size:
            best = found
    return best


def can_make_room(proposal: Proposal, mentor: int) -> bool:
    """Whether the mentor (by number) has a place, or can get one because mentees move on, each to a mentor they may
    have, until the last one finds a free place; locked pairs do not move. Exact: a search of alternating paths."""
    assignment, scores = proposal.assignment, proposal.scores
    room = np.array([proposal.room[each.key] > 0 for each in proposal.matching.mentors])
    seen = np.zeros(len(room), dtype=bool)
    seen[mentor] = True
    frontier = np.array([mentor])
    while len(frontier):
        if room[frontier].any():
            return True
        movable = np.flatnonzero(np.isin(assignment.mentor_of, frontier) & (assignment.locked < 0))
        reached = _reached(scores, movable, ~seen)
        seen[reached] = True
        frontier = reached
    return False


def _reached(scores: Scores, mentees: Ints, unseen: Mask) -> Ints:
    columns = np.flatnonzero(unseen)
    found = np.zeros(len(columns), dtype=bool)
    for begin in range(0, len(mentees), 256):
        if not len(columns):
            break
        found |= (scores.block(mentees[begin : begin + 256], columns) >= 0).any(axis=0)
    return columns[found]


def everybody_without(proposal: Proposal) -> list[Unmatched]:
    """Mentees first, then mentors, in the order of their keys. For few people: each is looked at closely."""
    return [
        *(mentee_without(proposal, key) for key in proposal.mentees_without),
        *(mentor_without(proposal, key) for key in proposal.mentors_without),
    ]
