"""`manage.py mail`: whether e-mail goes out of this database, and the word that lets it (docs/operations.md)."""

from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max

from accounts import clock
from accounts.mail import home, waiting
from accounts.mail.home import As
from accounts.mail.models import Message
from accounts.refused import Refused

WHICH = """\
A database that was restored or copied sends nothing by itself. Say what it is:
  manage.py mail release --restored   the original is gone, and this one takes its place. What was due up to now may
                                      have gone out: each of it waits in the list of e-mails for a person. Where you
                                      know when the original stopped, add --stopped-at TIME
  manage.py mail release --moved      the same installation on another server, copied while nothing ran: what is owed
                                      goes out
  manage.py mail release --copy       a copy for testing: nothing ever goes out of it
What signing in and changing an account brings about (codes, “your password was changed”) goes out at once in any
case, also from a copy: it answers somebody who waits for it."""


def instant(text: str) -> datetime:
    """An ISO time; in UTC where it names no offset. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = f"Whether e-mail goes out of this database. {WHICH}"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        acts.add_parser("status", help="whether it goes out, since when it waits, and what is owed")
        release = acts.add_parser("release", help="say what a database is that was restored or copied")
        kind = release.add_mutually_exclusive_group(required=True)
        for each, said in {
            As.RESTORED: "it takes the place of the original, which sends no more",
            As.MOVED: "it is the original, on another server",
            As.COPY: "it is a copy for testing",
        }.items():
            kind.add_argument(f"--{each}", dest="kind", action="store_const", const=each, help=said)
        release.add_argument(
            "--stopped-at",
            type=instant,
            metavar="TIME",
            help="with --restored: from then on the original sent nothing, such as 2026-06-20T12:00+02:00",
        )
        release.add_argument(
            "--anyway", action="store_true", help="though it was said to be a copy for testing"
        )

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "status":
            self._status()
        else:
            self._release(options["kind"], options["stopped_at"], anyway=options["anyway"])

    def _status(self) -> None:
        found = home.look(clock.now())
        if found.is_copy:
            self.stdout.write("Nothing goes out of this database: it is a copy for testing.")
        elif found.waits_since:
            self.stdout.write(f"Mail has waited since {found.waits_since:%Y-%m-%d %H:%M} UTC.\n{WHICH}")
        else:
            self.stdout.write("Mail goes out of this database.")
        self.stdout.write(
            f"The oldest e-mail that is owed has waited for {waiting.oldest_owed().total_seconds():.0f} seconds;"
            f" {waiting.uncertain()} were perhaps sent."
        )

    def _owe_what_is_owed(self) -> None:
        """The clock goes round until it owes nothing new: its parts take some hundreds at a time. Raises CommandError
        where a part of it failed, since the original may have sent what that part would owe."""
        before, newest = None, self._newest()
        while before != newest:
            call_command("tick", stdout=StringIO())
            before, newest = newest, self._newest()

    def _newest(self) -> int:
        return Message.objects.aggregate(newest=Max("pk"))["newest"] or 0

    def _release(self, kind: As, stopped_at: datetime | None, *, anyway: bool) -> None:
        if stopped_at is not None and kind is not As.RESTORED:
            raise CommandError("--stopped-at goes with --restored")
        if stopped_at is not None and stopped_at > clock.now():
            raise CommandError("--stopped-at is a moment that is over")
        if kind is As.RESTORED and home.look(clock.now()).waits:
            self._owe_what_is_owed()
        try:
            count = home.release(kind, clock.now(), stopped_at=stopped_at, anyway=anyway)
        except Refused as no:
            raise CommandError(str(no)) from None
        if kind is As.COPY:
            self.stdout.write("Nothing goes out of this database from now on.")
            return
        self.stdout.write("Mail goes out again.")
        if count:
            self.stdout.write(
                f"{count} e-mails were due before and may have gone out already. They stand in the admin's list of"
                " e-mails as “perhaps sent”, where a person sends them again, or leaves them."
            )
