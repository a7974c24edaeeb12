"""Surveys that were put before somebody, and what they answered. What was told of it in totals is nobody's."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.mydata import Holding, Why
from mentoring.models import Program
from reflections.models import SurveyAnswer, SurveySheet


def holdings() -> Iterator[Holding]:
    yield Holding(
        SurveySheet,
        _("Surveys that you were asked"),
        of=lambda person: SurveySheet.objects.visible_to(person).select_related("survey__program"),
        exported={
            "id": _("number"),
            "survey": None,
            "role": None,
            "asked_at": None,
            "closes_at": None,
            "answered_at": None,
            "declined_at": None,
        },
        withheld={"period": Why.KEY, "person": Why.OWNER},
        values={"survey": lambda sheet: str(sheet.survey)},
    )
    yield Holding(
        SurveyAnswer,
        _("What you answered in surveys"),
        of=lambda person: SurveyAnswer.objects.visible_to(person).select_related("question", "sheet"),
        exported={
            "sheet": _("number of the survey"),
            "question": None,
            "chosen": None,
            "text": None,
        },
        withheld={"id": Why.KEY, "seal_id": Why.LOCK},
        values={
            "sheet": lambda answer: answer.sheet_id,
            "question": lambda answer: answer.question.asked,
            "chosen": lambda answer: "; ".join(answer.said),
        },
    )


def clear_words(person: User, program: Program) -> None:
    SurveySheet.objects.filter(person=person, survey__program=program).delete()
