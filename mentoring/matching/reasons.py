"""What speaks for a pair and what does not, as facts. Made for what is shown, one pair at a time; words.py says them.

No fact holds an answer that either of the two was not promised to share, nor that such an answer counted.
"""

from dataclasses import dataclass
from enum import Enum

from . import hours
from .criteria import Criteria, Likeness, Question
from .fit import alike, departments
from .people import Mentee, Mentor, Pair
from .program import Matching


class Kind(Enum):
    SKILLS = "skills"  # names: what is sought and offered; missing: what is sought and not offered.
    LANGUAGES = "languages"  # names: in common.
    HOURS = "hours"  # number: half hours shared in a week.
    INTERESTS = "interests"  # names: in common.
    SENIORITY = "seniority"  # number: steps that the mentor is ahead.
    DEPARTMENT = "department"  # likeness
    ANSWER = "answer"  # code of the question, likeness; names: the answers in common.
    LOCKED = "locked"  # Those who run the program want this pair.


@dataclass(frozen=True, slots=True)
class Reason:
    kind: Kind
    speaks_for: bool
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    number: int = 0
    likeness: Likeness | None = None
    code: str = ""


def reasons(matching: Matching, pair: Pair) -> list[Reason]:
    """For this pair by the criteria of its program: what speaks for it first, then what does not; in either part by
    weight. What the program does not ask for is not there, nor what one of the two has not said."""
    mentee = matching.mentees[matching.mentee_at[pair.mentee]]
    mentor = matching.mentors[matching.mentor_at[pair.mentor]]
    criteria = matching.criteria
    found = [
        (criteria.skills, _skills(mentee, mentor)),
        (criteria.hours, _hours(mentee, mentor, criteria)),
        (criteria.languages, _languages(mentee, mentor)),
        (criteria.interests, _interests(mentee, mentor)),
        (criteria.seniority, _seniority(mentee, mentor, criteria)),
        (criteria.department, _department(mentee, mentor, criteria)),
        *((each.weight, _answer(mentee, mentor, each)) for each in criteria.questions),
    ]
    said = [(weight, reason) for weight, reason in found if weight and reason]
    said.sort(key=lambda each: (not each[1].speaks_for, -each[0]))
    locked = [Reason(Kind.LOCKED, speaks_for=True)] if pair in matching.locked else []
    return [reason for _, reason in said] + locked


def _skills(mentee: Mentee, mentor: Mentor) -> Reason | None:
    if not mentee.seeks:
        return None
    both = mentee.seeks & mentor.offers
    return Reason(
        Kind.SKILLS,
        speaks_for=bool(both),
        names=tuple(sorted(both)),
        missing=tuple(sorted(mentee.seeks - mentor.offers)),
    )


def _hours(mentee: Mentee, mentor: Mentor, criteria: Criteria) -> Reason | None:
    if not mentee.hours or not mentor.hours:
        return None
    shared = hours.shared(mentee.hours, mentor.hours)
    return Reason(Kind.HOURS, speaks_for=2 * shared >= criteria.half_hours_wanted, number=shared)


def _languages(mentee: Mentee, mentor: Mentor) -> Reason | None:
    if not mentee.languages or not mentor.languages:
        return None
    both = mentee.languages & mentor.languages
    return Reason(Kind.LANGUAGES, speaks_for=bool(both), names=tuple(sorted(both)))


def _interests(mentee: Mentee, mentor: Mentor) -> Reason | None:
    both = mentee.interests & mentor.interests
    return Reason(Kind.INTERESTS, speaks_for=True, names=tuple(sorted(both))) if both else None


def _seniority(mentee: Mentee, mentor: Mentor, criteria: Criteria) -> Reason | None:
    if mentee.seniority is None or mentor.seniority is None:
        return None
    ahead = mentor.seniority - mentee.seniority
    return Reason(Kind.SENIORITY, speaks_for=abs(ahead - criteria.seniority_gap) <= 1, number=ahead)


def _department(mentee: Mentee, mentor: Mentor, criteria: Criteria) -> Reason | None:
    found = departments(mentee, mentor)
    return (
        Reason(Kind.DEPARTMENT, speaks_for=found is criteria.department_wanted, likeness=found)
        if found
        else None
    )


def _answer(mentee: Mentee, mentor: Mentor, question: Question) -> Reason | None:
    one, other = mentee.answers.get(question.code), mentor.answers.get(question.code)
    if not one or not other or not (one.may_be_named and other.may_be_named):
        return None
    found = alike(one.values, other.values)
    if found is None:
        return None
    return Reason(
        Kind.ANSWER,
        speaks_for=found is question.wanted,
        names=tuple(sorted(one.values & other.values)),
        likeness=found,
        code=question.code,
    )
