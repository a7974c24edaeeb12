"""The river: each strand is a value, wide where what was kept spoke of it. It draws, and knows no database.

A strand's weight in a season is from 0 to `WIDEST`: a little, more, much. It is no count, and is written nowhere.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDEST = 4
STRANDS = 5  # As many as there are colors that are told apart.

Weights = Mapping[Hashable, int]
Edges = dict[Hashable, tuple[float, float]]


@dataclass(frozen=True)
class Strand:
    """`color` from 1; `path` is the `d` of an SVG path."""

    color: int
    path: str


@dataclass(frozen=True)
class Bed:
    """How much room a river has across, and how wide its strands are in it."""

    span: float
    unit: float
    thread: float
    gap: float


DOWN = Bed(span=120, unit=6, thread=3.5, gap=5)
ACROSS = Bed(span=200, unit=8, thread=3, gap=9)
LENGTH = 1000  # of the river that runs across


def down(strands: Sequence[Hashable], seasons: Sequence[Weights], i: int) -> list[Strand]:
    """Season `i` of `seasons`, which begin with the oldest: from its own top down to the season before.

    The newest begins in tips, like shoots; the first ends at a single source. In a box of 120 to 100.
    """
    if not strands:
        return []
    laid = _states(strands, seasons, DOWN)
    here, middle = laid[i], (len(strands) - 1) / 2
    source = {
        strand: (DOWN.span / 2 + (k - middle) * 2.5 - 1, DOWN.span / 2 + (k - middle) * 2.5 + 1)
        for k, strand in enumerate(strands)
    }
    before = laid[i - 1] if i else source
    is_newest = i == len(seasons) - 1
    return [
        Strand(k + 1, _flow(k, i, here[strand], before[strand], has_tip=is_newest))
        for k, strand in enumerate(strands)
    ]


def _flow(k: int, i: int, here: tuple[float, float], before: tuple[float, float], *, has_tip: bool) -> str:
    (left, right), (left_below, right_below) = here, before
    sway = 5 * (-1) ** i + 3.5 * (-1) ** k  # a slow meander, a little different for each strand
    low, high = (left + left_below) / 2 + sway, (right + right_below) / 2 + sway
    if has_tip:
        tip, center = (k * 3 % 5) * 1.6, (left + right) / 2
        top = f"M{_n(center)} {_n(tip)}C{_n(center)} {_n(tip + 4)} {_n(left)} {_n(tip + 5)} {_n(left)} {_n(tip + 14)}"
        tail = f"C{_n(right)} {_n(tip + 5)} {_n(center)} {_n(tip + 4)} {_n(center)} {_n(tip)}Z"
        begins = tip + 14
    else:
        top, tail, begins = f"M{_n(left)} -.5V0", "V-.5Z", 0.0
    bend = (52 - begins) * 0.55
    return (
        f"{top}C{_n(left)} {_n(begins + bend)} {_n(low)} {_n(52 - bend * 0.6)} {_n(low)} 52"
        f"S{_n(left_below)} 78 {_n(left_below)} 100V100.5H{_n(right_below)}V100"
        f"C{_n(right_below)} 78 {_n(high)} {_n(52 + bend * 0.6)} {_n(high)} 52"
        f"S{_n(right)} {_n(begins + bend)} {_n(right)} {_n(begins)}{tail}"
    )


def across(strands: Sequence[Hashable], seasons: Sequence[Weights], last: int) -> list[Strand]:
    """The `last` seasons from left to right, braided as if those before could be seen. In a box of 1000 to 200."""
    if not strands or not seasons:
        return []
    laid = _states(strands, seasons, ACROSS)[-last:]
    step, middle = LENGTH / len(laid), (len(strands) - 1) / 2
    drawn = []
    for k, strand in enumerate(strands):
        points = [(0.0, *laid[0][strand])]
        for i, state in enumerate(laid):
            # Strands turn a little apart from one another.
            at = (i + 0.5) * step + (k - middle) * step * 0.045
            points += [(at - step * 0.08, *state[strand]), (at + step * 0.08, *state[strand])]
        points.append((float(LENGTH), *laid[-1][strand]))
        back = points[::-1]
        path = f"M0 {_n(points[0][1])}{_edge(points, 1)}V{_n(points[-1][2])}{_edge(back, 2)}Z"
        drawn.append(Strand(k + 1, path))
    return drawn


def mouths(strands: Sequence[Hashable], seasons: Sequence[Weights]) -> list[tuple[float, Hashable]]:
    """Where each strand leaves the box of `across`, from above: the middle of its end, and which it is."""
    if not strands or not seasons:
        return []
    last = _states(strands, seasons, ACROSS)[-1]
    return sorted(((sum(last[strand]) / 2, strand) for strand in strands), key=lambda one: one[0])


# --- Where each strand lies ----------------------------------------------------------------------------------------


def _states(strands: Sequence[Hashable], seasons: Sequence[Weights], bed: Bed) -> list[Edges]:
    braided = _braid(strands, seasons)
    return [_lay(order, weights, bed) for order, weights in zip(braided, seasons, strict=True)]


def _braid(strands: Sequence[Hashable], seasons: Sequence[Weights]) -> list[list[Hashable]]:
    """The widest strand runs in the middle; pairs settle on the side nearest to where they were."""
    size = len(strands)
    seats = sorted(range(size), key=lambda seat: (abs(seat - (size - 1) / 2), seat))
    was = {strand: i for i, strand in enumerate(strands)}
    braided = []
    for weights in seasons:
        rank = sorted(strands, key=lambda strand: (-weights.get(strand, 0), strands.index(strand)))
        now: dict[Hashable, int] = {rank[0]: seats[0]} if size % 2 else {}
        for at in range(size % 2, size, 2):
            (one, other), (low, high) = rank[at : at + 2], sorted(seats[at : at + 2])
            if abs(was[one] - low) + abs(was[other] - high) > abs(was[one] - high) + abs(was[other] - low):
                one, other = other, one
            now[one], now[other] = low, high
        braided.append(sorted(strands, key=lambda strand: now[strand]))
        was = now
    return braided


def _lay(order: Sequence[Hashable], weights: Weights, bed: Bed) -> Edges:
    """Side by side in the middle of the bed, narrower where they would not fit."""
    kept = {strand: min(weights.get(strand, 0), WIDEST) for strand in order}
    room = bed.span * 0.94 - bed.thread * len(order) - bed.gap * (len(order) - 1)
    unit = min(bed.unit, room / max(1, sum(kept.values())))
    size = {strand: bed.thread + unit * kept[strand] for strand in order}
    at = (bed.span - sum(size.values()) - bed.gap * (len(order) - 1)) / 2
    laid = {}
    for strand in order:
        laid[strand] = (at, at + size[strand])
        at += size[strand] + bed.gap
    return laid


def _edge(points: Sequence[tuple[float, float, float]], side: int) -> str:
    drawn = ""
    for before, after in pairwise(points):
        if before[side] == after[side]:
            drawn += f"H{_n(after[0])}"
            continue
        half = (after[0] - before[0]) * 0.55
        drawn += (
            f"C{_n(before[0] + half)} {_n(before[side])} {_n(after[0] - half)} {_n(after[side])} "
            f"{_n(after[0])} {_n(after[side])}"
        )
    return drawn


def _n(number: float) -> str:
    text = f"{number:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
