"""`manage.py outbox`: what the Celery task does, without Celery."""

import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from accounts.mail import outbox

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Send the e-mails that are owed: once, or again and again."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="send what is due, and end (as without it)")
        how.add_argument(
            "--loop", type=float, metavar="SECONDS", help="look every so many seconds until told to end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        ending = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:
            ending.set()

        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, end)
        if options["loop"] is None:
            outbox.send_owed(stop=ending.is_set)
            return
        while not ending.is_set():
            try:
                outbox.send_owed(stop=ending.is_set)
            except (OperationalError, InterfaceError):
                log.error("outbox: the database is away, looking again in %s s", options["loop"])
                connection.close()
            ending.wait(options["loop"])
