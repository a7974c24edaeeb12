"""Nudges when people move, have two programs, or two clocks plan at once; and what a dry run says."""

import threading
from datetime import UTC, date, datetime, time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.models import Round
from reflections.nudges import Planned, plan_nudges
from reflections.rounds import open_due_rounds
from tests.conftest import enroll, make_person, pair
from tests.reflections.nudging import (
    ASK,
    DAY,
    LAST_CALL,
    LISBON,
    REMINDER,
    SOON,
    TOKYO,
    W0,
    WARSAW,
    WEEK,
    answer,
    live,
    owed,
    send_due,
    sent,
)

pytestmark = pytest.mark.django_db


# --- Changes on the way --------------------------------------------------------------------------------------------


def test_another_zone_moves_what_waits(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(SOON)
    User.objects.filter(pk=mentor.pk).update(time_zone="Asia/Tokyo")
    assert plan_nudges(SOON).moved == 1
    there = datetime(2026, 6, 23, 7, 30, tzinfo=TOKYO)
    message = Message.objects.get(person=mentor)
    assert (message.due_at, message.next_attempt_at, message.expires_at) == (there, there, there + WEEK)


def test_another_coffee_time_moves_what_waits_and_nothing_that_was_tried(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    plan_nudges(SOON)
    Message.objects.filter(person=mentee).update(attempts=1)
    User.objects.update(coffee_weekday=3, coffee_time=time(9, 0))
    assert plan_nudges(SOON).moved == 1
    assert owed(mentor) == [("Noor", ASK, datetime(2026, 6, 25, 9, 0, tzinfo=LISBON))]
    assert owed(mentee) == [("Tomasz", ASK, datetime(2026, 6, 23, 7, 30, tzinfo=WARSAW))]


def test_a_move_after_the_ask_was_sent_sends_nothing_again_and_keeps_the_week(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    """Moved from Tuesday to Monday: six days later is still a week; to Friday before it would be three days."""
    User.objects.filter(pk=mentor.pk).update(coffee_weekday=4)
    live(W0 - DAY, 5)
    assert sent(mentor) == [(ASK, current.pk, date(2026, 6, 26))]
    User.objects.filter(pk=mentor.pk).update(coffee_weekday=0, time_zone="Asia/Tokyo")
    live(W0 + 4 * DAY, 40)
    assert sent(mentor) == [
        (ASK, current.pk, date(2026, 6, 26)),
        (REMINDER, current.pk, date(2026, 7, 6)),
        (LAST_CALL, current.pk, date(2026, 7, 13)),
    ]


def test_changing_the_dates_of_a_round_never_sends_anything_again(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 - DAY, 3)
    Round.objects.filter(pk=current.pk).update(
        due_on=current.due_on + 10 * DAY, closes_on=current.closes_on + 10 * DAY
    )
    live(W0 + 2 * DAY, 50)
    kinds = [kind for kind, *_rest in sent(mentor)]
    assert len(kinds) == len(set(kinds)) == 3


def test_what_is_tried_again_sleeps_at_night(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(SOON)
    late = datetime(2026, 6, 23, 23, 10, tzinfo=LISBON)
    Message.objects.filter(person=mentor).update(attempts=4, next_attempt_at=late)
    plan_nudges(datetime(2026, 6, 23, 20, 30, tzinfo=LISBON))
    assert Message.objects.get(person=mentor).next_attempt_at == datetime(2026, 6, 24, 7, 0, tzinfo=LISBON)


# --- Two programs --------------------------------------------------------------------------------------------------


@pytest.fixture
def in_two(program: Program, other_program: Program, pairing: Pairing, mentor: User, member: User) -> User:
    """The mentor, who is paired in a second program whose quarter ends on the same day."""
    for person in (mentor, member):
        enroll(other_program, person, "both")
    pair(other_program, mentor, member)
    return mentor


def test_a_person_in_two_programs_is_asked_by_both_and_never_twice_in_a_week(
    in_two: User, program: Program, other_program: Program
) -> None:
    live(datetime(2026, 6, 10, 6, 40, tzinfo=UTC), 60)
    mine = [(kind, Round.objects.get(pk=round).program, day) for kind, round, day in sent(in_two)]
    assert mine == [
        (ASK, program, date(2026, 6, 23)),
        (ASK, other_program, date(2026, 6, 30)),
        (REMINDER, other_program, date(2026, 7, 7)),
        (LAST_CALL, program, date(2026, 7, 14)),
    ]


def test_a_reminder_that_is_owed_gives_its_week_to_another_programs_ask(
    in_two: User, current: Round, other_program: Program
) -> None:
    Program.objects.filter(pk=other_program.pk).update(status="paused")
    live(datetime(2026, 6, 10, 6, 40, tzinfo=UTC), 18)
    reminder = Message.objects.get(person=in_two, kind=REMINDER, subject_id=current.pk)
    assert reminder.state == "queued"
    Program.objects.filter(pk=other_program.pk).update(status="active")
    live(datetime(2026, 6, 28, 6, 40, tzinfo=UTC), 4)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.last_error) == ("cancelled", "another had the week")
    assert sent(in_two)[-1][2] == date(2026, 6, 30)


def test_the_fence_lets_no_second_nudge_out_in_a_week(
    in_two: User, current: Round, other_program: Program
) -> None:
    """Whatever was planned: here two asks stand on the same day, as if two planners had not seen each other."""
    for round in Round.objects.filter(quarter_start=date(2026, 4, 1)):
        Message.objects.create(
            person=in_two,
            kind=ASK,
            subject_id=round.pk,
            due_at=W0,
            next_attempt_at=W0,
            expires_at=datetime(2036, 1, 1, tzinfo=UTC),
            message_id=f"{round.pk}@example.org",
        )
    send_due(W0)
    assert sorted(Message.objects.values_list("state", "last_error")) == [
        ("cancelled", "another that week"),
        ("sent", ""),
    ]


# --- How much it asks of the database, and two at once -------------------------------------------------------------


def crowd(program: Program, count: int) -> None:
    for n in range(count):
        two = [make_person(f"{role}{count}-{n}@crowd.example", f"Person {n}") for role in ("a", "b")]
        for person in two:
            enroll(program, person, "both", capacity=3)
        pair(program, *two)


@pytest.mark.parametrize("pairs", [3, 60])
def test_planning_asks_the_database_as_often_for_sixty_pairs_as_for_three(
    current: Round,
    other_program: Program,
    pairs: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    settings: Settings,
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    crowd(current.program, pairs)
    crowd(other_program, 2)
    open_due_rounds(SOON)
    with django_assert_num_queries(16):
        assert plan_nudges(SOON).owed == 2 * (pairs + 2)
    with django_assert_num_queries(15):
        assert plan_nudges(SOON) == Planned()


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_owe_each_nudge_once(current: Round, pairing: Pairing) -> None:
    both = threading.Barrier(2, timeout=10)
    planned: list[Planned] = []

    def run() -> None:
        try:
            both.wait()
            planned.append(plan_nudges(SOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.owed for one in planned) == 2
    assert Message.objects.count() == 2


# --- The dry run ---------------------------------------------------------------------------------------------------


def dry_run(*args: str) -> str:
    out = StringIO()
    call_command("nudges", "--dry-run", *args, stdout=out)
    return out.getvalue()


def test_a_dry_run_says_who_gets_what_when_in_their_zone_and_why_not(
    current: Round, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    answer(mentee, current, "declined")
    said = dry_run("--on", "2026-06-20")
    assert "Harbor Mentors · FY27 Q1, ends on 2026-06-30" in said
    assert "noor@harbor.example\n    ask: Tue 2026-06-23 07:30 Europe/Lisbon\n" in said
    assert "last call: Tue 2026-07-14 07:30 Europe/Lisbon" in said
    assert "tomasz@harbor.example\n    ask: not sent: they have answered" in said
    assert "ines@harbor.example\n    ask: not sent: they are in no pairing that is under way" in said
    assert not Message.objects.exists()


def test_a_dry_run_shows_a_round_that_is_still_to_open(program: Program, pairing: Pairing) -> None:
    said = dry_run("--on", "2026-06-20")
    assert "FY27 Q1, ends on 2026-06-30 (not open yet)" in said
    assert "ask: Tue 2026-06-23 07:30 Europe/Lisbon" in said
    assert not Round.objects.exists()


def test_a_dry_run_between_two_rounds_says_so(current: Round, pairing: Pairing) -> None:
    assert dry_run("--on", "2026-05-05") == "No round is open then.\n"


def test_only_a_dry_run_takes_another_day(db: None) -> None:
    with pytest.raises(CommandError, match="dry-run"):
        call_command("nudges", "--on", "2026-06-20")
