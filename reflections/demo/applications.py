"""The questions of the demo program for whoever wants a place, and what its people answered, as they were asked."""

import random
from collections.abc import Sequence
from datetime import datetime

from mentoring.models import Enrollment, EnrollmentAnswer, EnrollmentQuestion, Program

from .calendar import Times
from .words import ANY, Deck, blocks

BATCH = 2000
Kind = EnrollmentQuestion.Kind
EVERY_APART = 5  # whom to avoid is a question to which few have an answer


def ask(program: Program) -> list[EnrollmentQuestion]:
    """The program's questions, saved, in their order."""
    rows: list[EnrollmentQuestion] = []
    for words, text in blocks("enrollment.txt"):
        if words[0] != "question":
            continue
        _what, code, kind, audience, asked_of, *required = words
        lines = text.splitlines()
        rows.append(
            EnrollmentQuestion(
                program=program,
                code=code,
                position=len(rows) + 1,
                text=lines[0],
                help_text=next((line[6:] for line in lines if line.startswith("help: ")), ""),
                kind=kind,
                options=[line[2:] for line in lines if line.startswith("- ")],
                is_required=bool(required),
                asked_of=asked_of,
                audience=audience,
            )
        )
    return EnrollmentQuestion.objects.bulk_create(rows)


def answer(program: Program, members: Sequence[Enrollment], times: Times) -> int:
    """What those of them answered who have asked for their place. How many answers."""
    rng = random.Random(f"applications {len(members)}")  # noqa: S311 (the same program each time is the point)
    questions = ask(program)
    decks = {key: Deck(texts, rng) for key, texts in _texts().items()}
    earlier = {words[1]: text for words, text in blocks("enrollment.txt") if words[0] == "was"}
    long_ago = times.at(times.quarter(2).start, 0)
    answers: list[EnrollmentAnswer] = []
    for number, place in enumerate(members):
        at = place.applied_at
        if at is None:
            continue
        for question in questions:
            if _is_asked(question, place.role) and (question.code != "apart" or number % EVERY_APART == 0):
                wording = earlier.get(question.code, "") if at < long_ago else ""
                answers.append(_answer(question, wording, place, at, decks, rng))
    EnrollmentAnswer.objects.bulk_create(answers, BATCH)
    return len(answers)


def _is_asked(question: EnrollmentQuestion, role: str) -> bool:
    """As EnrollmentQuestionQuerySet.for_role."""
    return role == "both" or question.asked_of in {"everyone", f"{role}s"}


def _texts() -> dict[tuple[str, str], list[str]]:
    """By a question's code and by who would answer so: mentor, mentee or any."""
    found: dict[tuple[str, str], list[str]] = {}
    for words, text in blocks("enrollment.txt"):
        if words[0] == "answer":
            found.setdefault((words[1], (*words, ANY)[2]), []).append(text)
    return found


def _answer(
    question: EnrollmentQuestion,
    wording: str,
    place: Enrollment,
    at: datetime,
    decks: dict[tuple[str, str], Deck],
    rng: random.Random,
) -> EnrollmentAnswer:
    text, chosen = "", []
    if question.kind in EnrollmentQuestion.CHOOSING:
        several = rng.randint(1, 3) if question.kind == Kind.CHOICES else 1
        picked = rng.sample(range(len(question.options)), several)
        chosen = [question.options[index] for index in sorted(picked)]
    else:
        side = "mentee" if place.role == "mentee" else "mentor"
        sides = (side, "mentor", "mentee", ANY)
        deck = next(decks[question.code, one] for one in sides if (question.code, one) in decks)
        text = deck.deal(set()) or ""
    return EnrollmentAnswer(
        enrollment=place,
        question=question,
        code=question.code,
        position=question.position,
        asked=wording or question.text,
        kind=question.kind,
        audience=question.audience,
        text=text,
        chosen=chosen,
        answered_at=at,
    )
