"""A swap as one of the two sees it: where it stands, what they may pick, and, once it is open, what each let the other
read. Before that nothing tells what the other one picked, or whether they are ready."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.templatetags.best import weekday_date
from accounts.vault import data_keys
from mentoring.models import Pairing

from . import rules
from .facing import readable_in, rounds_of
from .models import Answer, Audience, Moment, Reflection, Round, Swap, SwapItem, SwapPart
from .models.moment import MomentQuerySet
from .models.reflection import AnswerQuerySet
from .models.swap import SwapQuerySet

# So long may two wait for the day.
LONGEST = timedelta(days=90)
USUAL = timedelta(days=7)
NONE, SUGGESTED, ASKED, AGREED, OPEN = "none", "suggested", "asked", "agreed", "open"


@dataclass(frozen=True)
class Things:
    """Moments and answers of one person."""

    moments: list[Moment] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moments or self.answers)


@dataclass(frozen=True)
class Swapping:
    """`state` is one of the words above: SUGGESTED by the reader, ASKED by the other one."""

    pairing: Pairing
    round: Round
    reader: User
    swap: Swap | None
    may_act: bool
    today: date

    @property
    def partner(self) -> User:
        return self.pairing.partner_of(self.reader)

    @property
    def state(self) -> str:
        swap = self.swap
        if swap is None:
            return NONE
        if swap.opened_at is not None:
            return OPEN
        if swap.agreed_at is not None:
            return AGREED
        if swap.opens_on < self.today:
            return NONE  # It was not answered, and its day has gone by.
        return SUGGESTED if swap.proposed_by_id == self.reader.pk else ASKED

    @property
    def is_there(self) -> bool:
        """Whether there is anything to say of it."""
        return self.may_act or self.state == OPEN

    @property
    def usual_day(self) -> date:
        return max(self.today + USUAL, self.round.due_on)


def swapping(pairing: Pairing, round: Round, reader: User, now: datetime) -> Swapping:
    """By one query. Raises ValueError for a third person."""
    pairing.partner_of(reader)
    return Swapping(
        pairing=pairing,
        round=round,
        reader=reader,
        swap=Swap.objects.visible_to(reader).filter(pairing=pairing, round=round).first(),
        may_act=rules.may_respond(reader, pairing),
        today=pairing.program.today(now),
    )


def newest_round(pairing: Pairing, today: date) -> Round | None:
    """The quarter that the two would swap something of now."""
    return next(iter(rounds_of(pairing, today)), None)


def my_part(swap: Swap, person: User) -> SwapPart | None:
    return SwapPart.objects.visible_to(person).filter(swap=swap).first()


# --- What may be picked --------------------------------------------------------------------------------------------


def moments_on_offer(pairing: Pairing, person: User, round: Round) -> MomentQuerySet:
    """Those of the quarter that nobody else reads: one that is shared elsewhere would be taken back there."""
    return Moment.objects.of(person).within(round.quarter).filter(audience=Audience.ME).newest_first()


def answers_on_offer(pairing: Pairing, person: User, round: Round) -> AnswerQuerySet:
    """Those of their finished page which the other one cannot read yet."""
    with_them = Q(audience=Audience.PAIRING, pk__in=pairing.shared_answers.order_by().values("pk"))
    return (
        Answer.objects.written()
        .filter(
            reflection__person=person,
            reflection__round=round,
            reflection__status=Reflection.Status.SUBMITTED,
            is_locked=False,
        )
        .exclude(with_them | Q(audience=Audience.PROGRAM))
        .select_related("question", "reflection")
        .order_by("question", "pk")
    )


def on_offer(pairing: Pairing, person: User, round: Round) -> Things:
    return Things(
        list(moments_on_offer(pairing, person, round)), list(answers_on_offer(pairing, person, round))
    )


def picked_by(person: User) -> list[SwapItem]:
    """What the other one will read once its swap opens, and nobody reads now; by one query."""
    with_them = Answer.pairings.through.objects.filter(
        answer=OuterRef("answer"), pairing=OuterRef("part__swap__pairing")
    )
    will_open = Q(part__swap__pairing__status__in=rules.UNDER_WAY) & (
        Q(moment__audience=Audience.ME)
        | Q(answer__audience=Audience.ME)
        | (Q(answer__audience=Audience.PAIRING) & ~Q(Exists(with_them)))
    )
    things = ("moment", "answer__reflection__round", "answer__question")
    pairs = ("part__swap__pairing__mentor", "part__swap__pairing__mentee")
    rows = SwapItem.objects.waiting().filter(will_open, part__person=person)
    return list(rows.select_related(*things, *pairs).order_by("part__swap__opens_on", "pk"))


def picked_in_words(item: SwapItem, person: User) -> str:
    swap = item.part.swap
    return _("Picked for a swap with %(name)s, which opens at the end of %(day)s at the latest") % {
        "name": swap.pairing.partner_of(person).first_name,
        "day": weekday_date(swap.opens_on),
    }


# --- What is open --------------------------------------------------------------------------------------------------


def open_ones(pairing: Pairing, reader: User) -> SwapQuerySet:
    """Of all quarters, the newest first, with their rounds."""
    swaps = Swap.objects.visible_to(reader).filter(pairing=pairing, opened_at__isnull=False)
    return swaps.select_related("round__program").order_by("-round__quarter_start")


def opened(swap: Swap, pairing: Pairing, reader: User) -> tuple[Things, Things]:
    """The reader's and the other one's, as far as they can be read at this moment: what was taken back is gone."""
    mine, theirs = Things(), Things()
    if swap.opened_at is None:
        return mine, theirs
    data_keys.prepare([pairing.mentor_id, pairing.mentee_id])
    moments = Moment.objects.visible_to(reader).shared_in(pairing).filter(swapped__part__swap=swap)
    for moment in moments.with_writers().with_readers().newest_first():
        (mine if moment.person_id == reader.pk else theirs).moments.append(moment)
    for answer in readable_in(pairing, reader).filter(swapped__part__swap=swap):
        (mine if answer.reflection.person_id == reader.pk else theirs).answers.append(answer)
    return mine, theirs
