"""Work that somebody waits for, done by a worker: a task carries the number of a row and nothing else."""

from celery import shared_task

from accounts.clock import now
from mentoring.imports import queue as imports
from mentoring.runs import queue as runs


@shared_task(name=imports.TASK, ignore_result=True)
def work_on_import(pk: int) -> None:
    """Look through, or bring in, the import of that number; run twice, or for one that is over, it does nothing."""
    imports.work(pk, now=now())


@shared_task(name=runs.TASK, ignore_result=True)
def work_on_run(pk: int) -> None:
    """Make the matching run of that number; run twice, or for one that is made or put away, it does nothing."""
    runs.work(pk, now=now())
