"""How long people wait when many come at once: all the pages of bench.pages together, at random moments.

    python -m bench.load [--n PEOPLE] [--seconds EACH] [--rounds AT_LEAST_3] [--share OF_WHAT_IT_CAN]

A real gunicorn with production settings. First it is asked as fast as it answers, by sixteen people, to find what it
can; then requests come at random moments, at `share` of that rate on average (0.5), whether or not earlier ones have
been answered. What waits for a free server counts. One in six is the bare view, so that it meets the same queues. What
is judged is `p95_by_p50`: how much longer the slowest of twenty wait than those in the middle. DATABASE_URL names a
PostgreSQL server (it makes a database of its own there, and drops it), REDIS_URL a Redis; `make bench` brings both.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from bench.common import median, progress, ratio, say, spread
from bench.server.database import seeded
from bench.server.load import Ask, InTurn, Load, at_rate, percentile
from bench.server.production import WORKERS, be_in_production, memory, serve
from bench.server.readers import PAGES, asks_of
from dev.processes import CannotStart, Household, end_on_signals, free_port

CLIENTS = 16
BARE = "bare view"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=1000, help="people in the program")
    parser.add_argument("--seconds", type=float, default=15.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.5, help="of what the server can at most")
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
        print(f"bench.load cannot go on: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, given: argparse.Namespace) -> None:
    began = time.perf_counter()
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(port, folder)
    chance = random.Random(11)

    progress(f"Seeding {given.n} people")
    with seeded(given.n) as database:
        by_page = asks_of(CLIENTS)
        by_page[BARE] = [Ask(BARE, "/hello/", {}) for _ in range(CLIENTS)]
        readers = by_page["reflection save"]  # Of whom there may be fewer.
        mixed = [asks[number] for number in range(CLIENTS) for asks in by_page.values() if number < len(asks)]
        web = serve(house, port, database, folder / "web.log")
        times: dict[str, list[float]] = {what: [] for what in (*PAGES, BARE)}
        medians: dict[str, list[float]] = {what: [] for what in times}
        rates = []
        try:
            # As often one page as another, as in the rounds: who asks for the quickest would ask most otherwise.
            by_client = zip(*(asks[: len(readers)] for asks in by_page.values()), strict=True)
            full = Load(port, [InTurn(chance.sample(asks, len(asks))) for asks in by_client])
            full.per_second(min(given.seconds, 2.0))
            for number in range(given.rounds):
                rate = given.share * full.per_second(given.seconds / 3)
                rates.append(rate)
                progress(f"Round {number + 1}: {rate:.0f} requests a second for {given.seconds:g} seconds")
                taken = at_rate(port, mixed, per_second=rate, seconds=given.seconds, chance=chance)
                for what, figures in taken.items():
                    times[what] += figures
                    if figures:
                        medians[what].append(median(figures))
            peak = memory(web)
        finally:
            web.end()
    for what in PAGES:
        p50, p95 = percentile(times[what], 50), percentile(times[what], 95)
        say(
            bench="load",
            what=what,
            n=given.n,
            seconds=round(time.perf_counter() - began, 1),
            rounds=given.rounds,
            against="bare view among the same requests",
            ratio=ratio(medians[what], medians[BARE]) if medians[what] and medians[BARE] else None,
            requests=len(times[what]),
            p50_ms=p50,
            p95_ms=p95,
            p95_by_p50=round(p95 / p50, 2) if p50 and p95 else None,
            against_p50_ms=percentile(times[BARE], 50),
            against_p95_ms=percentile(times[BARE], 95),
            share=given.share,
            requests_per_second=median(rates),
            requests_per_second_spread=spread(rates),
            workers=WORKERS,
            peak_mb=peak,
        )


if __name__ == "__main__":
    sys.exit(main())
