"""Surveys of the demo program: one of an earlier quarter that is told, one that is open, one that is switched off."""

import random
from collections.abc import Sequence

from accounts.models import User
from mentoring.models import Enrollment, Program
from reflections.actions import fill_survey
from reflections.models import Survey, SurveyAnswer, SurveyKind, SurveyPeriod, SurveyQuestion, SurveySheet
from reflections.models.survey import OPEN_FOR
from reflections.survey_results import totals_of
from reflections.surveys import COPIED

from .calendar import DAY, Times
from .programs import SLUG

ANSWERED = 24
WORDS = (
    "A list of rooms in which two people can talk.",
    "To hear from a pair that has done this before.",
    "An hour in the calendar that nobody may take.",
    "Nothing, we have begun.",
    "A few questions for the first meeting.",
    "To know whom to ask when we are stuck.",
)


def make(program: Program, asked: Sequence[User], times: Times) -> int:
    """How many answers there are. The survey in the middle is open before those in `asked`."""
    start, middle, end = (
        Survey.objects.create(program=program, stage=stage, is_on=stage != Survey.Stage.END)
        for stage in Survey.Stage
    )
    for survey in (start, middle, end):
        fill_survey(survey)
    for place in Enrollment.objects.filter(program=program, person__in=asked).select_related("person"):
        _sheet(_period(middle, times, ago=0), place, times, days_ago=3)
    return _told(start, times)


def _told(survey: Survey, times: Times) -> int:
    rng = random.Random(SLUG)  # noqa: S311 (the same program each time is the point)
    period = _period(survey, times, ago=2)
    questions = list(period.questions.all())
    places = Enrollment.objects.active().filter(program=survey.program).select_related("person")
    made = 0
    for number, place in enumerate(places.order_by("pk")[:ANSWERED]):
        days_ago = (times.today - period.begins_on).days - 20
        sheet = _sheet(period, place, times, days_ago=days_ago, is_answered=True)
        for question in questions:
            letters = [letter for letter, _label in question.choices]
            answer = SurveyAnswer(sheet=sheet, question=question)
            if question.kind == SurveyKind.CHOICE:
                answer.chosen = rng.choices(letters, weights=range(len(letters) + 1, 1, -1))
            elif question.kind == SurveyKind.SEVERAL:
                answer.chosen = sorted(rng.sample(letters, 2))
            elif number % 4 == 0:
                answer.text = WORDS[number // 4 % len(WORDS)]
            else:
                continue
            answer.save()
            made += 1
    SurveyPeriod.objects.filter(pk=period.pk).update(
        is_current=False, told_at=times.now - DAY, totals=totals_of(period)
    )
    return made


def _period(survey: Survey, times: Times, *, ago: int) -> SurveyPeriod:
    quarter = times.quarter(ago)
    period, is_new = SurveyPeriod.objects.get_or_create(
        survey=survey, begins_on=quarter.start, defaults={"ends_on": quarter.end}
    )
    if is_new:
        SurveyQuestion.objects.bulk_create(
            SurveyQuestion(period=period, **{name: getattr(prompt, name) for name in COPIED})
            for prompt in survey.prompts.all()
        )
    return period


def _sheet(
    period: SurveyPeriod, place: Enrollment, times: Times, *, days_ago: int, is_answered: bool = False
) -> SurveySheet:
    asked_at = times.now - days_ago * DAY
    return SurveySheet.objects.create(
        survey=period.survey,
        period=period,
        person=place.person,
        role=place.role,
        asked_at=asked_at,
        closes_at=asked_at + OPEN_FOR,
        answered_at=asked_at + DAY if is_answered else None,
    )
