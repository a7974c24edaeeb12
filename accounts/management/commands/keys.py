"""`manage.py keys`: the key file of private words, and what is wrapped by it (docs/operations.md)."""

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from accounts import clock
from accounts.refused import Refused
from accounts.vault import apart, keyfile, rotation
from accounts.vault.errors import Unreadable

LOST = """\
Private words are sealed by this file. Without it NOBODY can read them any more: not you, not we, not their writers.
Put a copy away now: on another machine or on paper, never beside a backup of the database, never in one.
`manage.py keys show --reveal` prints what to copy; `manage.py keys add` takes it back, line by line.
Back up besides, as often as the database and apart from it: `manage.py keys backup FILE`."""
ACTS = {
    "init": "make the key file, which must not be there yet",
    "show": "which versions the file holds",
    "status": "how many people's keys the file opens; ends with 1 when it does not open all",
    "rotate": "put another key into the file; from then on it is the one that wraps",
    "rewrap": "wrap all people's keys under the newest version, while the site runs",
    "retire": "take the earlier version out of the file, once nothing needs it",
    "add": "put a key into the file from a line of another copy, read from the input",
    "backup": "write the wrapped keys of all people into a new file",
    "restore": "bring them back from such a file",
    "reseal": "give one person another key, and seal their words by it",
    "abandon": "delete the keys that the file does not open: those people can write again, their old words are lost",
}


class Command(BaseCommand):
    help = "The key file of private words, and the keys of people that are wrapped by it:\n" + "\n".join(
        f"  {name:<8} {said}" for name, said in ACTS.items()
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        made = {name: acts.add_parser(name, help=said) for name, said in ACTS.items()}
        made["show"].add_argument("--reveal", action="store_true", help="the keys themselves, to copy them")
        for name in ("backup", "restore"):
            made[name].add_argument("file", type=Path)
        made["reseal"].add_argument("person", type=int, help="the person's number")
        made["abandon"].add_argument("--yes", action="store_true", help="I know that the words are lost")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        self.path = Path(settings.KEY_FILE)
        does: Callable[[dict[str, Any]], None] = getattr(self, f"do_{act}")
        try:
            does(options)
        except keyfile.KeyFileTrouble as trouble:
            raise CommandError(f"KEY_FILE {trouble}") from None
        except Unreadable as closed:
            raise CommandError(closed.why) from None
        except (Refused, apart.Torn) as no:
            raise CommandError(str(no)) from None
        except OSError as problem:
            raise CommandError(f"{problem.filename}: {problem.strerror}") from None

    # --- The file --------------------------------------------------------------------------------------------------

    def do_init(self, options: dict[str, Any]) -> None:
        key = keyfile.new_key(1, clock.now().date())
        try:
            keyfile.write_new(self.path, [key])
        except FileExistsError:
            raise CommandError(
                f"{self.path} is there already and stays as it is; `keys rotate` puts another key into it"
            ) from None
        except OSError as problem:
            raise CommandError(f"{self.path} cannot be made: {problem.strerror}") from None
        self.say(f"Made {self.path}, for its owner only (mode 400).", *self._versions([key]), "", LOST)

    def do_show(self, options: dict[str, Any]) -> None:
        keys = keyfile.read(self.path)
        self.say(str(self.path), *self._versions(keys))
        if options["reveal"]:
            self.say(
                "", "Whoever has these lines and the database can read all private words:", keyfile.FIRST_LINE
            )
            self.say(*(key.line for key in keys))

    def _versions(self, keys: Any) -> list[str]:
        wraps = ["wraps", *["still opens"] * (len(keys) - 1)]
        return [
            f"  version {key.version}, made on {key.made_on}, check {key.check}, {what}"
            for key, what in zip(keys, wraps, strict=True)
        ]

    def do_rotate(self, options: dict[str, Any]) -> None:
        key = rotation.rotate(self.path, clock.now().date())
        self.say(
            f"Version {key.version} is in the file, and wraps from now on. Put a new copy of the file away,",
            "bring it to each machine that runs the site, and then run `manage.py keys rewrap`.",
        )

    def do_add(self, options: dict[str, Any]) -> None:
        key = keyfile.key_of(sys.stdin.readline())
        there = list(keyfile.read(self.path)) if self.path.exists() else []
        if any(each.version == key.version for each in there):
            raise CommandError(f"the file holds version {key.version} already")
        if len(there) >= keyfile.MOST:
            raise CommandError("the file holds two versions already")
        if there:
            keyfile.replace(self.path, sorted([*there, key], key=lambda each: -each.version))
        else:
            keyfile.write_new(self.path, [key])
        self.say(str(self.path), *self._versions(keyfile.read(self.path)))

    def do_retire(self, options: dict[str, Any]) -> None:
        try:
            gone = rotation.retire(self.path)
        except OperationalError:
            raise CommandError("somebody's key is being made for longer than 10 seconds; try again") from None
        self.say(
            f"Version {', '.join(map(str, gone))} is out of the file.",
            "Make a new backup (`manage.py keys backup`): those from before the rewrapping open no more.",
        )

    # --- People's keys ---------------------------------------------------------------------------------------------

    def do_status(self, options: dict[str, Any]) -> None:
        found = rotation.status()
        self.say(*self._versions(keyfile.read(self.path)))
        self.say(f"People with a key: {sum(found.under.values())}")
        self.say(*(f"  under version {version}: {count}" for version, count in sorted(found.under.items())))
        self.say(f"The file opens {found.opened} of them, and {found.closed} not.")
        if found.closed:
            raise CommandError("Bring back the right key file, or the version that is missing in it.")

    def do_rewrap(self, options: dict[str, Any]) -> None:
        done, lost = rotation.rewrap(self._progress)
        self.say(f"{done} keys were wrapped anew.")
        if lost:
            raise CommandError(f"{lost} keys do not open with this file and stay as they are.")

    def do_reseal(self, options: dict[str, Any]) -> None:
        if rotation.reseal(options["person"], self._progress):
            self.say("All their words are sealed by the new key, and the one before is gone.")
        else:
            self.say("All their words are sealed by their present key.")
            self.say("Run this again in a quarter of an hour to remove an earlier one, if there is one.")

    def do_abandon(self, options: dict[str, Any]) -> None:
        if not options["yes"]:
            closed = rotation.status().closed
            raise CommandError(
                f"{closed} people’s private words would be lost for good; say --yes if they are"
            )
        self.say(f"{rotation.abandon()} keys that did not open are deleted.")

    def do_backup(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if path.resolve().parent == self.path.resolve().parent:
            raise CommandError(
                "not beside the key file: whoever finds both there needs only the database besides"
            )
        try:
            number = apart.write_new(path)
        except OSError as problem:
            raise CommandError(f"{path} cannot be made: {problem.strerror}") from None
        self.say(f"{number} keys are in {path}. Keep it apart from the key file, for seven days at most.")

    def do_restore(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            with path.open(encoding="ascii", errors="replace") as file:
                found = apart.restore(file)
        except OSError as problem:
            raise CommandError(f"{path} cannot be read: {problem.strerror}") from None
        self.say(f"{found.back} keys are back; {found.there} were there.")
        if found.joined:
            self.say(f"{found.joined} people had got another key meanwhile; both open now.")
        if found.unknown:
            self.say(f"{found.unknown} are of people who are not here, or were erased; they stay away.")
        if found.in_the_way:
            raise CommandError(
                f"{found.in_the_way} people have other keys already, and theirs did not come back"
            )

    # --- Saying ----------------------------------------------------------------------------------------------------

    def say(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)

    def _progress(self, done: int, of: int) -> None:
        self.stdout.write(f"  {done} of {of}")
        self.stdout.flush()
