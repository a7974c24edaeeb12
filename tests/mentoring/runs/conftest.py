"""Questions that count, and answers to them."""

from collections.abc import Sequence

from accounts.models import User
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    MatchingCriteria,
    MatchingQuestion,
    Program,
)

OPTIONS = ["junior", "middle", "senior"]


def question(
    program: Program,
    code: str,
    *,
    audience: str = "pairing",
    kind: str = "choice",
    options: Sequence[str] = OPTIONS,
) -> EnrollmentQuestion:
    found: EnrollmentQuestion = EnrollmentQuestion.objects.create(
        program=program,
        code=code,
        text=f"What about {code}?",
        kind=kind,
        options=list(options),
        audience=audience,
    )
    return found


def counts(asked: EnrollmentQuestion, *, must: str = "", weight: str = "high", wanted: str = "same") -> None:
    MatchingQuestion.objects.create(question=asked, must=must, weight=weight, wanted=wanted)


def answer(
    asked: EnrollmentQuestion, person: User, *chosen: str, audience: str | None = None
) -> EnrollmentAnswer:
    """As it was promised when the question was asked, unless told otherwise."""
    found: EnrollmentAnswer = EnrollmentAnswer.objects.create(
        enrollment=Enrollment.objects.get(program=asked.program, person=person),
        question=asked,
        code=asked.code,
        asked=asked.text,
        kind=asked.kind,
        audience=audience or asked.audience,
        chosen=list(chosen),
    )
    return found


def criteria(program: Program, **values: object) -> MatchingCriteria:
    found, _made = MatchingCriteria.objects.update_or_create(program=program, defaults=values)
    return found
