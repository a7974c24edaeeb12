"""The wrapped data keys in a small file of their own, since a backup of the database leaves them out.

A line for each person: number of the person, version of the key file, when it was made, the wrapped key, the one before
or `-`. It opens nothing without the key file. Whoever was erased is not given their key back.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from accounts.models import DataKey as Row
from accounts.models import User

from .sealing import HEADER

FIRST_LINE = "best-stuff-data-keys 1"
LAST_LINE = "end"
BATCH = 500
NONE = "-"


class Torn(Exception):
    """It is no such file, or not a whole one. Nothing was taken from it."""


@dataclass(frozen=True)
class Restored:
    """Counts of people. `joined`: they had got another key meanwhile; that one opens what was written since, and the
    one that came back what was written before. `unknown`: not here, or erased. `in_the_way`: they have other keys that
    do not go together with it."""

    back: int
    there: int
    joined: int
    unknown: int
    in_the_way: int


def lines() -> Iterator[str]:
    """What a backup holds, as of one moment inside a transaction."""
    yield FIRST_LINE
    count = 0
    for row in Row.objects.order_by("pk").iterator(chunk_size=BATCH):
        before = _text(row.wrapped_before) if row.wrapped_before else NONE
        yield f"{row.pk} {row.file_key} {row.made_at.isoformat()} {_text(row.wrapped)} {before}"
        count += 1
    yield f"{LAST_LINE} {count}"


def write_new(path: Path) -> int:
    """Put them into a file that is not there yet, for its owner alone; how many. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out, transaction.atomic():
        count = sum(out.write(f"{line}\n") > 0 for line in lines())
        out.flush()
        os.fsync(out.fileno())
    return count - 2


@transaction.atomic
def restore(said: Iterable[str]) -> Restored:
    """All of it or nothing; once more does no harm. Raises Torn."""
    rows = _read(said)
    counts = dict.fromkeys(("back", "there", "joined", "unknown", "in_the_way"), 0)
    while batch := list(islice(rows, BATCH)):
        numbers = [row.pk for row in batch]
        alive = set(User.objects.filter(pk__in=numbers, erased_at__isnull=True).values_list("pk", flat=True))
        here = {row.pk: row for row in Row.objects.select_for_update().filter(pk__in=numbers)}
        new = [row for row in batch if row.pk in alive and row.pk not in here]
        Row.objects.bulk_create(new)
        counts["back"] += len(new)
        counts["unknown"] += sum(row.pk not in alive for row in batch)
        for row in batch:
            if row.pk in here and row.pk in alive:
                counts[_join(here[row.pk], row)] += 1
    return Restored(**counts)


def _join(here: Row, back: Row) -> str:
    held = {_number(here.wrapped), *([_number(here.wrapped_before)] if here.wrapped_before else [])}
    if _number(back.wrapped) in held:
        return "there"
    if here.wrapped_before or here.file_key != back.file_key:
        return "in_the_way"
    Row.objects.filter(pk=here.pk).update(wrapped_before=back.wrapped)
    return "joined"


def _number(wrapped: bytes | memoryview) -> int:
    number: int = HEADER.unpack_from(bytes(wrapped))[1]
    return number


def _read(said: Iterable[str]) -> Iterator[Row]:
    every = iter(said)
    if next(every, "").strip() != FIRST_LINE:
        raise Torn("this is no backup of data keys")
    count = 0
    for line in every:
        if line.split() == [LAST_LINE, str(count)]:
            return
        count += 1
        yield _row(line, count)
    raise Torn(f"the file breaks off after {count} keys")


def _row(line: str, number: int) -> Row:
    try:
        person, version, made, wrapped, before = line.split()
        row = Row(
            person_id=int(person),
            file_key=int(version),
            made_at=datetime.fromisoformat(made),
            wrapped=b64decode(wrapped, validate=True),
            wrapped_before=b"" if before == NONE else b64decode(before, validate=True),
        )
        _number(row.wrapped)
    except Exception as problem:
        raise Torn(f"key {number} is damaged ({type(problem).__name__})") from None
    return row


def _text(content: bytes | memoryview) -> str:
    return b64encode(bytes(content)).decode()
