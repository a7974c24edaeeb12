"""The doorbell: a task carries no facts, only "go and look"."""

import logging

from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError

from . import outbox
from .inbound import delivery, mailbox

log = logging.getLogger(__name__)

# Short, so that a worker which is asked to stop has stopped soon; what is left is taken up by the next one.
SECONDS = 25.0
# Room for the one message at hand whose server takes its ten minutes; below the broker's visibility timeout.
TIME_LIMIT = 780


@shared_task(time_limit=TIME_LIMIT, ignore_result=True)
def send_owed() -> None:
    """Send what is owed; ring again when something is left."""
    counts = outbox.send_owed(seconds=SECONDS)
    if counts and outbox.has_due():
        ring()


def ring() -> None:
    """Have a worker look soon. Without a broker nothing is lost: the clock's next tick looks as well."""
    try:
        send_owed.apply_async(expires=max(settings.TICK_SECONDS - 5, 1), retry=False)
    except OperationalError:
        log.warning("outbox: the broker is away, so the next tick looks")


@shared_task(time_limit=TIME_LIMIT, ignore_result=True)
def fetch_mail() -> None:
    """Take what is new in our mailbox. What is not taken now stays there for the next run."""
    try:
        mailbox.fetch()
    except (mailbox.Unreachable, delivery.TryAgain) as problem:
        log.error("fetch: %s", problem)
