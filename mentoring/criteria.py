"""What a program asks of its pairs, as the matching wants it: rows made into `Criteria`, and which questions count."""

from collections.abc import Mapping
from dataclasses import dataclass

from .matching.criteria import Criteria, Likeness, Question, Weight
from .models import (
    EnrollmentQuestion,
    MatchingCriteria,
    MatchingQuestion,
    Program,
)
from .models import criteria as models

# In the order of `Weight` there, by the name of the choice here.
WEIGHT = {
    models.Weight.OFF: Weight.OFF,
    models.Weight.LOW: Weight.LOW,
    models.Weight.MEDIUM: Weight.MEDIUM,
    models.Weight.HIGH: Weight.HIGH,
}


@dataclass(frozen=True)
class Asked:
    """What the program asks of a pair, and of which of its questions the answers are read for it."""

    criteria: Criteria
    codes: Mapping[int, str]  # Of the questions that count, by their keys.
    interests_from: int | None
    seniority_from: int | None
    steps: Mapping[str, int]  # Of seniority, by the answer.


def criteria_of(program: Program) -> Criteria:
    """As those who run the program set them, with the questions that count."""
    return asked_by(program).criteria


def asked_by(program: Program) -> Asked:
    """Two queries. A question that was retired, or is no longer one of which answers are chosen, counts for nothing;
    and of one that neither must be anything nor weighs anything no answer is read."""
    row = MatchingCriteria.objects.select_related("interests_from", "seniority_from").of(program)
    counting = [
        each
        for each in MatchingQuestion.objects.filter(question__program=program)
        .select_related("question")
        .order_by("question__position", "question__pk")
        if _chooses(each.question) and (each.must or each.weight != models.Weight.OFF)
    ]
    questions = tuple(
        Question(
            code=each.question.code,
            must=Likeness(each.must) if each.must else None,
            weight=WEIGHT[models.Weight(each.weight)],
            wanted=Likeness(each.wanted),
        )
        for each in counting
    )
    interests, seniority = row.interests_from, row.seniority_from
    steps = enumerate(seniority.options) if seniority and _chooses(seniority) else ()
    return Asked(
        _criteria(row, questions),
        codes={each.question_id: each.question.code for each in counting},
        interests_from=interests.pk if interests and _chooses(interests) else None,
        seniority_from=seniority.pk if seniority and _chooses(seniority) else None,
        steps={option: step for step, option in steps},
    )


def _chooses(question: EnrollmentQuestion) -> bool:
    return question.is_active and question.kind in EnrollmentQuestion.CHOOSING


def _criteria(row: MatchingCriteria, questions: tuple[Question, ...]) -> Criteria:
    weights = {name: WEIGHT[models.Weight(getattr(row, name))] for name in MatchingCriteria.WEIGHTS}
    return Criteria(
        language_in_common=row.language_in_common,
        half_hours_shared=row.half_hours_shared,
        zone_gap=row.zone_gap,
        outside_reporting_line=row.outside_reporting_line,
        other_department=row.other_department,
        not_again=row.not_again,
        half_hours_wanted=row.half_hours_wanted,
        seniority_gap=row.seniority_gap,
        department_wanted=Likeness(row.department_wanted),
        questions=questions,
        **weights,
    )
