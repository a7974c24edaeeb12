"""`manage.py fetch_mail`: take what is new in our mailbox, as beat does where there is Celery."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.mail.inbound import delivery, mailbox

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Fetch the mail that came in to the mailbox of the settings (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--loop", type=float, metavar="SECONDS", help="look every so many seconds until told to end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not mailbox.is_on():
            raise CommandError("INBOUND_IMAP_HOST is not set")
        if options["loop"] is None:
            try:
                mailbox.fetch()
            except (mailbox.Unreachable, delivery.TryAgain) as problem:
                raise CommandError(f"not fetched: {problem}") from None
            return
        ending = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda _number, _frame: ending.set())
        while not ending.is_set():
            try:
                mailbox.fetch()
            except (mailbox.Unreachable, delivery.TryAgain) as problem:
                log.error("fetch: %s, looking again in %s s", problem, options["loop"])
            ending.wait(options["loop"])
