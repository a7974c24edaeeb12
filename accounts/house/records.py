"""What failed and what the clock did, as counts of a day each.

Writing one of these down never stops what is going on, and never fails it: where the database is away it is left out.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction

from accounts.models import FailedTask, HouseRun

log = logging.getLogger(__name__)

FAILURES_KEPT = timedelta(days=30)
RUNS_KEPT = timedelta(days=90)
# The name under which it is noted that the clock went round at all.
TICK = "tick"
# And under which that a backup was made (accounts/backup), with its size in kilobytes.
BACKUP = "backup"


def failed(task: str, error: BaseException, now: datetime) -> None:
    """Note that it did, by the name of the task and the type of the error and nothing else."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO {FailedTask._meta.db_table} AS there (task, error, "on", times, last_at)'  # noqa: S608
                " VALUES (%s, %s, %s, 1, %s)"
                ' ON CONFLICT (task, error, "on") DO UPDATE'
                " SET times = there.times + 1, last_at = greatest(there.last_at, excluded.last_at)",
                [task[:100], type(error).__name__[:100], now.date(), now],
            )
    except DatabaseError as problem:
        log.warning("house: that %s failed could not be noted (%s)", task, type(problem).__name__)


def ran(rows: Mapping[str, int], now: datetime) -> None:
    """Note that these parts ran, and with how many rows each; and that the clock went round. One statement."""
    _note({TICK: 0, **rows}, now)


def backed_up(kilobytes: int, now: datetime) -> None:
    """Note that a backup was made, and how large it is."""
    _note({BACKUP: kilobytes}, now)


def _note(every: Mapping[str, int], now: datetime) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO {HouseRun._meta.db_table} AS there (name, "on", runs, rows, last_at)'  # noqa: S608
                " SELECT part, %s, 1, number, %s FROM unnest(%s::text[], %s::int[]) AS new (part, number)"
                ' ON CONFLICT (name, "on") DO UPDATE SET runs = there.runs + 1,'
                " rows = there.rows + excluded.rows, last_at = greatest(there.last_at, excluded.last_at)",
                [now.date(), now, list(every), list(every.values())],
            )
    except DatabaseError as problem:
        log.warning("house: what the clock did could not be noted (%s)", type(problem).__name__)


def tidy(now: datetime) -> int:
    """Forget failures after 30 days and runs after 90: how many."""
    failures, _ = FailedTask.objects.filter(on__lt=(now - FAILURES_KEPT).date()).delete()
    runs, _ = HouseRun.objects.filter(on__lt=(now - RUNS_KEPT).date()).delete()
    return failures + runs
