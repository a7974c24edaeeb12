"""What lies before somebody who writes: the round, the questions of their set, and what they have answered so far."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from mentoring import hats
from mentoring.models import Pairing

from . import rules
from .models import Answer, Audience, PromptKind, Question, Reflection, Round, Step, ValueShown
from .readers import Readers, as_shown
from .wording import partner_names, readers_in_words

PIECES = list(Answer.Piece)
# What does not depend on the door.
ALIKE = ("reflection", "role", "_of_the_set")
# So many moments stand beside a question; the rest are one click away.
BESIDE = 12


class Door(StrEnum):
    """The way into the page of the quarter: how many of its questions are asked. Stands in addresses."""

    COFFEE = ""
    SHORT = "short"
    LINE = "line"
    ROUGH = "rough"

    @classmethod
    def named(cls, name: str | None) -> "Door":
        """The one of that name, and the whole page for any other name."""
        return next((door for door in cls if door.value == name), cls.COFFEE)


@dataclass(frozen=True)
class RailStep:
    """One step of the rail at the page's side."""

    label: str
    url: str
    is_done: bool
    is_current: bool


@dataclass
class Desk:
    """`door` keeps to some of the questions. Asks the database for each part once, when needed."""

    # Whether nothing that is typed here is kept (preview.py).
    is_preview = False

    person: User
    round: Round
    door: Door = Door.COFFEE

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
    def _of_the_set(self) -> list[Question]:
        return list(Question.objects.filter(round=self.round).in_set(self.role))

    @cached_property
    def questions(self) -> list[Question]:
        """What is asked behind this door, in its order."""
        questions = [each for each in self._of_the_set if (each.step == Step.ROUGH) == self.is_rough]
        if self.door == Door.LINE:
            return questions[:1]
        return [question for question in questions if question.is_short or self.door != Door.SHORT]

    @cached_property
    def answers(self) -> list[Answer]:
        """All of this reflection, those with words and those that have been emptied; one for each piece."""
        if self.reflection is None:
            return []
        pairings = Prefetch("pairings", Pairing.objects.with_people())
        answers = self.reflection.answers.select_related("question", "reflection").prefetch_related(pairings)
        return sorted(answers, key=lambda answer: (PIECES.index(Answer.Piece(answer.piece)), answer.pk))

    def answer(self, question: Question, piece: str = Answer.Piece.FIRST) -> Answer | None:
        found = (answer for answer in self.pieces_of(question) if answer.piece == piece)
        return next(found, None)

    def pieces_of(self, question: Question) -> list[Answer]:
        """In their order; also those that have been emptied."""
        return [answer for answer in self.answers if answer.question_id == question.pk]

    @cached_property
    def written(self) -> list[Answer]:
        """Answers with words, in the order of the questions, each piece by itself; last those that belong to no
        question of the set."""
        places = {question.pk: place for place, question in enumerate(self.questions)}
        answers = [answer for answer in self.answers if answer.has_words]
        last = len(places)
        return sorted(answers, key=lambda answer: (places.get(answer.question_id, last), answer.question_id))

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
        for answer in self.answers:
            if answer.audience == Audience.PAIRING:
                known |= {pairing.pk: pairing for pairing in answer.pairings.all()}
        return partner_names(self.person, known.values())

    @property
    def is_finished(self) -> bool:
        return self.reflection is not None and self.reflection.is_submitted

    @property
    def is_rough(self) -> bool:
        return self.door == Door.ROUGH

    @property
    def is_of_a_rough_quarter(self) -> bool:
        """Whether nothing was written but in answer to the three questions of a rough quarter."""
        return bool(self.written) and all(answer.question.step == Step.ROUGH for answer in self.written)

    def through(self, door: Door) -> "Desk":
        """The same page with the questions behind another door."""
        other = Desk(self.person, self.round, door)
        # So that three doors on one page do not ask the database three times.
        other.__dict__ |= {name: getattr(self, name) for name in ALIKE}
        return other

    @cached_property
    def values_said(self) -> list[ValueShown]:
        """What they said on this page that they care about, each beside what shows it."""
        if self.reflection is None:
            return []
        said = ValueShown.objects.of(self.person).filter(reflection=self.reflection)
        things = said.select_related("value", "moment", "answer__question", "answer__reflection")
        return list(things.order_by("pk"))

    # --- Finding one's way ---

    def question(self, code: str) -> Question | None:
        return next((question for question in self.questions if question.code == code), None)

    def url_of(self, question: Question, piece: str = Answer.Piece.FIRST, **query: str) -> str:
        return self._url("question", question.code, *_unless_first(piece), **query)

    def save_url_of(self, question: Question, piece: str = Answer.Piece.FIRST) -> str:
        return self._url("save", question.code, *_unless_first(piece))

    @property
    def review_url(self) -> str:
        return self._url("review")

    @property
    def open_url(self) -> str:
        return self._url("open")

    @property
    def open_again_url(self) -> str:
        """The whole page from its first question, whatever door one came through."""
        return self.through(Door.COFFEE).first_url or self.open_url

    @property
    def done_url(self) -> str:
        return reverse("reflections:done", args=[self.round.pk])

    @property
    def rough_url(self) -> str:
        return reverse("reflections:rough", args=[self.round.pk])

    @property
    def first_url(self) -> str:
        """The first question behind this door; "" where there is none."""
        return self.url_of(self.questions[0]) if self.questions else ""

    def _url(self, name: str, *args: str, **query: str) -> str:
        url = reverse(f"reflections:{name}", args=[self.round.pk, *args])
        query = ({"set": self.door.value} if self.door else {}) | query
        return f"{url}?{urlencode(query)}" if query else url

    @property
    def end_url(self) -> str:
        """What comes after the last question."""
        return self.rough_url if self.is_rough else self.review_url

    def url_after(self, question: Question) -> str:
        place = self.questions.index(question) + 1
        return self.url_of(self.questions[place]) if place < len(self.questions) else self.end_url

    def url_before(self, question: Question) -> str:
        place = self.questions.index(question) - 1
        return self.url_of(self.questions[place]) if place >= 0 else self.open_url

    @property
    def carry_on_url(self) -> str:
        """The first question without an answer; after the last one, reading it over."""
        for question in self.questions:
            if not self._has_words(question):
                return self.url_of(question)
        return self.end_url

    def rail(self, current: Question | None = None) -> list[RailStep]:
        """The steps of this set in their order, and reading it over, which is where one is without a question. None in
        a rough quarter: there are three questions and no way to have come."""
        if self.is_rough:
            return []
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
        if question.kind == PromptKind.VALUES and self.values_said:
            return True
        return any(answer.has_words for answer in self.pieces_of(question))

    # --- What lies beside the page ---

    @property
    def began_at(self) -> datetime:
        """The first moment of the quarter, by the program's clock."""
        return datetime.combine(self.round.quarter.start, time(), self.round.program.zone)

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

    def looked_again(self, current: Question) -> list[Answer]:
        """What came at the second look, to have in sight where one says what moved."""
        if current.kind != PromptKind.BEFORE_AFTER:
            return []
        return [answer for answer in self._before(current) if answer.question.kind == PromptKind.AGAIN]

    def other_pieces(self, current: Question, piece: str) -> list[Answer]:
        """What else was written to the same question."""
        return [each for each in self.pieces_of(current) if each.piece != piece and each.has_words]

    def free_piece(self, current: Question, piece: str) -> str:
        """Where another one goes; "" where all three are in use, and where a question is asked for one only."""
        if current.kind != PromptKind.AGAIN:
            return ""
        used = {each.piece for each in self.other_pieces(current, piece)} | {piece}
        return next((each for each in PIECES if each not in used), "")

    def _before(self, current: Question) -> Iterator[Answer]:
        earlier = {question.pk for question in self.questions[: self.questions.index(current)]}
        return (answer for answer in self.written if answer.question_id in earlier)

    def answer_before(self, current: Question) -> Answer | None:
        """What they wrote to the same question the last time they answered it in this program."""
        if current.step in (Step.ASIDE, Step.ROUGH):
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
            .order_by("-reflection__round__quarter_start", "pk")
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
    def shown(self) -> str:
        return as_shown([(answer, self.readers_of(answer)) for answer in self.written])


def url_of_answer(answer: Answer) -> str:
    """The page where its writer changes it. `answer` comes with its question and its reflection."""
    args = [answer.reflection.round_id, answer.question.code, *_unless_first(answer.piece)]
    return reverse("reflections:question", args=args)


def _unless_first(piece: str) -> Iterable[str]:
    return () if piece == Answer.Piece.FIRST else (piece,)
