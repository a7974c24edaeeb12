"""Templates of programs: one TOML file for each, in this folder. They are data, and a program copies what they say.

Each is written in English and read in the language of whoever makes the program: `dev/messages.py` takes its texts
out for translation by the names of their keys, and a test holds the two together. To add one, write a file and name it
in `ORDER`; the tests say what is missing.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from mentoring.models import EnrollmentQuestion

FOLDER = Path(__file__).parent
# The order in which they are offered.
ORDER = ("workplace", "university", "community", "peer", "reverse")


@dataclass(frozen=True)
class AskedAtTheDoor:
    """One question of a template's: a row of `EnrollmentQuestion`."""

    code: str
    text: str
    kind: str
    help: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    asked_of: str = EnrollmentQuestion.AskedOf.EVERYONE
    audience: str = EnrollmentQuestion.Audience.ADMINS

    def row(self, position: int) -> dict[str, Any]:
        """Its fields by the names of the model, in the language that is spoken now."""
        return {
            "code": self.code,
            "position": position,
            "text": gettext(self.text),
            "help_text": gettext(self.help) if self.help else "",
            "kind": self.kind,
            "options": [gettext(option) for option in self.options],
            "is_required": self.required,
            "asked_of": self.asked_of,
            "audience": self.audience,
        }


@dataclass(frozen=True)
class ProgramTemplate:
    """What one file says. `months` is how long a cohort lasts; 0 for a program without an end.

    `purpose` is a paragraph each, `ground_rules` and `agreement` a line each.
    """

    key: str
    name: str
    sentence: str
    purpose: tuple[str, ...]
    roles: str
    mentors_are: str
    mentees_are: str
    join_policy: str
    matched_by: str
    pairings_per_mentee: int
    months: int
    fiscal_first_month: int
    offer_days: int
    retention_months: int
    ground_rules: tuple[str, ...]
    agreement: tuple[str, ...]
    skills: tuple[str, ...]
    questions: tuple[AskedAtTheDoor, ...]

    def settings(self) -> dict[str, Any]:
        """The fields of a program that come from here, in the language that is spoken now."""
        return {
            "purpose": "\n\n".join(map(gettext, self.purpose)),
            "roles": self.roles,
            "mentors_are": gettext(self.mentors_are),
            "mentees_are": gettext(self.mentees_are) if self.mentees_are else "",
            "join_policy": self.join_policy,
            "matched_by": self.matched_by,
            "pairings_per_mentee": self.pairings_per_mentee,
            "fiscal_first_month": self.fiscal_first_month,
            "offer_days": self.offer_days,
            "retention_months": self.retention_months or None,
            "ground_rules": "\n".join(map(gettext, self.ground_rules)),
            "agreement": "\n".join(map(gettext, self.agreement)),
        }

    def skill_names(self) -> list[str]:
        return [gettext(name) for name in self.skills]

    def question_rows(self) -> list[dict[str, Any]]:
        return [question.row(10 * number) for number, question in enumerate(self.questions, 1)]


@cache
def templates() -> Mapping[str, ProgramTemplate]:
    """All of them by their keys, in the order in which they are offered. Raises TypeError for a file that says too
    little or too much."""
    return {key: _read(key) for key in ORDER}


def _read(key: str) -> ProgramTemplate:
    data = tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    questions = tuple(AskedAtTheDoor(**_frozen(one)) for one in data.pop("questions"))
    return ProgramTemplate(key=key, questions=questions, **_frozen(data))


def _frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}


__all__ = ["AskedAtTheDoor", "ProgramTemplate", "templates"]
