"""What every benchmark shares: measures taken in turn, and one JSON line for each."""

import json
import statistics
import sys
from collections.abc import Callable, Sequence
from typing import Any


def in_turn(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Each measure once per round, one after the other, so that a busy minute of the machine meets them all.

    What comes back is in the order of `measures`: its figures, one per round.
    """
    taken: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for figures, measure in zip(taken, measures, strict=True):
            figures.append(measure())
    return taken


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Of the two medians."""
    return round(statistics.median(ours) / statistics.median(theirs), 4)


def median(figures: Sequence[float], digits: int = 1) -> float:
    return round(statistics.median(figures), digits)


def spread(figures: Sequence[float], digits: int = 1) -> list[float]:
    """The lowest and the highest: how much to believe the median."""
    return [round(min(figures), digits), round(max(figures), digits)]


def say(**line: Any) -> None:
    """One line of JSON on standard output: what was measured, against what, and the ratio of the two."""
    missing = {"bench", "n", "seconds", "against", "ratio", "peak_mb"} - set(line)
    if missing:
        raise ValueError(f"A benchmark's line says {sorted(missing)} too.")
    print(json.dumps(line), flush=True)


def progress(text: str) -> None:
    """Something for the person who waits, out of the way of the JSON."""
    print(text, file=sys.stderr, flush=True)
