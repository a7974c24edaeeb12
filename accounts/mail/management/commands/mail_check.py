"""`manage.py mail_check`: what can be tried of our e-mail from here, said in plain words."""

import sys
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.clock import now
from accounts.mail.checkup import Level, Names, check
from accounts.mail.letters import envelope_address, mail_domain
from accounts.mail.smtp import Courier, HungUp, Unreachable

MARKS = {Level.GOOD: "ok  ", Level.LOOK: "look", Level.BAD: "BAD "}


class Command(BaseCommand):
    help = "Try the mail server, look up what DNS says of our addresses, and say what is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="ADDRESS", help="send a test message to this address as well")
        parser.add_argument(
            "--resolver",
            metavar="HOST[:PORT]",
            default="",
            help="ask this DNS server instead of the machine's own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, _colon, port = options["resolver"].partition(":")
        if port and not port.isdecimal():
            raise CommandError("--resolver is an IP address, and after a colon a port")
        is_bad = False
        for finding in check(Names(host, int(port or 53)), now=now()):
            self.stdout.write(f"{MARKS[finding.level]}  {finding.words}")
            is_bad = is_bad or finding.level is Level.BAD
        if options["to"]:
            is_bad = not self._send(options["to"]) or is_bad
        if is_bad:
            sys.exit(1)

    def _send(self, address: str) -> bool:
        """A message like any other of ours, without the outbox: what the server says is said here."""
        try:
            recipient = envelope_address(address)
        except ValueError:
            raise CommandError(f"{address} is no address that mail can be sent to") from None
        letter = EmailMessage()
        letter["From"], letter["To"] = settings.MAIL_FROM_ADDRESS, recipient
        letter["Subject"] = "Best Stuff: a test of the mail server"
        letter["Date"], letter["Message-ID"] = format_datetime(now()), make_msgid(domain=mail_domain())
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(
            "If you read this, mail from Best Stuff arrives. Look where it arrived: if it is in the folder for "
            "junk,\nthe lines of `manage.py mail_check` say what to put right. Its source shows what your "
            "provider thinks\nof SPF, DKIM and DMARC (Authentication-Results).\n"
        )
        content = letter.as_bytes().replace(b"\n", b"\r\n")
        with Courier() as courier:
            try:
                reply = courier.offer(settings.MAIL_FROM_ADDRESS, recipient, len(content))
                answer = courier.hand_over(content) if reply.is_yes else reply
            except (Unreachable, HungUp) as problem:
                self.stdout.write(f"BAD   The test message was not sent: {problem or 'the server hung up'}.")
                return False
        if answer is None:
            self.stdout.write(
                "BAD   The server did not answer after the test message: it may have taken it, or not."
            )
            return False
        if not answer.is_yes:
            self.stdout.write(
                f"BAD   The test message was refused: {answer.code} {answer.text} ({answer.phase.value})."
            )
            return False
        self.stdout.write(
            f"ok    The server took the test message to {recipient}: {answer.code} {answer.text}"
        )
        return True
