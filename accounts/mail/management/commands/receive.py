"""`manage.py receive`: an e-mail that a mail server hands over, on its standard input."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.clock import now
from accounts.mail.inbound import delivery

# sysexits.h: the mail server keeps it and tries again. Any other ending would make it write to whoever is named as
# the sender, who may be anybody.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = "Take one e-mail from standard input, for whoever it is (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recipient", default="", metavar="ADDRESS", help="whom the envelope names, if known"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        content = sys.stdin.buffer.read(delivery.MOST_BYTES + 1)
        try:
            delivery.deliver(content, options["recipient"], now())
        except delivery.TryAgain:
            sys.exit(TRY_AGAIN)
