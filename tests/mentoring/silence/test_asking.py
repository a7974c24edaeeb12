"""Who is asked whether they are in touch, when, how often, and how it ends by the clock."""

from datetime import date, datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import Enrollment, Holiday, Meeting, Note, Pairing, Program, Silence
from tests.conftest import NOW, enroll, make_person

from .conftest import DAY, asked, begun, live, tick


def day(number: int) -> date:
    """So many days after the first day of the pairing that `quiet` is."""
    return NOW.date() + (number - 21) * DAY


def at(number: int) -> datetime:
    return NOW + (number - 21) * DAY


def lived(*numbers: int) -> None:
    live(*(number - 21 for number in numbers))


def test_both_are_asked_after_three_weeks_and_no_sooner(quiet: Pairing, mentor: User, mentee: User) -> None:
    assert tick(NOW - DAY) == 0
    assert tick() == 2
    assert tick() == 0
    rows = Silence.objects.values_list("person", "number", "since", "asked_at")
    assert set(rows) == {(person.pk, 1, day(0), NOW) for person in (mentor, mentee)}
    letters = Message.objects.filter(kind="silence").values_list("person", "subject_id")
    assert set(letters) == {(row.person_id, row.pk) for row in Silence.objects.all()}


def test_three_months_of_silence_from_the_first_question_to_a_kind_end(
    quiet: Pairing, mentor: User, mentee: User
) -> None:
    for number in range(20, 110):
        tick(at(number))
        quiet.refresh_from_db()
        if quiet.status != "active":
            break
    for person in (mentor, mentee):
        assert asked(quiet, person) == [(1, day(21)), (2, day(45)), (3, day(90))]
    assert (quiet.status, quiet.ended_on, number) == ("ended", day(97), 97)
    assert Message.objects.filter(kind="silence").count() == 6


def test_a_sign_ends_a_silence_and_the_next_one_begins_anew(quiet: Pairing, mentor: User) -> None:
    tick()
    Note.objects.create(
        pairing=quiet, author=mentor, is_shared=True, text="x", created_at=at(30), changed_at=at(30)
    )
    lived(31, 44, 45, 50, 51, 52, 64, 70)
    assert asked(quiet, mentor) == [(1, day(21)), (1, day(51))]
    assert set(Silence.objects.filter(asked_at__gt=at(22)).values_list("since", flat=True)) == {day(30)}


@pytest.mark.parametrize("number", [91, 96])
def test_a_sign_in_the_last_days_keeps_the_pair(quiet: Pairing, mentee: User, number: int) -> None:
    lived(21, 45, 90)
    assert asked(quiet, mentee)[-1] == (3, day(90))
    Meeting.objects.create(pairing=quiet, starts_at=at(120), created_at=at(number))
    lived(97, 98, 110)
    quiet.refresh_from_db()
    assert quiet.status == "active"


def test_after_an_update_a_long_silence_is_asked_about_step_by_step(
    program: Program, mentor: User, mentee: User
) -> None:
    old = begun(program, mentor, mentee, 160)
    live(0, 1, 13, 14, 15, 27, 28, 29, 34, 35, 36)
    old.refresh_from_db()
    assert [number for number, _on in asked(old, mentor)] == [1, 2, 3]
    times = [on for _number, on in asked(old, mentor)]
    assert [(later - sooner).days for sooner, later in pairwise(times)] == [14, 14]
    assert old.ended_on == NOW.date() + 35 * DAY


@pytest.mark.parametrize("status", [status for status in Pairing.Status if status != "active"])
def test_only_a_pair_that_is_under_way_is_asked(quiet: Pairing, status: str) -> None:
    over = NOW.date() if status in Pairing.OVER else None
    Pairing.objects.update(status=status, ended_on=over)
    assert tick() == 0


@pytest.mark.parametrize("status", [status for status in Program.Status if status != "active"])
def test_a_program_that_rests_asks_and_closes_nobody_and_then_counts_anew(
    quiet: Pairing, mentor: User, status: str
) -> None:
    lived(21, 45, 90)
    assert [number for number, _on in asked(quiet, mentor)] == [1, 2, 3]
    Program.objects.update(status=status)
    lived(92, 97, 98, 111)
    quiet.refresh_from_db()
    assert quiet.status == "active"
    Program.objects.update(status="active")
    if status == "archived":
        return  # By way of closed, where it is seen (the verbs are in rules.MOVES).
    lived(112, 125, 131, 132, 133)
    assert asked(quiet, mentor)[3:] == [(1, day(111 + 21))]


def test_a_pause_counts_the_days_anew_whoever_ends_it(quiet: Pairing, mentor: User, admin: User) -> None:
    tick()
    actions.pause_pairing(quiet, by=admin, now=NOW)
    lived(22, 45, 60, 90, 101)
    assert asked(quiet, mentor) == [(1, day(21))]
    actions.resume_pairing(quiet, by=admin)
    lived(102, 115, 121, 122, 123)
    assert asked(quiet, mentor)[1:] == [(1, day(101 + 21))]


def test_a_break_of_one_of_the_two_counts_like_a_pause(quiet: Pairing, mentor: User, mentee: User) -> None:
    Enrollment.objects.filter(person=mentee).update(status="paused")
    live(*range(10))
    Enrollment.objects.filter(person=mentee).update(status="active")
    live(10, 21, 29, 30, 31)
    assert asked(quiet, mentor) == [(1, NOW.date() + 30 * DAY)]


def test_holidays_are_no_silent_days_and_nobody_is_asked_on_them(
    quiet: Pairing, program: Program, mentor: User
) -> None:
    Holiday.objects.create(program=program, starts_on=day(11), ends_on=day(20))
    Holiday.objects.create(program=program, starts_on=day(18), ends_on=day(22))
    lived(*range(21, 36))
    assert asked(quiet, mentor) == [(1, day(33))]


def test_nobody_is_asked_at_night(quiet: Pairing, mentor: User, mentee: User) -> None:
    """Harbor Mentors is in Lisbon; somebody who lives elsewhere reads it in their own morning."""
    User.objects.filter(pk=mentee.pk).update(time_zone="Asia/Tokyo")
    assert tick(NOW.replace(hour=4)) == 0
    assert tick(NOW.replace(hour=20)) == 0
    assert tick(NOW.replace(hour=12)) == 2
    due = dict(Message.objects.filter(kind="silence").values_list("person", "due_at"))
    assert due[mentor.pk] == NOW
    assert due[mentee.pk] == NOW.replace(day=24, hour=0)


def test_whoever_is_about_to_leave_is_not_asked(quiet: Pairing, mentor: User, mentee: User) -> None:
    User.objects.filter(pk=mentor.pk).update(erasure_due_at=NOW + DAY)
    assert tick() == 1
    assert Silence.objects.get().person == mentee


def test_those_who_said_that_they_are_in_touch_are_asked_two_months_later(
    quiet: Pairing, mentor: User, mentee: User
) -> None:
    tick()
    actions.answer_silence(Silence.objects.get(person=mentor), by=mentor, answer="in_touch", now=NOW)
    live(1, 14, 21, 22, 45, 59, 60, 61)
    for person in (mentor, mentee):
        assert asked(quiet, person)[1:] == [(1, NOW.date() + 60 * DAY)]


def test_two_clocks_at_once_ask_once(quiet: Pairing) -> None:
    assert [actions.ask_silent_pairs(NOW) for _clock in range(2)] == [2, 0]
    assert Message.objects.filter(kind="silence").count() == 2


def test_looking_takes_as_many_questions_to_the_database_for_many_silent_pairs_as_for_one(
    quiet: Pairing, program: Program, mentor: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=9)
    tick()
    before_the_next_time = NOW + 20 * DAY
    with CaptureQueriesContext(connection) as for_one:
        assert actions.ask_silent_pairs(before_the_next_time) == 0
    for number in range(6):
        person = make_person(f"p{number}@harbor.example", "Pia")
        enroll(program, person, "mentee")
        begun(program, mentor, person, 21)
    tick()
    with CaptureQueriesContext(connection) as for_seven:
        assert actions.ask_silent_pairs(before_the_next_time) == 0
    assert len(for_seven) == len(for_one) > 10


def test_nobody_is_asked_on_the_last_day(quiet: Pairing) -> None:
    Pairing.objects.update(runs_until=NOW.date())
    assert tick() == 0
    Pairing.objects.update(runs_until=NOW.date() + DAY)
    assert tick() == 2
