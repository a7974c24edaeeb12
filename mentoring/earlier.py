"""What somebody said when they asked for a place before, so that they need not say it again."""

from collections.abc import Iterator
from typing import Any

from accounts.models import User

from .models import Enrollment, EnrollmentAnswer, EnrollmentQuestion, EnrollmentSkill, Program

# A program that was made after itself, by way of others, must not keep us here.
MOST_STEPS = 30


def earlier_place(person: User, program: Program) -> Enrollment | None:
    """Their place of which a new application begins: the one that they had here, else in the program that this one was
    made after, and so on back; else in any other, the newest first. By two queries and one for each step back."""
    mine = (
        Enrollment.objects.visible_to(person)
        .exclude(status=Enrollment.Status.INVITED)
        .select_related("program")
    )
    places = {place.program_id: place for place in mine.order_by("created_at", "pk")}
    for number in _back_from(program):
        if number in places:
            return places[number]
    return list(places.values())[-1] if places else None


def _back_from(program: Program) -> Iterator[int]:
    seen: list[int] = []
    number: int | None = program.pk
    while number is not None and number not in seen and len(seen) < MOST_STEPS:
        seen.append(number)
        yield number
        number = Program.objects.filter(pk=number).values_list("follows", flat=True).first()


def said_in(place: Enrollment, questions: list[EnrollmentQuestion]) -> dict[str, Any]:
    """What a form begins with, by its fields' names. An answer is found by the short name of its question, and fits
    when that is still asked in the same way; of several chosen ones those that can still be chosen."""
    names: dict[str, list[str]] = {side: [] for side in EnrollmentSkill.Side.values}
    for chosen in place.skills.by_side():
        names[chosen.side] = chosen.names
    begin: dict[str, Any] = {
        "role": place.role,
        "capacity": place.capacity,
        "department": place.department,
        "line_manager": place.line_manager,
        **names,
    }
    answers = {answer.code: answer for answer in EnrollmentAnswer.objects.filter(enrollment=place)}
    for question in questions:
        answer = answers.get(question.code)
        if answer is not None and answer.kind == question.kind:
            begin[field_of(question)] = shown(question, answer)
    return begin


def field_of(question: EnrollmentQuestion) -> str:
    return f"answer_{question.code}"


def shown(question: EnrollmentQuestion, answer: EnrollmentAnswer) -> str | list[str]:
    """An answer as its question's field holds it now."""
    still = [option for option in answer.chosen if option in question.options]
    if question.kind == EnrollmentQuestion.Kind.CHOICES:
        return still
    if question.kind == EnrollmentQuestion.Kind.CHOICE:
        return still[0] if still else ""
    return answer.text
