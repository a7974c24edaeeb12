"""A program's quarter is counted once, when it is four weeks over; only what may be told of it is kept, and for good.

Somebody who writes later, a meeting that is written down afterwards, or a person who leaves and is erased, changes
nothing in it: a report of the same quarter is the same on every day, and no two can be compared.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Max, Q

from accounts.defects import told as told_of
from mentoring.models import Enrollment, Meeting, Pairing, Program, Silence, Step
from mentoring.quarter import Quarter, plus_months
from reflections.models import QuarterFigure, Reflection

from .figures import Measure, told

log = logging.getLogger(__name__)

# The round of a quarter is asked for three weeks after its end, and people need a few days to answer the last call.
OVER_FOR = timedelta(days=28)
# Of a program that was there before there were reports.
MOST_QUARTERS = 40
# The next tick sees to the next ones.
AT_ONCE = 50

People = set[int]


def count_due(now: datetime) -> int:
    """Count the quarters that are over for long enough and were not counted: how many. Run twice, or twice at once, it
    counts nothing twice. A program that cannot be counted is logged, and tried again by the next tick; it does not keep
    the others waiting."""
    counted, failed = 0, set()
    for program, quarter in due_quarters(now):
        if counted == AT_ONCE:
            break
        if program.pk in failed:  # A later quarter that is counted closes the earlier ones for good.
            continue
        try:
            counted += _count(program, quarter, now)
        except Exception as error:
            failed.add(program.pk)
            log.error("%s of program %s could not be counted: %s", quarter.start, program.pk, told_of(error))
    return counted


def due_quarters(now: datetime) -> Iterator[tuple[Program, Quarter]]:
    """Programs with the quarters that should be counted by now and are not, the oldest first. Two queries."""
    last = dict(QuarterFigure.objects.order_by().values_list("program").annotate(last=Max("quarter_start")))
    for program in Program.objects.exclude(status=Program.Status.DRAFT).order_by("pk"):
        today = program.today(now)
        quarter = program.quarter_on(program.starts_on)
        earliest = plus_months(program.quarter_on(today).start, -3 * MOST_QUARTERS)
        if program.pk in last:
            earliest = max(earliest, plus_months(last[program.pk], 3))
        while quarter.end + OVER_FOR < today and (
            program.ends_on is None or quarter.start <= program.ends_on
        ):
            if quarter.start >= earliest:
                yield program, quarter
            quarter = quarter.next


@transaction.atomic
def _count(program: Program, quarter: Quarter, now: datetime) -> bool:
    # Two clocks take turns here; the lock leaves other rows that point to the program alone.
    Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    if QuarterFigure.objects.filter(program=program, quarter_start__gte=quarter.start).exists():
        return False
    figures = told(counts(program, quarter))
    QuarterFigure.objects.bulk_create(
        QuarterFigure(
            program=program,
            quarter_start=quarter.start,
            measure=measure.value,
            at_least=figure,
            counted_at=now,
        )
        for measure, figure in figures.items()
    )
    return True


def counts(program: Program, quarter: Quarter) -> Mapping[Measure, int]:
    """How many people each measure is true of, as the database says it now. Never to be shown: see `figures.told`."""
    enrolled = _enrolled(program, quarter)
    pairs = _pairs(program, quarter)
    matched = _people(pairs) & enrolled
    met = set(_met(program, quarter))
    over = [pair for pair in pairs if pair.ended_on is not None and pair.ended_on <= quarter.end]
    ended = [pair for pair in over if pair.status == Pairing.Status.ENDED]
    by_one = set(_ended_by_one(ended))
    in_silence = set(_ended_in_silence(ended)) - by_one
    return {
        Measure.ENROLLED: len(enrolled),
        Measure.MATCHED: len(matched),
        Measure.MET: len(_people(pair for pair in pairs if pair.pk in met) & matched),
        Measure.REFLECTED: len(_reflected(program, quarter) & enrolled),
        Measure.COMPLETED: len(
            _people(pair for pair in over if pair.status == Pairing.Status.COMPLETED) & matched
        ),
        Measure.ENDED_BY_ONE: len(_people(pair for pair in ended if pair.pk in by_one) & matched),
        Measure.ENDED_IN_SILENCE: len(_people(pair for pair in ended if pair.pk in in_silence) & matched),
    }


def _enrolled(program: Program, quarter: Quarter) -> People:
    """Who had a place on one of its days. Since when a place is over is what the clock wrote down of it."""
    places = Enrollment.objects.filter(
        Q(retention__isnull=True) | Q(retention__over_since__gte=quarter.start),
        program=program,
        joined_on__lte=quarter.end,
        status__in=(*Enrollment.IN, Enrollment.Status.COMPLETED, Enrollment.Status.WITHDRAWN),
    ).exclude(person__erased_at__lt=_midnight(program, quarter.start))
    return set(places.order_by().values_list("person", flat=True))


def _pairs(program: Program, quarter: Quarter) -> list[Pairing]:
    """Under way on one of its days."""
    begun = Pairing.objects.begun().filter(program=program, starts_on__lte=quarter.end)
    there = begun.exclude(ended_on__lt=quarter.start).order_by()
    return list(there.only("pk", "mentor_id", "mentee_id", "status", "ended_on"))


def _people(pairs: Iterable[Pairing]) -> People:
    return {person for pair in pairs for person in (pair.mentor_id, pair.mentee_id)}


def _met(program: Program, quarter: Quarter) -> Iterable[int]:
    """Pairings of which one of the two said that they met."""
    first, after = _midnight(program, quarter.start), _midnight(program, quarter.next.start)
    meetings = Meeting.objects.planned().filter(
        pairing__program=program, took_place=True, starts_at__gte=first, starts_at__lt=after
    )
    return meetings.order_by().values_list("pairing", flat=True)


def _reflected(program: Program, quarter: Quarter) -> People:
    finished = Reflection.objects.filter(
        round__program=program,
        round__quarter_start=quarter.start,
        status=Reflection.Status.SUBMITTED,
    )
    return set(finished.order_by().values_list("person", flat=True))


def _ended_by_one(ended: Iterable[Pairing]) -> Iterable[int]:
    keys = [pair.pk for pair in ended]
    return (
        Step.objects.filter(pairing__in=keys, kind=Step.Kind.END).order_by().values_list("pairing", flat=True)
    )


def _ended_in_silence(ended: Iterable[Pairing]) -> Iterable[int]:
    """Of which both were told that it would be closed, and neither said anything."""
    keys = [pair.pk for pair in ended]
    told_so = Silence.objects.unanswered().filter(pairing__in=keys, number=Silence.Number.LAST)
    return told_so.order_by().values_list("pairing", flat=True)


def _midnight(program: Program, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=program.zone)
