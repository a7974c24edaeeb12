"""Next choices that wait for something else than an answer, and what the clock asks of the database for them."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mentoring import actions
from mentoring.models import Pairing, PairingRequest, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair

from .conftest import NOTE, ask, state

pytestmark = pytest.mark.django_db
State = PairingRequest.State
DAY = timedelta(days=1)


def tick(days: float = 0) -> None:
    actions.end_pointless_requests(NOW + days * DAY)
    actions.ask_next_choices(NOW + days * DAY)


def said(asking: Program, **fields: object) -> Program:
    Program.objects.filter(pk=asking.pk).update(**fields)
    asking.refresh_from_db()
    return asking


def propose(program: Program, mentor: User, mentee: User, by: User) -> Pairing:
    return actions.create_pairing(program, mentor, mentee, by=by, starts_on=TODAY, approval="both", now=NOW)


def line_up(program: Program, mentor: User, mentee: User) -> PairingRequest:
    return PairingRequest.objects.create(
        program=program, mentor=mentor, mentee=mentee, note=NOTE, state=State.WAITING, position=1
    )


@pytest.mark.parametrize("checked", [False, True])
def test_a_choice_waits_while_the_same_two_are_proposed_to_each_other(
    asking: Program, odile: User, mentee: User, admin: User, checked: bool
) -> None:
    asking = said(asking, pairings_per_mentee=2, requests_are_checked=checked)
    choice = line_up(asking, odile, mentee)
    proposed = propose(asking, odile, mentee, admin)
    tick()
    assert state(choice) == (State.WAITING, "")
    actions.accept_pairing(proposed, by=odile, now=NOW)
    actions.accept_pairing(proposed, by=mentee, now=NOW)
    tick()
    assert state(choice) == (State.WITHDRAWN, "paired")


def test_a_choice_waits_while_its_mentor_is_full_by_a_proposal_alone(
    asking: Program, odile: User, mentee: User, member: User, admin: User
) -> None:
    choice = line_up(asking, odile, mentee)
    proposed = propose(asking, odile, member, admin)
    tick()
    assert state(choice) == (State.WAITING, "")
    actions.decline_pairing(proposed, by=member, now=NOW)
    tick()
    assert state(choice) == (State.ASKED, "")


def test_a_proposal_that_is_made_while_the_clock_looks_costs_no_choice(
    asking: Program, odile: User, mentee: User, member: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was among those that could be asked, and is not any more behind the locks."""
    choice = line_up(said(asking, pairings_per_mentee=2), odile, mentee)
    for whom in (member, mentee):
        proposed = propose(asking, odile, whom, admin)
        found = PairingRequest.objects.with_people().get(pk=choice.pk)
        assert not actions.requests._asked_next(found, NOW)
        assert state(choice) == (State.WAITING, "")
        proposed.delete()


def test_the_choice_after_one_that_waits_for_a_proposal_is_asked(
    asking: Program, mentor: User, odile: User, mentee: User, member: User, admin: User
) -> None:
    said(asking, open_requests=1)
    first = line_up(asking, odile, mentee)
    second = ask(asking, mentor, mentee)
    propose(asking, odile, member, admin)
    tick()
    assert (state(first), state(second)) == ((State.WAITING, ""), (State.ASKED, ""))


def test_no_more_are_asked_at_once_than_the_program_allows(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    third = make_person("third@harbor.example", "Third Mentor")
    enroll(asking, third, "mentor")
    said(asking, open_requests=2)
    choices = [line_up(asking, person, mentee) for person in (mentor, odile, third)]
    tick()
    assert [state(choice)[0] for choice in choices] == [State.ASKED, State.ASKED, State.WAITING]


def crowd(program: Program, number: int, admin: User, odile: User) -> None:
    """Mentees with a choice that cannot be asked yet: some have asked already, some wait for a proposal."""
    for each in range(number):
        first, mentee = (
            make_person(f"{name}{each}@harbor.example", "Some Body") for name in ("first", "asks")
        )
        enroll(program, first, "mentor")
        enroll(program, mentee, "mentee")
        if each % 2:
            propose(program, first, mentee, admin)
        else:
            ask(program, first, mentee)
        line_up(program, odile, mentee)


@pytest.mark.parametrize("number", [2, 8])
def test_with_nothing_to_do_the_clock_asks_two_questions_however_many_wait(
    asking: Program,
    odile: User,
    admin: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    crowd(said(asking, open_requests=1), number, admin, odile)
    with django_assert_num_queries(2):
        assert actions.ask_next_choices(NOW) == 0


@pytest.mark.parametrize("number", [2, 8])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_on_the_last_day_of_a_program_too(
    asking: Program,
    odile: User,
    admin: User,
    number: int,
    zone: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    asking = said(asking, open_requests=1, time_zone=zone)
    crowd(asking, number, admin, odile)
    last_day = asking.today(NOW)
    said(asking, ends_on=last_day)
    with django_assert_num_queries(1):
        assert actions.end_pointless_requests(NOW) == 0
    said(asking, ends_on=last_day - DAY)
    waiting = PairingRequest.objects.open().count()
    assert actions.ask_next_choices(NOW) == 0
    assert actions.end_pointless_requests(NOW) == waiting


def test_a_mentor_who_is_a_pair_with_the_mentee_the_other_way_round_is_not_said_to_be_away(
    asking: Program, mentor: User, mentee: User
) -> None:
    asking.enrollments.update(role="both")
    choice = line_up(asking, mentor, mentee)
    pair(asking, mentee, mentor)
    tick()
    assert state(choice) == (State.WAITING, "")
