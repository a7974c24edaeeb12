"""How fast the pages are that most people open, each against a bare Django view in the same run, and what they ask of
the database.

    python -m bench.pages [--n PEOPLE] [--seconds EACH] [--rounds AT_LEAST_3] [--only WORD]

A real gunicorn with production settings serves all, in turn. The readers are people of the demo program who are signed
in, four at a time, each over a connection of their own: home, the page of a pair, an answer that saves itself, a search
for mentors, and the admin's first page. DATABASE_URL names a PostgreSQL server (it makes a database of its own there,
and drops it), REDIS_URL a Redis; `make bench` brings both.
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
from bench.server.load import Ask, Load, percentile
from bench.server.production import WORKERS, be_in_production, memory, serve
from bench.server.readers import asks_of, signed_in
from dev.processes import CannotStart, Household, end_on_signals, free_port

SMALL = 60
CLIENTS = 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=1000, help="people in the program")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each view in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="pages whose name holds this word")
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
        print(f"bench.pages cannot go on: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, given: argparse.Namespace) -> None:
    began = time.perf_counter()
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(port, folder)

    progress(f"Seeding {SMALL} people, to count queries")
    with seeded(SMALL):
        queries_small = queries_per_page()
    progress(f"Seeding {given.n} people")
    with seeded(given.n) as database:
        queries = queries_per_page()
        asks = {name: asks for name, asks in asks_of(CLIENTS).items() if given.only in name}
        web = serve(house, port, database, folder / "web.log")
        try:
            loads = {"hello": Load.of(port, "/hello/", {}, CLIENTS)}
            loads |= {name: Load(port, each) for name, each in asks.items()}
            for warm in loads.values():
                warm.per_second(min(given.seconds, 1.0))
                warm.times.clear()
            progress(f"{given.rounds} rounds, {given.seconds:g} seconds of each page")
            measures = [_measure(load, given.seconds) for load in loads.values()]
            taken = dict(zip(loads, in_turn(given.rounds, *measures), strict=True))
            peak = memory(web)
        finally:
            web.end()
    for name in asks:
        times = loads[name].times
        say(
            bench="pages",
            what=name,
            n=given.n,
            seconds=round(time.perf_counter() - began, 1),
            rounds=given.rounds,
            against="bare view, same server, no middleware",
            ratio=ratio(taken[name], taken["hello"]),
            requests_per_second=median(taken[name]),
            requests_per_second_spread=spread(taken[name]),
            against_requests_per_second=median(taken["hello"]),
            median_ms=median(times),
            p95_ms=percentile(times, 95),
            against_median_ms=median(loads["hello"].times),
            against_p95_ms=percentile(loads["hello"].times, 95),
            clients=CLIENTS,
            workers=WORKERS,
            peak_mb=peak,
            queries=queries[name],
            queries_n_small=SMALL,
            queries_small=queries_small[name],
        )


def _measure(load: Load, seconds: float) -> Callable[[], float]:
    return lambda: load.per_second(seconds)


def session_cookie() -> str:
    """A session of the demo program's mentor, as the sign-in page would have made it."""
    from django.conf import settings

    from reflections.demo.people import MENTOR_EMAIL

    client = signed_in(MENTOR_EMAIL)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def queries_per_page() -> dict[str, int]:
    """Of one reader, on a second look."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    def look(ask: Ask) -> None:
        client = Client(SERVER_NAME="localhost", headers={"Cookie": ask.headers["Cookie"]})
        answer = client.post(ask.path, ask.form) if ask.form else client.get(ask.path)
        if answer.status_code != 200:
            raise RuntimeError(f"{ask.path} answered {answer.status_code}")
        if ask.follows:
            ask.form |= {name: str(answer.json()[name]) for name in ask.follows}
            ask.form["text"] += "."

    counted = {}
    for name, (ask, *_others) in asks_of(1).items():
        look(ask)
        with CaptureQueriesContext(connection) as captured:
            look(ask)
        counted[name] = len(captured)
    return counted


if __name__ == "__main__":
    sys.exit(main())
