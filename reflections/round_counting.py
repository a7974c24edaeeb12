"""How many have finished is counted once a day, and written down only where it tells of nobody.

1. A row is written when five more have finished than at the row before, and says what was so at the beginning of its
   day. Between two rows at least five people differ, whoever looks, and how often.
2. What is told is rounded down to fives, and only while the highest of the five numbers that it may be leaves five
   others: not even the last row tells that all have finished, or that somebody has not.
3. Rows are never changed: who begins again, is erased, or has a place of another kind, changes nothing that was told.
4. There is one row for all. By side, of two numbers that move by turns, one would tell of the other; and what side
   somebody is on can be changed by whoever looks.
"""

import logging
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.defects import told
from accounts.localtime import first_valid
from mentoring.small_counts import FEWEST

from .models import Reflection, Round, RoundFigure
from .progress import asked_in

log = logging.getLogger(__name__)
DAY = timedelta(days=1)


def count_rounds(now: datetime) -> int:
    """Count the open rounds that were not counted on this day of theirs: how many rows were written. Run twice, or
    twice at once, it writes nothing twice. A round that cannot be counted does not keep the others waiting."""
    written, day = 0, now.date()
    not_yet = Q(counted_on__isnull=True) | Q(counted_on__lte=day)
    rounds = Round.objects.filter(not_yet, opens_on__lte=day + DAY, closes_on__gte=day - DAY)
    for round in rounds.select_related("program").order_by("pk"):
        today = round.program.today(now)
        if not round.is_open_on(today) or (round.counted_on is not None and round.counted_on >= today):
            continue
        try:
            written += _count(round, today, now)
        except Exception as error:
            log.error("Round %s could not be counted: %s", round.pk, told(error))
    return written


@transaction.atomic
def _count(round: Round, today: date, now: datetime) -> bool:
    mine = Round.objects.filter(Q(counted_on__isnull=True) | Q(counted_on__lt=today), pk=round.pk)
    if not mine.update(counted_on=today):
        return False
    people = asked_in(round)
    finished = Reflection.objects.filter(
        round=round,
        status=Reflection.Status.SUBMITTED,
        submitted_at__lt=first_valid(today, time(0), round.program.zone),
        person__in=people.values("pk"),
    ).count()
    last = RoundFigure.objects.filter(round=round).order_by("as_of").last()
    figure = RoundFigure(round=round, as_of=today, asked=people.count(), finished=finished, counted_at=now)
    if finished - (last.finished if last else 0) < FEWEST or not is_safe(figure):
        return False
    figure.save(force_insert=True)
    return True


def is_safe(figure: RoundFigure) -> bool:
    """Whether five others are left, whichever of its five numbers the figure is."""
    return figure.at_least + 2 * FEWEST - 1 <= figure.asked
