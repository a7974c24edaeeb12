"""A copy of everything that is somebody's: asked for, made, told by e-mail, deleted after a week.

The row is the queue. A task only says which row; whoever claims it makes it, and a task that was lost costs no more
than the time to the next tick.
"""

import logging
import tempfile
import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.mail import outbox
from accounts.models import Export, ExportPart, User
from accounts.refused import Refused
from accounts.vault import data_keys

from . import archive
from .letters import EXPORT_READY

log = logging.getLogger(__name__)

LIVES = timedelta(days=7)
# Making one reads every row that somebody has.
EVERY = timedelta(hours=1)
# Longer than a task may run (CELERY_TASK_TIME_LIMIT), so nobody else begins while somebody is at it.
CLAIM = timedelta(minutes=15)
ATTEMPTS = 3
PART = 1024 * 1024
IN_MEMORY = 4 * PART
TASK = "accounts.tasks.make_export"


def ask(person: User, *, now: datetime) -> Export:
    """A new copy takes the place of the last one. Raises Refused while one is being made, and within the hour."""
    try:
        with transaction.atomic():
            last = Export.objects.visible_to(person).select_for_update().first()
            if last is not None and last.state == Export.State.WANTED:
                raise Refused(_("It is being made. You get an e-mail when it is ready."))
            made_lately = last is not None and last.state != Export.State.FAILED
            if last is not None and made_lately and last.requested_at > now - EVERY:
                raise Refused(_("You asked within the last hour. Wait a little before you ask again."))
            _delete(
                Export.objects.visible_to(person)
                .filter(state=Export.State.READY)
                .values_list("pk", flat=True)
            )
            wanted: Export = Export.objects.create(person=person, requested_at=now)
            transaction.on_commit(lambda: ring(wanted.pk))
            return wanted
    except IntegrityError as error:  # Pressed twice: the other one was first.
        raise Refused(_("It is being made. You get an e-mail when it is ready.")) from error


def ring(pk: int) -> None:
    """Have a worker make it soon. Without a broker the next tick looks."""
    try:
        current_app.send_task(TASK, args=[pk], expires=settings.CELERY_TASK_TIME_LIMIT, retry=False)
    except OperationalError:
        log.warning("exports: the broker is away, so the next tick looks")


def ring_due(now: datetime) -> int:
    """Call for what nobody is making: how many."""
    waiting = list(Export.objects.unclaimed(now).values_list("pk", flat=True)[:100])
    for pk in waiting:
        ring(pk)
    return len(waiting)


def make_due(now: datetime) -> int:
    """Make, here and now, what nobody is making: for installations without Celery. How many."""
    return sum(make(pk, now=now) for pk in list(Export.objects.unclaimed(now).values_list("pk", flat=True)))


def make(pk: int, *, now: datetime) -> bool:
    """Make the copy, unless somebody else does or has. False when there was nothing to do, or it did not work out."""
    claim = uuid.uuid4()
    unclaimed = Export.objects.unclaimed(now).filter(pk=pk)
    unclaimed.filter(attempts__gte=ATTEMPTS).update(state=Export.State.FAILED)  # Its makers ended each time.
    if not unclaimed.update(claim=claim, claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return False
    export = Export.objects.select_related("person").get(pk=pk)
    try:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
            with transaction.atomic():  # In which the server hands out the rows bit by bit.
                archive.write(export.person, target, now=now)
            target.seek(0)
            return _keep(export, claim, iter(lambda: target.read(PART), b""), now)
    except Exception as error:
        # The kind of error is enough: its text could quote what somebody wrote.
        log.error("export %s was not made (%s)", pk, type(error).__name__)
        ours = Export.objects.filter(pk=pk, claim=claim)
        ours.filter(attempts__gte=ATTEMPTS).update(state=Export.State.FAILED, claim=None, claimed_until=None)
        return False


@transaction.atomic
def _keep(export: Export, claim: uuid.UUID, parts: Iterator[bytes], now: datetime) -> bool:
    """Ready, with its parts and the e-mail that says so; or, if it is not ours any more, nothing at all."""
    ours = Export.objects.filter(pk=export.pk, claim=claim, state=Export.State.WANTED)
    if not ours.update(
        state=Export.State.READY, ready_at=now, expires_at=now + LIVES, claim=None, claimed_until=None
    ):
        return False
    with data_keys.in_hand(export.person_id):
        for number, content in enumerate(parts):
            ExportPart.objects.create(export=export, number=number, content=b64encode(content).decode())
    outbox.owe(EXPORT_READY, export.person_id, export.pk, due_at=now, expires_at=now + LIVES)
    return True


def content_of(export: Export) -> Iterator[bytes]:
    """The ZIP, a part at a time. Raises Unreadable where its person's key is gone."""
    parts = ExportPart.objects.filter(export=export).order_by("number")
    for pk in list(parts.values_list("pk", flat=True)):
        for part in parts.filter(pk=pk).select_related("export"):
            yield b64decode(part.content)


@transaction.atomic
def tidy(now: datetime) -> int:
    """Delete the copies whose week is over; their rows say that they are gone. How many."""
    over = Export.objects.filter(state=Export.State.READY, expires_at__lte=now)
    return _delete(over.values_list("pk", flat=True))


def _delete(pks: Iterable[int]) -> int:
    going = list(pks)
    ExportPart.objects.filter(export__in=going).delete()
    return Export.objects.filter(pk__in=going, state=Export.State.READY).update(state=Export.State.GONE)
