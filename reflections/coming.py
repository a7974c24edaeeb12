"""Who gets which of the quarter's e-mails on a coming day, as those who run the program may know it.

Whoever is reminded has not answered, and whoever is left out may have stopped, answered or asked for quiet: that is
told of nobody by name. Reminders are totals, and a total of fewer than five is not told.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from mentoring.models import Program

from .models import Round
from .outlook import IN_PLAIN_SIGHT, look, open_rounds
from .rounds import due_quarters, round_of
from .schedule import Nudge

# As elsewhere (progress.py): of fewer, a total tells of single people.
FEWEST_TOLD = 5


@dataclass(frozen=True)
class Asked:
    """One person who is asked that day, at this local time."""

    person_id: int
    at: datetime


@dataclass
class Day:
    """What a program's clock would do on one day. `not_asked` are people by a reason that is plain to see anyway;
    `of_their_own` is how many more are not asked this quarter, for reasons of theirs."""

    rounds: list[Round] = field(default_factory=list)
    held: bool = False
    asked: list[Asked] = field(default_factory=list)
    later: int = 0
    reminded: Counter[Nudge] = field(default_factory=Counter)
    not_asked: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    of_their_own: int = 0


def coming(program: Program, day: date, now: datetime) -> Day:
    """For a day from today on, by each person's own clock. It writes nothing."""
    noon = datetime.combine(day, time(12), UTC)
    rounds = [*open_rounds(noon), *_not_yet_open(noon)]
    found = Day(rounds=[round for round in rounds if round.program_id == program.pk])
    found.held = Round.objects.filter(
        program=program, held_at__isnull=False, opens_on__lte=day, closes_on__gte=day
    ).exists()
    plain = {str(why) for why in IN_PLAIN_SIGHT}
    # All rounds, since a person has one e-mail a week from all of their programs together.
    for outlook in look(rounds, now):
        if outlook.round.program_id != program.pk:
            continue
        local = outlook.at.astimezone(outlook.person.slot.zone) if outlook.at else None
        if outlook.nudge is not Nudge.ASK:
            found.reminded[outlook.nudge] += local is not None and local.date() == day
        elif local is not None and local.date() == day:
            found.asked.append(Asked(outlook.person.pk, local))
        elif local is not None:
            found.later += 1
        elif str(outlook.why) in plain:
            found.not_asked[str(outlook.why)].append(outlook.person.pk)
        else:
            found.of_their_own += 1
    found.asked.sort(key=lambda one: (one.at.replace(tzinfo=None), one.person_id))
    return found


def _not_yet_open(now: datetime) -> list[Round]:
    rounds = [round_of(program, quarter) for program, quarters in due_quarters(now) for quarter in quarters]
    return [round for round in rounds if round.is_open_on(round.program.today(now))]
