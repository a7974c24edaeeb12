"""Which web server answers best: the home page and a page of static bytes under each, in the same run.

    python -m bench.servers [--n PEOPLE] [--seconds EACH] [--rounds AT_LEAST_3] [--clients AT_ONCE]

gunicorn as `gunicorn.conf.py` sets it up (threads) is what the others are measured against: gunicorn with one request
for each process, gunicorn with more threads, and granian, which speaks HTTP in Rust and hands requests to threads of
Python. All are up the whole time, each with two processes, and are asked in turn. DATABASE_URL names a PostgreSQL
server (it makes a database of its own there, and drops it), REDIS_URL a Redis; `make bench` brings both.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.server.database import seeded
from bench.server.load import Load, percentile
from bench.server.production import GUNICORN, WORKERS, be_in_production, memory, serve
from bench.server.readers import asks_of
from dev.processes import CannotStart, Household, end_on_signals, free_port

DEFAULT = "gunicorn, 4 threads"
SERVERS: dict[str, tuple[str, ...]] = {
    DEFAULT: GUNICORN,
    "gunicorn, one at a time": (*GUNICORN, "--worker-class", "sync", "--threads", "1"),
    "gunicorn, 8 threads": (*GUNICORN, "--threads", "8"),
    "granian, 4 threads": (
        *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--no-ws"),
        *("--workers", str(WORKERS), "--blocking-threads", "4", "bench.server.wsgi:application"),
    ),
}
VIEWS = ("home", "bare view")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.servers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=1000, help="people in the program")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each view in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8, help="who ask at once")
    given = parser.parse_args()
    end_on_signals()
    if given.rounds < 3:
        parser.error("--rounds: a median wants three at least")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    try:
        with Household() as house:
            run(house, given)
    except (CannotStart, RuntimeError) as problem:
        print(f"bench.servers cannot go on: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, given: argparse.Namespace) -> None:
    began = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(free_port(), folder)

    progress(f"Seeding {given.n} people")
    with seeded(given.n) as database:
        asks = asks_of(given.clients)["home"]
        ports = {name: free_port() for name in SERVERS}
        running = {
            name: serve(house, ports[name], database, folder / f"{number}.log", command)
            for number, (name, command) in enumerate(SERVERS.items())
        }
        try:
            loads = {(name, "home"): Load(ports[name], asks) for name in SERVERS}
            loads |= {
                (name, "bare view"): Load.of(ports[name], "/hello/", {}, given.clients) for name in SERVERS
            }
            for warm in loads.values():
                warm.per_second(min(given.seconds, 1.0))
                warm.times.clear()
            progress(f"{given.rounds} rounds, {given.seconds:g} seconds of each view of each server")
            measures = [_measure(load, given.seconds) for load in loads.values()]
            taken = dict(zip(loads, in_turn(given.rounds, *measures), strict=True))
            peaks = {name: memory(child) for name, child in running.items()}
        finally:
            for child in running.values():
                child.end()
    for view in VIEWS:
        for name in SERVERS:
            figures, theirs, load = taken[name, view], taken[DEFAULT, view], loads[name, view]
            say(
                bench="servers",
                what=f"{view}: {name}",
                n=given.n,
                seconds=round(time.perf_counter() - began, 1),
                rounds=given.rounds,
                against=f"{view}: {DEFAULT}",
                ratio=ratio(figures, theirs),
                requests_per_second=median(figures),
                requests_per_second_spread=spread(figures),
                p50_ms=percentile(load.times, 50),
                p95_ms=percentile(load.times, 95),
                clients=given.clients,
                workers=WORKERS,
                peak_mb=peaks[name],
            )


def _measure(load: Load, seconds: float) -> Callable[[], float]:
    return lambda: load.per_second(seconds)


if __name__ == "__main__":
    sys.exit(main())
