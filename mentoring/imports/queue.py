"""The worker's side: whoever claims an import looks it through, or brings it in, and lets the page know how far it is.

The row is the queue. A task says its number and nothing else; a task that was lost costs the time to the next tick, and
a worker that died the time of its lease. A preview is the real thing in a transaction that is rolled back; an import is
the same, committed together with the word that it is done, and only by whoever holds the claim at that moment.
"""

from __future__ import annotations

import contextlib
import json
import logging
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import IO, TYPE_CHECKING, BinaryIO

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.models import User
from mentoring import progress, rules
from mentoring.models import Import, ImportPart, ImportRow

from .job import Job
from .reading import Line, Shape, Unreadable, table
from .running import BATCH, Counts, run

if TYPE_CHECKING:
    from .cleaning import Row

log = logging.getLogger(__name__)

TASK = "mentoring.tasks.work_on_import"
# Taken anew with each batch; whoever is silent for so long is taken to be dead.
LEASE = timedelta(minutes=5)
ATTEMPTS = 3
KEPT = timedelta(days=7)
# So few are looked through while the page waits.
AT_ONCE = 300
IN_MEMORY = 1024 * 1024
State = Import.State


class _Undo(Exception):
    """What was done is to be rolled back, as planned."""


class _Lost(Exception):
    """It is not ours any more."""


def ring(pk: int) -> None:
    """Have a worker look soon. Without a broker the next tick looks."""
    try:
        current_app.send_task(TASK, args=[pk], expires=settings.CELERY_TASK_TIME_LIMIT, retry=False)
    except OperationalError:
        log.warning("imports: the broker is away, so the next tick looks")


def ring_due(now: datetime) -> int:
    """Call for those that nobody works on: how many."""
    waiting = list(Import.objects.unclaimed(now).values_list("pk", flat=True)[:100])
    for pk in waiting:
        ring(pk)
    return len(waiting)


def work_due(now: datetime) -> int:
    """Work, here and now, on those that nobody works on: for installations without Celery. How many."""
    waiting = Import.objects.unclaimed(now).order_by("pk").values_list("pk", flat=True)
    return sum(work(pk, now=now) for pk in list(waiting))


def tidy(now: datetime) -> int:
    """What was sent a week ago and not imported is left, with its rows: how many."""
    old = Import.objects.exclude(state__in=(*Import.OVER, *Import.UNDER_WAY)).filter(
        created_at__lte=now - KEPT
    )
    return sum(
        close(Import.objects.filter(pk=pk), State.LEFT, now) for pk in list(old.values_list("pk", flat=True))
    )


@transaction.atomic
def close(sources: QuerySet[Import], state: str, now: datetime, **fields: object) -> int:
    """It is over: its rows and its file go, and what was in its headings. How many."""
    ours = list(sources.select_for_update().values_list("pk", flat=True))
    ImportRow.objects.filter(source__in=ours).delete()
    ImportPart.objects.filter(source__in=ours).delete()
    return Import.objects.filter(pk__in=ours).update(
        state=state, finished_at=now, headings=[], samples=[], claim=None, claimed_until=None, **fields
    )


def work(pk: int, *, now: datetime) -> bool:
    """Look it through or import it, unless somebody else does or has. False when there was nothing to do, or it did
    not work out. Run twice, it does nothing twice."""
    claim = uuid.uuid4()
    waiting = Import.objects.unclaimed(now).filter(pk=pk)
    spent = waiting.filter(attempts__gte=ATTEMPTS)
    close(spent, State.FAILED, now, problem=_("It was begun several times and never came to an end."))
    if not waiting.update(claim=claim, claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    source = Import.objects.select_related("program", "acting").get(pk=pk)
    with translation.override((source.acting and source.acting.language) or translation.get_language()):
        try:
            return _Work(source, claim, now).do()
        except _Lost:
            log.warning("import %s went to another worker", pk)
        except Unreadable as no:
            close(Import.objects.filter(pk=pk, claim=claim), State.FAILED, now, problem=str(no)[:300])
        except Exception as error:
            # The kind of error is enough: its text could quote what stands in somebody's row.
            log.error("import %s was not worked through (%s)", pk, type(error).__name__)
            Import.objects.filter(pk=pk, claim=claim).update(claim=None, claimed_until=None)
    return False


class _Work:
    def __init__(self, source: Import, claim: uuid.UUID, now: datetime) -> None:
        self.source, self.claim, self.now = source, claim, now
        self.ours = Import.objects.filter(pk=source.pk, claim=claim, state=source.state)

    def do(self) -> bool:
        by = self.source.acting
        if by is None or not rules.may_administer(by, self.source.program):
            raise Unreadable(_("Whoever asked for it does not run this program any more."))
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass") as spool:
            counts = self._run(by, spool)
            if self.source.state == State.IMPORTING and not counts["bad"]:
                return True
            self._keep(spool, counts)
        return True

    def _run(self, by: User, spool: IO[str]) -> Counts:
        """What came of it. It is undone but for an import in which nothing is wrong, which is done by then."""
        job = Job.of(self.source, by, self.now)
        counts = Counts()

        def keep(rows: list[Row]) -> None:
            spool.writelines(json.dumps(_kept(row, job)) + "\n" for row in rows)

        with contextlib.suppress(_Undo), transaction.atomic():
            with Progress(self.source.pk, self.claim) as tell, self._lines() as lines:
                counts = run(job, lines, keep=keep, progress=tell)
            if self.source.state == State.CHECKING or counts["bad"]:
                raise _Undo
            if not close(self.ours, State.DONE, self.now, rows_done=counts.total(), **_figures(counts)):
                raise _Lost
        return counts

    @contextlib.contextmanager
    def _lines(self) -> Iterator[Iterable[Line]]:
        """Out of the file, the first time; afterwards out of what was kept of it, which may have been mended."""
        if not self.source.parts.exists():
            yield stored(self.source)
            return
        with file_of(self.source) as file:
            shape = Shape(self.source.format, self.source.encoding, self.source.separator)
            yield table(file, shape).lines

    @transaction.atomic
    def _keep(self, spool: IO[str], counts: Counts) -> None:
        """The rows with what came of them, for the page. An import in which something is wrong is none."""
        if not counts:
            raise Unreadable(_("Its rows are not here any more. Send the file again."))
        said = ""
        if self.source.state == State.IMPORTING:
            said = _("Something has changed since it was looked through, so nothing was imported.")
        done = self.ours.update(
            state=State.CHECKED,
            problem=said,
            claim=None,
            claimed_until=None,
            rows_total=counts.total(),
            rows_done=counts.total(),
            **_figures(counts),
        )
        if not done:
            raise _Lost
        ImportRow.objects.filter(source=self.source).delete()
        ImportPart.objects.filter(source=self.source).delete()
        spool.seek(0)
        rows = (ImportRow(source=self.source, **json.loads(line)) for line in spool)
        while batch := list(islice(rows, BATCH)):
            ImportRow.objects.bulk_create(batch)


def _figures(counts: Counts) -> dict[str, int]:
    return {outcome: counts[outcome] for outcome in ImportRow.Outcome.values}


def _kept(row: Row, job: Job) -> dict[str, object]:
    number_of = {code: str(number) for number, code in job.columns.items()}
    return {
        **asdict(row.line),
        "outcome": row.outcome,
        "errors": {number_of.get(code, ""): said for code, said in row.errors.items()},
        "said": row.said,
        "about": row.about,
    }


def stored(source: Import) -> Iterator[Line]:
    """The rows as they are kept, in their order, some at a time."""
    last = 0
    while batch := list(source.rows.filter(number__gt=last).order_by("number")[:BATCH]):
        for row in batch:
            yield Line(row.number, row.cells, row.faults)
        last = batch[-1].number


@contextlib.contextmanager
def file_of(source: Import) -> Iterator[BinaryIO]:
    """The file as it was sent."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        parts = source.parts.order_by("number").values_list("number", flat=True)
        for number in list(parts):
            file.write(bytes(source.parts.values_list("content", flat=True).get(number=number)))
        yield file  # type: ignore[misc]  # It is one in all that is asked of it.


class Progress(progress.Progress):
    """How many rows are done."""

    model, column, lease = Import, "rows_done", LEASE
    own_transactions = 1
