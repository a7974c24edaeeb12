"""Who is to be matched: plain values, made by whoever calls, from whatever tables they keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# One number for one person, on whichever side they stand: who is both mentor and mentee has the same key twice.
Key = int
NOTHING_SAID: Mapping[str, "Answer"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to a question of the program: one choice, or several."""

    values: frozenset[str]
    # Whether a reason may name it. Nothing that was not promised to the other one may.
    may_be_named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    key: Key
    languages: frozenset[str] = frozenset()
    # The half hours of a week in which they can be met: bit 0 is Monday 00:00 UTC (hours.week).
    hours: int = 0
    # How far their clock is ahead of UTC, in minutes; None where nobody knows.
    zone: int | None = None
    department: str = ""
    # The key of whoever they report to, where that person is known.
    line_manager: Key | None = None
    interests: frozenset[str] = frozenset()
    # Any scale that the program uses; only differences count.
    seniority: int | None = None
    answers: Mapping[str, Answer] = field(default_factory=lambda: NOTHING_SAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentor(Person):
    offers: frozenset[str] = frozenset()
    # How many mentees they have room for in this run, those of locked pairs among them.
    capacity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentee(Person):
    seeks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    mentee: Key
    mentor: Key
