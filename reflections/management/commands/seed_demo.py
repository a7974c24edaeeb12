"""`manage.py seed_demo`: the demo program, for a look around, for benchmarks, never beside real people."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.clock import now
from accounts.models import User
from mentoring.models import Program
from reflections.demo.build import Made, build
from reflections.demo.people import SIGN_INS, SMALLEST

PEOPLE = 40


class Command(BaseCommand):
    help = "Fills an empty database with a demo program: invented people, three quarters behind them, one about to end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--people",
            type=int,
            default=PEOPLE,
            metavar="N",
            help=f"how many are in the program ({PEOPLE}; {SMALLEST} or more)",
        )

    def handle(self, *args: Any, people: int = PEOPLE, **options: Any) -> None:
        if Program.objects.exists():
            self.stdout.write("There is a program here already; nothing was changed.")
            return
        if User.objects.exists():
            raise CommandError(
                "There are people here already. The demo program goes into an empty database only."
            )
        try:
            made = build(people, now())
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("\n".join(summary(made)))


def summary(made: Made) -> list[str]:
    """What there is now, in a few lines."""
    quarter = made.open_round.quarter
    rows = [f"{count:>8,} {what}" for what, count in made.counts.items()]
    width = max(len(what) for what, _email, _password in SIGN_INS)
    return [
        f"{made.program} is there, in {quarter.label} (its last day is {quarter.end}):",
        *rows,
        "Sign in as:",
        *(f"  {what:<{width}}  {email}  {password}" for what, email, password in SIGN_INS),
    ]
