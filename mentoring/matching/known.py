"""The pairs that are looked at closely, and the proof that none of the others would make it better."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .auction import Lists, Outcome
from .pairs import Pairs, Proof, united
from .scores import CELLS, Block, Ints, Scores, blocks, fits_of

NONE = Pairs(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
LOW = np.int64(-(2**60))  # Below everything.
# Of equally good pairs so many at most are remembered; beyond them the worst pair is lifted as far as these allow.
MOST_EVEN = 2_000_000
# Of pairs that make it better, so many for each mentee at a time.
MOST_BETTER = 8
# Of mentees whom a mentor brings to an auction, and of mentors who bring the same one.
BRINGS = 32


def best_candidates(scores: Scores, rows: Ints, long: int, prices: Ints | None = None) -> tuple[Lists, Ints]:
    """For each row the `long` columns of highest fit (less the price), best first, and the bar: no other is above it.

    Of equals each row begins elsewhere, lest all list the same few; where, depends on the row only.
    """
    long = min(long, scores.mentors)
    lists = Lists(np.zeros((len(rows), long), dtype=np.int32), np.full((len(rows), long), -1, dtype=np.int32))
    bar = np.full(len(rows), LOW)
    bits = max(1, int(scores.mentors - 1).bit_length())
    least = 0 if prices is None else -int(prices.max(initial=0))
    # One number says how good it is and then where it stands: half as long where that is long enough.
    kind: Any = np.int32 if max(-least, scores.best) + 1 < 1 << (30 - bits) else np.int64
    # Below this there is no pair. Fits alone are never below zero; with prices taken off they can be.
    floor = kind(0 if prices is None else np.iinfo(kind).min + 1)
    every = np.arange(scores.mentors, dtype=kind)
    done = 0
    for some, block in blocks(scores, rows) if long else ():
        part = slice(done, done + len(some))
        done += len(some)
        turned = (some * 7919 % (1 << bits)).astype(kind)[:, None]
        if prices is None:
            keys = block.astype(kind) << kind(bits)
            keys |= every ^ turned
        else:
            keys = (block - prices.astype(kind)) << kind(bits)
            keys |= every ^ turned
            none = block >> 31  # All bits where there can be no pair.
            keys &= ~none
            keys |= none & (floor - kind(1))
        keys = _highest(keys, long, floor)
        is_one = keys >= floor
        here = np.where(is_one, (keys & kind((1 << bits) - 1)) ^ turned, 0)
        lists.columns[part] = here
        lists.fits[part] = np.where(is_one, np.take_along_axis(block, here, 1), -1)
        if long < scores.mentors:
            bar[part] = np.where(is_one[:, -1], keys[:, -1] >> kind(bits), LOW)
    return lists, bar


def brought(scores: Scores, rows: Ints, columns: Ints, outcome: Outcome, lists: Lists) -> Lists | None:
    """The lists with these mentors at the end of those of the mentees who would gain most by them; None, if nobody's
    grew."""
    gains = np.where(outcome.mentor_of >= 0, outcome.gains, -(1 << 24))
    found: list[tuple[Ints, Ints, Ints]] = []
    for some in np.array_split(columns, max(1, len(rows) * len(columns) // CELLS)):
        block = scores.block(rows, some).T
        more = np.where(block >= 0, block - gains, LOW)
        few = min(BRINGS, len(rows))
        at = np.argpartition(-more, few - 1, axis=1)[:, :few]
        best = np.take_along_axis(more, at, 1)
        across, rank = np.nonzero(best > 0)
        mentees = at[across, rank]
        is_new = ~(lists.columns[mentees] == some[across, None]).any(axis=1)
        mentees, across = mentees[is_new], across[is_new]
        found.append((mentees, some[across], block[across, mentees].astype(np.int64)))
    mentees, mentors, fits = (np.concatenate(each) for each in zip(*found, strict=True))
    if not len(mentees):
        return None
    order = np.lexsort((mentors, -fits, mentees))
    mentees, mentors, fits = mentees[order], mentors[order], fits[order]
    first = np.flatnonzero(np.diff(mentees, prepend=-1))
    rank = np.arange(len(mentees)) - np.repeat(first, np.diff(first, append=len(mentees)))
    kept = rank < BRINGS
    shape = len(rows), int(rank[kept].max()) + 1
    more_columns, more_fits = np.zeros(shape, dtype=np.int32), np.full(shape, -1, dtype=np.int32)
    more_columns[mentees[kept], rank[kept]] = mentors[kept]
    more_fits[mentees[kept], rank[kept]] = fits[kept]
    return Lists(np.hstack([lists.columns, more_columns]), np.hstack([lists.fits, more_fits]))


def _highest(keys: npt.NDArray[Any], long: int, floor: Any) -> npt.NDArray[Any]:
    """The `long` highest of each row, highest first; below `floor` they may be anything that is there too.

    A sixteenth of a row tells about where to cut, and only what is above is sorted; where that was too few, all is.
    """
    width = keys.shape[1]
    if width > 16 * long and width > 512:
        sample = np.sort(keys[:, ::16], axis=1)
        cut = np.maximum(sample[:, -(2 + long // 8)], floor)
        rows, at = np.nonzero(keys >= cut[:, None])
        sizes = np.bincount(rows, minlength=len(keys))
        short = np.flatnonzero((sizes < long) & (cut > floor))
        some = np.full((len(keys), max(long, int(sizes.max(initial=0)))), floor - 1, dtype=keys.dtype)
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        some[rows, rank] = keys[rows, at]
        some[short, :long] = np.partition(keys[short], width - long, axis=1)[:, width - long :]
        some[short, long:] = floor - 1
        keys = some
    elif width > long:
        keys = np.partition(keys, width - long, axis=1)[:, width - long :]
    highest: npt.NDArray[Any] = np.sort(keys, axis=1)[:, ::-1][:, :long]
    return highest


def listed(lists: Lists) -> Pairs:
    rows, at = np.nonzero(lists.fits >= 0)
    return Pairs(rows, lists.columns[rows, at].astype(np.int64), lists.fits[rows, at].astype(np.int64))


class Known:
    """Pairs of `rows` (numbered from 0 here), and what is known of all those that are not among them:
    fit - reference price <= bar of the row.
    """

    def __init__(self, scores: Scores, rows: Ints, long: int) -> None:
        self.scores = scores
        self.rows = rows
        self.long = long  # How many of each row are taken in when all are looked at.
        self.pairs = NONE
        self.even_are_complete = True

    def look_at_all(self, prices: Ints) -> Lists:
        """Take in the best of every row at these prices, and measure all others by them from now on."""
        lists, self.bar = best_candidates(self.scores, self.rows, self.long, prices)
        self.reference = prices
        self._add(listed(lists))
        return lists

    def take_in(self, mentor_of: Ints) -> None:
        """Take in these pairs."""
        rows = np.flatnonzero(mentor_of >= 0)
        fits = fits_of(self.scores, self.rows[rows], mentor_of[rows])
        self._add(Pairs(rows, mentor_of[rows], fits))

    def _add(self, fits: Pairs) -> None:
        self.pairs = united(self.pairs, fits, self.scores.mentors)

    def slack(self, proof: Proof) -> Ints:
        """What each known pair falls short of; below zero it would make things better, at zero it is as good."""
        short: Ints = (
            proof.worths[self.pairs.rows] + proof.prices[self.pairs.columns] - self.pairs.worth - proof.big
        )
        return short

    def look_further(self, proof: Proof) -> None:
        """Take in whatever unknown pair would make things better, and those that are as good.

        At new prices only rows and columns can hold one for which the bar proves nothing any more: those are scored
        again, and if they are many, everything.
        """
        self.even_are_complete = True
        prices, gains = proof.prices, proof.worths - proof.big
        fallen, margin = self.reference - prices, gains - self.bar
        allowed = self._cheapest(fallen, margin)
        if allowed is None:
            self.look_at_all(prices)
            allowed, fallen, margin = 0, np.zeros_like(fallen), gains - self.bar
        suspects, heavy = np.flatnonzero(margin <= allowed), np.flatnonzero(fallen > allowed)
        found, many = [NONE], 0
        for here, columns, block in self._scored_again(suspects, heavy):
            short = gains[here][:, None] + prices[columns] - block
            short[block < 0] = 1
            some = _as_good(short, block, here, columns, with_even=many < MOST_EVEN)
            many += len(some)
            found.append(some)
        self.even_are_complete = many < MOST_EVEN
        self._add(_joined(found))

    def _scored_again(self, suspects: Ints, heavy: Ints) -> Iterator[tuple[Ints, Ints, Block]]:
        every = np.arange(self.scores.mentors)
        done = 0
        for some, block in blocks(self.scores, self.rows[suspects]):
            yield suspects[done : done + len(some)], every, block
            done += len(some)
        if len(heavy):
            rows = np.arange(len(self.rows))
            for part in np.array_split(rows, max(1, len(rows) * len(heavy) // CELLS)):
                yield part, heavy, self.scores.block(self.rows[part], heavy)

    def _cheapest(self, fallen: Ints, margin: Ints) -> int | None:
        """How far prices may have fallen without a look at the column, so that the fewest cells are scored again;
        None, when it is half of all."""
        some = np.quantile(fallen, [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1]).astype(np.int64)
        tries = np.unique(some)
        columns = (fallen > tries[:, None]).sum(axis=1) * len(self.rows)
        rows = (margin <= tries[:, None]).sum(axis=1) * self.scores.mentors
        cells = columns + rows
        cheapest = int(np.argmin(cells))
        return (
            int(tries[cheapest]) if 2 * int(cells[cheapest]) < len(self.rows) * self.scores.mentors else None
        )


def _as_good(
    short: npt.NDArray[np.int64], block: Block, rows: Ints, columns: Ints, *, with_even: bool
) -> Pairs:
    """The pairs of a block that fall short of nothing: of those that are better a few for each row."""
    at, across = np.nonzero(short <= 0)
    size = short[at, across]
    order = np.lexsort((across, size, at))
    at, across, size = at[order], across[order], size[order]
    first = np.flatnonzero(np.diff(at, prepend=-1))
    rank = np.arange(len(at)) - np.repeat(first, np.diff(first, append=len(at)))
    kept = (rank < MOST_BETTER) | (with_even & (size == 0))
    at, across = at[kept], across[kept]
    return Pairs(rows[at], columns[across], block[at, across].astype(np.int64))


def _joined(found: list[Pairs]) -> Pairs:
    return Pairs(
        np.concatenate([each.rows for each in found]),
        np.concatenate([each.columns for each in found]),
        np.concatenate([each.worth for each in found]),
    )
