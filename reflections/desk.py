"""What lies before somebody who writes: the round, the questions of their set, and what they have answered so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring import hats
from mentoring.models import Pairing

from . import rules
from .models import Answer, Audience, Moment, Question, Reflection, Round, Step
from .readers import Readers, as_shown
from .wording import partner_names, readers_in_words

# So many moments stand beside a question; the rest are one click away.
BESIDE = 12


@dataclass(frozen=True)
class RailStep:
    """One step of the rail at the page's side."""

    label: str
    url: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class ReadBy:
    """Answers that the same people will read."""

    readers: Readers
    words: str
    answers: list[Answer] = field(default_factory=list)


@dataclass
class Desk:
    """`is_short` keeps to the questions of the five-minute set. Asks the database for each part once, when needed."""

    person: User
    round: Round
    is_short: bool = False

    @cached_property
    def reflection(self) -> Reflection | None:
        return Reflection.objects.visible_to(self.person).filter(round=self.round).first()

    @cached_property
    def wears_several_hats(self) -> bool:
        """Whether the page must say which program, and which role, it is about."""
        return hats.wears_several(self.person)

    @cached_property
    def role(self) -> str:
        return self.reflection.role if self.reflection else rules.role_for(self.person, self.round)

    @cached_property
    def questions(self) -> list[Question]:
        questions = Question.objects.filter(round=self.round).for_role(self.role)
        return [question for question in questions if question.is_short or not self.is_short]

    @cached_property
    def answers(self) -> dict[int, Answer]:
        """By question, those with words and those that have been emptied."""
        if self.reflection is None:
            return {}
        pairings = Prefetch("pairings", Pairing.objects.with_people())
        answers = self.reflection.answers.select_related("question").prefetch_related(pairings)
        return {answer.question_id: answer for answer in answers}

    @cached_property
    def written(self) -> list[Answer]:
        """Answers with words, in the order of the questions; last those that belong to no question of the set."""
        places = {question.pk: place for place, question in enumerate(self.questions)}
        answers = [answer for answer in self.answers.values() if answer.text]
        return sorted(answers, key=lambda answer: (places.get(answer.question_id, len(places)), answer.pk))

    @cached_property
    def pairings(self) -> list[Pairing]:
        """Those that an answer may be shared with now."""
        return list(rules.pairings_to_answer_with(self.person, self.round))

    @cached_property
    def may_share_with_program(self) -> bool:
        return rules.may_share_with_program(self.person, self.round.program_id)

    @cached_property
    def names(self) -> dict[int, str]:
        """What to call the other one of each pairing that an answer may be shared with, or has been."""
        known = {pairing.pk: pairing for pairing in self.pairings}
        for answer in self.answers.values():
            if answer.audience == Audience.PAIRING:
                known |= {pairing.pk: pairing for pairing in answer.pairings.all()}
        return partner_names(self.person, known.values())

    @property
    def is_finished(self) -> bool:
        return self.reflection is not None and self.reflection.is_submitted

    # --- Finding one's way ---

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)

    def url_of(self, question: Question) -> str:
        return self._url("question", question.code)

    def save_url_of(self, question: Question) -> str:
        return self._url("save", question.code)

    @property
    def review_url(self) -> str:
        return self._url("review")

    @property
    def open_url(self) -> str:
        return self._url("open")

    @property
    def done_url(self) -> str:
        return reverse("reflections:done", args=[self.round.pk])

    def _url(self, name: str, *args: str) -> str:
        url = reverse(f"reflections:{name}", args=[self.round.pk, *args])
        return f"{url}?{urlencode({'set': 'short'})}" if self.is_short else url

    def url_after(self, question: Question) -> str:
        place = self.questions.index(question) + 1
        return self.url_of(self.questions[place]) if place < len(self.questions) else self.review_url

    def url_before(self, question: Question) -> str:
        place = self.questions.index(question) - 1
        return self.url_of(self.questions[place]) if place >= 0 else self.open_url

    @property
    def carry_on_url(self) -> str:
        """The first question without an answer; after the last one, reading it over."""
        for question in self.questions:
            if not self._has_words(question):
                return self.url_of(question)
        return self.review_url

    def rail(self, current: Question | None = None) -> list[RailStep]:
        """The steps of this set in their order, and reading it over, which is where one is without a question."""
        steps: dict[str, list[Question]] = {}
        for question in self.questions:
            steps.setdefault(question.step, []).append(question)
        rail = [
            RailStep(
                label=str(Step(step).label),
                url=self.url_of(questions[0]),
                is_done=any(self._has_words(question) for question in questions),
                is_current=current is not None and current.step == step,
            )
            for step, questions in steps.items()
        ]
        return [*rail, RailStep(_("Read it over"), self.review_url, False, current is None)]

    def _has_words(self, question: Question) -> bool:
        answer = self.answers.get(question.pk)
        return answer is not None and answer.text != ""

    # --- What lies beside the page ---

    @property
    def began_at(self) -> datetime:
        """The first moment of the quarter, by the program's clock."""
        return datetime.combine(self.round.quarter.start, time(), self.round.program.zone)

    def moments(self) -> list[Moment]:
        return list(Moment.objects.of(self.person).within(self.round.quarter).newest_first()[:BESIDE])

    def set_aside(self, current: Question) -> list[Answer]:
        """What was set aside on an earlier page."""
        if current.step == Step.ASIDE:
            return []
        return [answer for answer in self._before(current) if answer.question.step == Step.ASIDE]

    def first_thoughts(self, current: Question) -> list[Answer]:
        """The first answer, to have in sight when one looks again."""
        if current.step != Step.AGAIN:
            return []
        return [answer for answer in self._before(current) if answer.question.step == Step.FIRST]

    def _before(self, current: Question) -> Iterator[Answer]:
        earlier = {question.pk for question in self.questions[: self.questions.index(current)]}
        return (answer for answer in self.written if answer.question_id in earlier)

    def answer_before(self, current: Question) -> Answer | None:
        """What they wrote to the same question the last time they answered it in this program."""
        if current.step == Step.ASIDE:
            return None
        return (
            Answer.objects.written()
            .filter(
                reflection__person=self.person,
                reflection__round__program=self.round.program_id,
                reflection__round__quarter_start__lt=self.round.quarter_start,
                question__code=current.code,
            )
            .select_related("reflection__round__program")
            .order_by("-reflection__round__quarter_start")
            .first()
        )

    # --- Reading it over ---

    def readers_of(self, answer: Answer) -> Readers:
        """Who reads it, or will: in a draft, without those who could not be let in any more."""
        readers = Readers.of_answer(answer)
        if self.is_finished:
            return readers
        allowed = {pairing.pk for pairing in self.pairings}
        may_program = self.may_share_with_program and not answer.question.needs_care
        return readers.among(allowed, may_program=may_program)

    def in_words(self, readers: Readers) -> str:
        return readers_in_words(readers, self.names, str(self.round.program))

    @property
    def put_aside(self) -> list[Answer]:
        return [answer for answer in self.written if answer.question.step == Step.ASIDE]

    def read_by(self) -> list[ReadBy]:
        """The written answers by who will read them: the most people first, only oneself last.

        What was set aside is not among them: it stays folded (`put_aside`).
        """
        groups: dict[Readers, ReadBy] = {}
        for answer in self.written:
            if answer.question.step == Step.ASIDE:
                continue
            readers = self.readers_of(answer)
            groups.setdefault(readers, ReadBy(readers, self.in_words(readers))).answers.append(answer)
        order = [Audience.PROGRAM, Audience.PAIRING, Audience.ME]
        return sorted(
            groups.values(),
            key=lambda group: (order.index(Audience(group.readers.audience)), -len(group.readers.pairings)),
        )

    @property
    def shown(self) -> str:
        return as_shown([(answer, self.readers_of(answer)) for answer in self.written])

    @property
    def shares_something(self) -> bool:
        return any(not self.readers_of(answer).is_only_me for answer in self.written)
