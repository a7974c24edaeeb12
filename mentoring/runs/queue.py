"""Who makes a run: the page that asked for it, where it is short, or a worker."""

from datetime import datetime

from django.db import transaction

from mentoring.models import MatchingRun

from .making import Stage, find, keep


def begin(run: MatchingRun, *, now: datetime) -> None:
    """Have it made."""
    pool, proposal = find(run, now)
    with transaction.atomic():
        figures = keep(run, pool, proposal)
        MatchingRun.objects.filter(pk=run.pk).update(
            state=MatchingRun.State.MADE, stage=Stage.DONE, finished_at=now, **figures
        )
