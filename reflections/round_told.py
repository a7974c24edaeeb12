"""What those who run a program are told of how its round goes: totals that tell of nobody, now or by comparison.

Somebody who reloads the page each day could subtract. So nothing is told of the day that goes on; and the totals are
those of the start of the last day at which five more people had finished than when they were told before
(`steps`). Of parts of fewer than five nothing is told, nor what would follow from the others (`small_counts`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate

from accounts.localtime import first_valid
from accounts.mail.models import Message
from mentoring.models import Enrollment
from mentoring.small_counts import FEWEST, told

from .models import Reflection, Round
from .progress import asked_in
from .schedule import Nudge

State = Message.State
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """Until the start of that day so many had finished, of which five at least since the step before."""

    until: date
    finished: int


@dataclass(frozen=True)
class Line:
    """Some of those who are asked. `rest` have not begun, or said "not this quarter"; None is not told."""

    asked: int
    finished: int | None
    writing: int | None
    rest: int | None


@dataclass(frozen=True)
class Sent:
    """One of the quarter's e-mails. Numbers are exact for the question; of reminders they are rounded down to fives,
    and None for fewer."""

    nudge: Nudge
    sent: int | None
    arrived: int | None
    failed: int
    to_come: int | None
    has_begun: bool

    @property
    def is_rounded(self) -> bool:
        return self.nudge is not Nudge.ASK


@dataclass(frozen=True)
class Told:
    """`everybody` and what it says are as of the start of `as_of`; None where not even that much can be told.

    `mentors` (with those who are both) and `mentees` are None where either could not be told whole.
    """

    round: Round
    today: date
    asked: int
    as_of: date | None
    steps: list[Step]
    everybody: Line | None
    declined: int | None
    mentors: Line | None
    mentees: Line | None


def steps(finished: Mapping[date, int], today: date) -> list[Step]:
    """The days at whose start five more had finished than at the step before, out of how many finished on each day."""
    found: list[Step] = []
    so_far = told_before = 0
    for day in sorted(day for day in finished if day < today):
        so_far += finished[day]
        if so_far - told_before >= FEWEST:
            found.append(Step(day + DAY, so_far))
            told_before = so_far
    return found


def told_of(round: Round, now: datetime) -> Told:
    """Five queries at most, however many people there are. Fetch the round with its program."""
    today, zone = round.program.today(now), round.program.zone
    asked = asked_in(round)
    whole = sum(asked.values())
    days = (
        Reflection.objects.filter(round=round, status=Reflection.Status.SUBMITTED)
        .order_by()
        .annotate(day=TruncDate("submitted_at", tzinfo=zone))
        .values("day")
        .annotate(number=Count("pk"))
        .values_list("day", "number")
    )
    found = steps(dict(days), today)
    if whole < FEWEST or not found:
        return Told(round, today, whole, None, [], None, None, None, None)
    as_of = found[-1].until
    sides = _sides(round, first_valid(as_of, time(0), zone))
    together = sides[True] + sides[False]
    # Who finished and left since is not asked any more.
    whole = max(whole, sum(together.values()))
    parts = _whole_of(together, whole)
    all_told = told(parts)
    if all_told["finished"] is None:
        return Told(round, today, whole, None, [], None, None, None, None)
    rest = _sum(all_told["declined"], all_told["not_begun"])
    everybody = Line(whole, all_told["finished"], all_told["writing"], rest)
    mentors, mentees = (_line(sides[is_mentor], asked[is_mentor]) for is_mentor in (True, False))
    if None in (mentors, mentees) or None in (everybody.writing, everybody.rest):
        mentors = mentees = None
    return Told(round, today, whole, as_of, found, everybody, all_told["declined"], mentors, mentees)


def _sides(round: Round, at: datetime) -> dict[bool, Counter[str]]:
    """How many had done what at that moment: by whether they are mentors, or both, in the program."""
    state = Case(
        When(submitted_at__lt=at, then=Value("finished")),
        When(declined_at__lt=at, then=Value("declined")),
        default=Value("writing"),
    )
    rows = (
        Reflection.objects.filter(round=round, started_at__lt=at)
        .order_by()
        .annotate(is_mentor=is_mentor(round, "person"), state=state)
        .values("is_mentor", "state")
        .annotate(number=Count("pk"))
    )
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for is_one, what, number in rows.values_list("is_mentor", "state", "number"):
        found[is_one][what] += number
    return found


def is_mentor(round: Round, person: str) -> Case:
    """For a query: whether they have a place as a mentor there, or as both; each person is on one side only."""
    places = Enrollment.objects.mentors().filter(program=round.program_id, person=OuterRef(person))
    return Case(When(Exists(places), then=Value(True)), default=Value(False), output_field=BooleanField())


def _whole_of(parts: Mapping[str, int], whole: int) -> dict[str, int]:
    named = {name: parts.get(name, 0) for name in ("finished", "writing", "declined")}
    return {**named, "not_begun": max(0, whole - sum(named.values()))}


def _line(parts: Mapping[str, int], whole: int) -> Line | None:
    """One side; None where a part of it would tell of somebody, or that nobody of them has finished."""
    exact = _whole_of(parts, whole)
    rest = exact["declined"] + exact["not_begun"]
    found = told({"finished": exact["finished"], "writing": exact["writing"], "rest": rest})
    if not exact["finished"] or None in found.values():
        return None
    return Line(sum(exact.values()), found["finished"], found["writing"], found["rest"])


def _sum(*parts: int | None) -> int | None:
    return None if None in parts else sum(part or 0 for part in parts)


def sent_of(round: Round) -> list[Sent]:
    """What became of the quarter's e-mails, in one query."""
    went = Q(pk__in=Message.objects.went().filter(subject_id=round.pk, kind__in=list(Nudge)).values("pk"))
    rows = (
        Message.objects.of(*Nudge, subject_id=round.pk)
        .order_by()
        .values("kind")
        .annotate(
            went=Count("pk", filter=went),
            lost=Count("pk", filter=Q(state__in=(State.BOUNCED, State.UNCERTAIN))),
            refused=Count("pk", filter=Q(state=State.FAILED)),
            waits=Count("pk", filter=Q(state__in=(State.QUEUED, State.CLAIMED))),
        )
    )
    found = {row["kind"]: row for row in rows}
    return [_sent(nudge, found.get(nudge.value)) for nudge in Nudge]


def _sent(nudge: Nudge, row: Mapping[str, int] | None) -> Sent:
    if row is None:
        return Sent(nudge, None, None, 0, None, has_begun=False)
    failed = row["lost"] + row["refused"]
    numbers = (row["went"] + row["refused"], row["went"] - row["lost"], row["waits"])
    if nudge is Nudge.ASK:
        return Sent(nudge, numbers[0], numbers[1], failed, numbers[2], has_begun=True)
    # Whoever is reminded has not answered.
    sent, arrived, to_come = map(_in_fives, numbers)
    return Sent(nudge, sent, arrived, failed, to_come, has_begun=True)


def _in_fives(number: int) -> int | None:
    return number - number % FEWEST or None
