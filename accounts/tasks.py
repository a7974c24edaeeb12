"""Work that somebody waits for, done by a worker: a task carries the number of a row and nothing else."""

from celery import shared_task

from accounts.clock import now
from accounts.mydata import exports


@shared_task(name=exports.TASK, ignore_result=True)
def make_export(pk: int) -> None:
    """Make the export of that number; run twice, or for one that is made or gone, it does nothing."""
    exports.make(pk, now=now())
