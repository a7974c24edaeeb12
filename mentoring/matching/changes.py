"""What a change to a proposal would do, before it is taken."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .fit import Must, Musts, points
from .people import Key, Pair
from .proposal import Proposal, Totals, propose


@dataclass(frozen=True)
class Effect:
    """Totals before and after, and the pairs that go and come."""

    before: Totals
    after: Totals
    gone: tuple[Pair, ...]
    new: tuple[Pair, ...]
    # Must-haves that pairs chosen by hand would break.
    breaks: tuple[tuple[Pair, Must], ...] = ()
    # The mentors who would have more mentees than room.
    overfull: tuple[Key, ...] = ()


def proposed_again(
    proposal: Proposal,
    *,
    lock: Iterable[Pair] = (),
    unlock: Iterable[Pair] = (),
    forbid: Iterable[Pair] = (),
    allow: Iterable[Pair] = (),
) -> tuple[Proposal, Effect]:
    """The best proposal with these pairs locked or forbidden, or no longer so, and how it differs.

    Raises NoSuchMatching when they cannot all be kept.
    """
    matching = replace(
        proposal.matching,
        locked=(proposal.matching.locked - frozenset(unlock)) | frozenset(lock),
        forbidden=(proposal.matching.forbidden - frozenset(allow)) | frozenset(forbid),
    )
    after = propose(matching, near=proposal)
    return after, _between(proposal, after.totals, {each.pair for each in after.pairs})


def moved(proposal: Proposal, mentee: Key, mentor: Key | None) -> Effect:
    """One mentee with another mentor, or with none, and everybody else as they are."""
    pairs = {each.pair for each in proposal.pairs if each.pair.mentee != mentee}
    return _by_hand(proposal, pairs | ({Pair(mentee, mentor)} if mentor is not None else set()))


def swapped(proposal: Proposal, one: Key, other: Key) -> Effect:
    """Two mentees, each with the other one's mentor (or with none, where the other one has none)."""
    mentor_of = proposal.mentor_of
    pairs = {each.pair for each in proposal.pairs if each.pair.mentee not in (one, other)}
    for mentee, before in ((one, other), (other, one)):
        if before in mentor_of:
            pairs.add(Pair(mentee, mentor_of[before]))
    return _by_hand(proposal, pairs)


def _by_hand(proposal: Proposal, pairs: set[Pair]) -> Effect:
    matching = proposal.matching
    people = [
        (matching.mentees[matching.mentee_at[pair.mentee]], matching.mentors[matching.mentor_at[pair.mentor]])
        for pair in sorted(pairs)
    ]
    fits = [points(mentee, mentor, matching.criteria) for mentee, mentor in people]
    effect = _between(proposal, Totals(len(fits), sum(fits), min(fits, default=None)), pairs)
    musts = Musts(matching)
    chosen = set(effect.new)
    taken: dict[Key, int] = {}
    for pair in pairs:
        taken[pair.mentor] = taken.get(pair.mentor, 0) + 1
    return replace(
        effect,
        breaks=tuple(
            (pair, must)
            for mentee, mentor in people
            for pair in [Pair(mentee.key, mentor.key)]
            if pair in chosen
            for must in musts.broken(mentee, mentor)
        ),
        overfull=tuple(each.key for each in matching.mentors if taken.get(each.key, 0) > each.capacity),
    )


def _between(proposal: Proposal, after: Totals, pairs: set[Pair]) -> Effect:
    before = {each.pair for each in proposal.pairs}
    return Effect(proposal.totals, after, tuple(sorted(before - pairs)), tuple(sorted(pairs - before)))
