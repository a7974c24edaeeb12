"""`manage.py backup`: the database into a folder of its own, and the wrapped keys into another (docs/operations.md)."""

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from accounts import clock
from accounts.backup import making, programs
from accounts.house import records
from accounts.mail import home

KEEPS = 14
# The dump is there and whole, and something besides is not as it should be.
PARTLY = 3


class Command(BaseCommand):
    help = """\
Back up the database while the site runs: a new folder below FOLDER, named by the time, with a dump and a manifest
that says what is in it. The wrapped keys of people go into a file below another folder (--keys), for seven days. The
key file goes into neither: keep your own copy of it.

Ends with 0 when all was done, with 1 when nothing was made, and with 3 when the dump was made and the rest failed.
The files are as private as the database: bring them elsewhere encrypted, such as by
  tar -C FOLDER -c NAME | age -r RECIPIENT > NAME.tar.age        (or gpg --encrypt -r RECIPIENT)"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        keys = parser.add_mutually_exclusive_group(required=True)
        keys.add_argument(
            "--keys", type=Path, metavar="FOLDER", help="where the wrapped keys go, apart from the dump"
        )
        keys.add_argument(
            "--without-keys", action="store_true", help="they are backed up by `manage.py keys backup`"
        )
        parser.add_argument(
            "--keep",
            type=int,
            default=KEEPS,
            metavar="N",
            help=f"delete all but the newest N backups afterwards ({KEEPS}); 0 deletes none",
        )
        parser.add_argument("--programs", type=Path, metavar="FOLDER", help="where pg_dump is")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        keys: Path | None = options["keys"]
        if options["keep"] < 0:
            raise CommandError("--keep is a number of backups, or 0 for all")
        self._keep_apart(folder, keys)
        now = clock.now()
        try:
            pg_dump = programs.find("pg_dump", programs.server_version(), options["programs"])
            home.look(now)  # So that the copy knows where it is from, and sends nothing elsewhere.
            made = making.make(folder, now, pg_dump=pg_dump)
        except (making.Failed, programs.NoneFits) as no:
            raise CommandError(str(no)) from None
        except DatabaseError as problem:
            raise CommandError(f"The database does not answer as it should: {_line(problem)}") from None
        except OSError as problem:
            raise CommandError(f"{problem.filename or folder}: {problem.strerror}") from None
        size = (made / making.DUMP).stat().st_size
        records.backed_up(max(size // 1024, 1), now)
        self.stdout.write(f"{made} is made ({size} bytes).")
        try:
            if keys is not None:
                path, number = making.make_keys(keys, now)
                self.stdout.write(f"{number} keys are in {path}.")
            for gone in making.clear_away(folder, options["keep"]):
                self.stdout.write(f"{gone} is deleted.")
        except (OSError, DatabaseError) as problem:
            raise CommandError(
                f"The dump is made, the rest is not: {_line(problem)}", returncode=PARTLY
            ) from None

    def _keep_apart(self, folder: Path, keys: Path | None) -> None:
        secret = Path(settings.KEY_FILE).resolve().parent
        if folder.resolve() == secret or (keys is not None and keys.resolve() == secret):
            raise CommandError("not beside the key file: whoever finds both there can read private words")
        if keys is None:
            return
        one, other = folder.resolve(), keys.resolve()
        if one == other or one in other.parents or other in one.parents:
            raise CommandError(
                "the keys go into a folder apart from the dumps, and not within it: whoever was erased is gone from"
                " the keys after seven days, and from the dumps later"
            )


def _line(problem: Exception) -> str:
    return str(problem).strip().partition("\n")[0] or type(problem).__name__
