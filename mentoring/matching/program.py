"""One matching to be done: the people, what the program asks, and what is settled about single pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .criteria import Criteria
from .people import Key, Mentee, Mentor, Pair


class NoSuchMatching(ValueError):
    """What is settled cannot all be kept: somebody who is locked is not there, or twice, or has no room for all."""


@dataclass(frozen=True, kw_only=True)
class Matching:
    """The people are put in the order of their keys, so that it never matters in which order they came.

    Locked pairs stay, whatever the must-haves say: an admin has said so. Forbidden pairs never are, nor are those of
    `never`, of which in addition nobody is told that they cannot be. Raises NoSuchMatching when that cannot be.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    criteria: Criteria = field(default_factory=Criteria)
    locked: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    never: frozenset[Pair] = frozenset()
    earlier: frozenset[Pair] = frozenset()
    # Who reports to whom among people who are in no list here, so that a chain through them is seen.
    reports_to: Mapping[Key, Key] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("mentees", "mentors"):
            people = tuple(sorted(getattr(self, name), key=lambda each: each.key))
            if len({each.key for each in people}) < len(people):
                raise NoSuchMatching(f"Somebody is twice among the {name}.")
            object.__setattr__(self, name, people)
        if any(mentor.capacity < 0 for mentor in self.mentors):
            raise NoSuchMatching("Nobody has room for fewer than none.")
        self._check_locks()

    def _check_locks(self) -> None:
        taken: dict[Key, int] = {}
        seen: set[Key] = set()
        for pair in sorted(self.locked):
            if pair.mentee not in self.mentee_at or pair.mentor not in self.mentor_at:
                raise NoSuchMatching(f"{pair} is locked, and not both are here.")
            if pair in self.forbidden or pair in self.never:
                raise NoSuchMatching(f"{pair} is locked and forbidden.")
            if pair.mentee in seen:
                raise NoSuchMatching(f"Mentee {pair.mentee} is locked twice.")
            seen.add(pair.mentee)
            taken[pair.mentor] = taken.get(pair.mentor, 0) + 1
            if taken[pair.mentor] > self.mentors[self.mentor_at[pair.mentor]].capacity:
                raise NoSuchMatching(f"Mentor {pair.mentor} has no room for all locked pairs.")

    @cached_property
    def mentee_at(self) -> dict[Key, int]:
        """Where a mentee stands in `mentees`, by key."""
        return {mentee.key: number for number, mentee in enumerate(self.mentees)}

    @cached_property
    def mentor_at(self) -> dict[Key, int]:
        return {mentor.key: number for number, mentor in enumerate(self.mentors)}

    @cached_property
    def managers(self) -> dict[Key, Key]:
        """Who reports to whom, as far as anybody said."""
        said = dict(self.reports_to)
        for person in (*self.mentees, *self.mentors):
            if person.line_manager is not None:
                said[person.key] = person.line_manager
        return said

    def above(self, key: Key) -> list[Key]:
        """The line managers of somebody, from the nearest upwards; a chain that bites its tail ends there."""
        line: list[Key] = []
        at = self.managers.get(key)
        while at is not None and at != key and at not in line:
            line.append(at)
            at = self.managers.get(at)
        return line

    def shut(self) -> Iterable[tuple[Pair, str]]:
        """The single pairs that cannot be, each with why: blocked, never, self, earlier or line."""
        # What is forbidden is so for a reason that may be told, whatever else is true of the two.
        for pairs, why in ((self.forbidden, "blocked"), (self.never - self.forbidden, "never")):
            for pair in sorted(pairs):
                if pair.mentee in self.mentee_at and pair.mentor in self.mentor_at:
                    yield pair, why
        for key in self.mentee_at:
            if key in self.mentor_at:
                yield Pair(key, key), "self"
        if self.criteria.not_again:
            for pair in sorted(self.earlier):
                if pair.mentee in self.mentee_at and pair.mentor in self.mentor_at:
                    yield pair, "earlier"
        if self.criteria.outside_reporting_line:
            for key in self.mentee_at:
                yield from ((Pair(key, one), "line") for one in self.above(key) if one in self.mentor_at)
            for key in self.mentor_at:
                yield from ((Pair(one, key), "line") for one in self.above(key) if one in self.mentee_at)
