"""What pages, the clock and the disk cost with many people, against the same with few, in one run.

    python -m bench.scale [--n PEOPLE] [--moments MOMENTS] [--small PEOPLE] [--rounds AT_LEAST_3] [--keep FOLDER]

Databases of its own, of `--n` people (100,000) and of `--small` (1,000), ten moments each: those who look have as many
of their own in either. Each page is opened in turn in both, asked of Django itself in one process. Beside the times
stand the rows that PostgreSQL read for it, and the tables that it read from end to end: what grows with the
installation, and not with what the page shows, is found in these. DATABASE_URL names a PostgreSQL server, REDIS_URL a
Redis; `make bench` brings both. With `--keep` the databases stay, and their key file in that folder, for another run.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.common import in_turn, median, progress, ratio, say, spread
from bench.scale_years import fill
from bench.server.database import copied, dropped, stands
from bench.server.production import be_in_production
from dev.processes import CannotStart, Household, end_on_signals, free_port

CAST = 40  # The demo program, in either.
FALK = "?q=falk"
PAGES = {
    "member": (
        "/", "/moments/", "/moments/search/?q=listened", "/moments/days/", "/wall/", "/reflections/", "/pairings/",
        "/pairings/{pairing}/", "/pairings/{pairing}/timeline/", "/programs/", "/programs/{program}/",
        "/programs/{program}/mentors/", "/programs/{program}/mentors/" + FALK, "/people/{partner}/", "/thanks/",
        "/named/", "/by-mail/", "/story/", "/story/year/", "/keepsake/", "/settings/", "/settings/data/",
    ),
    "member of the large program": ("/", "/wall/", "/programs/{large}/mentors/", "/programs/{large}/mentors/" + FALK),
    "admin of the large program": ("/admin/", "/admin/reports/", "/"),
    "superuser": ("/admin/", "/admin/house/", "/admin/audit/", "/readyz"),
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=100_000, help="people")
    parser.add_argument("--moments", type=int, default=0, help="of all; ten for each person unless said")
    parser.add_argument("--small", type=int, default=1000, help="people of what it is measured against")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="what holds this word")
    parser.add_argument("--keep", type=Path, help="a folder for the key file of databases that stay")
    given = parser.parse_args()
    end_on_signals()
    if given.rounds < 3:
        parser.error("--rounds: a median wants three at least")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    try:
        with Household() as house:
            folder = Path(tempfile.mkdtemp(prefix="best-stuff-bench-"))
            house.throw_away(folder)
            run(folder, given)
    except CannotStart as problem:
        print(f"bench.scale cannot start: {problem}", file=sys.stderr)
        return 1
    return 0


def run(folder: Path, given: argparse.Namespace) -> None:
    be_in_production(free_port(), given.keep or folder)
    from django.conf import settings

    settings.REQUIRE_ADMIN_SECOND_FACTOR = False
    both = [Installation(size, given.moments if size == given.n else 0) for size in (given.small, given.n)]
    small, large = both
    try:
        for who, addresses in PAGES.items():
            for address in addresses:
                if given.only in f"{who} {address}":
                    measure(
                        address,
                        who,
                        partial(Installation.look, who=who, address=address),
                        small,
                        large,
                        given,
                    )
        if given.only in "tick":
            measure("a tick that finds nothing to do", "clock", Installation.tick, small, large, given)
        if given.only in "export":
            measure("an export of one person", "worker", Installation.export, small, large, given)
        if given.only in "disk":
            disk(large)
    finally:
        if not given.keep:
            for each in both:
                dropped(each.name)


@dataclass
class Read:
    """Rows that PostgreSQL read: all, and those of tables that it went through from end to end."""

    rows: int
    whole: Counter[str]


class Installation:
    """A database and those who look."""

    def __init__(self, size: int, moments: int) -> None:
        from django.test import Client

        from accounts.clock import now
        from accounts.models import User
        from mentoring.models import Enrollment, Pairing, Program

        self.size, self.name = size, f"best_stuff_scale_{size}"
        is_new = not stands(self.name)
        if is_new:
            progress(f"Making {size} people")
            copied(self.name, CAST)
        self.is_asked()
        if is_new:
            began = time.perf_counter()
            fill(size, moments or 10 * size, now())
            progress(f"in {time.perf_counter() - began:.0f} seconds")
        program, large = Program.objects.get(slug="scale-1"), Program.objects.get(slug="scale-0")
        self.reader = Enrollment.objects.filter(program=program).order_by("person_id")[0].person
        pairing = Pairing.objects.filter(mentor=self.reader).order_by("pk")[0]
        self.named = {
            "pairing": pairing.pk, "program": program.pk, "large": large.pk, "partner": pairing.mentee_id,
        }  # fmt: skip
        people = {
            "member": self.reader,
            "member of the large program": Enrollment.objects.filter(program=large, role="mentee")
            .order_by("person_id")[0]
            .person,
            "admin of the large program": User.objects.get(email="runs-large@scale.example"),
            "superuser": User.objects.get(email="ruth@harbor.example"),
        }
        self.clients: dict[str, Client] = {}
        for who, person in people.items():
            self.clients[who] = Client(SERVER_NAME="localhost")
            self.clients[who].force_login(person)

    def is_asked(self) -> None:
        """From now on Django's connection leads here."""
        from django.contrib.contenttypes.models import ContentType
        from django.db import connection

        if connection.settings_dict["NAME"] != self.name or connection.connection is None:
            connection.close()
            connection.settings_dict["NAME"] = self.name
            ContentType.objects.clear_cache()
            connection.ensure_connection()

    def look(self, *, who: str, address: str) -> None:
        answer = self.clients[who].get(address.format(**self.named), secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code} to the {who}")
        for _part in getattr(answer, "streaming_content", ()):
            pass

    def tick(self) -> None:
        from accounts.clock import now
        from reflections import tasks

        def nothing(_now: Any) -> int:
            return 0

        tasks.run(now(), wanted=nothing, imported=nothing, matched=nothing, bound=nothing)

    def export(self) -> None:
        from accounts.clock import now
        from accounts.mydata import archive

        with tempfile.TemporaryFile() as out:
            archive.write(self.reader, out, now=now())

    def seconds(self, act: "Callable[[Installation], None]") -> float:
        """Of the second of two times, because the first meets a connection that has just been made."""
        self.is_asked()
        act(self)
        began = time.perf_counter()
        act(self)
        return time.perf_counter() - began

    def queries_and_rows(self, act: "Callable[[Installation], None]") -> tuple[int, Read]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.is_asked()
        act(self)
        before = _read()
        with CaptureQueriesContext(connection) as captured:
            act(self)
        after = _read()
        whole = Counter({name: now.whole[name] - before[name].whole[name] for name, now in after.items()})
        return len(captured), Read(sum(now.rows - before[name].rows for name, now in after.items()), +whole)


def _read() -> dict[str, Read]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0), seq_tup_read FROM pg_stat_user_tables"
        )
        return {name: Read(rows, Counter({name: whole})) for name, rows, whole in cursor.fetchall()}


def measure(
    what: str,
    who: str,
    act: "Callable[[Installation], None]",
    small: Installation,
    large: Installation,
    given: argparse.Namespace,
) -> None:
    began = time.perf_counter()
    queries, read = large.queries_and_rows(act)
    queries_small, read_small = small.queries_and_rows(act)
    theirs, ours = in_turn(given.rounds, partial(small.seconds, act), partial(large.seconds, act))
    say(
        bench="scale",
        what=what,
        who=who,
        n=large.size,
        seconds=round(time.perf_counter() - began, 1),
        rounds=given.rounds,
        against=f"the same with {small.size} people",
        ratio=ratio(ours, theirs),
        median_ms=median([1000 * each for each in ours]),
        spread_ms=spread([1000 * each for each in ours]),
        against_median_ms=median([1000 * each for each in theirs]),
        queries=queries,
        queries_small=queries_small,
        rows=read.rows,
        rows_small=read_small.rows,
        whole_tables={name: rows for name, rows in read.whole.most_common() if rows > 1000},
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )


def disk(large: Installation) -> None:
    """How large the tables are, and what a dump of them takes."""
    from django.db import connection

    large.is_asked()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, pg_total_relation_size(oid) / 1000000, reltuples::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 12"
        )
        tables = {name: {"mb": mb, "rows": rows} for name, mb, rows in cursor.fetchall()}
        cursor.execute("SELECT pg_database_size(current_database()) / 1000000")
        (whole,) = cursor.fetchone()
    say(
        bench="scale", what="disk", n=large.size, seconds=0, against="", ratio=1, peak_mb=0,
        database_mb=whole, tables=tables,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
