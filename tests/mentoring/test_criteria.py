"""What a program asks of a pair: who sets it, what cannot be set, and what the next program takes over."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Counts, Refused
from mentoring.criteria import asked_by, criteria_of
from mentoring.matching.criteria import Likeness, Weight
from mentoring.models import EnrollmentQuestion, MatchingCriteria, MatchingQuestion, Program
from tests.conftest import NOW
from tests.mentoring.runs.conftest import counts, criteria, question

pytestmark = pytest.mark.django_db

SAID_NEXT = {"name": "Harbor, next", "starts_on": date(2027, 1, 5)}


def test_what_holds_until_somebody_sets_it_is_what_the_program_goes_by(program: Program) -> None:
    found = criteria_of(program)
    assert (found.skills, found.hours, found.languages) == (Weight.HIGH, Weight.MEDIUM, Weight.LOW)
    assert (found.outside_reporting_line, found.not_again, found.language_in_common) == (True, True, False)
    assert not MatchingCriteria.objects.exists()


def test_what_is_set_is_what_the_program_goes_by(program: Program, admin: User) -> None:
    likes, step = question(program, "likes", kind="choices"), question(program, "step")
    values = {
        "language_in_common": True,
        "half_hours_shared": 3,
        "zone_gap": 90,
        "not_again": False,
        "skills": "low",
        "interests": "high",
        "interests_from": likes,
        "seniority": "medium",
        "seniority_from": step,
        "seniority_gap": -1,
        "department_wanted": "same",
    }
    how = {likes.pk: Counts(must="same"), step.pk: Counts(weight="high", wanted="different")}
    for _twice in range(2):
        actions.set_criteria(program, values, how, by=admin)
    found = criteria_of(program)
    assert (found.language_in_common, found.half_hours_shared, found.zone_gap) == (True, 3, 90)
    assert (found.not_again, found.skills, found.seniority_gap) == (False, Weight.LOW, -1)
    assert found.department_wanted is Likeness.SAME
    assert {each.code: (each.must, each.weight, each.wanted) for each in found.questions} == {
        "likes": (Likeness.SAME, Weight.OFF, Likeness.SAME),
        "step": (None, Weight.HIGH, Likeness.DIFFERENT),
    }
    asked = asked_by(program)
    assert (asked.interests_from, asked.seniority_from) == (likes.pk, step.pk)
    assert asked.steps == {"junior": 0, "middle": 1, "senior": 2}
    actions.set_criteria(program, {"skills": "off"}, {}, by=admin)
    assert criteria_of(program).language_in_common


def test_only_those_who_run_the_program_set_it(
    program: Program, mentor: User, other_admin: User, superuser: User
) -> None:
    for nobody in (mentor, other_admin):
        with pytest.raises(Refused, match="Only those who run"):
            actions.set_criteria(program, {"skills": "off"}, {}, by=nobody)
    assert not MatchingCriteria.objects.exists()
    actions.set_criteria(program, {"skills": "off"}, {}, by=superuser)
    assert criteria_of(program).skills is Weight.OFF


@pytest.mark.parametrize(
    "value",
    [
        {"half_hours_shared": 337},
        {"zone_gap": 1441},
        {"half_hours_wanted": 0},
        {"skills": "huge"},
        {"seniority_gap": 10},
    ],
)
def test_a_value_that_is_out_of_range_is_refused_and_nothing_is_kept(
    program: Program, admin: User, value: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        actions.set_criteria(program, {"languages": "high", **value}, {}, by=admin)
    assert not MatchingCriteria.objects.exists()


@pytest.mark.parametrize("name", ["interests_from", "seniority_from"])
@pytest.mark.parametrize("odd", ["private", "retired", "elsewhere", "words"])
def test_what_cannot_tell_interests_or_seniority_is_refused(
    program: Program, other_program: Program, admin: User, name: str, odd: str
) -> None:
    asked = question(other_program if odd == "elsewhere" else program, "likes")
    changes: dict[str, dict[str, Any]] = {
        "private": {"audience": "admins"},
        "retired": {"is_active": False},
        "words": {"kind": "short", "options": []},
    }
    EnrollmentQuestion.objects.update(**changes.get(odd, {"position": 1}))
    asked.refresh_from_db()
    with pytest.raises(Refused, match="cannot tell"):
        actions.set_criteria(program, {name: asked}, {}, by=admin)


def test_several_answers_at_once_are_no_step_of_seniority(program: Program, admin: User) -> None:
    asked = question(program, "likes", kind="choices")
    with pytest.raises(Refused, match="cannot tell"):
        actions.set_criteria(program, {"seniority_from": asked}, {}, by=admin)
    actions.set_criteria(program, {"interests_from": asked}, {}, by=admin)


@pytest.mark.parametrize("odd", ["retired", "elsewhere", "words", "nonsense"])
def test_a_question_that_cannot_count_is_refused(
    program: Program, other_program: Program, admin: User, odd: str
) -> None:
    asked = question(other_program if odd == "elsewhere" else program, "likes")
    if odd == "retired":
        EnrollmentQuestion.objects.update(is_active=False)
    if odd == "words":
        EnrollmentQuestion.objects.update(kind="long", options=[])
    how = Counts(must="nonsense") if odd == "nonsense" else Counts(weight="high")
    with pytest.raises(Refused):
        actions.set_criteria(program, {}, {asked.pk: how}, by=admin)
    assert not MatchingQuestion.objects.exists()


def test_the_next_program_takes_over_what_makes_a_good_pair_by_its_own_questions(
    program: Program, admin: User
) -> None:
    step, likes = question(program, "step"), question(program, "likes", kind="choices")
    retired = question(program, "retired")
    for each in (step, likes, retired):
        counts(each, must="different", weight="low", wanted="different")
    criteria(program, skills="low", half_hours_shared=3, seniority_from=step, interests_from=retired)
    EnrollmentQuestion.objects.filter(pk=retired.pk).update(is_active=False)
    following = actions.duplicate_program(program, SAID_NEXT, by=admin, now=NOW, same_admins=False)
    row = MatchingCriteria.objects.get(program=following)
    assert (row.skills, row.half_hours_shared, row.interests_from) == ("low", 3, None)
    assert row.seniority_from is not None
    assert (row.seniority_from.program, row.seniority_from.code) == (following, "step")
    counting = MatchingQuestion.objects.filter(question__program=following)
    assert {(each.question.code, each.must, each.weight, each.wanted) for each in counting} == {
        ("step", "different", "low", "different"),
        ("likes", "different", "low", "different"),
    }
    earlier = MatchingCriteria.objects.get(program=program)
    assert earlier.seniority_from == step


def test_a_program_after_one_in_which_nobody_set_it_has_what_holds_for_all(
    program: Program, admin: User
) -> None:
    following = actions.duplicate_program(program, SAID_NEXT, by=admin, now=NOW, same_admins=False)
    assert not MatchingCriteria.objects.filter(program=following).exists()
