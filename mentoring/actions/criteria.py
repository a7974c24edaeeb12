"""What a program asks of a pair is set by those who run it, and handed on to its next program."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import places, rules
from mentoring.models import EnrollmentQuestion, MatchingCriteria, MatchingQuestion, Program
from mentoring.models import criteria as models
from mentoring.models.question import EnrollmentQuestionQuerySet

from .refused import Refused

TOLD_BY = ("interests_from", "seniority_from")


@dataclass(frozen=True)
class Counts:
    """How a question counts: values of `MatchingQuestion`."""

    must: str = ""
    weight: str = models.Weight.OFF
    wanted: str = models.Likeness.SAME


@transaction.atomic
def set_criteria(
    program: Program, values: Mapping[str, Any], questions: Mapping[int, Counts], *, by: User
) -> MatchingCriteria:
    """`values` are fields of `MatchingCriteria`, and those that are not there stay; `questions` are how questions of
    the program count, by their keys. Runs that are made already keep the criteria that they were made by.

    Raises Refused for a question that cannot tell what it is to tell, and for a value that is out of range.
    """
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program do this."))
    places.locked(program)
    row = MatchingCriteria.objects.of(program)
    for name, value in values.items():
        setattr(row, name, value)
    told_by: dict[str, EnrollmentQuestion | None] = {name: values[name] for name in TOLD_BY if name in values}
    for name, question in told_by.items():
        if question is not None and question not in that_tell(program, name):
            raise Refused(_("This question cannot tell it: “%(question)s”.") % {"question": question.text})
    if set(questions) - set(that_can_count(program).values_list("pk", flat=True)):
        raise Refused(_("Only questions of this program whose answers are chosen can count."))
    counting = [
        MatchingQuestion(question_id=pk, must=each.must, weight=each.weight, wanted=each.wanted)
        for pk, each in questions.items()
    ]
    try:
        row.full_clean(exclude=TOLD_BY, validate_unique=False)
        for each in counting:
            each.full_clean(validate_unique=False)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    row.save()
    for each in counting:
        each.save()
    return row


def that_tell(program: Program, what: str) -> EnrollmentQuestionQuerySet:
    """The questions whose answers may say somebody's interests (`interests_from`), or how far they have come
    (`seniority_from`): reasons name both, so the pair has to be a reader of the answers."""
    found = that_can_count(program).filter(audience=EnrollmentQuestion.Audience.PAIRING)
    return found.filter(kind=EnrollmentQuestion.Kind.CHOICE) if what == "seniority_from" else found


def that_can_count(program: Program) -> EnrollmentQuestionQuerySet:
    """The questions that are asked now, and of which one or more answers are chosen."""
    return EnrollmentQuestion.objects.asked().choosing().filter(program=program).order_by("position", "pk")


def copy_criteria(earlier: Program, program: Program) -> None:
    """For a program that is made after another, once its questions are there: they are found by their codes."""
    row = MatchingCriteria.objects.filter(program=earlier).select_related(*TOLD_BY).first()
    own = {question.code: question for question in program.enrollment_questions.all()}
    if row is not None:
        for name in TOLD_BY:
            theirs = getattr(row, name)
            setattr(row, name, own.get(theirs.code) if theirs is not None else None)
        row.program = program
        row.save(force_insert=True)
    counting = MatchingQuestion.objects.filter(question__program=earlier).select_related("question")
    MatchingQuestion.objects.bulk_create(
        MatchingQuestion(
            question=own[each.question.code], must=each.must, weight=each.weight, wanted=each.wanted
        )
        for each in counting
        if each.question.code in own
    )
