"""What sealing private words costs, against the same rows in clear in the same run.

    python -m bench.vault [--n ENTRIES] [--rounds AT_LEAST_3]

One person's entries of 1.5 KB: written, and looked through for a word, as a search does it. Then as many people's keys,
wrapped anew under another version of the key file. DATABASE_URL names a PostgreSQL server (it makes a database of its
own there, and drops it); `make bench` brings one. The key file is one of its own.
"""

import os
import random
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

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

LONG = 1500
SOUGHT = "kittiwake"
WORDS = [
    "I",
    "asked",
    "her",
    "what",
    "she",
    "would",
    "do",
    "and",
    "listened",
    "until",
    "she",
    "had",
    "said",
    "it",
    "which",
    "took",
    "most",
    "of",
    "the",
    "hour",
]


def main() -> int:
    given = size_and_rounds("bench.vault", __doc__, what="entries of the person, and people with a key")
    with tempfile.TemporaryDirectory() as folder:
        run(given.n, given.rounds, Path(folder))
    return 0


def run(size: int, rounds: int, folder: Path) -> None:
    set_up_with_keys(folder)
    from django.db import connection

    from accounts.models import User
    from bench.server.database import seeded

    with seeded(34):
        sealed, clear = _models()
        with connection.schema_editor() as editor:
            editor.create_model(sealed)
            editor.create_model(clear)
        person = User.objects.order_by("pk")[0].pk
        said = _texts(size)
        entries(sealed, clear, person, said, rounds)
        keys(size, rounds, folder / "keys")


def _models() -> tuple[Any, Any]:
    from django.conf import settings
    from django.db import models
    from django.db.models import Q

    from accounts.vault.fields import OnlySealed, Sealed, SealedText

    class SealedEntry(Sealed):
        person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
        text = SealedText()
        sealed_by = "person"

        class Meta:
            app_label = "bench"
            constraints = [OnlySealed(condition=Q(text__is_sealed=True), name="sealed_entry_is_sealed")]

    class ClearEntry(models.Model):
        seal_id = models.UUIDField(default=uuid.uuid4, unique=True)
        person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
        text = models.TextField()

        class Meta:
            app_label = "bench"

    return SealedEntry, ClearEntry


def _texts(size: int) -> list[str]:
    chance = random.Random(7)
    said = []
    for number in range(size):
        words = [SOUGHT] if number % 100 == 0 else []
        while sum(map(len, words)) + len(words) < LONG:
            words.append(chance.choice(WORDS))
        chance.shuffle(words)
        said.append(" ".join(words)[:LONG])
    return said


def entries(sealed: Any, clear: Any, person: int, said: list[str], rounds: int) -> None:
    from django.db import transaction

    from accounts.vault import data_keys, reading
    from accounts.vault.sealing import Place

    size = len(said)

    def write(model: Any, *, keep: bool = False) -> None:
        rows = [model(person_id=person, text=text) for text in said]
        with data_keys.in_hand(person):
            model._default_manager.bulk_create(rows, batch_size=1000)
            transaction.set_rollback(not keep)

    def look_through(found: Iterable[str | None]) -> None:
        hits = sum(text is not None and SOUGHT in text.casefold() for text in found)
        if hits < size // 100:
            raise RuntimeError(f"{hits} entries were found")

    def clear_texts() -> Iterable[str]:
        columns = clear._default_manager.filter(person=person).values_list("pk", "seal_id", "person", "text")
        return (text for *_, text in columns.iterator(chunk_size=reading.ROWS))

    def sealed_texts() -> Iterable[str | None]:
        rows = sealed._default_manager.filter(person=person)
        return (text for _, text in reading.each(rows, "text"))

    began = time.perf_counter()
    write(clear, keep=True)
    write(sealed, keep=True)  # And the person's key is made.
    progress(f"{rounds} rounds of writing {size} entries")
    theirs, ours = in_turn(rounds, _timed(lambda: write(clear)), _timed(lambda: write(sealed)))
    _tell("write entries", size, began, rounds, "the same rows in clear", theirs, ours)

    began = time.perf_counter()
    progress(f"{rounds} rounds of looking through {size} entries")
    columns = list(sealed._default_manager.values_list("seal_id", "text"))
    key, table = data_keys.key_for_writing(person), sealed._meta.db_table

    def opened() -> Iterable[str]:
        return (key.open(text, person=person, place=Place(table, "text", row)) for row, text in columns)

    def seal_all() -> None:
        place = Place(table, "text", columns[0][0])
        for text in said:
            key.seal(text, person=person, place=place)

    theirs, ours, in_memory, sealing = in_turn(
        rounds,
        _timed(lambda: look_through(clear_texts())),
        _timed(lambda: look_through(sealed_texts())),
        _timed(lambda: look_through(opened())),
        _timed(seal_all),
    )
    _tell(
        "look through entries",
        size,
        began,
        rounds,
        "the same rows in clear",
        theirs,
        ours,
        open_and_scan_ms=median([1000 * figure for figure in in_memory]),
        open_and_scan_ms_spread=spread([1000 * figure for figure in in_memory]),
        seal_ms=median([1000 * figure for figure in sealing]),
    )


def keys(size: int, rounds: int, path: Path) -> None:
    from datetime import date

    from django.contrib.auth.hashers import make_password
    from django.db.models import F

    from accounts.models import DataKey, User
    from accounts.vault import rotation
    from accounts.vault.keyring import keyring

    began = time.perf_counter()
    progress(f"{rounds} rounds of wrapping the keys of {size} people anew")
    nobodys = make_password(None)
    people = User.objects.bulk_create(
        [User(email=f"bench{number}@bench.example", password=nobodys) for number in range(size)],
        batch_size=1000,
    )
    ring = keyring()
    DataKey.objects.bulk_create(
        DataKey(
            person=person,
            wrapped=ring.wrap(os.urandom(32), person.pk, person=person.pk),
            file_key=ring.present,
        )
        for person in people
    )

    def rewrap() -> float:
        rotation.rotate(path, date(2026, 1, 1))
        took = _timed(lambda: rotation.rewrap())()
        rotation.retire(path)
        return took

    def touch() -> None:
        DataKey.objects.update(wrapped=F("wrapped"), file_key=F("file_key"))

    theirs, ours = in_turn(rounds, _timed(touch), rewrap)
    _tell("rewrap keys", size, began, rounds, "one bare UPDATE of the same rows", theirs, ours)


def _timed(act: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began

    return measure


def _tell(
    what: str,
    size: int,
    began: float,
    rounds: int,
    against: str,
    theirs: list[float],
    ours: list[float],
    **more: object,
) -> None:
    say(
        bench="vault",
        what=what,
        n=size,
        seconds=round(time.perf_counter() - began, 1),
        rounds=rounds,
        against=against,
        ratio=ratio(ours, theirs),
        ms=median([1000 * figure for figure in ours]),
        ms_spread=spread([1000 * figure for figure in ours]),
        against_ms=median([1000 * figure for figure in theirs]),
        peak_mb=round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3), 1
        ),
        **more,
    )


if __name__ == "__main__":
    sys.exit(main())
