"""Where somebody stands in a program: what the program's page says about them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from accounts.models import User

from . import rules
from .models import Enrollment, EnrollmentAnswer, Invitation, Pairing, Program, Skill
from .models.skill import Chosen

SHOWN = 6


@dataclass
class Standing:
    """A person's place in a program as of `now`."""

    place: Enrollment
    now: datetime

    @property
    def program(self) -> Program:
        return self.place.program

    @cached_property
    def today(self) -> date:
        return self.program.today(self.now)

    @cached_property
    def _pairings(self) -> list[Pairing]:
        mine = Pairing.objects.visible_to(self.place.person).filter(program=self.program)
        return list(mine.with_people().open_first()[: SHOWN + 1])

    @property
    def pairings(self) -> list[Pairing]:
        """The first few of their pairings there, those that go on first."""
        return self._pairings[:SHOWN]

    @property
    def has_more_pairings(self) -> bool:
        return len(self._pairings) > SHOWN

    @cached_property
    def invitation(self) -> Invitation | None:
        """The one that waits for their answer."""
        waiting = Invitation.objects.unanswered(self.now)
        return waiting.filter(program=self.program, person=self.place.person).first()

    @cached_property
    def admins(self) -> list[User]:
        return list(
            User.objects.active().filter(administered__program=self.program).order_by("name", "email")
        )

    @cached_property
    def skills(self) -> list[Chosen]:
        """What they offer and seek here."""
        return self.place.skills.by_side()

    @cached_property
    def proposed(self) -> list[str]:
        """Of these, the names that nobody has looked at yet."""
        mine = Skill.objects.proposed().filter(uses__enrollment=self.place)
        return list(mine.order_by("name").values_list("name", flat=True).distinct())

    @cached_property
    def answers(self) -> list[EnrollmentAnswer]:
        """What they answered, as it was asked."""
        mine = EnrollmentAnswer.objects.visible_to(self.place.person)
        return list(mine.filter(enrollment=self.place).order_by("position", "pk"))

    @property
    def has_said_nothing(self) -> bool:
        """Somebody who came in by an invitation, and whom the program knows only by name."""
        return not (self.skills or self.answers or self.place.department)

    @property
    def note(self) -> str:
        """What those who run the program wrote with their answer: beside a no, and until its person has a pair."""
        is_new = self.state in ("declined", "waitlisted", "offered", "early", "unpaired")
        return self.place.decision_note if is_new else ""

    @property
    def state(self) -> str:
        """One word, from which the page makes a sentence: a status that is not active, or how far an active one is."""
        if self.place.status in Enrollment.OVER or self.place.status == Enrollment.Status.INVITED:
            return self.place.status
        if not rules.takes_people(self.program, self.now):
            return "over"
        if self.place.is_offered(self.now):
            return "offered"
        if self.place.status != Enrollment.Status.ACTIVE:
            return self.place.status
        open_ones = [pairing for pairing in self.pairings if pairing.is_open]
        if any(rules.may_accept(self.place.person, pairing) for pairing in open_ones):
            return "asked"
        if any(pairing.status not in Pairing.ASKED for pairing in open_ones):
            return "paired"
        if open_ones:
            return "answered"
        return "early" if self.today < self.program.starts_on else "unpaired"
