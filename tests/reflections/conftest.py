"""A quarter that ends in a week, with questions of each sort, and the hands that write in it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.models import Answer, Audience, Prompt, Question, Questionnaire, Reflection, Round, Step
from tests import tables
from tests.conftest import NOW
from tests.reflections.nudging import current_round

FIRST, ASIDE, AGAIN, HARD, BOTH_WAYS, KIND = "M1", "M2", "M3", "M6", "M8", "M15"

WORDS = "I sat beside Tomasz while he made the call himself."
QUESTIONS = [
    {"code": FIRST, "step": Step.FIRST, "text": "What was your best stuff?", "is_short": True},
    {"code": ASIDE, "step": Step.ASIDE, "text": "Is something still tugging at you?", "is_locked": True},
    {"code": AGAIN, "step": Step.AGAIN, "text": "Now look a second time.", "is_short": True},
    {"code": HARD, "step": Step.HARD, "text": "Where did you take the harder road?", "needs_care": True},
    {
        "code": BOTH_WAYS,
        "step": Step.BOTH_WAYS,
        "text": "What do you see differently?",
        "help_text": "One line.",
    },
    {"code": KIND, "step": Step.CLOSE, "text": "What would you say to a colleague?", "is_locked": True},
]


@pytest.fixture
def now() -> Iterator[datetime]:
    """The clock stands still a week before the end of the cast's quarter, at noon."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def current(program: Program) -> Round:
    """The round of the quarter that ends on June 30, 2026, opened by the clock."""
    return current_round(program)


def open_round(program: Program, quarter_start: date = date(2026, 4, 1), *, questions: bool = True) -> Round:
    end = program.quarter_on(quarter_start).end
    made = Round.objects.create(
        program=program,
        quarter_start=quarter_start,
        opens_on=end - timedelta(days=20),
        due_on=end,
        closes_on=end + timedelta(days=21),
    )
    if questions:
        Question.objects.bulk_create(
            Question(round=made, **values, mentor_position=place, mentee_position=place, both_position=place)
            for place, values in enumerate(QUESTIONS, start=1)
        )
    return made


@pytest.fixture
def quarter_round(program: Program) -> Round:
    return open_round(program)


def write(
    person: User,
    round: Round,
    code: str,
    text: str,
    *,
    audience: str = Audience.ME,
    pairings: tuple[Pairing, ...] = (),
    status: str = Reflection.Status.DRAFT,
) -> Answer:
    """An answer as it stands in the database, in a reflection of that status."""
    submitted = status == Reflection.Status.SUBMITTED
    reflection, _created = Reflection.objects.get_or_create(
        person=person, round=round, defaults={"role": "mentee", "saved_at": NOW}
    )
    Reflection.objects.filter(pk=reflection.pk).update(
        status=status,
        submitted_at=NOW if submitted else None,
        declined_at=NOW if status == Reflection.Status.DECLINED else None,
    )
    question = Question.objects.get(round=round, code=code)
    answer = Answer.objects.create(
        reflection=reflection,
        question=question,
        text=text,
        audience=audience,
        is_locked=question.is_locked,
        saved_at=NOW - timedelta(hours=1),
    )
    answer.pairings.set(pairings)
    return answer


def queries_of(client: Client, url: str) -> int:
    """How often the page asks the database (its savepoints counted), the second time it is looked at."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def rows() -> dict[str, str]:
    """A print of each table of ours: a GET must leave it as it was."""
    prints = tables.prints()
    return {
        model._meta.label: prints[model._meta.db_table]
        for model in apps.get_models()
        if model._meta.app_label in {"accounts", "mail", "mentoring", "reflections"}
    }


def question_url(round: Round, code: str = FIRST) -> str:
    return reverse("reflections:question", args=[round.pk, code])


def save_url(round: Round, code: str = FIRST) -> str:
    return reverse("reflections:save", args=[round.pk, code])


def page_url(name: str, round: Round, *args: str) -> str:
    return reverse(f"reflections:{name}", args=[round.pk, *args])


def posted(answer: Answer | None = None, **values: object) -> dict[str, object]:
    return {
        "text": WORDS,
        "audience": "me",
        "version": answer.saved_at.isoformat() if answer else "",
    } | values


@pytest.fixture
def ours(program: Program) -> Questionnaire:
    """Three questions, of which the second is for mentors only."""
    made = Questionnaire.objects.create(name="Ours", program=program)
    for place, code in enumerate("ABC", start=1):
        Prompt.objects.create(
            questionnaire=made,
            code=code,
            step="first",
            text=f"{code}?",
            help_text=f"about {code}",
            mentor_position=place,
            mentee_position=None if code == "B" else place,
        )
    return made
