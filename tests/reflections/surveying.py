"""A survey that asks, and people who answer it."""

from datetime import datetime, timedelta

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections import actions
from reflections.actions import Said
from reflections.models import Survey, SurveySheet
from reflections.surveys import ask_due_surveys, tell_due_surveys
from tests.conftest import NOW, enroll, make_person, pair

DAY = timedelta(days=1)
# The period of the quarter that ends on June 30 is told on August 1.
TOLD = datetime(2026, 8, 3, 12, 0, tzinfo=NOW.tzinfo)
NEXT_QUARTER = datetime(2026, 7, 6, 12, 0, tzinfo=NOW.tzinfo)
Role = Enrollment.Role


def survey_of(program: Program, stage: str = Survey.Stage.START, *, is_on: bool = True) -> Survey:
    survey = Survey.objects.create(program=program, stage=stage, is_on=is_on)
    actions.fill_survey(survey)
    return survey


def pairs_of(program: Program, number: int, *, began: datetime = NOW - 10 * DAY) -> list[Pairing]:
    """So many pairs that began then, of people of their own."""
    made = []
    for n in range(number):
        two = []
        for role in (Role.MENTOR, Role.MENTEE):
            count = User.objects.count()
            person = make_person(f"{role}-{n}-{count}@harbor.example", f"{role.title()} Number")
            enroll(program, person, role)
            two.append(person)
        made.append(pair(program, *two, starts_on=program.today(began)))
    return made


def sheet_of(person: User, stage: str = Survey.Stage.START) -> SurveySheet:
    return SurveySheet.objects.get(person=person, survey__stage=stage)


def answer(person: User, stage: str = Survey.Stage.START, *, now: datetime = NOW, **said: str) -> None:
    """By the code of a question: letters of its answers, or words where there is more than a letter or two."""
    given = {
        code: Said(text=each) if len(each) > 3 else Said(chosen=tuple(each)) for code, each in said.items()
    }
    actions.answer_survey(sheet_of(person, stage), by=person, said=given, now=now)


__all__ = [
    "DAY",
    "NEXT_QUARTER",
    "TOLD",
    "answer",
    "ask_due_surveys",
    "pairs_of",
    "sheet_of",
    "survey_of",
    "tell_due_surveys",
]
