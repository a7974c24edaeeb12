"""What every benchmark shares: measures taken in turn, and one JSON line for each."""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def size_and_rounds(module: str, doc: str | None, *, what: str) -> argparse.Namespace:
    """`n`, 10,000 of `what` unless said otherwise, and `rounds`, of a benchmark that asks the database. Says what is
    wrong and ends the process where there is no server, or are too few rounds for a median."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=doc)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=10_000, help=what)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if given.rounds < 3:
        parser.error("--rounds: a median wants three at least")
    if not os.environ.get("DATABASE_URL"):
        parser.error("DATABASE_URL is not set; `make bench` brings a server")
    return given


def set_up_with_keys(folder: Path) -> None:
    """Django in this process, with a key file of its own in that folder, and without keeping every query."""
    import django

    from dev.servers import key_file

    os.environ |= {"DJANGO_SETTINGS_MODULE": "mentoring.settings", "KEY_FILE": key_file(folder)}
    os.environ.setdefault("DEBUG", "1")
    django.setup()
    from django.conf import settings

    settings.DEBUG = False


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
