"""How quickly the people of a program are read for a matching run, against the rows of the same queries alone.

    python -m bench.pool [--n MENTEES ...] [--rounds AT_LEAST_3]

The pool (mentoring/pool.py) of a program with so many mentees and 0.6 as many mentors, all of whom have said a lot.
What stands against it is psycopg fetching the rows of the very same queries, of which nothing is made. Besides: a whole
run, from asking for it to its last row. Each measure takes a process of its own, so that its peak of memory is its own
too. What is measured is the time of the processor in that process, so that the figures mean something on a machine that
is doing other things: the database does the same for both. How long it took by the clock is said besides.
DATABASE_URL names a PostgreSQL server (it makes a database of its own there, and drops it), REDIS_URL a Redis; `make
bench` brings both.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.imports import _peak, _set_up

SIZES = [200, 1000]
Figures = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pool", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, nargs="+", default=SIZES, help="how many mentees")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", choices=sorted(MEASURES), help=argparse.SUPPRESS)
    given = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    _set_up()
    if given.measure:
        print(json.dumps(MEASURES[given.measure]()))
        return 0
    if given.rounds < 3:
        parser.error("three at least: the figure is a median")
    for size in given.n:
        compare(size, given.rounds)
    return 0


def compare(size: int, rounds: int) -> None:
    from django.db import connection

    from bench.pool_people import fill
    from bench.server.database import seeded

    began = time.perf_counter()
    with seeded(34) as database:
        progress(f"{size} mentees: writing them down")
        fill(size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        taken: dict[str, list[Figures]] = {name: [] for name in MEASURES}

        def once(name: str) -> Callable[[], float]:
            def measure() -> float:
                progress(f"{size} mentees: {name}")
                taken[name].append(alone(name, database))
                return float(taken[name][-1]["seconds"])

            return measure

        in_turn(rounds, *map(once, MEASURES))
    pool, rows, run = taken["pool"], taken["rows"], taken["run"]
    say(
        bench="pool",
        n=size,
        mentors=pool[0]["mentors"],
        seconds=round(time.perf_counter() - began, 1),
        rounds=rounds,
        against="psycopg fetching the rows of the same queries",
        ratio=ratio([each["seconds"] for each in pool], [each["seconds"] for each in rows]),
        queries=pool[0]["queries"],
        rows=rows[0]["rows"],
        pool_ms=milliseconds(pool, "seconds"),
        pool_waited_ms=milliseconds(pool, "waited"),
        pool_ms_spread=spread([1000 * each["seconds"] for each in pool]),
        fingerprint_ms=milliseconds(pool, "fingerprint"),
        against_ms=milliseconds(rows, "seconds"),
        run_ms=milliseconds(run, "seconds"),
        run_waited_ms=milliseconds(run, "waited"),
        run_reading_ms=milliseconds(run, "reading"),
        run_solving_ms=milliseconds(run, "solving"),
        run_reasons_ms=milliseconds(run, "reasons"),
        run_keeping_ms=milliseconds(run, "keeping"),
        matched=run[0]["matched"],
        without=run[0]["without"],
        peak_mb=max(each["peak_mb"] for each in pool),
        idle_mb=max(each["idle_mb"] for each in pool),
        run_peak_mb=max(each["peak_mb"] for each in run),
    )


def milliseconds(figures: list[Figures], name: str) -> float:
    return median([1000 * each[name] for each in figures])


def alone(name: str, database: str) -> Figures:
    """In a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.pool", "--measure", name],
        env=os.environ | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{name} ended with {ran.returncode}: {ran.stderr[-2000:]}")
    figures: Figures = json.loads(ran.stdout.splitlines()[-1])
    return figures


def _megabytes() -> float:
    return round(_peak() / 1e6, 1)


def pool() -> Figures:
    from accounts.clock import now
    from mentoring.pool import to_match

    program, number = _program(), 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal number
        number += 1
        return execute(sql, params, many, context)

    from django.db import connection

    connection.ensure_connection()
    idle = _megabytes()
    with connection.execute_wrapper(count):
        began, waited = time.process_time(), time.perf_counter()
        found = to_match(program, now())
        seconds, waited = time.process_time() - began, time.perf_counter() - waited
    peak = _megabytes()
    began = time.process_time()
    found.fingerprint  # noqa: B018
    fingerprint = time.process_time() - began
    return {
        "seconds": seconds,
        "waited": waited,
        "fingerprint": fingerprint,
        "queries": number,
        "mentors": len(found.matching.mentors),
        "peak_mb": peak,
        "idle_mb": idle,
    }


def rows() -> Figures:
    """The same queries, said once by the pool and then asked of psycopg alone."""
    from django.db import connection

    from accounts.clock import now
    from mentoring.pool import to_match

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        to_match(_program(), now())
    fetched = 0
    began = time.process_time()
    with connection.connection.cursor() as cursor:
        for statement, params in asked:
            cursor.execute(statement, params)
            fetched += len(cursor.fetchall())
    return {"seconds": time.process_time() - began, "rows": fetched}


def run() -> Figures:
    """Asked for and made, as by a worker; and put away, so that the next one finds the same people."""
    from accounts.clock import now
    from accounts.models import User
    from mentoring import actions
    from mentoring.models import MatchingRun
    from mentoring.runs import making, queue

    program, by = _program(), User.objects.create(email=f"by.{os.getpid()}@bench.example", is_superuser=True)
    spent = {
        "reading": _timed(making, "to_match"),
        "solving": _timed(making, "propose"),
        "reasons": _timed(queue, "ask_why"),
        "keeping": _timed(queue, "keep"),
    }
    began, waited = time.process_time(), time.perf_counter()
    asked = actions.start_run(program, by=by, now=now())
    if not queue.work(asked.pk, now=now()):
        raise RuntimeError("the run was not made")
    seconds, waited = time.process_time() - began, time.perf_counter() - waited
    peak = _megabytes()
    made = MatchingRun.objects.get(pk=asked.pk)
    return {
        "seconds": seconds,
        "waited": waited,
        **{name: figures[0] for name, figures in spent.items()},
        "matched": made.matched,
        "without": made.without.count(),
        "peak_mb": peak,
    }


def _timed(module: Any, name: str) -> list[float]:
    """The seconds that this function of that module takes, once it has been called."""
    inner, spent = getattr(module, name), [0.0]

    def outer(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return inner(*given, **named)
        finally:
            spent[0] += time.process_time() - began

    setattr(module, name, outer)
    return spent


def _program() -> Any:
    from mentoring.models import Program

    return Program.objects.get(slug="bench")


MEASURES: dict[str, Callable[[], Figures]] = {"pool": pool, "rows": rows, "run": run}

if __name__ == "__main__":
    sys.exit(main())
