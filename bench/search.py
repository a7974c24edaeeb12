"""What a search in one's own words costs, against opening the same words without looking at them, in the same run.

    python -m bench.search [--n ENTRIES] [--rounds AT_LEAST_3]

One person's moments, of the length that moments have, some with what they gave, an apostrophe of print in each and an
accent in one of ten; then three searches: a word that stands in one of a hundred, two words, and a word that stands
nowhere. DATABASE_URL names a PostgreSQL server (it makes a database of its own there, and drops it); `make bench`
brings one. The key file is one of its own.
"""

import gc
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench.common import (
    in_turn,
    median,
    progress,
    ratio,
    say,
    set_up_with_keys,
    size_and_rounds,
    spread,
)

LONG = 240  # Two or three sentences.
SOUGHT, BESIDE = "kittiwake", "harbor"
WORDS = [
    "I",
    "asked",
    "her",
    "what",
    "she",
    "would",
    "do",
    "and",
    "didn’t",
    "listen",
    "until",
    "the",
    "hour",
    "was",
]


def main() -> int:
    given = size_and_rounds("bench.search", __doc__, what="entries of the person")
    with tempfile.TemporaryDirectory() as folder:
        run(given.n, given.rounds, Path(folder))
    return 0


def run(size: int, rounds: int, folder: Path) -> None:
    set_up_with_keys(folder)

    from accounts.models import User
    from accounts.vault import data_keys, reading
    from bench.server.database import seeded
    from reflections.models import Moment

    with seeded(34):
        person = User.objects.order_by("pk")[0]
        Moment.objects.of(person).delete()
        progress(f"{size} moments are written")
        first, chance = date(2016, 1, 1), random.Random(7)
        rows = [
            Moment(
                person=person,
                text=_text(number, chance),
                gave="A calm evening." if number % 4 == 0 else "",
                happened_on=first + timedelta(days=number % 3650),
            )
            for number in range(size)
        ]
        with data_keys.in_hand(person.pk):
            Moment.objects.bulk_create(rows, batch_size=1000)
        del rows
        gc.collect()

        def opened() -> int:
            moments = Moment.objects.of(person)
            gave = moments.exclude(gave__is_empty=True)
            return sum(1 for _ in reading.each(moments, "text")) + sum(1 for _ in reading.each(gave, "gave"))

        for what, query, least in (
            ("one word", SOUGHT, size // 100),
            ("two words", f"{SOUGHT} {BESIDE}", size // 200),
            ("a word that stands nowhere", "shearwater", 0),
        ):
            began = time.perf_counter()
            progress(f"{rounds} rounds of searching {size} entries for {what}")
            work: list[float] = []
            theirs, ours = in_turn(rounds, _timed(opened, []), _timed(partial(_search, query, least), work))
            say(
                bench="search",
                what=what,
                n=size,
                seconds=round(time.perf_counter() - began, 1),
                rounds=rounds,
                against="opening the same words",
                ratio=ratio(ours, theirs),
                ms=median([1000 * figure for figure in ours]),
                ms_spread=spread([1000 * figure for figure in ours]),
                cpu_ms=median([1000 * figure for figure in work]),
                against_ms=median([1000 * figure for figure in theirs]),
                peak_mb=_peak(),
            )


def _search(query: str, least: int) -> None:
    from accounts.models import User
    from reflections import search

    person = User.objects.order_by("pk")[0]
    found = search.search(person, query)
    search.hits(person, found[:50], query)
    if len(found) < least:
        raise RuntimeError(f"{len(found)} entries were found")


def _text(number: int, chance: random.Random) -> str:
    words = [SOUGHT.title()] if number % 100 == 0 else []
    words += [BESIDE] if number % 200 == 0 else []
    words += ["Café"] if number % 10 == 0 else []
    while sum(map(len, words)) + len(words) < LONG:
        words.append(chance.choice(WORDS))
    chance.shuffle(words)
    return " ".join(words)


def _timed(act: Callable[[], object], work: list[float]) -> Callable[[], float]:
    """`work` is given the time for which the processor was busy with it: a machine that is shared changes it least."""

    def measure() -> float:
        gc.collect()  # Neither of the two clears up after the other.
        began, busy = time.perf_counter(), time.process_time()
        act()
        work.append(time.process_time() - busy)
        return time.perf_counter() - began

    return measure


def _peak() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1e6 if sys.platform == "darwin" else 1e3), 1)


if __name__ == "__main__":
    sys.exit(main())
