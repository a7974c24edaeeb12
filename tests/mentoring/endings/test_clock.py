"""What the clock does about pauses and ends, on each program's own calendar, and not while a program rests."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, endings
from mentoring.models import Farewell, Holiday, Pairing, Program
from reflections.tasks import run
from tests.conftest import NOW, TODAY, make_person, pair

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Status = Pairing.Status
RESTS = ("draft", "paused")


def letters(kind: str) -> list[str]:
    rows = Message.objects.filter(kind=kind).order_by("person__email")
    return list(rows.values_list("person__email", flat=True))


def fresh(pairing: Pairing) -> Pairing:
    return Pairing.objects.get(pk=pairing.pk)


def test_a_pause_ends_by_itself_on_its_day_and_both_hear_of_it_once(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    actions.pause_own_pairing(pairing, by=mentee, until=TODAY + 7 * DAY, now=NOW)
    assert actions.resume_due_pairings(NOW + 6 * DAY) == 0
    assert actions.resume_due_pairings(NOW + 7 * DAY) == 1
    assert actions.resume_due_pairings(NOW + 7 * DAY) == 0
    assert (fresh(pairing).status, fresh(pairing).paused_until) == (Status.ACTIVE, None)
    assert letters("pairing_resumed") == [mentor.email, mentee.email]
    # Whatever the clock noted meanwhile: nobody is asked about the silence of a pause.
    assert fresh(pairing).rested_on == TODAY + 7 * DAY


def test_the_day_is_that_of_the_program(pairing: Pairing, mentee: User) -> None:
    Program.objects.update(time_zone="Pacific/Auckland")
    Pairing.objects.update(status="paused", paused_until=date(2026, 6, 24))
    assert actions.resume_due_pairings(NOW - timedelta(hours=1)) == 0
    # Midnight there.
    assert actions.resume_due_pairings(NOW) == 1


def test_a_pause_without_a_day_goes_on(pairing: Pairing, admin: User) -> None:
    actions.pause_pairing(pairing, by=admin, now=NOW)
    assert actions.resume_due_pairings(NOW + 400 * DAY) == 0


@pytest.mark.parametrize("by", ["pairing", "program"])
def test_both_are_asked_two_weeks_before_the_end_and_then_it_is_completed_on_its_last_day(
    program: Program, pairing: Pairing, mentor: User, mentee: User, by: str
) -> None:
    ends_on = TODAY + 20 * DAY
    if by == "pairing":
        Pairing.objects.update(runs_until=ends_on)
        Program.objects.update(ends_on=ends_on + 100 * DAY)
    else:
        Program.objects.update(ends_on=ends_on)
    assert actions.ask_before_the_end(NOW + 5 * DAY) == 0
    assert actions.ask_before_the_end(NOW + 6 * DAY) == 2
    assert actions.ask_before_the_end(NOW + 6 * DAY) == 0
    assert letters("pairing_ends_soon") == [mentor.email, mentee.email]
    assert actions.complete_due_pairings(NOW + 20 * DAY) == 0
    assert actions.complete_due_pairings(NOW + 21 * DAY) == 1
    assert actions.complete_due_pairings(NOW + 21 * DAY) == 0
    assert (fresh(pairing).status, fresh(pairing).ended_on) == (Status.COMPLETED, ends_on)
    assert letters("pairing_over") == [mentor.email, mentee.email]
    assert Farewell.objects.count() == 2


@pytest.mark.parametrize("later", [TODAY + 100 * DAY, None])
def test_whose_end_is_put_off_is_asked_anew_before_the_later_one(
    pairing: Pairing, mentor: User, mentee: User, later: date | None
) -> None:
    Program.objects.update(ends_on=TODAY + 10 * DAY)
    assert actions.ask_before_the_end(NOW) == 2
    actions.say_farewell(pairing, by=mentee, keep="Her calm", hear="", now=NOW)
    Program.objects.update(ends_on=later)
    assert actions.ask_before_the_end(NOW + DAY) == 0
    # What was said stays.
    assert Farewell.objects.get().person == mentee
    Program.objects.update(ends_on=TODAY + 100 * DAY)
    assert actions.ask_before_the_end(NOW + 90 * DAY) == 1
    assert letters("pairing_ends_soon") == [mentor.email, mentor.email, mentee.email]


def test_what_is_asked_of_a_pairing_that_is_over_stays_asked(program: Program, pairing: Pairing) -> None:
    endings.end(Pairing.objects.all(), "ended", NOW)
    actions.ask_before_the_end(NOW + DAY)
    assert Farewell.objects.count() == 2


def test_the_programs_last_day_comes_before_a_later_one_of_the_pair(
    program: Program, pairing: Pairing
) -> None:
    Pairing.objects.update(runs_until=TODAY + 90 * DAY)
    Program.objects.update(ends_on=TODAY)
    assert actions.complete_due_pairings(NOW + DAY) == 1
    assert fresh(pairing).ended_on == TODAY


def test_a_paused_one_is_asked_and_completed_too(pairing: Pairing) -> None:
    Pairing.objects.update(status="paused", paused_until=TODAY + 5 * DAY, runs_until=TODAY + 5 * DAY)
    assert actions.ask_before_the_end(NOW) == 2
    assert actions.complete_due_pairings(NOW + 6 * DAY) == 1
    assert fresh(pairing).paused_until is None


@pytest.mark.parametrize("status", RESTS)
def test_nothing_ends_and_nobody_is_asked_while_a_program_rests(
    program: Program, pairing: Pairing, status: str
) -> None:
    Pairing.objects.update(runs_until=TODAY + 5 * DAY)
    Program.objects.update(status=status)
    assert actions.ask_before_the_end(NOW) == 0
    assert actions.complete_due_pairings(NOW + 9 * DAY) == 0
    assert fresh(pairing).status == Status.ACTIVE


def test_nobody_is_asked_on_a_holiday_and_they_are_after_it(program: Program, pairing: Pairing) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    Holiday.objects.create(program=program, starts_on=TODAY, ends_on=TODAY + 2 * DAY)
    assert actions.ask_before_the_end(NOW) == 0
    assert actions.ask_before_the_end(NOW + 3 * DAY) == 2


def test_whoever_should_have_heard_of_it_long_ago_gets_no_letter(pairing: Pairing) -> None:
    Pairing.objects.update(runs_until=TODAY - 15 * DAY)
    assert actions.complete_due_pairings(NOW) == 1
    assert fresh(pairing).ended_on == TODAY - 15 * DAY
    assert letters("pairing_over") == []


def test_a_pair_that_is_left_in_a_closed_program_is_completed_without_a_letter(
    program: Program, pairing: Pairing
) -> None:
    Program.objects.update(status="closed")
    assert actions.complete_due_pairings(NOW) == 1
    assert fresh(pairing).status == Status.COMPLETED
    assert letters("pairing_over") == []


def test_two_who_go_on_for_longer_are_asked_again_before_their_new_end(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    Pairing.objects.update(runs_until=TODAY + 10 * DAY)
    assert actions.ask_before_the_end(NOW) == 2
    # One of the two has said goodbye already, and keeps what they said.
    actions.say_farewell(pairing, by=mentee, keep="patience", hear="", now=NOW)
    found = actions.propose_extension(pairing, by=mentor, until=TODAY + 60 * DAY, now=NOW)
    actions.answer_extension(found, by=mentee, is_yes=True, now=NOW)
    assert actions.ask_before_the_end(NOW + DAY) == 0
    assert actions.ask_before_the_end(NOW + 50 * DAY) == 1
    assert Farewell.objects.get(person=mentee).keep == "patience"
    assert actions.complete_due_pairings(NOW + 11 * DAY) == 0


def test_it_costs_the_same_however_many_pairs_are_far_from_their_end(
    program: Program, mentor: User, django_assert_num_queries: object
) -> None:
    program.enrollments.filter(person=mentor).update(capacity=30)

    def add(count: int, start: int) -> None:
        for number in range(start, start + count):
            other = make_person(f"p{number}@harbor.example", f"Person {number}")
            pair(program, mentor, other, runs_until=TODAY + 200 * DAY)

    def look() -> None:
        actions.resume_due_pairings(NOW)
        actions.ask_before_the_end(NOW)
        actions.complete_due_pairings(NOW)

    add(1, 0)
    with django_assert_num_queries(30, exact=False) as few:  # type: ignore[operator]
        look()
    add(20, 1)
    with django_assert_num_queries(len(few)):  # type: ignore[operator]
        look()


def test_the_tick_sees_to_all_three(pairing: Pairing, program: Program, mentor: User, member: User) -> None:
    Pairing.objects.update(status="paused", paused_until=TODAY, runs_until=TODAY + 3 * DAY)
    pair(program, mentor, member, runs_until=TODAY - DAY)
    with time_machine.travel(NOW, tick=False):
        did = run(timezone.now())
    assert (did["pairings resumed"], did["pairings completed"], did["ends brought to mind"]) == (1, 1, 2)
