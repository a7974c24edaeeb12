"""`manage.py listen`: take mail from our own mail server, by LMTP or SMTP."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.mail.inbound import addresses
from accounts.mail.inbound.listening import Listener, Place

AT = "HOST:PORT, PORT (of this machine alone), or the path of a socket"


class Command(BaseCommand):
    help = "Take mail from a mail server, until told to end by SIGTERM (docs/operations.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--lmtp", metavar="AT", help=f"speak LMTP there: {AT}")
        how.add_argument("--smtp", metavar="AT", help=f"speak SMTP there: {AT}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            place = Place.of(options["lmtp"] or options["smtp"])
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        if not addresses.is_on():
            self.stderr.write(
                "INBOUND_ADDRESS or INBOUND_AUTHSERV_ID is not set: answers by mail are not taken"
            )
        try:
            asyncio.run(self._listen(Listener(place, speaks_lmtp=bool(options["lmtp"]))))
        except OSError as problem:
            raise CommandError(f"{place}: {problem.strerror}") from None

    async def _listen(self, listener: Listener) -> None:
        ending = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, ending.set)
        await listener.serve(ending, self._say)

    def _say(self, place: Place) -> None:
        if place.is_of_this_machine:
            who = "this machine alone reaches it"
        else:
            who = "let nobody reach it but your own mail server: whoever does can pretend to be anybody"
        self.stdout.write(f"listening at {place}; {who}")
        self.stdout.flush()
