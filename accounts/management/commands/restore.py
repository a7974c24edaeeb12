"""`manage.py restore`: a backup into an empty database, where it sends nothing until a person says so."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from accounts import clock
from accounts.backup import making, programs, restoring
from accounts.vault import apart, keyfile, rotation
from accounts.vault.errors import Unreadable

NEXT = """\
Next:
  1. `manage.py migrate`, where it was said above that this version is newer
  2. `manage.py keys restore FILE` and `manage.py keys status`, where that was not done above
  3. `manage.py tick`, then `manage.py mail release --restored` (or --copy): until then no e-mail goes out
  4. start web, worker and beat. Everybody signs in anew."""


class Command(BaseCommand):
    help = """\
Bring back a backup that `manage.py backup` made, into the empty database of DATABASE_URL, before web, worker and beat
are started. Its files are checked before, and what is in each table afterwards. Nothing that is there is
overwritten."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument(
            "backup", type=Path, metavar="FOLDER", help="the folder of one backup, named by its time"
        )
        parser.add_argument(
            "--keys", type=Path, metavar="FILE", help="the wrapped keys, as `keys restore` takes them"
        )
        parser.add_argument("--programs", type=Path, metavar="FOLDER", help="where pg_restore is")

    # The database is empty: what the checks of a start would ask of it is not there yet.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        backup: Path = options["backup"]
        try:
            told = making.read_manifest(backup)
            restoring.check_files(backup, told)
            is_newer = restoring.check_version(told)
            restoring.check_empty()
            oldest = max(told["pg_dump"], programs.server_version())
            pg_restore = programs.find("pg_restore", oldest, options["programs"])
            self._say(
                f"The backup of {told['made_at']} (version {told['version']}) is whole. Bringing it back …"
            )
            restoring.restore(backup, pg_restore=pg_restore)
            restoring.close(clock.now())
            wrong = restoring.differences(told)
        except (making.Failed, programs.NoneFits) as no:
            raise CommandError(str(no)) from None
        except DatabaseError as problem:
            said = str(problem).strip().partition("\n")[0]
            raise CommandError(f"The database does not answer as it should: {said}") from None
        if wrong:
            raise CommandError("These tables are not as they were in the backup:\n  " + "\n  ".join(wrong))
        rows = sum(number for number, _sum in told["tables"].values())
        self._say(f"{len(told['tables'])} tables with {rows} rows are here, all as they were in the backup.")
        self._say("Mail waits, all sessions are ended, and links in e-mails of before lead nowhere.")
        if is_newer:
            self._say("This version is newer than the backup: run `manage.py migrate`.")
        self._say_of_the_key_file(told["key_file"])
        if options["keys"]:
            self._bring_keys(options["keys"])
        self._say(NEXT)

    def _say_of_the_key_file(self, had: list[dict[str, Any]]) -> None:
        try:
            here = {key.check for key in keyfile.read(Path(settings.KEY_FILE))}
        except keyfile.KeyFileTrouble as trouble:
            self._say(f"KEY_FILE {trouble}: private words cannot be read until the right file is there.")
            return
        if had and not here & {each["check"] for each in had}:
            self._say(
                "KEY_FILE is not the one of this backup: private words cannot be read until the right file is there."
            )

    def _bring_keys(self, path: Path) -> None:
        try:
            with path.open(encoding="ascii", errors="replace") as file:
                found = apart.restore(file)
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}. All else is here.") from None
        except apart.Torn as torn:
            raise CommandError(f"{path}: {torn}. All else is here.") from None
        self._say(
            f"{found.back} keys are back; {found.unknown} are of people who are not here, or were erased."
        )
        try:
            status = rotation.status()
        except Unreadable as closed:
            raise CommandError(f"{closed.why} All else is here.") from None
        if status.closed:
            raise CommandError(
                f"The key file opens {status.opened} of them, and {status.closed} not: bring back the right one. All"
                " else is here."
            )
        self._say(f"The key file opens all {status.opened} of them.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
