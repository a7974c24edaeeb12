"""How fast the home page is, against a bare Django view in the same run, and how many queries each page takes.

    python -m bench.pages [--n PEOPLE] [--seconds EACH] [--rounds AT_LEAST_3]

A real gunicorn with production settings serves both, in turn. The reader is the mentor of the demo program, signed in:
three pairings, a draft, a quarter's moments. DATABASE_URL names a PostgreSQL server (it makes a database of its own
there, and drops it), REDIS_URL a Redis; `make bench` brings both.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.server.database import seeded
from bench.server.load import Load
from bench.server.production import WORKERS, be_in_production, memory, serve
from dev.processes import CannotStart, Household, end_on_signals, free_port

if TYPE_CHECKING:
    from django.test import Client

SMALL = 40


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=1000, help="people in the program")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each view in each round")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    end_on_signals()
    if given.rounds < 3:
        parser.error("--rounds: a median wants three at least")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    try:
        with Household() as house:
            run(house, given.n, given.seconds, given.rounds)
    except CannotStart as problem:
        print(f"bench.pages cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, size: int, seconds: float, rounds: int) -> None:
    began = time.perf_counter()
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(port, folder)

    progress(f"Seeding {SMALL} people, to count queries")
    with seeded(SMALL):
        queries_small = queries_per_page()
    progress(f"Seeding {size} people")
    with seeded(size) as database:
        queries = queries_per_page()
        headers = {"Cookie": session_cookie(), "Accept-Encoding": "gzip"}
        web = serve(house, port, database, folder / "web.log")
        try:
            home = Load(port, "/", headers)
            hello = Load(port, "/hello/", {})
            for warm in (home, hello):
                warm.per_second(min(seconds, 1.0))
                warm.times.clear()
            progress(f"{rounds} rounds, {seconds:g} seconds of each")
            theirs, ours = in_turn(
                rounds, lambda: hello.per_second(seconds), lambda: home.per_second(seconds)
            )
            peak = memory(web)
        finally:
            web.end()
    say(
        bench="pages",
        what="home page, signed in",
        n=size,
        seconds=round(time.perf_counter() - began, 1),
        rounds=rounds,
        against="bare view, same server, no middleware",
        ratio=ratio(ours, theirs),
        requests_per_second=median(ours),
        requests_per_second_spread=spread(ours),
        against_requests_per_second=median(theirs),
        median_ms=median(home.times),
        p95_ms=round(statistics.quantiles(home.times, n=20)[-1], 1) if len(home.times) > 1 else None,
        against_median_ms=median(hello.times),
        workers=WORKERS,
        peak_mb=peak,
        queries=queries,
        queries_n_small=SMALL,
        queries_small=queries_small,
    )


def session_cookie() -> str:
    """A session of the demo program's mentor, as the sign-in page would have made it."""
    from django.conf import settings

    return f"{settings.SESSION_COOKIE_NAME}={reader().cookies[settings.SESSION_COOKIE_NAME].value}"


def reader() -> "Client":
    from django.test import Client

    from accounts.models import User
    from reflections.demo.people import MENTOR_EMAIL

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=MENTOR_EMAIL))
    return client


def queries_per_page() -> dict[str, int]:
    """By URL name, for the mentor, on a second look."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from mentoring.models import Pairing
    from reflections.demo.people import MENTOR_EMAIL
    from reflections.models import Round

    pairing = Pairing.objects.filter(mentor__email=MENTOR_EMAIL, status=Pairing.Status.ACTIVE)[:1].get()
    round = Round.objects.filter(reflections__person__email=MENTOR_EMAIL).order_by("-due_on")[:1].get()
    pages = {
        "home": reverse("home"),
        "moments:list": reverse("moments:list"),
        "pairings:list": reverse("pairings:list"),
        "pairings:detail": reverse("pairings:detail", args=[pairing.pk]),
        "reflections:list": reverse("reflections:list"),
        "reflections:review": reverse("reflections:review", args=[round.pk]),
        "accounts:settings": reverse("accounts:settings"),
    }
    client = reader()
    counted = {}
    for name, path in pages.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        counted[name] = len(captured)
    return counted


if __name__ == "__main__":
    sys.exit(main())
