"""Work that somebody waits for, done by a worker: a task carries the number of a row and nothing else."""

from celery import shared_task

from accounts.clock import now
from mentoring.imports import queue


@shared_task(name=queue.TASK, ignore_result=True)
def work_on_import(pk: int) -> None:
    """Look through, or bring in, the import of that number; run twice, or for one that is over, it does nothing."""
    queue.work(pk, now=now())
