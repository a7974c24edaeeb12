"""Changing keys while the site runs: the file's, what is wrapped under it, and one person's data key."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg2 import Binary

from accounts.models import DataKey as Row
from accounts.refused import Refused

from . import data_keys, keyfile
from .errors import Sealed
from .fields import Sealed as SealedRow
from .fields import sealed_fields
from .keyring import Keyring, keyring

BATCH = 500
WORDS_AT_ONCE = 100
Progress = Callable[[int, int], object]


def _silently(done: int, of: int) -> None:
    return


@dataclass(frozen=True)
class Status:
    """How many data keys there are under each version of the key file, and how many of them the present file opens."""

    under: Counter[int]
    opened: int
    closed: int


def status() -> Status:
    """Raises Sealed without a good key file."""
    ring, under, opened, closed = keyring(), Counter[int](), 0, 0
    for row in Row.objects.order_by("pk").iterator(chunk_size=BATCH):
        under[row.file_key] += 1
        if _opens(row, ring):
            opened += 1
        else:
            closed += 1
    return Status(under, opened, closed)


def _opens(row: Row, ring: Keyring) -> bool:
    try:
        for wrapped in filter(None, (bytes(row.wrapped), bytes(row.wrapped_before))):
            ring.open(wrapped, row.file_key, person=row.pk)
    except Sealed:
        return False
    return True


# --- The key file --------------------------------------------------------------------------------------------------


def rotate(path: Path, today: date) -> keyfile.FileKey:
    """Another key for the file, under which everything is wrapped from now on. Raises Refused and KeyFileTrouble."""
    keys = keyfile.read(path)
    if len(keys) >= keyfile.MOST:
        raise Refused("The file holds two versions already: `keys rewrap`, then `keys retire`, then rotate.")
    new = keyfile.new_key(keys[0].version + 1, today)
    keyfile.replace(path, [new, *keys])
    return new


def rewrap(progress: Progress = _silently, *, batch: int = BATCH) -> tuple[int, int]:
    """Wrap every data key under the present version: how many were, and how many the file does not open.

    Each batch is a transaction, so what was done stays done whatever ends it; another run does the rest.
    Raises Sealed without a good key file.
    """
    present = keyring().present
    total = Row.objects.exclude(file_key=present).count()
    done = lost = last = 0
    while True:
        with transaction.atomic():
            data_keys.stays_in_the_file()
            ring = keyring()
            waiting = Row.objects.select_for_update().exclude(file_key=ring.present).filter(pk__gt=last)
            rows = list(waiting.order_by("pk")[:batch])
            if not rows:
                return done, lost
            ready = [row for row in rows if _wrap_anew(row, ring)]
            _write(ready, ring.present)
        last = rows[-1].pk
        done, lost = done + len(ready), lost + len(rows) - len(ready)
        progress(done + lost, max(total, done + lost))


def _wrap_anew(row: Row, ring: Keyring) -> bool:
    try:
        for name in ("wrapped", "wrapped_before"):
            if wrapped := bytes(getattr(row, name)):
                setattr(row, name, ring.wrap_anew(wrapped, row.file_key, person=row.pk))
    except Sealed:
        return False
    row.file_key = ring.present
    return True


def _write(rows: list[Row], version: int) -> None:
    """By one statement over arrays: Django's own bulk update, a CASE of 500 branches, takes many times as long."""
    people = [row.pk for row in rows]
    wrapped = [Binary(row.wrapped) for row in rows]
    before = [Binary(row.wrapped_before) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Row._meta.db_table} AS row"  # noqa: S608
            " SET file_key = %s, wrapped = new.wrapped, wrapped_before = new.before"
            " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS new (person, wrapped, before)"
            " WHERE row.person_id = new.person",
            [version, people, wrapped, before],
        )


@transaction.atomic
def retire(path: Path) -> list[int]:
    """Take the earlier versions out of the file: which. Raises Refused while a data key needs one, and KeyFileTrouble.

    Nothing is wrapped meanwhile: whoever makes a key holds a lock that this one waits for, and the other way round.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute(f"LOCK TABLE {Row._meta.db_table} IN SHARE MODE")
    present, *earlier = keyfile.read(path)
    if not earlier:
        raise Refused("The file holds one version; there is nothing to retire.")
    waiting = Row.objects.exclude(file_key=present.version).count()
    if waiting:
        raise Refused(f"{waiting} data keys are under an earlier version: `keys rewrap` first.")
    keyfile.replace(path, [present])
    return [key.version for key in earlier]


def abandon() -> int:
    """Delete the data keys that the present file does not open, so that those people can write again: how many.

    What they wrote stays closed, unless the keys come back (accounts/vault/apart.py). Raises Sealed without a file.
    """
    ring = keyring()
    closed = [row.pk for row in Row.objects.iterator(chunk_size=BATCH) if not _opens(row, ring)]
    Row.objects.filter(pk__in=closed).delete()
    return len(closed)


# --- One person's words --------------------------------------------------------------------------------------------


def sealed_models() -> list[type[SealedRow]]:
    return [model for model in apps.get_models() if issubclass(model, SealedRow) and sealed_fields(model)]


def reseal(
    person: int, progress: Progress = _silently, *, models: Iterable[type[SealedRow]] | None = None
) -> bool:
    """Give somebody another data key and seal all their words by it; run again, it goes on. True once the key before is
    gone too, which takes a run some minutes later (`data_keys.SETTLED`). Raises Refused for somebody without a
    key, and Unreadable for words that do not open."""
    if not Row.objects.filter(pk=person).exists():
        raise Refused("This person has no key, and so no sealed words.")
    data_keys.renew(person)
    every = sealed_models() if models is None else list(models)
    for model in every:
        reseal_rows(model, person, progress)
    return data_keys.drop_the_one_before(person)


def reseal_rows(
    model: type[SealedRow], person: int, progress: Progress = _silently, *, batch: int = WORDS_AT_ONCE
) -> int:
    """Seal the rows of one model by their owner's present data key, those that are not yet: how many. In batches that
    hold their rows, so that nothing that is written meanwhile is lost."""
    done = 0
    way_to_owner = model.sealed_by.rpartition("__")[0]
    while True:
        with data_keys.in_hand(person):
            waiting = _by_another_key(model, person).select_for_update(of=("self",)).order_by("pk")
            rows = list((waiting.select_related(way_to_owner) if way_to_owner else waiting)[:batch])
            for row in rows:
                for field in sealed_fields(model):
                    setattr(row, field.attname, getattr(row, field.attname))
                row.save(update_fields=[field.name for field in sealed_fields(model)])
        if not rows:
            return done
        done += len(rows)
        progress(done, done + _by_another_key(model, person).count())


def _by_another_key(model: type[SealedRow], person: int) -> models.QuerySet[Any]:
    present = data_keys.key_for_writing(person).number
    wanted = models.Q()
    for field in sealed_fields(model):
        is_by_it = models.Q(**{f"{field.name}__sealed_with": present})
        wanted |= models.Q(**{f"{field.name}__is_empty": False}) & ~is_by_it
    return model._default_manager.filter(wanted, **{model.sealed_by: person})
