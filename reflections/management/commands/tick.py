"""One tick of the clock by hand: pairings begin, rounds open, nudges are owed, exports, imports and matching runs
are made. Nothing is sent."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.mydata import exports
from mentoring.imports import queue as imports
from mentoring.runs import queue as runs
from reflections.keepsake import making as keepsakes
from reflections.tasks import run


def instant(text: str) -> datetime:
    """An ISO time; in UTC where it names no offset. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Do once what beat asks for each minute, except sending: begin pairings, open rounds, plan nudges, make "
        "exports and keepsake books, work on imports, make matching runs, erase accounts whose time has come. "
        "Send what is owed with `manage.py outbox --once`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now",
            type=instant,
            help="take this to be the time, such as 2026-06-20T12:00+02:00; it is written down",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        done = run(
            options["now"] or clock.now(),
            wanted=exports.make_due,
            imported=imports.work_due,
            matched=runs.work_due,
            bound=keepsakes.make_due,
        )
        for name, result in done.items():
            self.stdout.write(f"{name}: {'failed' if result is None else result}")
        if None in done.values():
            raise CommandError("A part of the tick failed; the log says where.")
