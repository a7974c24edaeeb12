"""`manage.py receive`: an e-mail that a mail server hands over, on its standard input."""

import logging
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError

from accounts.clock import now
from accounts.mail.inbound import inboxes
from mentoring import calendar_replies
from mentoring.calendar_replies import MOST_BYTES, Outcome

log = logging.getLogger(__name__)
# sysexits.h: the mail server keeps it and tries again. Any other ending would make it write to whoever is named as
# the sender, who may be anybody.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = "Take one e-mail from standard input: an answer from a calendar, or a moment (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recipient", default="", metavar="ADDRESS", help="whom the envelope names, if known"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            at, recipient = now(), options["recipient"]
            outcomes = inboxes.take(content, recipient, at)
            if outcomes is None:
                outcomes = calendar_replies.receive(content, now=at, recipient=recipient)
        except (OperationalError, InterfaceError):
            log.error("receive: the database is away")
            sys.exit(TRY_AGAIN)
        log.info("receive: %s", "; ".join(outcomes))
        if [*outcomes] == [Outcome.OFF]:
            sys.exit(TRY_AGAIN)
