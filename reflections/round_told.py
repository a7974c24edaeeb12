"""What those who run a program are told of how its round goes: totals that tell of nobody, now or by comparison.

Somebody who reloads the page each day could subtract. So nothing is told of the day that goes on; and the totals are
those of the start of the last day at which five more people had finished than when they were told before
(`steps`). Of parts of fewer than five nothing is told, nor what would follow from the others (`small_counts`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from accounts.localtime import first_valid
from accounts.mail.models import Message
from accounts.templatetags.best import in_words
from mentoring.small_counts import FEWEST, told

from .models import Reflection, Round
from .progress import asked_in, is_mentor
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
    """Some of those who are asked, and how many of them have finished. `writing` and `declined` ("not this quarter")
    are among the others; None is not told."""

    asked: int
    finished: int
    writing: int | None = None
    declined: int | None = None

    @property
    def others(self) -> int:
        return self.asked - self.finished

    @property
    def rest(self) -> int | None:
        """Those who neither finished nor write."""
        return None if self.writing is None else self.others - self.writing


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
    nothing = Told(round, today, whole, None, [], None, None, None)
    if whole < FEWEST or not found:
        return nothing
    as_of = found[-1].until
    sides = _sides(round, first_valid(as_of, time(0), zone))
    everybody = _line(sides[True] + sides[False], whole)
    if everybody is None:
        return nothing
    mentors, mentees = (_line(sides[is_mentor], asked[is_mentor]) for is_mentor in (True, False))
    if mentors is None or mentees is None:
        return Told(round, today, everybody.asked, as_of, found, everybody, None, None)
    # What is told of one side and of all is told of the other.
    if None in (everybody.writing, mentors.writing, mentees.writing):
        mentors, mentees = (Line(side.asked, side.finished) for side in (mentors, mentees))
    return Told(round, today, everybody.asked, as_of, found, everybody, mentors, mentees)


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
        .annotate(is_one=is_mentor(round, "person"), state=state)
        .values("is_one", "state")
        .annotate(number=Count("pk"))
    )
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for is_one, what, number in rows.values_list("is_one", "state", "number"):
        found[is_one][what] += number
    return found


def _line(parts: Mapping[str, int], asked: int) -> Line | None:
    """None where even how many have finished would tell of somebody, or that nobody of them has."""
    finished, writing, declined = (parts.get(name, 0) for name in ("finished", "writing", "declined"))
    # Who finished and left since is not asked any more.
    whole = max(asked, finished + writing + declined)
    others = {"writing": writing, "declined": declined, "not_begun": whole - finished - writing - declined}
    if told({"finished": finished, "others": whole - finished})["finished"] is None or not finished:
        return None
    found = told(others)
    return Line(whole, finished, found["writing"], found["declined"])


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


def in_a_sentence(told: Told) -> str:
    """A sentence about how many have finished, as far as that is told."""
    if not told.asked:
        return gettext("Nobody is asked to reflect yet: there is no pair.")
    if told.asked < FEWEST:
        return ngettext(
            "%(asked)s person is asked to reflect.", "%(asked)s people are asked to reflect.", told.asked
        ) % {"asked": capfirst(in_words(told.asked))}
    if told.everybody is None:
        return gettext("%(asked)s people are asked to reflect.") % {"asked": capfirst(in_words(told.asked))}
    if told.everybody.finished == told.asked:
        return gettext("Everybody who is asked has finished their reflection.")
    return gettext("%(finished)s of %(asked)s people have finished their reflection.") % {
        "finished": capfirst(in_words(told.everybody.finished)),
        "asked": in_words(told.asked),
    }
