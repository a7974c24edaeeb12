"""The fit of one mentee with one mentor, part by part: what the table of all fits is, said slowly.

The table (scores.py) is computed otherwise; a test holds them to each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from . import hours
from .criteria import Criteria, Likeness
from .people import Mentee, Mentor
from .program import Matching

# How many steps off the wanted gap is worth nothing.
STEPS_OFF = 4


@dataclass(frozen=True, slots=True)
class Must:
    """A must-have, in the order in which they are asked: the code is the question's, where it is one."""

    kind: str  # blocked, never, self, earlier, line, language, hours, zone, department or question
    code: str = ""


def alike(one: frozenset[str], other: frozenset[str]) -> Likeness | None:
    """None where one of them has said nothing."""
    if not one or not other:
        return None
    return Likeness.SAME if one & other else Likeness.DIFFERENT


def _said(name: str) -> frozenset[str]:
    return frozenset({name} if name else ())


def answered(person: Mentee | Mentor, code: str) -> frozenset[str]:
    answer = person.answers.get(code)
    return answer.values if answer else frozenset()


def departments(mentee: Mentee, mentor: Mentor) -> Likeness | None:
    return alike(_said(mentee.department), _said(mentor.department))


def points(mentee: Mentee, mentor: Mentor, criteria: Criteria) -> int:
    """The fit, whatever the must-haves say."""
    total = 0
    if mentee.seeks:
        total += criteria.skills // len(mentee.seeks) * len(mentee.seeks & mentor.offers)
    if mentee.interests:
        total += criteria.interests // len(mentee.interests) * len(mentee.interests & mentor.interests)
    if mentee.languages & mentor.languages:
        total += criteria.languages
    wanted = criteria.half_hours_wanted
    total += criteria.hours * min(hours.shared(mentee.hours, mentor.hours), wanted) // wanted
    if mentee.seniority is not None and mentor.seniority is not None:
        off = abs(mentor.seniority - mentee.seniority - criteria.seniority_gap)
        total += criteria.seniority * (STEPS_OFF - min(off, STEPS_OFF)) // STEPS_OFF
    if departments(mentee, mentor) is criteria.department_wanted:
        total += criteria.department
    for question in criteria.questions:
        if alike(answered(mentee, question.code), answered(mentor, question.code)) is question.wanted:
            total += question.weight
    return total


class Musts:
    """What stands between two people, looked up for one pair after another."""

    def __init__(self, matching: Matching) -> None:
        self.criteria = matching.criteria
        self.shut: dict[tuple[int, int], list[Must]] = {}
        for pair, why in matching.shut():
            self.shut.setdefault((pair.mentee, pair.mentor), []).append(Must(why))

    @cached_property
    def asked(self) -> list[Must]:
        """All that can stand between two people in this program, in their order."""
        criteria = self.criteria
        whether = {
            "blocked": True,
            "never": True,
            "self": True,
            "earlier": criteria.not_again,
            "line": criteria.outside_reporting_line,
            "language": criteria.language_in_common,
            "hours": criteria.half_hours_shared > 0,
            "zone": criteria.zone_gap is not None,
            "department": criteria.other_department,
        }
        musts = [Must(kind) for kind, asked in whether.items() if asked]
        return musts + [Must("question", each.code) for each in criteria.questions if each.must]

    def broken(self, mentee: Mentee, mentor: Mentor) -> Iterator[Must]:
        """Those that this pair breaks, in their order."""
        if shut := self.shut.get((mentee.key, mentor.key)):
            yield from sorted(shut, key=self.asked.index)
        criteria = self.criteria
        if criteria.language_in_common and not mentee.languages & mentor.languages:
            yield Must("language")
        if hours.shared(mentee.hours, mentor.hours) < criteria.half_hours_shared:
            yield Must("hours")
        if criteria.zone_gap is not None and (
            mentee.zone is None
            or mentor.zone is None
            or hours.gap(mentee.zone, mentor.zone) > criteria.zone_gap
        ):
            yield Must("zone")
        if criteria.other_department and departments(mentee, mentor) is Likeness.SAME:
            yield Must("department")
        for question in criteria.questions:
            found = alike(answered(mentee, question.code), answered(mentor, question.code))
            if (question.must is Likeness.SAME and found is not Likeness.SAME) or (
                question.must is Likeness.DIFFERENT and found is Likeness.SAME
            ):
                yield Must("question", question.code)
