"""`manage.py media`: pictures and files, where they lie and where they should (docs/operations.md)."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.clock import now
from accounts.media import moving
from accounts.media.stores import Away

ACTS = {
    "move": "bring all pictures and files to where MEDIA says, while the site runs; can be started again",
    "check": "what is missing, and what nothing names; ends with 1 when there is any",
}
AWAY = "The store does not answer, or does not let us. What was done stays done: start it again."
ONE_PLACE_TWICE = "MEDIA and MEDIA_BEFORE are the same place. Nothing was moved: take MEDIA_BEFORE away."
# So many of what is missing are told one by one.
TOLD = 20


class Command(BaseCommand):
    help = "Pictures and files:\n" + "\n".join(f"  {name:<6} {said}" for name, said in ACTS.items())

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, said in ACTS.items():
            acts.add_parser(name, help=said)

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        try:
            if act == "move":
                self.do_move()
            else:
                self.do_check()
        except Away:
            raise CommandError(AWAY) from None
        except moving.OnePlaceTwice:
            raise CommandError(ONE_PLACE_TWICE) from None

    def do_move(self) -> None:
        moved = moving.move(lambda count: self.stderr.write(f"{count} so far") if count else None)
        self.stdout.write(f"{moved.count} brought to {self._place()}.")
        self._tell_missing(moved.missing)
        if moved.missing:
            raise CommandError(f"{len(moved.missing)} are missing, and stay so.")

    def do_check(self) -> None:
        found = moving.check(now())
        self.stdout.write(f"{found.files} pictures and files; they go to {self._place()}.")
        if found.elsewhere:
            self.stdout.write(f"{found.elsewhere} lie elsewhere: `manage.py media move` brings them.")
        self._tell_missing(found.missing)
        if found.left_over:
            self.stdout.write(f"{found.left_over} in the store are named by nothing: the clock removes them.")
        if not found.is_well:
            raise CommandError(f"{len(found.missing)} missing, {found.left_over} left over.")
        self.stdout.write("Nothing is missing, and nothing is left over.")

    def _tell_missing(self, missing: list[str]) -> None:
        for each in missing[:TOLD]:
            self.stdout.write(f"missing: {each}")
        if len(missing) > TOLD:
            self.stdout.write(f"missing: {len(missing) - TOLD} more")

    def _place(self) -> str:
        return str(settings.MEDIA or "the database")
