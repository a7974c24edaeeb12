"""Figures of our own for Prometheus, read when they are asked for: of the installation, and of nobody in it.

Whoever asks every few seconds sees each of them change, so none may tell by that what one person did. There is no
number of sessions, of e-mails of one kind, or of e-mails sent in a day (on the day of a reminder it would be the number
of those who have not answered), and what is owed is counted by the hundred.
"""

import logging
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Max, Sum
from prometheus_client.core import GaugeMetricFamily

from accounts.clock import database_now
from accounts.defects import told
from accounts.house import health, version
from accounts.house.records import TICK
from accounts.mail import waiting
from accounts.mail.models import Message, Relay
from accounts.models import FailedTask, HouseRun

log = logging.getLogger(__name__)

Figures = Iterator[GaugeMetricFamily]
Reader = Callable[[datetime], Figures]

EACH_TAKES_MILLISECONDS = 1000
COUNTED_TO = 10_000
OWED_BY = 100
TASKS_NAMED = 100


def figure(name: str, means: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"best_stuff_{name}", means, value=value)


def from_database(readers: Sequence[Reader], now: datetime) -> list[GaugeMetricFamily]:
    """What these find, each within a second; who takes longer is left out, and counted in `figures_missing`.

    Raises DatabaseError where there is no connection.
    """
    found: list[GaugeMetricFamily] = []
    missing = 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(EACH_TAKES_MILLISECONDS)])
        for read in readers:
            try:
                with transaction.atomic():
                    found += list(read(now))
            except OperationalError:
                if not connection.is_usable():
                    raise
                missing += 1
            except DatabaseError as error:
                log.error("figures: %s", told(error))
                missing += 1
    found.append(figure("figures_missing", "Figures that the database did not give in time.", missing))
    return found


def running(now: datetime) -> Figures:
    info = GaugeMetricFamily("best_stuff_info", "What runs here.", labels=["version", "commit"])
    info.add_metric([version.version_here(), version.commit_here()[:12]], 1)
    yield info
    offset = settings.REHEARSAL_OFFSET.total_seconds()
    yield figure("rehearsal_offset_seconds", "By how much the clock is moved; 0 on what people use.", offset)


def mail_waiting(now: datetime) -> Figures:
    oldest = waiting.oldest_owed().total_seconds()
    yield figure(
        "mail_oldest_owed_seconds", "For how long the oldest e-mail is due that is still to go out.", oldest
    )


def mail_owed(now: datetime) -> Figures:
    number = Message.objects.due().order_by()[: COUNTED_TO + 1].count()
    means = f"E-mails that are due, rounded down to a multiple of {OWED_BY}, counted up to {COUNTED_TO}."
    yield figure("mail_owed_at_least", means, min(number, COUNTED_TO) // OWED_BY * OWED_BY)


def mail_uncertain(now: datetime) -> Figures:
    yield figure(
        "mail_uncertain", "E-mails that were perhaps sent: a person has to look.", waiting.uncertain()
    )


def mail_server(now: datetime) -> Figures:
    relay = (
        Relay.objects.filter(id=1)
        .values_list("faults", "paused_until", database_now() - settings.REHEARSAL_OFFSET)
        .first()
    )
    faults, until, at = relay or (0, None, now)
    rests = until is not None and at < until
    yield figure("mail_server_resting", "1 while no e-mail goes out because the mail server failed.", rests)
    yield figure("mail_server_faults", "How often in a row the mail server failed.", faults)


def clock(now: datetime) -> Figures:
    last = HouseRun.objects.filter(name=TICK).order_by("-on").aggregate(last=Max("last_at"))["last"]
    age = (now - last).total_seconds() if last else math.inf
    yield figure("clock_last_tick_seconds", "For how long the clock has not gone round.", max(age, 0))


def tasks_failed(now: datetime) -> Figures:
    rows = FailedTask.objects.filter(on=now.date()).values("task").annotate(number=Sum("times"))
    failed = GaugeMetricFamily(
        "best_stuff_tasks_failed_today", "Tasks that failed, since midnight UTC.", labels=["task"]
    )
    for row in rows.order_by("task")[:TASKS_NAMED]:
        failed.add_metric([row["task"]], row["number"])
    yield failed


OURS: tuple[Reader, ...] = (
    mail_waiting, mail_owed, mail_uncertain, mail_server, clock, tasks_failed,
)  # fmt: skip


def from_redis() -> list[GaugeMetricFamily]:
    return [figure("calls_waiting", "Calls in Redis that wait for a worker.", health.calls_waiting())]


class Found:
    """What was found, as prometheus_client takes it."""

    def __init__(self, found: list[Any]) -> None:
        self.found = found

    def collect(self) -> list[Any]:
        return self.found
