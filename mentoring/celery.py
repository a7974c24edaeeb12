"""The Celery application: beat is the clock, workers are the hands; the database remembers (docs/architecture.md)."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, task_failure, worker_init

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
@beat_init.connect
def refuse_unless_ready(**_: Any) -> None:
    """As a web process does it (mentoring/wsgi.py)."""
    import django

    django.setup()
    from accounts.setup import starting

    starting.refuse_unless_ready()
