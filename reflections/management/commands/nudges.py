"""Who gets which of the quarter's e-mails, when in their own zone, or why not."""

from argparse import ArgumentParser
from collections import defaultdict
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from accounts import clock
from accounts.mail.manners import HELD_BACK
from accounts.mail.models import Message
from reflections.asides import AsideOutlook, look_aside, plan_asides
from reflections.closings import Closing, look_at_closings, plan_closings
from reflections.models import Round
from reflections.nudges import plan_nudges
from reflections.outlook import Outlook, look, open_rounds
from reflections.rounds import due_quarters, round_of


class Command(BaseCommand):
    help = "Plan the quarter's e-mails; with --dry-run only say who would get what, and when, or why not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say it")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            metavar="DATE",
            help="as on that day, such as 2026-06-20 (needs --dry-run)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dry_run"]:
            if options["on"]:
                raise CommandError("--on needs --dry-run: only the clock itself plans.")
            now = clock.now()
            both = zip(plan_nudges(now), plan_asides(now), strict=True)
            owed, moved, dropped = (sum(counts) for counts in both)
            self.stdout.write(f"{owed + plan_closings(now)} owed, {moved} moved, {dropped} dropped")
            return
        now = datetime.combine(options["on"], time(12), UTC) if options["on"] else clock.now()
        rounds = [*open_rounds(now), *_not_yet_open(now)]
        if not rounds:
            self.stdout.write("No round is open then.")
        found: dict[int, list[Outlook]] = defaultdict(list)
        for outlook in look(rounds, now):
            found[rounds.index(outlook.round)].append(outlook)
        for n, round in enumerate(rounds):
            self.stdout.write(f"{round}, ends on {round.due_on}" + ("" if round.pk else " (not open yet)"))
            self._say(found[n])
        self._say_besides(now)

    def _say_besides(self, now: datetime) -> None:
        """What is about no round's page, and what coordinators get."""
        for aside in look_aside(now):
            self.stdout.write(f"{aside.program}, {aside.kind.replace('_', ' ')}")
            self.stdout.write(f"  {aside.person.email}: {_when_besides(aside)}")
        for closing in look_at_closings(now):
            self.stdout.write(f"{closing.round.program}, quarter closed")
            self.stdout.write(f"  {closing.person.email}: {_when_closed(closing)}")

    def _say(self, outlooks: list[Outlook]) -> None:
        before = None
        for outlook in outlooks:
            if outlook.person != before:
                self.stdout.write(f"  {outlook.person.email}")
            before = outlook.person
            self.stdout.write(f"    {outlook.nudge.replace('_', ' ')}: {_when(outlook)}")


def _when(outlook: Outlook) -> str:
    zone, waits, message = outlook.person.slot.zone, outlook.waits, outlook.message
    if outlook.at is None and message is not None:
        is_held_back = message.state == Message.State.QUEUED and message.last_error in HELD_BACK
        until = f", {message.last_error} until {_local(message.next_attempt_at, zone)}"
        return f"{outlook.why}{until if is_held_back else ''}"
    if outlook.at is None:
        return f"not sent: {outlook.why}"
    due = f"{_local(outlook.at, zone)} {zone.key}"
    if waits is None:
        return due
    if outlook.expires_at is not None and waits.until >= outlook.expires_at:
        return f"{due}, but not sent: {waits.reason} until after its time"
    return f"{due}, {waits.reason} until {_local(waits.until, zone)}"


def _when_besides(aside: AsideOutlook) -> str:
    if aside.at is None:
        return str(aside.why) if aside.message is not None else f"not sent: {aside.why}"
    return f"{_local(aside.at, aside.person.slot.zone)} {aside.person.slot.zone.key}"


def _when_closed(closing: Closing) -> str:
    if closing.message is not None and closing.message.state != Message.State.QUEUED:
        return str(Message.State(closing.message.state).label)
    return f"{_local(closing.at, closing.person.slot.zone)} {closing.person.slot.zone.key}"


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%a %Y-%m-%d %H:%M}"


def _not_yet_open(now: datetime) -> list[Round]:
    """The rounds that the next tick would open and ask about, not stored."""
    rounds = [round_of(program, quarter) for program, quarters in due_quarters(now) for quarter in quarters]
    return [round for round in rounds if round.is_open_on(round.program.today(now))]
