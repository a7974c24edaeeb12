"""The fit of every pair as whole points, computed in blocks of rows so that the whole table is never in memory.

Skills and interests are one sparse product. What is left depends on a few attributes that many people share
(languages, department, seniority, clock, answers): it is computed once for each two kinds of people and looked up.
Hours are an AND of bits and a count.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from .criteria import Criteria, Likeness, Question
from .hours import MINUTES_OF_DAY, WEEK
from .people import Mentee, Mentor, Person
from .program import Matching

Ints = npt.NDArray[np.int64]
Block = npt.NDArray[np.int32]
# What a must-have takes from a fit: more than all parts together can give.
NEVER = np.int32(-(2**26))
CELLS = 1 << 17  # of a block: 2 MiB, which a processor keeps at hand
CELLS_OF_KINDS = 1 << 20


class Scores(Protocol):
    """The fit of each mentee (a row) with each mentor (a column): 0 to `best`, or -1 where there can be no pair."""

    mentees: int
    mentors: int
    best: int

    def block(self, rows: Ints, columns: Ints | None = None) -> Block: ...


class Table:
    """Scores that somebody else made."""

    def __init__(self, fits: npt.ArrayLike) -> None:
        self.fits = np.asarray(fits, dtype=np.int32)
        self.mentees, self.mentors = self.fits.shape
        self.best = max(0, int(self.fits.max(initial=0)))

    def block(self, rows: Ints, columns: Ints | None = None) -> Block:
        chosen: Block = self.fits[rows] if columns is None else self.fits[np.ix_(rows, columns)]
        return chosen


class Those:
    """Scores of some mentors only."""

    def __init__(self, scores: Scores, columns: Ints) -> None:
        self.scores, self.columns = scores, columns
        self.mentees, self.mentors, self.best = scores.mentees, len(columns), scores.best

    def block(self, rows: Ints, columns: Ints | None = None) -> Block:
        return self.scores.block(rows, self.columns if columns is None else self.columns[columns])


def blocks(scores: Scores, rows: Ints | None = None) -> Iterator[tuple[Ints, Block]]:
    """All rows (or those), some at a time, with their fits."""
    if rows is None:
        rows = np.arange(scores.mentees)
    at_once = max(1, CELLS // max(1, scores.mentors))
    for begin in range(0, len(rows), at_once):
        some = rows[begin : begin + at_once]
        yield some, scores.block(some)


def fits_of(scores: Scores, rows: Ints, columns: Ints) -> Ints:
    """The fit of each row with the column beside it."""
    fits = np.full(len(rows), -1, dtype=np.int64)
    for begin in range(0, len(rows), 256):
        part = slice(begin, begin + 256)
        some, at = np.unique(columns[part], return_inverse=True)
        fits[part] = scores.block(rows[part], some)[np.arange(len(at)), at]
    return fits


@dataclass(frozen=True)
class _Part:
    """Numbers of either side from which `points` makes those of each two."""

    mentees: npt.NDArray[Any]
    mentors: npt.NDArray[Any]
    points: Callable[[npt.NDArray[Any], npt.NDArray[Any]], Block]


@dataclass(frozen=True)
class _Kinds:
    """Points by the kind of the one and the kind of the other."""

    mentees: Ints
    mentors: Ints
    points: Block


class ProgramScores:
    def __init__(self, matching: Matching) -> None:
        criteria = matching.criteria
        self.mentees = len(matching.mentees)
        self.mentors = len(matching.mentors)
        self.best = criteria.best
        if self.best >= -int(NEVER) // 8:
            raise ValueError("So many points are not foreseen.")
        self._wants, self._has = _sparse_parts(matching.mentees, matching.mentors, criteria)
        self._kinds, self._direct = _in_kinds(_parts(matching, criteria), self.mentees, self.mentors)
        self._shut = _shut(matching)

    def shut_by(self, matching: Matching) -> Self:
        """The same scores of the same people, where other single pairs cannot be."""
        other = copy(self)
        other._shut = _shut(matching)
        return other

    def block(self, rows: Ints, columns: Ints | None = None) -> Block:
        every = np.arange(self.mentors) if columns is None else columns
        out = np.zeros((len(rows), len(every)), dtype=np.int32)
        if not out.size:
            return out
        for kinds in self._kinds:
            out += np.take(kinds.points[kinds.mentees[rows]], kinds.mentors[every], axis=1)
        for part in self._direct:
            out += part.points(part.mentees[rows], part.mentors[every])
        if self._wants is not None and self._has is not None:
            has = self._has if columns is None else self._has[:, columns]
            product = self._wants[rows] @ has
            flat = np.repeat(np.arange(len(rows)) * len(every), np.diff(product.indptr)) + product.indices
            out.ravel()[flat] += product.data
        shut = self._shut[rows] if columns is None else self._shut[rows][:, columns]
        out[np.repeat(np.arange(len(rows)), np.diff(shut.indptr)), shut.indices] = -1
        return np.maximum(out, np.int32(-1), out=out)


def _sparse_parts(
    mentees: Sequence[Mentee], mentors: Sequence[Mentor], criteria: Criteria
) -> tuple[Any, Any]:
    """Points for each thing wanted, and who has it; (None, None) where neither skills nor interests count."""
    from scipy import sparse

    wanted: list[list[tuple[str, int]]] = [[] for _ in mentees]
    had: list[list[str]] = [[] for _ in mentors]
    for mark, weight, wants, has in (
        ("s", criteria.skills, [each.seeks for each in mentees], [each.offers for each in mentors]),
        ("i", criteria.interests, [each.interests for each in mentees], [each.interests for each in mentors]),
    ):
        if not weight:
            continue
        for row, names in zip(wanted, wants, strict=True):
            row.extend((mark + name, weight // len(names)) for name in names)
        for offered, names in zip(had, has, strict=True):
            offered.extend(mark + name for name in names)
    number = {name: at for at, name in enumerate(sorted({name for row in had for name in row}))}
    if not number:
        return None, None
    kept = [[(number[name], points) for name, points in row if name in number] for row in wanted]
    wants_matrix = sparse.csr_array(
        (
            np.array([points for row in kept for _, points in row], dtype=np.int32),
            np.array([at for row in kept for at, _ in row], dtype=np.int32),
            np.cumsum([0, *(len(row) for row in kept)], dtype=np.int32),
        ),
        shape=(len(mentees), len(number)),
    )
    has_matrix = sparse.csr_array(
        (
            np.ones(sum(len(row) for row in had), dtype=np.int32),
            np.array([number[name] for row in had for name in row], dtype=np.int32),
            np.cumsum([0, *(len(row) for row in had)], dtype=np.int32),
        ),
        shape=(len(mentors), len(number)),
    )
    return wants_matrix, has_matrix.T.tocsr()


def _shut(matching: Matching) -> Any:
    """Where there can be no pair for a reason of these two alone."""
    from scipy import sparse

    pairs = {
        (matching.mentee_at[pair.mentee], matching.mentor_at[pair.mentor]) for pair, _ in matching.shut()
    }
    rows, columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    return sparse.csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns)),
        shape=(len(matching.mentees), len(matching.mentors)),
    )


def _parts(matching: Matching, criteria: Criteria) -> list[_Part]:
    mentees, mentors = matching.mentees, matching.mentors
    parts = []
    if criteria.language_in_common or criteria.languages:
        parts.append(
            _likeness(
                [each.languages for each in mentees],
                [each.languages for each in mentors],
                Likeness.SAME if criteria.language_in_common else None,
                criteria.languages,
                Likeness.SAME,
            )
        )
    if criteria.other_department or criteria.department:
        parts.append(
            _likeness(
                [_one(each.department) for each in mentees],
                [_one(each.department) for each in mentors],
                Likeness.DIFFERENT if criteria.other_department else None,
                criteria.department,
                criteria.department_wanted,
            )
        )
    for question in criteria.questions:
        parts.append(
            _likeness(
                _answers(mentees, question),
                _answers(mentors, question),
                question.must,
                question.weight,
                question.wanted,
            )
        )
    if criteria.seniority:
        parts.append(_seniority(mentees, mentors, criteria))
    if criteria.zone_gap is not None:
        parts.append(_zones(mentees, mentors, criteria.zone_gap))
    if criteria.half_hours_shared or criteria.hours:
        parts.append(_hours(mentees, mentors, criteria))
    return parts


def _one(name: str) -> frozenset[str]:
    return frozenset({name} if name else ())


def _answers(people: Sequence[Person], question: Question) -> list[frozenset[str]]:
    return [
        each.answers[question.code].values if question.code in each.answers else frozenset()
        for each in people
    ]


def _likeness(
    mentees: Sequence[frozenset[str]],
    mentors: Sequence[frozenset[str]],
    must: Likeness | None,
    weight: int,
    wanted: Likeness,
) -> _Part:
    """Sets that meet are the same; two that hold something and do not meet are different."""
    number = {
        name: at for at, name in enumerate(sorted({name for said in (*mentees, *mentors) for name in said}))
    }
    # (must, weight) for: nothing said by one of them, different, same.
    points = np.zeros(3, dtype=np.int32)
    points[2 if wanted is Likeness.SAME else 1] += weight
    if must is Likeness.SAME:
        points[:2] += NEVER
    elif must is Likeness.DIFFERENT:
        points[2] += NEVER

    def between(some: npt.NDArray[Any], others: npt.NDArray[Any]) -> Block:
        case = np.logical_and.outer(some.any(axis=1), others.any(axis=1)).astype(np.intp)
        for word in range(some.shape[1]):
            case[np.bitwise_and.outer(some[:, word], others[:, word]) != 0] = 2
        found: Block = points[case]
        return found

    return _Part(_bits(mentees, number), _bits(mentors, number), between)


def _bits(said: Sequence[frozenset[str]], number: dict[str, int]) -> npt.NDArray[np.uint64]:
    return _words([sum(1 << number[name] for name in names) for names in said], len(number))


def _words(masks: Sequence[int], bits: int) -> npt.NDArray[np.uint64]:
    words = max(1, -(-bits // 64))
    together = b"".join(mask.to_bytes(words * 8, "little") for mask in masks)
    return np.frombuffer(together, dtype="<u8").astype(np.uint64).reshape(len(masks), words)


def _hours(mentees: Sequence[Person], mentors: Sequence[Person], criteria: Criteria) -> _Part:
    counts = np.minimum(np.arange(WEEK + 1), criteria.half_hours_wanted)
    points = (criteria.hours * counts // criteria.half_hours_wanted).astype(np.int32)
    points[: criteria.half_hours_shared] += NEVER
    longest = min(max((each.hours.bit_count() for each in side), default=0) for side in (mentees, mentors))
    count = np.uint8 if longest < 256 else np.uint16

    def between(some: npt.NDArray[Any], others: npt.NDArray[Any]) -> Block:
        shape = len(some), len(others)
        shared = np.zeros(shape, dtype=count)
        both, bits = np.empty(shape, dtype=np.uint64), np.empty(shape, dtype=np.uint8)
        for word in range(some.shape[1]):
            np.bitwise_and.outer(some[:, word], others[:, word], out=both)
            shared += np.bitwise_count(both, out=bits)
        found: Block = points.take(shared)
        return found

    return _Part(
        _words([each.hours for each in mentees], WEEK),
        _words([each.hours for each in mentors], WEEK),
        between,
    )


UNKNOWN = -(2**30)


def _seniority(mentees: Sequence[Person], mentors: Sequence[Person], criteria: Criteria) -> _Part:
    def between(some: npt.NDArray[Any], others: npt.NDArray[Any]) -> Block:
        apart = others[None, :, 0] - some[:, None, 0]
        off = np.minimum(np.abs(apart - criteria.seniority_gap), 4)
        known = np.logical_and.outer(some[:, 0] != UNKNOWN, others[:, 0] != UNKNOWN)
        return np.where(known, criteria.seniority * (4 - off) // 4, 0).astype(np.int32)

    return _Part(
        _numbers([each.seniority for each in mentees]),
        _numbers([each.seniority for each in mentors]),
        between,
    )


def _zones(mentees: Sequence[Person], mentors: Sequence[Person], most: int) -> _Part:
    def between(some: npt.NDArray[Any], others: npt.NDArray[Any]) -> Block:
        apart = np.abs(some[:, None, 0] - others[None, :, 0]) % MINUTES_OF_DAY
        near = np.minimum(apart, MINUTES_OF_DAY - apart) <= most
        near &= np.logical_and.outer(some[:, 0] != UNKNOWN, others[:, 0] != UNKNOWN)
        return np.where(near, np.int32(0), NEVER)

    return _Part(
        _numbers([each.zone for each in mentees]), _numbers([each.zone for each in mentors]), between
    )


def _numbers(said: Sequence[int | None]) -> Ints:
    return np.array([UNKNOWN if each is None else each for each in said], dtype=np.int64).reshape(-1, 1)


def _in_kinds(parts: Sequence[_Part], mentees: int, mentors: int) -> tuple[list[_Kinds], list[_Part]]:
    """The parts as few tables by kinds of people; those of too many kinds come back as they are."""
    if not mentees or not mentors:
        return [], []
    tables: list[_Kinds] = []
    direct: list[_Part] = []
    for part in parts:
        some, of_mentee = np.unique(part.mentees, axis=0, return_inverse=True)
        others, of_mentor = np.unique(part.mentors, axis=0, return_inverse=True)
        if len(some) * len(others) > CELLS_OF_KINDS:
            direct.append(part)
            continue
        one = _Kinds(of_mentee.ravel(), of_mentor.ravel(), part.points(some, others))
        if tables and (both := _together(tables[-1], one)):
            tables[-1] = both
        else:
            tables.append(one)
    return tables, direct


def _together(one: _Kinds, other: _Kinds) -> _Kinds | None:
    """Both in one table, unless it would be large."""
    rows, of_mentee = np.unique(np.stack([one.mentees, other.mentees]), axis=1, return_inverse=True)
    columns, of_mentor = np.unique(np.stack([one.mentors, other.mentors]), axis=1, return_inverse=True)
    if rows.shape[1] * columns.shape[1] > CELLS_OF_KINDS:
        return None
    points = one.points[np.ix_(rows[0], columns[0])] + other.points[np.ix_(rows[1], columns[1])]
    return _Kinds(of_mentee.ravel(), of_mentor.ravel(), points)
