"""How quickly, and in how much memory, a program is matched, against the solvers that one would use instead.

    python -m bench.matching [--n MENTEES ...] [--rounds N]

For each size one line against scipy's dense `linear_sum_assignment` (columns repeated for capacity) and, up to 400,
one against Munkres's steps in plain Python. All solve the same fits. Each measurement is a process of its own, so that
its peak of memory is its own too. What is measured is the time of the processor, of which each uses one: so the figures
mean something on a machine that is doing other things.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.matching_people import matching
from bench.munkres import munkres
from dev.processes import ROOT
from mentoring.matching.certificate import check_certificate
from mentoring.matching.program import Matching
from mentoring.matching.proposal import Proposal, capacities, propose, propose_at_once
from mentoring.matching.reasons import reasons
from mentoring.matching.scores import ProgramScores, blocks
from mentoring.matching.words import Reader, Words

SIZES = [200, 1000]
# From here on the dense table alone would take more than 2.5 GB, and its solver as much again.
DENSE_UP_TO = 15_000
MUNKRES_UP_TO = 400
SHOWN = 50
Figures = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, nargs="+", default=SIZES, help="how many mentees")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", choices=sorted(MEASURES), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(MEASURES[given.measure](given.n[0])))
        return 0
    if given.rounds < 3:
        parser.error("three at least: the figure is a median")
    for size in given.n:
        compare(size, given.rounds)
    return 0


def compare(size: int, rounds: int) -> None:
    theirs = ["dense"] if size <= DENSE_UP_TO else []
    theirs += ["munkres"] if size <= MUNKRES_UP_TO else []
    names = ["ours", "first", *theirs]
    taken: dict[str, list[Figures]] = {name: [] for name in names}

    def once(name: str) -> Callable[[], float]:
        def measure() -> float:
            progress(f"{size} mentees: {name}")
            taken[name].append(alone(name, size))
            return float(taken[name][-1]["solve"])

        return measure

    began = time.perf_counter()
    in_turn(rounds, *map(once, names))
    seconds = round(time.perf_counter() - began, 1)
    ours, first = taken["ours"], taken["first"]
    for against in theirs or ["nothing: the dense table would not fit"]:
        other = taken.get(against, [])
        if other and (ours[0]["matched"], ours[0]["fit"]) != (other[0]["matched"], other[0]["fit"]):
            raise ArithmeticError(f"{against} found something else: {other[0]}, and ours is {ours[0]}")
        say(
            bench="matching",
            n=size,
            mentors=ours[0]["mentors"],
            places=ours[0]["places"],
            seconds=seconds,
            rounds=rounds,
            against=WHAT.get(against, against),
            ratio=ratio([each["solve"] for each in ours], [each["solve"] for each in other])
            if other
            else None,
            ratio_with_scoring=ratio(
                [each["together"] for each in ours], [each["together"] for each in other]
            )
            if other
            else None,
            first_ratio=ratio([each["solve"] for each in first], [each["solve"] for each in other])
            if other
            else None,
            ratio_peak=ratio([each["peak"] for each in ours], [each["peak"] for each in other])
            if other
            else None,
            scoring_ms=milliseconds(ours, "scoring"),
            solving_ms=milliseconds(ours, "solve"),
            solving_ms_spread=spread([1000 * each["solve"] for each in ours]),
            together_ms=milliseconds(ours, "together"),
            checking_ms=milliseconds(ours, "check"),
            reasons_ms=milliseconds(ours, "reasons"),
            first_ms=milliseconds(first, "solve"),
            first_below=round(1 - first[0]["fit"] / ours[0]["fit"], 6),
            first_matched=first[0]["matched"],
            matched=ours[0]["matched"],
            fit=ours[0]["fit"],
            worst=ours[0]["worst"],
            against_ms=milliseconds(other, "solve") if other else None,
            against_peak_mb=round(max(each["peak"] for each in other), 1) if other else None,
            peak_mb=round(max(each["peak"] for each in ours), 1),
            idle_mb=round(max(each["idle"] for each in ours), 1),
        )


WHAT = {
    "dense": "scipy's linear_sum_assignment on the whole table, columns repeated for capacity",
    "munkres": "Munkres's steps in plain Python, columns repeated for capacity",
}


def milliseconds(figures: list[Figures], name: str) -> float:
    return median([1000 * each[name] for each in figures])


def alone(name: str, size: int) -> Figures:
    """In a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.matching", "--measure", name, "--n", str(size)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{name} at {size} ended with {ran.returncode}: {ran.stderr[-2000:]}")
    figures: Figures = json.loads(ran.stdout.splitlines()[-1])
    return figures


def peak() -> float:
    """MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(size: int) -> Figures:
    """The best there is with its proof, on fits that are made as they are needed. `solve` is without the time that
    goes into making them, `together` with it."""

    asked = matching(size)
    idle = peak()
    scoring, proposal, took = timed(lambda: propose(asked))
    highest = peak()
    began = time.process_time()
    words = Words()
    for each in proposal.pairs[:SHOWN]:
        told = reasons(asked, each.pair)
        for reader in Reader:
            words.of_pair(told, reader, "Yuki", "Greta")
    said = time.process_time() - began
    began = time.process_time()
    check_certificate(proposal.scores, capacities(asked), proposal.assignment)
    checked = time.process_time() - began
    return {
        "mentors": len(asked.mentors),
        "places": int(capacities(asked).sum()),
        "scoring": scoring,
        "solve": took - scoring,
        "together": took,
        "check": checked,
        "reasons": said,
        "peak": highest,
        "idle": idle,
        **came_to(proposal),
    }


def first(size: int) -> Figures:

    asked = matching(size)
    scoring, proposal, took = timed(lambda: propose_at_once(asked))
    return {"solve": took - scoring, "together": took, "peak": peak(), **came_to(proposal)}


def timed(solve: Callable[[], Any]) -> tuple[float, Any, float]:
    """(Seconds in making fits, what came of it, seconds in all.)"""

    spent = 0.0
    for name in ("__init__", "block"):
        inner = getattr(ProgramScores, name)

        def outer(*given: Any, inner: Callable[..., Any] = inner, **named: Any) -> Any:
            nonlocal spent
            began = time.process_time()
            try:
                return inner(*given, **named)
            finally:
                spent += time.process_time() - began

        setattr(ProgramScores, name, outer)
    began = time.process_time()
    found = solve()
    took = time.process_time() - began
    return spent, found, took


def came_to(proposal: Proposal) -> Figures:
    totals = proposal.totals
    return {"matched": totals.matched, "fit": totals.fit, "worst": totals.worst}


def dense(size: int) -> Figures:

    asked = matching(size)
    began = time.process_time()
    worth, big = whole_table(asked)
    made = time.process_time()
    rows, columns = linear_sum_assignment(worth, maximize=True)
    took = time.process_time() - made
    taken = worth[rows, columns]
    return {"solve": took, "together": time.process_time() - began, "peak": peak(), **summed(taken, big)}


def plain(size: int) -> Figures:
    asked = matching(size)
    began = time.process_time()
    worth, big = whole_table(asked)
    side = max(worth.shape)
    costs = np.full((side, side), worth.max())
    costs[: worth.shape[0], : worth.shape[1]] -= worth
    table = costs.astype(np.int64).tolist()
    made = time.process_time()
    columns = munkres(table)
    took = time.process_time() - made
    taken = np.array(
        [worth[row, column] for row, column in enumerate(columns[: len(worth)]) if column < worth.shape[1]]
    )
    return {"solve": took, "together": time.process_time() - began, "peak": peak(), **summed(taken, big)}


def whole_table(asked: Matching) -> tuple[np.ndarray, float]:
    """What each pair is worth, a column for each place; to be matched at all is worth more than all fits."""

    scores = ProgramScores(asked)
    mentor_of_place = np.repeat(np.arange(scores.mentors), capacities(asked))
    big = float((scores.mentees + 1) * (scores.best + 1))
    worth = np.zeros((scores.mentees, len(mentor_of_place)))
    for rows, block in blocks(scores):
        worth[rows] = np.where(block < 0, 0, block + big)[:, mentor_of_place]
    return worth, big


def summed(taken: np.ndarray, big: float) -> Figures:
    matched = int((taken > 0).sum())
    return {"matched": matched, "fit": int(taken.sum() - matched * big)}


MEASURES: dict[str, Callable[[int], Figures]] = {
    "ours": ours,
    "first": first,
    "dense": dense,
    "munkres": plain,
}

if __name__ == "__main__":
    sys.exit(main())
