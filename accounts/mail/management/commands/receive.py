"""`manage.py receive`: an e-mail that a mail server hands over, on its standard input."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.clock import now
from accounts.mail.inbound import aside, delivery

# sysexits.h: the mail server keeps it and tries again. Any other ending would make it write to whoever is named as
# the sender, who may be anybody.
TRY_AGAIN = 75


class Command(BaseCommand):
    help = "Take one e-mail from standard input, for whoever it is (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--recipient", default="", metavar="ADDRESS", help="whom the envelope names, if known"
        )

        parser.add_argument(
            "--aside",
            action="store_true",
            help="take what was put aside once more, and nothing from standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["aside"]:
            self._take_up()
            return
        content = sys.stdin.buffer.read(delivery.MOST_BYTES + 1)
        try:
            delivery.deliver_for_good(content, options["recipient"], now())
        except delivery.TryAgain:
            sys.exit(TRY_AGAIN)

    def _take_up(self) -> None:
        """What we trip over still, or cannot take now, stays where it is."""
        taken = left = 0
        for each in aside.waiting():
            try:
                delivery.deliver(
                    each.content, each.recipient, now(), sender=each.sender, authserv_id=each.authserv_id
                )
            except delivery.TryAgain:
                left += 1
            else:
                aside.take_away(each)
                taken += 1
        self.stdout.write(f"{taken} taken, {left} left")
