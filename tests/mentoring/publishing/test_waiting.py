"""A proposal waits for an answer: a reminder after a week, an end after two; not while its program rests."""

from datetime import timedelta

import pytest

from accounts.mail import claims, letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.emails import NOT_RUNNING, PROPOSED_REMINDER, UNANSWERED
from mentoring.models import Holiday, Pairing, Program
from tests.conftest import NOW, TODAY
from tests.mentoring.test_emails import body
from tests.reflections.nudging import at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
def asked(program: Program, mentor: User, mentee: User, admin: User) -> Pairing:
    return ask(program, mentor, mentee, admin)


def ask(program: Program, mentor: User, mentee: User, by: User, approval: str = "both") -> Pairing:
    return actions.create_pairing(program, mentor, mentee, by=by, starts_on=TODAY, approval=approval, now=NOW)


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("person__name", flat=True))


def status(pairing: Pairing) -> str:
    pairing.refresh_from_db()
    return pairing.status


def test_whoever_has_not_answered_is_reminded_once_after_a_week(asked: Pairing, mentor: User) -> None:
    actions.accept_pairing(asked, by=mentor, now=NOW)
    assert actions.remind_the_undecided(NOW + WEEK - timedelta(minutes=1)) == 0
    assert actions.remind_the_undecided(NOW + WEEK) == 1
    assert actions.remind_the_undecided(NOW + WEEK) == 0
    assert actions.remind_the_undecided(NOW + 10 * DAY) == 0
    assert told(PROPOSED_REMINDER) == ["Tomasz Zielinski"]


def test_whoever_is_not_asked_is_not_reminded(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    ask(program, mentor, mentee, admin, "mentor")
    assert actions.remind_the_undecided(NOW + WEEK) == 1
    assert told(PROPOSED_REMINDER) == ["Noor Haddad"]


def test_the_reminder_is_the_same_question_begun_otherwise(asked: Pairing, mentee: User) -> None:
    actions.remind_the_undecided(NOW + WEEK)
    subject, text, html = body(Message.objects.get(person=mentee, kind=PROPOSED_REMINDER))
    assert subject == "Tomasz, would you still like to be paired with Noor?"
    for words in (text, html):
        assert "You were asked before; your answer is still open." in words
        assert "/pairings/answer/" in words
        assert "July 7, 2026" in words


def test_after_two_weeks_it_is_closed_and_whoever_said_yes_is_told(
    asked: Pairing, mentor: User, mentee: User
) -> None:
    actions.accept_pairing(asked, by=mentor, now=NOW)
    assert actions.expire_questions(NOW + 2 * WEEK - timedelta(seconds=1)) == 0
    assert actions.expire_questions(NOW + 2 * WEEK) == 1
    assert status(asked) == "expired"
    assert told(UNANSWERED) == ["Noor Haddad"]
    assert actions.expire_questions(NOW + 2 * WEEK) == 0
    message = Message.objects.get(kind=UNANSWERED)
    subject, text, html = body(message)
    assert subject == "Noor, the question about you and Tomasz is closed"
    for words in (text, html):
        assert "was closed before both of you had answered" in words
        assert "that says nothing about you" in words
        assert "Zielinski" not in words
    assert letters.compose(message).extra_headers["List-Unsubscribe"]


@pytest.mark.parametrize("approval", ["both", "mentor", "mentee"])
def test_whom_nobody_asked_and_who_said_nothing_hear_nothing_of_its_end(
    program: Program, mentor: User, mentee: User, admin: User, approval: str
) -> None:
    asked = ask(program, mentor, mentee, admin, approval)
    actions.expire_questions(NOW + 2 * WEEK)
    assert status(asked) == "expired"
    assert told(UNANSWERED) == []


def test_the_room_is_free_again_after_the_end(
    asked: Pairing, program: Program, mentor: User, mentee: User, admin: User
) -> None:
    actions.expire_questions(NOW + 2 * WEEK)
    again = ask(program, mentor, mentee, admin)
    assert status(again) == "proposed"


def test_a_question_without_an_end_waits_as_long_as_it_takes(asked: Pairing) -> None:
    Pairing.objects.update(answer_by=None)
    assert actions.remind_the_undecided(NOW + WEEK) == actions.expire_questions(NOW + 99 * DAY) == 0
    assert status(asked) == "proposed"


@pytest.mark.parametrize("rests", ["paused", "draft"])
def test_while_its_program_rests_nothing_is_brought_to_mind_and_nothing_ends(
    asked: Pairing, program: Program, rests: str
) -> None:
    Program.objects.filter(pk=program.pk).update(status=rests)
    assert actions.remind_the_undecided(NOW + WEEK) == actions.expire_questions(NOW + 2 * WEEK) == 0
    assert status(asked) == "proposed"


def test_after_a_pause_they_have_their_days_again(asked: Pairing, program: Program, admin: User) -> None:
    actions.pause_program(program, by=admin)
    later = NOW + 20 * DAY
    actions.resume_program(program, by=admin, now=later)
    assert actions.expire_questions(later) == actions.remind_the_undecided(later) == 0
    asked.refresh_from_db()
    assert asked.answer_by == later + 2 * WEEK
    assert actions.remind_the_undecided(later + WEEK) == 2
    assert actions.expire_questions(later + 2 * WEEK) == 1


def test_a_holiday_is_left_in_peace(asked: Pairing, program: Program) -> None:
    days = [(NOW + WEEK).date(), (NOW + 2 * WEEK).date()]
    for day in days:
        Holiday.objects.create(program=program, name="Feast", starts_on=day, ends_on=day)
    assert actions.remind_the_undecided(NOW + WEEK) == 0
    assert actions.remind_the_undecided(NOW + WEEK + DAY) == 2
    assert actions.expire_questions(NOW + 2 * WEEK) == 0
    assert actions.expire_questions(NOW + 2 * WEEK + DAY) == 1


def test_other_pairings_have_no_end_of_this_kind(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    made = ask(program, mentor, mentee, admin, "admins")
    assert made.answer_by is None
    Pairing.objects.update(answer_by=NOW)
    assert actions.expire_questions(NOW) == 0
    assert status(made) == "active"


@pytest.mark.parametrize("over", ["closed", "archived"])
def test_in_a_program_that_is_over_no_place_is_held_for_ever_and_nobody_is_written_to(
    asked: Pairing, program: Program, mentor: User, over: str
) -> None:
    actions.accept_pairing(asked, by=mentor, now=NOW)
    Program.objects.filter(pk=program.pk).update(status=over)
    assert actions.remind_the_undecided(NOW + WEEK) == actions.expire_questions(NOW + WEEK) == 0
    assert status(asked) == "proposed"
    assert actions.expire_questions(NOW + 2 * WEEK) == 1
    assert status(asked) == "expired"
    with at(NOW + 2 * WEEK):
        why_not = claims.why_not(Message.objects.get(kind=UNANSWERED))
    assert why_not is not None
    assert why_not.reason == NOT_RUNNING


def test_in_a_program_that_is_over_a_question_without_an_end_has_one(
    asked: Pairing, program: Program
) -> None:
    Pairing.objects.update(answer_by=None)
    Program.objects.filter(pk=program.pk).update(status="closed")
    assert actions.expire_questions(NOW) == 1
    assert status(asked) == "expired"


def test_a_program_that_is_opened_again_in_time_keeps_its_questions(
    asked: Pairing, program: Program, admin: User, mentor: User
) -> None:
    actions.close_program(program, by=admin, now=NOW)
    actions.reopen_program(program, by=admin, now=NOW + WEEK)
    assert actions.expire_questions(NOW + 2 * WEEK) == 0
    actions.accept_pairing(asked, by=mentor, now=NOW + 2 * WEEK)
    assert status(asked) == "proposed"
