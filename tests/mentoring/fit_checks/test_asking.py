"""Who is asked how it is going, when, and how often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import ask_due_fit_checks
from mentoring.models import Enrollment, FitCheck, Holiday, Pairing, Program
from tests.conftest import NOW, enroll, make_person, pair
from tests.mentoring.test_races import at_once

from .conftest import DAY, meet

MINUTE = timedelta(minutes=1)


def answer(check: FitCheck, what: str, now: datetime) -> None:
    actions.answer_fit_check(check, by=check.person, answer=what, now=now)


def test_each_of_the_two_is_asked_two_weeks_after_they_first_met(
    met: Pairing, mentor: User, mentee: User
) -> None:
    meet(met, NOW - 2 * DAY)
    assert ask_due_fit_checks(NOW - MINUTE) == 0
    assert ask_due_fit_checks(NOW) == 2
    assert ask_due_fit_checks(NOW) == 0
    asked = FitCheck.objects.values_list("person", "number", "asked_at")
    assert set(asked) == {(mentor.pk, 1, NOW), (mentee.pk, 1, NOW)}
    letters = Message.objects.filter(kind="fit_check")
    assert set(letters.values_list("person", "subject_id")) == {
        (check.person_id, check.pk) for check in FitCheck.objects.all()
    }


def test_a_meeting_that_was_canceled_was_none(pairing: Pairing) -> None:
    meet(pairing, NOW - 20 * DAY, cancelled_at=NOW - 21 * DAY)
    assert ask_due_fit_checks(NOW) == 0
    meet(pairing, NOW - 10 * DAY)
    assert ask_due_fit_checks(NOW) == 0
    assert ask_due_fit_checks(NOW + 4 * DAY) == 2


def test_whoever_first_met_long_ago_is_not_asked_any_more(pairing: Pairing) -> None:
    meet(pairing, NOW - 120 * DAY)
    meet(pairing, NOW - 20 * DAY)
    assert ask_due_fit_checks(NOW) == 0
    assert ask_due_fit_checks(NOW - MINUTE) == 2


@pytest.mark.parametrize("status", [status for status in Pairing.Status if status != "active"])
def test_only_a_pair_that_is_under_way_is_asked(met: Pairing, status: str) -> None:
    ended_on = NOW.date() if status in Pairing.OVER else None
    Pairing.objects.update(status=status, ended_on=ended_on)
    assert ask_due_fit_checks(NOW) == 0


@pytest.mark.parametrize("status", [status for status in Program.Status if status != "active"])
def test_a_program_that_rests_asks_nobody(met: Pairing, status: str) -> None:
    Program.objects.update(status=status)
    assert ask_due_fit_checks(NOW) == 0
    Program.objects.update(status="active")
    assert ask_due_fit_checks(NOW) == 2


def test_nobody_is_asked_on_a_holiday_of_the_program_nor_while_others_wait_for_that(
    met: Pairing, program: Program, other_program: Program
) -> None:
    Holiday.objects.create(program=program, starts_on=NOW.date(), ends_on=NOW.date() + DAY)
    people = [make_person(f"{name}@hill.example", name.title()) for name in ("mara", "kofi")]
    for person, role in zip(people, ("mentor", "mentee"), strict=True):
        enroll(other_program, person, role)
    meet(pair(other_program, *people), NOW - 15 * DAY)
    assert ask_due_fit_checks(NOW) == 2
    assert {check.person for check in FitCheck.objects.all()} == set(people)
    assert ask_due_fit_checks(NOW + DAY) == 0
    assert ask_due_fit_checks(NOW + 2 * DAY) == 2


def test_whoever_pauses_is_leaving_or_is_disabled_is_not_asked(
    met: Pairing, mentor: User, mentee: User
) -> None:
    Enrollment.objects.filter(person=mentee).update(status="paused")
    User.objects.filter(pk=mentor.pk).update(erasure_due_at=NOW + DAY)
    assert ask_due_fit_checks(NOW) == 0
    User.objects.filter(pk=mentor.pk).update(erasure_due_at=None, is_active=False)
    assert ask_due_fit_checks(NOW) == 0
    Enrollment.objects.filter(person=mentee).update(status="active")
    User.objects.filter(pk=mentor.pk).update(is_active=True)
    assert ask_due_fit_checks(NOW) == 2


def test_somebody_with_two_pairings_is_asked_about_each(
    met: Pairing, program: Program, mentor: User, member: User
) -> None:
    meet(pair(program, mentor, member), NOW - 30 * DAY)
    assert ask_due_fit_checks(NOW) == 4
    assert FitCheck.objects.filter(person=mentor).count() == 2


def test_still_finding_out_is_asked_again_and_three_times_in_all(met: Pairing, mentee: User) -> None:
    ask_due_fit_checks(NOW)
    now = NOW
    for number in (1, 2):
        check = FitCheck.objects.get(person=mentee, number=number)
        answer(check, "finding_out", now)
        assert ask_due_fit_checks(now + 14 * DAY - MINUTE) == 0
        now += 14 * DAY
        assert ask_due_fit_checks(now) == 1
        assert ask_due_fit_checks(now) == 0
    answer(FitCheck.objects.get(person=mentee, number=3), "finding_out", now)
    assert ask_due_fit_checks(now + 60 * DAY) == 0
    assert Message.objects.filter(kind="fit_check", person=mentee).count() == 3


@pytest.mark.parametrize("what", ["good", "not_a_fit"])
def test_another_answer_is_not_asked_again(met: Pairing, mentee: User, what: str) -> None:
    ask_due_fit_checks(NOW)
    check = FitCheck.objects.get(person=mentee)
    answer(check, "finding_out", NOW)
    answer(check, what, NOW + DAY)
    assert ask_due_fit_checks(NOW + 40 * DAY) == 0


def test_whoever_says_nothing_is_not_asked_again(met: Pairing) -> None:
    ask_due_fit_checks(NOW)
    assert ask_due_fit_checks(NOW + 40 * DAY) == 0


def test_nobody_is_asked_again_once_the_pairing_is_over(met: Pairing, mentee: User, admin: User) -> None:
    ask_due_fit_checks(NOW)
    answer(FitCheck.objects.get(person=mentee), "finding_out", NOW)
    actions.complete_pairing(met, by=admin, now=NOW)
    assert ask_due_fit_checks(NOW + 14 * DAY) == 0


def test_looking_for_those_who_are_to_be_asked_takes_as_many_questions_for_many_as_for_few(
    pairing: Pairing, program: Program, mentor: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=20)
    for number in range(9):
        person = make_person(f"m{number}@harbor.example", f"Mia {number}")
        enroll(program, person, "mentee")
        meet(pair(program, mentor, person), NOW - 13 * DAY)
    with django_assert_num_queries(
        5
    ):  # Programs, their holidays, mentors, mentees, those who are asked again.
        assert ask_due_fit_checks(NOW) == 0


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_ask_once(met: Pairing) -> None:
    ends = at_once([lambda: ask_due_fit_checks(NOW)] * 3)
    assert ends == ["done"] * 3
    assert FitCheck.objects.count() == 2
    assert Message.objects.filter(kind="fit_check").count() == 2
