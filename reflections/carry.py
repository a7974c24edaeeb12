"""The one thing that somebody carries into the next quarter, where there is one. None is an answer too."""

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
