"""What may be said of the answers in one period of a survey: totals that tell of nobody, worked out once.

Nothing is told while a period goes on: of two looks, one before and one after somebody answered, the difference would
be their answer. So the totals are those of all who answered in it, they are kept, and they do not change with what
becomes of anybody's answers later. Periods do not overlap: each answer is counted in one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mentoring.charts import Bar, Bars
from mentoring.small_counts import FEWEST, told

from .models import RoleSet, SurveyAnswer, SurveyKind, SurveyPeriod, SurveyQuestion, SurveySheet

# Answered the survey, and not this question.
NOTHING = ""


def totals_of(period: SurveyPeriod) -> dict[str, Any]:
    """As `SurveyPeriod.totals` keeps them: how many answered, and by the code of each question with answers to choose
    from the told totals of its letters, in all and by role. Empty where fewer than five answered. Three queries."""
    answered = SurveySheet.objects.answered().filter(period=period)
    roles = dict(answered.values_list("pk", "role"))
    if len(roles) < FEWEST:
        return {}
    chosen: dict[int, dict[int, list[str]]] = {}
    rows = SurveyAnswer.objects.filter(sheet__in=answered, question__period=period)
    for asked, sheet, letters in rows.values_list("question", "sheet", "chosen"):
        chosen.setdefault(asked, {})[sheet] = letters
    questions = {}
    for question in period.questions.exclude(kind=SurveyKind.WORDS):
        theirs = chosen.get(question.pk, {})
        in_all = _told(question, [theirs.get(sheet, []) for sheet in roles])
        parts = {
            role: _told(question, [theirs.get(sheet, []) for sheet in roles if roles[sheet] == role])
            for role in dict.fromkeys(role for role in RoleSet.values if role in roles.values())
        }
        questions[question.code] = {"all": in_all, "roles": _only_where_each_is_told(in_all, parts)}
    return {"answered": len(roles), "questions": questions}


def _told(question: SurveyQuestion, answers: Iterable[list[str]]) -> dict[str, int | None]:
    answers = list(answers)
    letters = [letter for letter, _label in question.choices]
    if question.kind == SurveyKind.CHOICE:
        counts = Counter(each[0] if each else NOTHING for each in answers)
        return told({letter: counts[letter] for letter in (*letters, NOTHING)})
    # Of several, each is a whole of its own: who chose it, and who did not. Those who chose none are not told besides:
    # together with the others that would be a part of them.
    counts = Counter(letter for each in answers for letter in each)
    return {
        letter: told({True: counts[letter], False: len(answers) - counts[letter]})[True] for letter in letters
    }


def _only_where_each_is_told(
    in_all: Mapping[str, int | None], parts: Mapping[str, dict[str, int | None]]
) -> dict[str, dict[str, int | None]]:
    """All of them or none: of what is told in all, and of some roles, the rest would follow."""
    every = [in_all, *parts.values()]
    if len(parts) < 2 or any(total is None for each in every for total in each.values()):
        return {}
    return dict(parts)


# --- As pages and files show them ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One answer that could be chosen: how many did, in all and by role; None is not told. `mark` stands for it in the
    picture, where its words have no room."""

    mark: str
    label: str
    total: int | None
    by_role: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Told:
    """One question with its totals. `roles` are the names of the columns besides, where there are any."""

    question: SurveyQuestion
    lines: tuple[Line, ...]
    roles: tuple[str, ...]
    chart: Bars | None

    @property
    def hides_some(self) -> bool:
        return any(line.total is None for line in self.lines)


def told_in(period: SurveyPeriod, *, chosen: str, others: str, nothing: str) -> list[Told]:
    """The questions with answers to choose from, in their order, with what is told of them; none where nothing is.
    The words are those of the chart's parts, and of the line of those who left a question out."""
    found = []
    kept = period.totals.get("questions", {})
    for question in period.questions.all():
        totals = kept.get(question.code)
        if totals is None:
            continue
        labels = question.choices
        if question.kind == SurveyKind.CHOICE:
            labels.append((NOTHING, nothing))
        roles = totals["roles"]
        lines = tuple(
            Line(
                letter.upper(),
                label,
                totals["all"].get(letter),
                tuple(part.get(letter) for part in roles.values()),
            )
            for letter, label in labels
        )
        names = tuple(str(RoleSet(role).label) for role in roles)
        found.append(Told(question, lines, names, _chart(period, question, lines, chosen, others)))
    return found


def _chart(
    period: SurveyPeriod, question: SurveyQuestion, lines: Iterable[Line], chosen: str, others: str
) -> Bars | None:
    answered = int(period.totals["answered"])
    bars = [
        Bar(line.mark or "–", (line.total, answered - line.total)) for line in lines if line.total is not None
    ]
    return Bars(question.asked, (chosen, others), bars) if bars else None


__all__ = ["FEWEST", "NOTHING", "Line", "Told", "told_in", "totals_of"]
