"""What is there, brought to where MEDIA says, while the site runs; and what is missing or left over.

Each file is its own step, and its row says where it lies: whoever ends it half-way starts it again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.models import ForgottenFile

from . import files
from .files import Holder
from .stores import PARTS, Lost, Store, new_name
from .tidying import left_over

BATCH = 200


class OnePlaceTwice(Exception):
    """What is put into MEDIA is seen in MEDIA_BEFORE: to remove it there would be to lose it."""


@dataclass
class Moved:
    """`missing`: rows whose file is nowhere, by the model's name and their number."""

    count: int = 0
    missing: list[str] = field(default_factory=list)


@dataclass
class Found:
    """`elsewhere`: files that do not lie where MEDIA says, and can be read all the same."""

    files: int = 0
    elsewhere: int = 0
    missing: list[str] = field(default_factory=list)
    left_over: int = 0

    @property
    def is_well(self) -> bool:
        return not self.missing and not self.left_over


def move(tell: Callable[[int], object] = lambda count: None) -> Moved:
    """Everything, one file at a time; `tell` hears how many after each batch. Raises Away, and OnePlaceTwice."""
    moved, store = Moved(), files.present()
    if store is not None and (earlier := files.before()) is not None:
        _refuse_one_place_twice(store, earlier)
    for holder in files.holders():
        if store is not None:
            _out_of_the_database(holder, store, moved, tell)
            _from_the_store_before(holder, store, moved, tell)
        else:
            _into_the_database(holder, moved, tell)
    return moved


def _refuse_one_place_twice(store: Store, earlier: Store) -> None:
    """By a file of no meaning: two mounts or two addresses of one place look different, whatever they are called."""
    name = new_name()
    store.put(name, b"probe")
    try:
        earlier.get(name)
    except Lost:
        return
    finally:
        store.remove(name)
    raise OnePlaceTwice


def _out_of_the_database(holder: Holder, store: Store, moved: Moved, tell: Callable[[int], object]) -> None:
    for pks in _batches(holder, stored_as=""):
        for pk in pks:
            with transaction.atomic():
                row = holder.rows.select_for_update(no_key=True).filter(pk=pk, stored_as="").first()
                if row is None:
                    continue
                placed = files.put(bytes(getattr(row, holder.column)))
                holder.rows.filter(pk=pk).update(**placed.as_columns(holder.column))
            moved.count += 1
        tell(moved.count)


def _from_the_store_before(holder: Holder, store: Store, moved: Moved, tell: Callable[[int], object]) -> None:
    """A file keeps its name, so no row changes."""
    earlier = files.before()
    for part in PARTS:
        named = dict(holder.rows.filter(stored_as__startswith=part).values_list("stored_as", "pk"))
        if not named:
            continue
        there = {each.name for each in store.names(part)}
        for name in sorted(set(named) - there):
            try:
                if earlier is None:
                    raise Lost(name)
                store.put(name, earlier.get(name))
            except Lost:
                moved.missing.append(_said(holder, named[name]))
                continue
            moved.count += 1
        if earlier is not None:
            # Those of a run that ended before it came to this, too.
            for each in earlier.names(part):
                if each.name in named:
                    earlier.remove(each.name)
        tell(moved.count)


def _into_the_database(holder: Holder, moved: Moved, tell: Callable[[int], object]) -> None:
    """What the row lets go, the tick removes."""
    for pks in _batches(holder, stored_as__gt=""):
        for pk in pks:
            with transaction.atomic():
                row = holder.rows.select_for_update(no_key=True).filter(pk=pk, stored_as__gt="").first()
                if row is None:
                    continue
                try:
                    content = files.read(getattr(row, holder.column), row.stored_as)
                except Lost:
                    moved.missing.append(_said(holder, pk))
                    continue
                holder.rows.filter(pk=pk).update(**{holder.column: content, "stored_as": ""})
            moved.count += 1
        tell(moved.count)


def check(now: datetime) -> Found:
    """Looks, and changes nothing. Raises Away."""
    found, stores = Found(), list(files.stores())
    store = files.present()
    for holder in files.holders():
        in_database = holder.rows.filter(stored_as="").count()
        found.files += in_database + holder.rows.filter(stored_as__gt="").count()
        found.elsewhere += in_database if store is not None else 0
    for part in PARTS:
        there = [{each.name for each in each_store.names(part)} for each_store in stores]
        anywhere = set().union(*there)
        at_home = there[0] if store is not None else set()
        for holder in files.holders():
            for name, pk in holder.rows.filter(stored_as__startswith=part).values_list("stored_as", "pk"):
                if name not in anywhere:
                    found.missing.append(_said(holder, pk))
                elif name not in at_home:
                    found.elsewhere += 1
        for each_store in stores:
            names = left_over(each_store, part, now)
            waiting = set(ForgottenFile.objects.filter(pk__in=names).values_list("pk", flat=True))
            found.left_over += len(set(names) - waiting)
    return found


def _batches(holder: Holder, **where: str) -> Iterator[list[int]]:
    last = 0
    while pks := list(
        holder.rows.filter(pk__gt=last, **where).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield pks
        last = pks[-1]


def _said(holder: Holder, pk: int) -> str:
    return f"{holder.model._meta.label} {pk}"
