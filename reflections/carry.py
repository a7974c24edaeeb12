"""The one thing that somebody carries into the next quarter, where there is one. None is an answer too."""

import hashlib
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.models import User

from .models import Answer, PromptKind, Question, Reflection, Round, Step

# Rounds that were made before there were kinds know it by its code.
CARRY_CODE = "M16"
IS_CARRY = Q(kind=PromptKind.CARRY) | Q(code=CARRY_CODE, step=Step.CLOSE)


def question_of(reflection: Reflection) -> Question | None:
    """The question of its set that asks for it; a program's own questionnaire may have none."""
    asked = Question.objects.filter(round=reflection.round_id).for_role(reflection.role)
    return asked.filter(IS_CARRY, is_locked=False).first()


def as_read_over(answers: Iterable[Answer]) -> str:
    """A print of what was set aside and of what is carried, as their writer had it in sight: it changes when any of it
    does. `answers` come with their questions."""
    lines = sorted(
        f"{answer.pk} {answer.saved_at.isoformat()}" for answer in answers if _may_go(answer.question)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _may_go(question: Question) -> bool:
    """Whether reading over may delete or replace what was answered to it."""
    is_carry = question.kind == PromptKind.CARRY or (
        question.code == CARRY_CODE and question.step == Step.CLOSE
    )
    return is_carry or question.step == Step.ASIDE


def carried_into(person: User, round: Round) -> Answer | None:
    """What they said at the end of the last quarter that they finished before this one in this program; for their eyes.

    None where they carry nothing: what was carried longer ago is not brought up again.
    """
    before = Reflection.objects.visible_to(person).filter(
        round__program=round.program_id,
        round__quarter_start__lt=round.quarter_start,
        status=Reflection.Status.SUBMITTED,
    )
    return _of_the_newest(before.order_by("-round__quarter_start")[:1])


def carried_now(person: User) -> Answer | None:
    """Of the last page that they finished anywhere, whenever that was."""
    finished = Reflection.objects.visible_to(person).filter(status=Reflection.Status.SUBMITTED)
    return _of_the_newest(finished.order_by("-submitted_at", "-pk")[:1])


def _of_the_newest(newest: QuerySet[Reflection]) -> Answer | None:
    asked = Question.objects.filter(IS_CARRY)
    return (
        Answer.objects.written()
        .filter(reflection__in=newest, question__in=asked.order_by().values("pk"))
        .select_related("question", "reflection__round__program")
        .order_by("pk")
        .first()
    )
