"""The page of the quarter read over: a row for each thing that was written, who reads it, and whom it names."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import User

from . import carry, naming
from .desk import Desk
from .models import Answer, Audience, Question, Step, ValueShown
from .readers import ONLY_ME, Readers

# With more pairings than this, one chooses among them where the answer is written.
MANY = 12


@dataclass(frozen=True)
class Row:
    """One piece. `readers`: those who read it, or will; `words` says them; `named`: whom its words name."""

    answer: Answer
    readers: Readers
    words: str
    named: list[User]

    @property
    def names(self) -> list[str]:
        return [person.first_name for person in self.named]

    @property
    def is_aside(self) -> bool:
        return self.answer.question.step == Step.ASIDE


@dataclass(frozen=True)
class Group:
    """Rows that the same people will read."""

    readers: Readers
    words: str
    rows: list[Row] = field(default_factory=list)


class Review:
    """Asks the database for each part once, when needed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @cached_property
    def rows(self) -> list[Row]:
        """All that has words, in the order of the questions."""
        known = naming.known_to(self.desk.person)
        rows = []
        for answer in self.desk.written:
            readers = self.desk.readers_of(answer)
            named = [] if answer.is_locked else naming.named_in(f"{answer.text}\n{answer.after}", known)
            named = [person for person in named if not self._reads_it_alone(readers, person)]
            rows.append(Row(answer, readers, self.desk.in_words(readers), named))
        return rows

    def _reads_it_alone(self, readers: Readers, person: User) -> bool:
        """Whoever is let in as the only one is not asked whether anybody else may read it."""
        if readers.audience != Audience.PAIRING:
            return False
        partners = {pairing.pk: pairing.partner_of(self.desk.person).pk for pairing in self.desk.pairings}
        return {partners.get(pairing) for pairing in readers.pairings} == {person.pk}

    @property
    def aside(self) -> list[Row]:
        """What was set aside stays folded."""
        return [row for row in self.rows if row.is_aside]

    @property
    def open_rows(self) -> list[Row]:
        return [row for row in self.rows if not row.is_aside]

    @property
    def groups(self) -> list[Group]:
        """The most readers first, only oneself last."""
        groups: dict[Readers, Group] = {}
        for row in self.open_rows:
            groups.setdefault(row.readers, Group(row.readers, row.words)).rows.append(row)
        order = [Audience.PROGRAM, Audience.PAIRING, Audience.ME]
        return sorted(
            groups.values(),
            key=lambda group: (order.index(Audience(group.readers.audience)), -len(group.readers.pairings)),
        )

    @cached_property
    def values(self) -> list[ValueShown]:
        """The values that were named on this page, each with what shows it; never anybody else's to read."""
        if self.desk.reflection is None:
            return []
        shown = ValueShown.objects.of(self.desk.person).filter(reflection=self.desk.reflection)
        return list(shown.select_related("value").order_by("value__created_at", "value", "pk"))

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.values

    @cached_property
    def carry_question(self) -> Question | None:
        return carry.question_of(self.desk.reflection) if self.desk.reflection else None

    @property
    def carried(self) -> Answer | None:
        """What is carried as things stand."""
        asked = self.carry_question
        return next((row.answer for row in self.rows if asked and row.answer.question_id == asked.pk), None)

    @cached_property
    def choices(self) -> dict[str, tuple[Readers, str]]:
        """Who can be let in, by a word for it; only oneself always."""
        desk = self.desk
        pairings = [pairing.pk for pairing in desk.pairings]
        found = [("me", ONLY_ME)]
        if len(pairings) <= MANY:
            found += [(f"pairing-{pk}", Readers(Audience.PAIRING, frozenset([pk]))) for pk in pairings]
        if len(pairings) > 1:
            found.append(("pairings", Readers(Audience.PAIRING, frozenset(pairings))))
        if desk.may_share_with_program:
            found.append(("program", Readers(Audience.PROGRAM)))
        return {code: (readers, desk.in_words(readers)) for code, readers in found}

    @property
    def can_share(self) -> bool:
        """Whether anybody could be let in to anything."""
        return len(self.choices) > 1 and any(not row.answer.is_locked for row in self.rows)

    def choices_for(self, row: Row) -> list[tuple[str, str]]:
        """For a form: as it stands first, which changes nothing."""
        others = [
            (code, words)
            for code, (readers, words) in self.choices.items()
            if readers != row.readers
            and not (row.answer.question.needs_care and readers.audience == Audience.PROGRAM)
        ]
        return [("", _("As it is: %(readers)s") % {"readers": row.words}), *others]
