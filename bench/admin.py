"""What each list of the admin costs with many people and five years behind them, against the same list with few.

    python -m bench.admin [--n PEOPLE] [--small PEOPLE] [--rounds AT_LEAST_3] [--only WORD]

Two databases of their own: `--n` people (10,000), and `--small` (100), in five programs each, with twenty quarters of
e-mails and reflections, a pairing a year, meetings and requests. Each registered list is opened by a superuser, who has
all rows, and by somebody who runs the largest program, with half of them; and searched once. The two sizes are taken in
turn, asked of Django itself in one process. DATABASE_URL names a PostgreSQL server (it makes databases of its own
there, and drops them), REDIS_URL a Redis; `make bench` brings both.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.admin_years import fill
from bench.common import in_turn, median, progress, ratio, say, spread
from bench.server.database import seeded
from bench.server.production import be_in_production
from dev.processes import CannotStart, Household, end_on_signals, free_port

CAST = 34  # The demo program, which is in either database.
SOUGHT = "falk"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.admin", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=10_000, help="people")
    parser.add_argument("--small", type=int, default=100, help="people of what it is measured against")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="lists whose name holds this word")
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
    except CannotStart as problem:
        print(f"bench.admin cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(house: Household, given: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
    house.throw_away(folder)
    be_in_production(free_port(), folder)
    from django.conf import settings

    settings.REQUIRE_ADMIN_SECOND_FACTOR = False
    with seeded(CAST):
        small = Installation(given.small)
        with seeded(CAST + 1):
            large = Installation(given.n)
            for who in ("superuser", "program admin"):
                for name, address in lists():
                    if given.only in name:
                        measure(name, who, address, small, large, given)


def lists() -> list[tuple[str, str]]:
    """Every list that is registered, and where it can be searched, also its search."""
    from django.contrib import admin
    from django.urls import reverse

    found = []
    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        found.append((str(model._meta.model_name), address))
        if page.search_fields:
            found.append((f"{model._meta.model_name}, searched", f"{address}?q={SOUGHT}"))
    # Of which there are very many, and hardly any are listed.
    return [*found, ("message, reminders", reverse("admin:mail_message_changelist") + "?kind=reminder")]


class Installation:
    """A database, its people, and two browsers."""

    def __init__(self, size: int) -> None:
        from django.db import connection
        from django.test import Client

        from accounts.clock import now

        progress(f"Making five years of {size} people")
        self.size = size
        self.name = connection.settings_dict["NAME"]
        self.clients: dict[str, Client] = {}
        admin, superuser = fill(size, now())
        for who, person in (("program admin", admin), ("superuser", superuser)):
            self.clients[who] = Client(SERVER_NAME="localhost")
            self.clients[who].force_login(person)

    def is_asked(self) -> None:
        """From now on Django's connection leads here."""
        from django.contrib.contenttypes.models import ContentType
        from django.db import connection

        if connection.settings_dict["NAME"] != self.name:
            connection.close()
            connection.settings_dict["NAME"] = self.name
            ContentType.objects.clear_cache()
            connection.ensure_connection()

    def seconds(self, who: str, address: str) -> float:
        """Of the second of two looks, because the first meets a connection that has just been made."""
        self.is_asked()
        self._look(who, address)
        began = time.perf_counter()
        self._look(who, address)
        return time.perf_counter() - began

    def queries(self, who: str, address: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.is_asked()
        self._look(who, address)
        with CaptureQueriesContext(connection) as captured:
            self._look(who, address)
        return len(captured)

    def _look(self, who: str, address: str) -> None:
        answer = self.clients[who].get(address, secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code} to the {who}")


def measure(
    name: str, who: str, address: str, small: Installation, large: Installation, given: argparse.Namespace
) -> None:
    began = time.perf_counter()
    counts = large.queries(who, address), small.queries(who, address)
    theirs, ours = in_turn(
        given.rounds, partial(small.seconds, who, address), partial(large.seconds, who, address)
    )
    say(
        bench="admin",
        what=name,
        who=who,
        n=large.size,
        seconds=round(time.perf_counter() - began, 1),
        rounds=given.rounds,
        against=f"the same list with {small.size} people",
        ratio=ratio(ours, theirs),
        median_ms=median([1000 * each for each in ours]),
        spread_ms=spread([1000 * each for each in ours]),
        against_median_ms=median([1000 * each for each in theirs]),
        queries=counts[0],
        queries_small=counts[1],
        queries_n_small=small.size,
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )


if __name__ == "__main__":
    sys.exit(main())
