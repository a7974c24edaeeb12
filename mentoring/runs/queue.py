"""Who makes a run: the page that asked for it, where it is short, or a worker.

The row is the queue, as with imports (mentoring/imports/queue.py). A task says its number and nothing else; a task that
was lost costs the time to the next tick, and a worker that died the time of its lease. What is found is kept in one
transaction with the word that it is made, by whoever holds the claim at that moment, and only while somebody still
wants it: of a run that was put away meanwhile nothing is kept.
"""

import logging
import uuid
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.models import User
from mentoring import progress, rules
from mentoring.matching.program import NoSuchMatching
from mentoring.models import Enrollment, MatchingRun, Program

from .making import Stage, ask_why, find, keep

log = logging.getLogger(__name__)

TASK = "mentoring.tasks.work_on_run"
# As long as a task may take at most; each stage begins it anew.
LEASE = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
ATTEMPTS = 3
# Mentees and mentors together: so few are matched while the page waits.
AT_ONCE = 200
State = MatchingRun.State


class _Lost(Exception):
    """It is not ours any more, or nobody wants it."""


class _Gone(Exception):
    """Somebody who is in it has left for good meanwhile, so it is made once more, without them."""


class _Impossible(Exception):
    """Trying again would not help; said in words."""


class Progress(progress.Progress):
    """Which stage it is in."""

    model, column, lease = MatchingRun, "stage", LEASE


def begin(run: MatchingRun, *, now: datetime) -> None:
    """Have it made: here and now where few people are in the program, and `run` says what came of it; else by a worker,
    who is called once the transaction is over."""
    if is_small(run.program):
        work(run.pk, now=now)
        run.refresh_from_db()
    else:
        transaction.on_commit(lambda: ring(run.pk))


def is_small(program: Program) -> bool:
    """By those who are active, of whom some may be paired already: whoever is both counts twice."""
    mentor, mentee, both = Enrollment.Role.MENTOR, Enrollment.Role.MENTEE, Enrollment.Role.BOTH
    counted = program.enrollments.active().aggregate(
        mentors=Count("pk", filter=Q(role__in=[mentor, both])),
        mentees=Count("pk", filter=Q(role__in=[mentee, both])),
    )
    return int(sum(counted.values())) <= AT_ONCE


def ring(pk: int) -> None:
    """Have a worker look soon. Without a broker the next tick looks."""
    try:
        current_app.send_task(TASK, args=[pk], expires=settings.CELERY_TASK_TIME_LIMIT, retry=False)
    except OperationalError:
        log.warning("runs: the broker is away, so the next tick looks")


def ring_due(now: datetime) -> int:
    """Call for those that nobody works on: how many."""
    waiting = list(MatchingRun.objects.unclaimed(now).order_by("pk").values_list("pk", flat=True)[:100])
    for pk in waiting:
        ring(pk)
    return len(waiting)


def work_due(now: datetime) -> int:
    """Make, here and now, those that nobody works on: for installations without Celery. How many."""
    waiting = MatchingRun.objects.unclaimed(now).order_by("pk").values_list("pk", flat=True)
    return sum(work(pk, now=now) for pk in list(waiting))


def work(pk: int, *, now: datetime) -> bool:
    """Make the run, unless somebody else does or has. False when there was nothing to do, or it did not work out.
    Run twice, it does nothing twice."""
    claim = uuid.uuid4()
    waiting = MatchingRun.objects.unclaimed(now).filter(pk=pk)
    _fail(
        waiting.filter(attempts__gte=ATTEMPTS), _("It was begun several times and never came to an end."), now
    )
    if not waiting.update(claim=claim, claimed_until=now + LEASE, attempts=F("attempts") + 1):
        return False
    run = MatchingRun.objects.select_related("program", "created_by").get(pk=pk)
    ours = MatchingRun.objects.filter(pk=pk, claim=claim, state=State.MAKING)
    with translation.override((run.created_by and run.created_by.language) or translation.get_language()):
        try:
            _make(run, claim, ours, now)
        except _Lost:
            log.warning("run %s went to another worker, or was put away", pk)
        except _Impossible as no:
            _fail(ours, str(no), now)
        except NoSuchMatching:
            _fail(ours, _("The locked pairs cannot all be kept. Unlock some, and make a new run."), now)
        except Exception as error:
            # The kind of error is enough: its text could quote what somebody said.
            log.error("run %s was not made (%s)", pk, type(error).__name__)
            ours.update(claim=None, claimed_until=None, stage=Stage.WAITING)
        else:
            return True
    return False


def _make(run: MatchingRun, claim: uuid.UUID, ours: QuerySet[MatchingRun], now: datetime) -> None:
    if run.created_by is None or not rules.may_administer(run.created_by, run.program):
        raise _Impossible(_("Whoever asked for it does not run this program any more."))
    if run.program.status in Program.OVER:
        raise _Impossible(_("This program is closed."))
    with Progress(run.pk, claim) as tell:
        pool, proposal = find(run, now, tell=tell)
        tell(Stage.REASONS)
        why = ask_why(proposal)
    with transaction.atomic():
        # From here on the row is held: whoever puts it away now does so once it is made.
        if not list(ours.select_for_update(no_key=True).values_list("pk", flat=True)):
            raise _Lost
        if User.objects.filter(pk__in=pool.places, erased_at__isnull=False).exists():
            raise _Gone
        figures = keep(run, pool, proposal, why)
        ours.update(
            state=State.MADE, stage=Stage.DONE, finished_at=now, claim=None, claimed_until=None, **figures
        )


def _fail(runs: QuerySet[MatchingRun], problem: str, now: datetime) -> None:
    runs.update(state=State.FAILED, problem=problem[:300], finished_at=now, claim=None, claimed_until=None)
