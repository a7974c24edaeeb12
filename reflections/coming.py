"""Whom the calendar has for the quarter's e-mails on a coming day, as those who run the program may know it.

It is made of what they see anyway (places, pairs, holidays, coffee times) and of nothing that anybody did with the page
or the e-mails: who has answered, stopped, or asked for another time stands here as before. So no two looks, before and
after somebody answers, differ, and nobody is missing.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from django.utils.functional import Promise

from mentoring.models import Enrollment, Holiday, Program

from .models import Round
from .outlook import PAIRED_FOR, PAIRED_LATE, PAUSING, UNPAIRED, open_rounds, paired_since
from .rounds import due_quarters, round_of
from .schedule import Nudge, Slot


@dataclass(frozen=True)
class Asked:
    """One person whom the calendar has for that day, at this local time."""

    person_id: int
    at: datetime


@dataclass
class Day:
    """What a program's calendar has for one day. `reminded`: whose day for a reminder it is, whether they have answered
    or not. `not_asked` are people by a reason that is plain to see anyway."""

    rounds: list[Round] = field(default_factory=list)
    held: bool = False
    asked: list[Asked] = field(default_factory=list)
    later: int = 0
    reminded: Counter[Nudge] = field(default_factory=Counter)
    not_asked: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def coming(program: Program, day: date, now: datetime) -> Day:
    """For a day from today on, by each person's own clock. It writes nothing."""
    noon = datetime.combine(day, time(12), UTC)
    rounds = [*open_rounds(noon), *_not_yet_open(noon)]
    found = Day(rounds=[round for round in rounds if round.program_id == program.pk])
    found.held = Round.objects.filter(
        program=program, held_at__isnull=False, opens_on__lte=day, closes_on__gte=day
    ).exists()
    if not found.rounds:
        return found
    off = Holiday.objects.days_off([program], now)[program.pk]
    since = paired_since([program.pk])
    places = (
        Enrollment.objects.filter(
            program=program, status__in=[Enrollment.Status.ACTIVE, Enrollment.Status.PAUSED]
        )
        .select_related("person")
        .order_by("person__email")
    )
    for place in places:
        person = place.person
        slot = Slot(person.zone, person.coffee_weekday, person.coffee_time)
        for round in found.rounds:
            why = _plain(place.status, since.get((program.pk, person.pk)), round)
            if why:
                found.not_asked[str(why)].append(person.pk)
                continue
            for nudge in Nudge:
                at = slot.time_of(nudge, round.due_on, off).astimezone(slot.zone)
                if nudge is not Nudge.ASK:
                    found.reminded[nudge] += at.date() == day
                elif at.date() == day:
                    found.asked.append(Asked(person.pk, at))
                else:
                    found.later += at.date() > day
    found.asked.sort(key=lambda one: (one.at.replace(tzinfo=None), one.person_id))
    return found


def _plain(status: str, since: date | None, round: Round) -> str | Promise:
    if status != Enrollment.Status.ACTIVE:
        return PAUSING
    if since is None:
        return UNPAIRED
    return PAIRED_LATE if since > round.due_on - PAIRED_FOR else ""


def _not_yet_open(now: datetime) -> list[Round]:
    rounds = [round_of(program, quarter) for program, quarters in due_quarters(now) for quarter in quarters]
    return [round for round in rounds if round.is_open_on(round.program.today(now))]
