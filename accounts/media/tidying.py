"""What no row names any more goes from the store. Part of the tick: bounded, and the same whoever runs it twice.

Two ways lead here. A row that was deleted, or given another file, has left a name with the database, in the transaction
that did it; that file goes with the next tick. And once a day all of the store is looked through, a part at a time, for
what nothing ever named: a request that ended between the file and its row leaves such.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import F

from accounts.mail import home
from accounts.models import FileSweep, ForgottenFile

from . import files
from .stores import PARTS, Folder, Store

# In one tick: names that were let go, and parts of the store that are looked through.
MOST = 500
PARTS_AT_ONCE = 16
# Longer than any request takes from a file to its row.
SETTLED = timedelta(days=1)


def tidy(now: datetime) -> int:
    """How many files were removed. Raises Away; what is left then is looked at in the next tick.

    None while the database is a copy that nobody has released yet: its settings may still name the store of the one
    that it was copied from, whose files are not its own to remove.
    """
    if home.waits():
        return 0
    return remove_forgotten() + sweep(now)


def remove_forgotten() -> int:
    """What rows have let go. While no store is set the names wait: it may come back."""
    stores = list(files.stores())
    if not stores:
        return 0
    names = list(ForgottenFile.objects.order_by("since").values_list("pk", flat=True)[:MOST])
    gone = 0
    for name in names:
        for store in stores:
            store.remove(name)
        gone += ForgottenFile.objects.filter(pk=name).delete()[0]
    return gone


def sweep(now: datetime) -> int:
    """The next parts of the store, once a day: what no row names and has lain there for longer than a day."""
    stores = list(files.stores())
    if not stores:
        return 0
    gone = 0
    for part in _next_parts(now):
        for store in stores:
            for name in left_over(store, part, now):
                store.remove(name)
                gone += 1
            if isinstance(store, Folder):
                store.sweep_unfinished(part, now - SETTLED)
    return gone


def left_over(store: Store, part: str, now: datetime) -> list[str]:
    """Names in this part of the store that no row has, of files that are older than a day."""
    old = [there.name for there in store.names(part) if there.at < now - SETTLED]
    named = named_among(old)
    return [name for name in old if name not in named]


def named_among(names: Iterable[str]) -> set[str]:
    """Those of them that a row has."""
    wanted = list(names)
    found: set[str] = set()
    for holder in files.holders() if wanted else ():
        found.update(holder.rows.filter(stored_as__in=wanted).values_list("stored_as", flat=True))
    return found


def _next_parts(now: datetime) -> tuple[str, ...]:
    """Those whose turn it is, claimed: of two clocks at once, one looks."""
    today = now.astimezone(UTC).date()
    FileSweep.objects.bulk_create([FileSweep(on=today)], ignore_conflicts=True)
    FileSweep.objects.filter(on__lt=today).delete()
    done = FileSweep.objects.filter(on=today).values_list("parts", flat=True).first()
    if done is None or done >= len(PARTS):
        return ()
    claimed = FileSweep.objects.filter(on=today, parts=done)
    if not claimed.update(parts=F("parts") + PARTS_AT_ONCE):
        return ()
    return PARTS[done : done + PARTS_AT_ONCE]
