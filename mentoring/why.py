"""Reasons as they are kept in a row, and in the words of whoever reads them.

A row keeps facts (mentoring/matching/reasons.py), not sentences, so that each of the two reads them in their own
language and addressed as themselves. No answer is kept that its writer was not told the pair reads; and not all that is
kept is told at each time: see `told_to`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from typing import Any

from django.utils import translation

from accounts.languages import name_of
from accounts.models import User

from . import rules
from .matching.criteria import Likeness
from .matching.fit import Must
from .matching.people import Pair
from .matching.program import Matching
from .matching.reasons import Kind, Reason, reasons
from .matching.unmatched import Cause, Change, Left, Unmatched
from .matching.words import Reader, Words
from .models import Pairing, Program

Facts = list[dict[str, Any]]
Part = Program.DirectoryPart
# Of these the source is what people answered to a program's questions. That is promised to a pairing while it is under
# way (`EnrollmentAnswer.visible_to`), so before that the two are told nothing that comes from it.
FROM_ANSWERS = frozenset({Kind.ANSWER, Kind.INTERESTS, Kind.SENIORITY})
# What a reason of another kind tells of a mentor, and so the part of the directory that must be shown.
TELLS = {
    Kind.SKILLS: None,
    Kind.LANGUAGES: Part.LANGUAGES,
    Kind.HOURS: Part.HOURS,
    Kind.DEPARTMENT: Part.DEPARTMENT,
}


def facts(matching: Matching, pair: Pair) -> Facts:
    """What a `Pairing` keeps in `reasons`. That somebody locked the pair is nobody's business but theirs."""
    return [kept(reason) for reason in reasons(matching, pair) if reason.kind is not Kind.LOCKED]


def kept(reason: Reason) -> dict[str, Any]:
    found: dict[str, Any] = _jsonable(asdict(reason))
    return found


def read(rows: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """The reverse of `kept`, of many. What was written by another version, and is not understood, is left out."""
    found = []
    for row in rows:
        try:
            found.append(
                Reason(
                    kind=Kind(row["kind"]),
                    speaks_for=bool(row["speaks_for"]),
                    names=tuple(row["names"]),
                    missing=tuple(row["missing"]),
                    number=int(row["number"]),
                    likeness=Likeness(row["likeness"]) if row["likeness"] else None,
                    code=row["code"],
                )
            )
        except (KeyError, TypeError, ValueError):
            continue
    return found


def told_to(user: User, pairing: Pairing, found: Sequence[Reason]) -> list[Reason]:
    """Those that this one of the two may read as the pairing stands now. A mentee who asked a mentor reads no more of
    them than the program's directory shows. Fetch the pairing with its program."""
    if not rules.may_read_partner(user, pairing):
        return in_directory(found, pairing.program.directory_shows)
    return list(found) if pairing.status in Pairing.UNDER_WAY else _without_answers(found)


def in_directory(found: Sequence[Reason], parts: Collection[str]) -> list[Reason]:
    """Those that tell a mentee nothing of a mentor but what a directory with these parts shows."""
    return [
        reason
        for reason in _without_answers(found)
        if reason.kind in TELLS and (TELLS[reason.kind] is None or TELLS[reason.kind] in parts)
    ]


def _without_answers(found: Sequence[Reason]) -> list[Reason]:
    return [reason for reason in found if reason.kind not in FROM_ANSWERS]


def words(questions: Mapping[str, str]) -> Words:
    """In the language that is spoken now; `questions` are their texts by code."""
    return Words(translator=translation, languages=name_of, questions=questions)


def sentences(
    found: Sequence[Reason], reader: Reader, mentee: str, mentor: str, questions: Mapping[str, str]
) -> list[tuple[bool, str]]:
    """The reasons in sentences, each with whether it speaks for the pair. `mentee` and `mentor` are what the two are
    called."""
    said = words(questions)
    return [each for reason in found for each in said.of_reason(reason, reader, mentee, mentor)]


def kept_unmatched(why: Unmatched) -> dict[str, Any]:
    """What a `WithoutMatch` keeps in `why`."""
    found: dict[str, Any] = _jsonable(asdict(why))
    return found


def read_unmatched(row: Mapping[str, Any]) -> Unmatched:
    change = row["change"]
    return Unmatched(
        key=row["key"],
        cause=Cause(row["cause"]),
        musts=tuple(Left(Must(**left["must"]), left["remained"]) for left in row["musts"]),
        emptied_by=Must(**row["emptied_by"]) if row["emptied_by"] else None,
        could_be_with=tuple(row["could_be_with"]),
        change=Change(
            mentor=change["mentor"],
            fit=change["fit"],
            waives=tuple(Must(**must) for must in change["waives"]),
            adds_place=change["adds_place"],
        )
        if change
        else None,
    )


def unmatched_in_words(
    why: Unmatched, name: str, called: Callable[[int], str], questions: Mapping[str, str]
) -> str:
    """Why somebody has no match, and what would help. `called` names the others by key."""
    return words(questions).of_unmatched(why, name, called)


def unmatched_in_two(
    why: Unmatched, name: str, called: Callable[[int], str], questions: Mapping[str, str]
) -> tuple[str, str]:
    """The same in two: why, and what would help (empty where nothing is known to)."""
    said = words(questions)
    return said.of_cause(why, name, called), said.of_change(why, name, called)


def _jsonable(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _jsonable(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_jsonable(each) for each in value]
    return int(value) if type(value).__module__ == "numpy" else value
