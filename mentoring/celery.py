"""The Celery application: beat is the clock, workers are the hands; the database remembers (docs/architecture.md)."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    task_failure,
    task_postrun,
    task_prerun,
    worker_init,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_failure.connect
def note(sender: Any = None, exception: BaseException | None = None, **_: Any) -> None:
    """Nobody keeps results, so a failure is noted here: the name of the task and the type of the error, nothing else.

    Celery tells of it by a signal alone, also when the process that worked was killed for taking too long.
    """
    from accounts import clock
    from accounts.house import records

    records.failed(getattr(sender, "name", "?"), exception or RuntimeError(), clock.now())


@worker_init.connect
def refuse_unless_ready(**_: Any) -> None:
    """As a web process does it (mentoring/wsgi.py)."""
    import django

    django.setup()
    from accounts.setup import starting

    starting.refuse_unless_ready()


@beat_init.connect
def refuse_to_ring(**_: Any) -> None:
    """Beat has put a log in the place of its error output, in which the reason would be lost."""
    sys.stderr = sys.__stderr__
    refuse_unless_ready()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery sets up none of its own where somebody listens here: its lines are written like all others."""


@before_task_publish.connect
def carry_number(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """A task has the number of the request that rang for it, so that both are found in the log."""
    from accounts.monitoring import at_hand

    if headers is not None and (number := at_hand.reference()):
        headers["request_id"] = number


@task_prerun.connect
def begin(task_id: str = "", task: Any = None, **_: Any) -> None:
    from accounts.monitoring import at_hand

    number = str(getattr(task.request, "request_id", None) or "")
    at_hand.begin(at_hand.Work(number, task=task.name, task_id=task_id))


@task_postrun.connect
def end(**_: Any) -> None:
    from accounts.monitoring import at_hand

    at_hand.end()
