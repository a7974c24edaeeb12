"""How fast somebody's story is, against their home page in the same run, and how many queries each page takes.

    python -m bench.story [--n PEOPLE] [--years YEARS] [--seconds EACH] [--rounds AT_LEAST_3]

The reader is the mentor of the demo program, who keeps something every other day for as many years, three in four of
them beside a value. A real gunicorn with production settings serves the pages in turn. DATABASE_URL names a PostgreSQL
server (it makes a database of its own there, and drops it), REDIS_URL a Redis; `make bench` brings both.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.server.database import seeded
from bench.server.load import Load
from bench.server.production import WORKERS, be_in_production, memory, serve
from dev.processes import CannotStart, Household, end_on_signals, free_port

VALUES = ("Candor", "Patience", "Curiosity", "Courage", "Room for others", "Play", "Care", "Plain words")
SENTENCES = (
    "She rang them herself, and I sat beside her.",
    "Nobody cheered, and it was right.",
    "I waited, and the real answer came second.",
    "We drank tea on the tailgate and did not like the number together.",
    "He asked to be shown again, and then he showed the others.",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.story", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=1000, help="people in the program")
    parser.add_argument("--years", type=int, default=10, help="of the reader's moments")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each page in each round")
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
            run(house, given.n, given.years, given.seconds, given.rounds)
    except CannotStart as problem:
        print(f"bench.story cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, size: int, years: int, seconds: float, rounds: int) -> None:
    from bench.pages import session_cookie

    began = time.perf_counter()
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(port, folder)

    progress(f"Seeding {size} people")
    with seeded(size) as database:
        few = queries_of(pages())
        progress(f"{years} years of one person’s moments")
        moments, shown = keep(years)
        paths = pages()
        queries = queries_of(paths)
        headers = {"Cookie": session_cookie(), "Accept-Encoding": "gzip"}
        web = serve(house, port, database, folder / "web.log")
        try:
            loads = {name: Load.of(port, path, headers) for name, path in paths.items()}
            for load in loads.values():
                load.per_second(min(seconds, 1.0))
                load.times.clear()
            progress(f"{rounds} rounds, {seconds:g} seconds of each page")
            measures = [_measure(load, seconds) for load in loads.values()]
            taken = dict(zip(loads, in_turn(rounds, *measures), strict=True))
            peak = memory(web)
        finally:
            web.end()
    for name, load in loads.items():
        if name == "home":
            continue
        say(
            bench="story",
            what=name,
            n=size,
            years=years,
            moments=moments,
            shown=shown,
            seconds=round(time.perf_counter() - began, 1),
            rounds=rounds,
            against="home page of the same person, same server",
            ratio=ratio(taken[name], taken["home"]),
            requests_per_second=median(taken[name]),
            requests_per_second_spread=spread(taken[name]),
            against_requests_per_second=median(taken["home"]),
            median_ms=median(load.times),
            p95_ms=round(statistics.quantiles(load.times, n=20)[-1], 1) if len(load.times) > 1 else None,
            against_median_ms=median(loads["home"].times),
            workers=WORKERS,
            peak_mb=peak,
            queries=queries[name],
            against_queries=queries["home"],
            queries_small=few[name],
        )


def _measure(load: Load, seconds: float) -> Callable[[], float]:
    return lambda: load.per_second(seconds)


def keep(years: int) -> tuple[int, int]:
    """How many moments the reader has then, and how many times one shows a value."""
    from django.db import connection

    from accounts import clock
    from accounts.models import User
    from accounts.vault import data_keys
    from reflections.demo.people import MENTOR_EMAIL
    from reflections.models import Moment, Value, ValueShown

    chance = random.Random(7)
    person, now = User.objects.get(email=MENTOR_EMAIL), clock.now()
    with data_keys.in_hand(person.pk):
        values = [Value.objects.create(person=person, name=name) for name in VALUES]
        moments = Moment.objects.bulk_create(
            [
                Moment(
                    person=person,
                    text=" ".join(chance.sample(SENTENCES, 3)),
                    happened_on=(now - timedelta(days=days)).date(),
                    kind=chance.choice(Moment.Kind.values),
                    for_whom=chance.choice(Moment.Whom.values),
                )
                for days in range(1, 365 * years, 2)
            ],
            batch_size=1000,
        )
        ValueShown.objects.bulk_create(
            [
                ValueShown(value=value, moment=moment, quote=chance.choice(moment.text.split(". ")))
                for moment in moments
                if chance.random() < 0.75
                for value in chance.sample(values, chance.choice([1, 1, 2]))
            ],
            batch_size=1000,
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Moment.objects.of(person).count(), ValueShown.objects.of(person).count()


def pages() -> dict[str, str]:
    """By what they are."""
    from django.urls import reverse

    from reflections.demo.people import MENTOR_EMAIL
    from reflections.models import Value

    value = Value.objects.filter(person__email=MENTOR_EMAIL).latest("pk")
    return {
        "home": reverse("home"),
        "story": reverse("story:index"),
        "value": reverse("story:value", args=[value.pk]),
        "year": reverse("story:year"),
        "other years": reverse("story:other_years"),
    }


def queries_of(paths: dict[str, str]) -> dict[str, int]:
    """On a second look."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bench.server.readers import signed_in
    from reflections.demo.people import MENTOR_EMAIL

    client = signed_in(MENTOR_EMAIL)
    counted = {}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        counted[name] = len(captured)
    return counted


if __name__ == "__main__":
    sys.exit(main())
