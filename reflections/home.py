"""Where somebody stands today: what the home page says. A fixed number of questions to the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.models import User
from mentoring import hats
from mentoring import rules as mentoring_rules
from mentoring.models import Enrollment, Meeting, Pairing, Program
from mentoring.quarter import Quarter

from . import rules
from .models import Moment, Reflection, Round, SurveySheet
from .weeks import Week, weeks_of

LATELY = 4
PAIRINGS = 6
ASKING = 3
# From so many days before its end a quarter is spoken of by the days that are left.
SOON = 21


@dataclass
class Asked:
    """One round that is open, and how far this person has come with it."""

    round: Round
    reflection: Reflection | None
    role: str

    @property
    def state(self) -> str:
        """ "open", or a Reflection's status."""
        return self.reflection.status if self.reflection else "open"

    @property
    def is_answered(self) -> bool:
        return self.state in (Reflection.Status.SUBMITTED, Reflection.Status.DECLINED)


@dataclass
class Pair:
    """One pairing as its one side sees it."""

    pairing: Pairing
    partner: User
    is_mentor: bool
    waits_for_me: bool
    next_at: datetime | None
    next_place: str | None
    last_at: datetime | None

    @property
    def asks_me(self) -> bool:
        """A mentee asks, and this person is the mentor."""
        return self.is_mentor and self.pairing.status == Pairing.Status.REQUESTED


class Home:
    def __init__(self, person: User, now: datetime) -> None:
        self.person = person
        self.now = now
        self.today = now.astimezone(person.zone).date()

    # --- Programs and rounds ---

    @cached_property
    def places(self) -> list[Enrollment]:
        """Without those in archived programs, which are out of the way."""
        places = Enrollment.objects.visible_to(self.person).select_related("program")
        places = places.exclude(program__status=Program.Status.ARCHIVED)
        return list(places.order_by("-joined_on", "program__name", "pk"))

    @cached_property
    def programs(self) -> list[Program]:
        """Those that run today and in which this person is active."""
        return [
            place.program
            for place in self.places
            if place.status == Enrollment.Status.ACTIVE and _is_running(place.program, self.today)
        ]

    @property
    def wears_several_hats(self) -> bool:
        return hats.are_several(self.places)

    @property
    def place(self) -> Enrollment | None:
        """The place to speak of where no program is running for them."""
        gone = (Enrollment.Status.DECLINED, Enrollment.Status.WITHDRAWN)
        return next((place for place in self.places if place.status not in gone), None)

    @cached_property
    def asked(self) -> list[Asked]:
        """The open rounds of those programs; first those without an answer, and of these what ends soonest."""
        programs = {program.pk: program for program in self.programs}
        rounds = list(Round.objects.filter(program__in=programs).open_on(self.today))
        reflections = Reflection.objects.visible_to(self.person).filter(round__in=rounds)
        mine = {reflection.round_id: reflection for reflection in reflections}
        for round in rounds:
            round.program = programs[round.program_id]
        roles = {place.program_id: place.role for place in self.places}
        asked = [Asked(round, mine.get(round.pk), roles[round.program_id]) for round in rounds]
        return sorted(asked, key=lambda one: (one.is_answered, one.round.due_on, one.round.pk))

    @property
    def main(self) -> Asked | None:
        """What the headline is about: never a quarter that is over and done with."""
        first = next(iter(self.asked), None)
        if first and first.is_answered and first.round.due_on < self.today:
            return None
        return first

    @cached_property
    def program(self) -> Program | None:
        return self.main.round.program if self.main else next(iter(self.programs), None)

    @cached_property
    def quarter(self) -> Quarter | None:
        if self.main:
            return self.main.round.quarter
        return self.program.quarter_on(self.today) if self.program else None

    @cached_property
    def surveys(self) -> list[SurveySheet]:
        """Those that wait for an answer, also of a program that is over."""
        sheets = SurveySheet.objects.visible_to(self.person).waiting().open_at(self.now)
        sheets = sheets.exclude(survey__program__status=Program.Status.ARCHIVED)
        return list(sheets.select_related("survey__program").order_by("closes_at", "pk"))

    # --- How far the quarter is ---

    @property
    def days_left(self) -> int:
        """0 on the last day, negative once it is over."""
        return (self.quarter.end - self.today).days if self.quarter else 0

    @property
    def ends_soon(self) -> bool:
        return 0 <= self.days_left <= SOON

    @property
    def ended_yesterday(self) -> bool:
        return self.days_left == -1

    @property
    def is_over(self) -> bool:
        return self.days_left < 0

    @cached_property
    def _kept_on(self) -> list[date]:
        if self.quarter is None:
            return []
        moments = Moment.objects.of(self.person).within(self.quarter)
        return list(moments.values_list("happened_on", flat=True))

    @property
    def kept(self) -> int:
        """How many moments of the quarter are in one's own notebook: told to its owner only."""
        return len(self._kept_on)

    @property
    def weeks(self) -> list[Week]:
        return weeks_of(self.quarter, self._kept_on, self.today) if self.quarter else []

    # --- Pairings and meetings ---

    @cached_property
    def _open_pairs(self) -> list[Pair]:
        """Each with its next meeting and its last one, of those that are no longer to come."""
        coming = Meeting.objects.coming(self.now).filter(pairing=OuterRef("pk"))
        past = Meeting.objects.past(self.now - timedelta(hours=1)).filter(pairing=OuterRef("pk"))
        pairings: Iterable[Any] = (  # Pairings with three more attributes.
            Pairing.objects.visible_to(self.person)
            .open()
            .unarchived()
            .with_people()
            .annotate(
                next_at=Subquery(coming.values("starts_at")[:1]),
                next_place=Subquery(coming.values("place")[:1]),
                last_at=Subquery(past.values("starts_at")[:1]),
            )
            .order_by("starts_on", "pk")
        )
        return [
            Pair(
                pairing=pairing,
                partner=pairing.partner_of(self.person),
                is_mentor=pairing.is_mentor(self.person),
                waits_for_me=mentoring_rules.may_accept(self.person, pairing),
                next_at=pairing.next_at,
                next_place=pairing.next_place,
                last_at=pairing.last_at,
            )
            for pairing in pairings
        ]

    @cached_property
    def asking(self) -> list[Pair]:
        """Mentees who ask this person to be their mentor, whoever has waited longest first."""
        pairs = [pair for pair in self._open_pairs if pair.asks_me]
        return sorted(pairs, key=lambda pair: pair.pairing.pk)[:ASKING]

    @cached_property
    def pairs(self) -> list[Pair]:
        """What waits for this person's yes comes first; without those who ask, who stand above."""
        return sorted(self._pairs, key=lambda pair: not pair.waits_for_me)[:PAIRINGS]

    @property
    def has_more_pairs(self) -> bool:
        return len(self._pairs) > PAIRINGS

    @property
    def _pairs(self) -> list[Pair]:
        return [pair for pair in self._open_pairs if not pair.asks_me]

    @cached_property
    def meets_next(self) -> Pair | None:
        """The pairing whose next meeting comes first."""
        coming = [(pair.next_at, pair.pairing.pk, pair) for pair in self._open_pairs if pair.next_at]
        return min(coming)[-1] if coming else None

    # --- Moments ---

    @property
    def pairings_to_share_with(self) -> list[Pairing]:
        return [pair.pairing for pair in self._open_pairs if pair.pairing.status in rules.UNDER_WAY]

    @property
    def programs_to_share_with(self) -> list[Program]:
        return [
            place.program
            for place in self.places
            if place.program.has_wall
            and place.status == Enrollment.Status.ACTIVE
            and place.program.status == Program.Status.ACTIVE
        ]

    @cached_property
    def lately(self) -> list[Moment]:
        return list(Moment.objects.of(self.person).with_readers().newest_first()[:LATELY])


def _is_running(program: Program, today: date) -> bool:
    return (
        program.status == Program.Status.ACTIVE
        and program.starts_on <= today
        and (program.ends_on is None or program.ends_on >= today)
    )
