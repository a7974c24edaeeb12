"""How fast a list of people comes in, against a bare COPY of the same rows in the same run, and in how much memory.

    python -m bench.imports [--n ROWS] [--rounds AT_LEAST_3] [--what "csv, invite"]

Goes through the layer below the pages and their limits: the bytes of a file are read, its rows cleaned, looked up and
invited, or put in where the admin knows them, with what the file says of them, in one transaction that is rolled back.
Each measure takes a process of its own, so that its memory is its own too; that of N rows stands beside that of 4 N.
DATABASE_URL names a PostgreSQL server (it makes a database of its own there, and drops it), REDIS_URL a Redis; `make
bench` brings both.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from bench.common import in_turn, median, progress, ratio, say, spread

SMALL = 500
# Counting every allocation takes several times as long.
TRACED = 1000
HEADINGS = ["E-mail", "Name", "Role", "Room for", "Department", "Line manager", "Offers", "Seeks"]
SKILLS = ["Negotiation", "Writing", "Rust", "Public speaking", "Budgets", "Hiring", "Teaching", "Research"]
DEPARTMENTS = ["Sales", "Legal", "Research", "People", ""]
WAYS = ("csv", "xlsx")
MEASURES = {
    "csv, invite": ("csv", "invite"),
    "xlsx, invite": ("xlsx", "invite"),
    "csv, enroll": ("csv", "enroll"),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--n", type=int, default=SMALL, help="rows of the list")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--what", choices=MEASURES, action="append", help="this measure alone")
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--how", default="invite", help=argparse.SUPPRESS)
    parser.add_argument("--traced", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.rounds < 3:
        parser.error("--rounds: a median wants three at least")
    for name in ("DATABASE_URL", "REDIS_URL"):
        if not os.environ.get(name):
            parser.error(f"{name} is not set; `make bench` brings a server")
    if given.one:
        print(json.dumps(one(given.one, given.how, given.n, traced=given.traced)))
        return 0
    run(given.n, given.rounds, given.what or list(MEASURES))
    return 0


def run(size: int, rounds: int, measures: Iterable[str]) -> None:
    _set_up()
    from bench.server.database import seeded

    with seeded(34) as database:
        os.environ["DATABASE_URL"] = database
        for what in measures:
            measure(*MEASURES[what], size, rounds)


def measure(format: str, how: str, size: int, rounds: int) -> None:
    began = time.perf_counter()
    progress(f"{rounds} rounds of {size} rows: {format}, {how}")
    took: list[dict[str, Any]] = []

    def ours() -> float:
        took.append(_in_its_own_process(format, how, size))
        return float(took[-1]["seconds"])

    theirs, mine = in_turn(rounds, lambda: copy(size), ours)
    progress(f"the same with {4 * size} rows, and with every allocation counted")
    larger = _in_its_own_process(format, how, 4 * size)
    counted = min(size, TRACED)
    traced = [_in_its_own_process(format, how, n, "--traced") for n in (counted, 4 * counted)]
    say(
        bench="imports",
        what=f"{format}, {how}",
        n=size,
        seconds=round(time.perf_counter() - began, 1),
        rounds=rounds,
        against="bare COPY of the same rows",
        # The seconds of theirs by those of ours: what part of its speed is left.
        ratio=ratio(theirs, mine),
        rows_per_second=median([size / figure for figure in mine]),
        rows_per_second_spread=spread([size / figure for figure in mine]),
        against_rows_per_second=median([size / figure for figure in theirs]),
        import_seconds=median(mine, 2),
        peak_mb=max(each["peak_mb"] for each in took),
        peak_mb_4n=larger["peak_mb"],
        traced_n=counted,
        traced_mb=traced[0]["traced_mb"],
        traced_mb_4n=traced[1]["traced_mb"],
        rows_per_second_4n=round(4 * size / larger["seconds"], 1),
    )


def _set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    os.environ.setdefault("DEBUG", "1")
    django.setup()
    from django.conf import settings

    settings.DEBUG = False  # With it every query would be kept, and that would be the memory measured.


def _in_its_own_process(format: str, how: str, size: int, *more: str) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-m", "bench.imports", "--one", format, "--how", how, "--n", str(size), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def one(format: str, how: str, size: int, *, traced: bool) -> dict[str, Any]:
    """Once, in this process: the seconds it took, and the most memory it held at one time."""
    _set_up()
    from django.db import transaction

    from accounts.clock import now
    from accounts.models import User
    from mentoring.imports.columns import guessed
    from mentoring.imports.fields import all_fields
    from mentoring.imports.job import Job
    from mentoring.imports.reading import shape_of, table
    from mentoring.imports.running import run as run_all
    from mentoring.models import Program

    program = Program.objects.order_by("pk")[0]
    by = User.objects.filter(administered__program=program)[0]
    with _file(format, size) as file, transaction.atomic():
        if how == "enroll":
            _make_known(size, by)
        if traced:
            tracemalloc.start()
        began = time.perf_counter()
        found = table(file, shape_of(file))
        columns = guessed(all_fields(program, "people"), found.headings)
        job = Job(program, "people", columns, how, timedelta(days=7), True, by, now())
        counts = run_all(job, found.lines, keep=len)
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    if counts != {"new": size}:
        raise RuntimeError(f"not all rows were new: {counts}")
    return {
        "seconds": seconds,
        "traced_mb": round(tracemalloc.get_traced_memory()[1] / 1e6, 1) if traced else None,
        "peak_mb": round(_peak() / 1e6, 1),
    }


def _make_known(size: int, by: Any) -> None:
    """They have a place in another program that the same admin runs. Some at a time, for the memory of it counts."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from accounts.models import User
    from mentoring.models import Enrollment, Program, ProgramAdmin

    # Those of the demo would not do for so many. They are counted all the same.
    Program.objects.update(places_for_mentors=1_000_000, places_for_mentees=1_000_000)
    other = Program.objects.order_by("pk")[0]
    other.pk, other.name, other.slug = None, "Before", "bench-before"
    other.save(force_insert=True)
    ProgramAdmin.objects.create(program=other, person=by)
    coming = ((row[0], row[1]) for row in rows(size))
    while batch := list(islice(coming, 500)):
        password = make_password(None)
        people = User.objects.bulk_create(
            User(email=email, name=name, password=password) for email, name in batch
        )
        Enrollment.objects.bulk_create(
            Enrollment(program=other, person=person, role="mentee", joined_on=other.starts_on)
            for person in people
        )
    # As the database would do by itself some time after.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _peak() -> int:
    """Bytes, of this process alone: what getrusage says on Linux begins with what its parent held."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def rows(size: int) -> Iterator[list[str]]:
    """The same people each time, none of whom the demo program knows."""
    chance = random.Random(size)
    for number in range(size):
        yield [
            f"person.{number}@bench.example",
            f"Person Nº {number}",
            chance.choice(["mentor", "mentee", "both"]),
            str(chance.randint(1, 4)),
            chance.choice(DEPARTMENTS),
            f"boss.{number % 97}@bench.example",
            "; ".join(chance.sample(SKILLS, 2)),
            "; ".join(chance.sample(SKILLS, 2)),
        ]


@contextlib.contextmanager
def _file(format: str, size: int) -> Iterator[BinaryIO]:
    """On the disk, and written by another process where that takes memory, so that none of it is counted."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"people.{format}"
        if format == "csv":
            with place.open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out)
                writer.writerow(HEADINGS)
                writer.writerows(rows(size))
        else:
            code = f"from bench.imports import write_workbook; write_workbook({str(place)!r}, {size})"
            subprocess.run([sys.executable, "-c", code], check=True)
        with place.open("rb") as file:
            yield file


def write_workbook(place: str, size: int) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append(HEADINGS)
    for row in rows(size):
        sheet.append(row)
    book.save(place)


def copy(size: int) -> float:
    """Seconds in which PostgreSQL takes the same rows into a table of texts."""
    from django.db import connection

    text = io.StringIO()
    csv.writer(text).writerows(rows(size))
    text.seek(0)
    names = ", ".join(f"c{number} text" for number in range(len(HEADINGS)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE UNLOGGED TABLE bench_copy ({names})")
        began = time.perf_counter()
        cursor.copy_expert("COPY bench_copy FROM STDIN WITH (FORMAT csv)", text)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_copy")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
