"""All rows of a file, one batch after the other: each is cleaned, done, and handed on, and the next is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mentoring import rules
from mentoring.models import ImportRow
from mentoring.places import locked

from .job import Job, Seen
from .reading import Line, Unreadable

if TYPE_CHECKING:
    from .cleaning import Row

BATCH = 500
OVER = _("This program is over, so nobody can be imported into it.")
Counts = Counter[str]


def run(
    job: Job,
    lines: Iterable[Line],
    *,
    keep: Callable[[list[Row]], object],
    progress: Callable[[int], object] = lambda done: None,
) -> Counts:
    """Do all of it in the caller's transaction, whose end is the caller's: how many rows came to which outcome.

    `keep` gets each batch with what came of it, `progress` the number of rows so far. It is not a matter of limits: a
    file of any length takes the same memory. Raises reading.Unreadable when `lines` do, and for a program that is over.
    """
    # Here, since every process would load django-import-export by them, and few run an import.
    from . import pairs, people
    from .cleaning import Cleaner

    # As whoever invites: behind the row of the program, so that two of them come one after the other.
    # Somebody may have closed it since this was asked for.
    if not rules.takes_people(locked(job.program), job.now):
        raise Unreadable(OVER)
    cleaner, seen, counts = Cleaner(job.columns, job.questions), Seen(), Counter[str]()
    apply = pairs.apply if job.kind == "pairs" else people.apply
    coming = iter(lines)
    while batch := list(islice(coming, BATCH)):
        rows = cleaner.rows(batch)
        apply(job, rows, seen)
        for row in rows:
            row.outcome = ImportRow.Outcome.BAD if row.is_bad else row.outcome
        counts.update(row.outcome for row in rows)
        keep(rows)
        progress(counts.total())
    return counts
