"""A mentor answers a request: what becomes of it, and of the others."""

from datetime import timedelta

import pytest

from accounts.mail import claims
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.reflections.nudging import at

from .conftest import ask, question, state

pytestmark = pytest.mark.django_db
State = PairingRequest.State
DAY = timedelta(days=1)


def letters(person: User) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_a_yes_to_a_request_makes_the_two_a_pair(asking: Program, mentor: User, mentee: User) -> None:
    request = ask(asking, mentor, mentee)
    assert (letters(mentor), letters(mentee)) == (["request_asked"], [])
    actions.accept_pairing(question(request), by=mentor, now=NOW)
    assert state(request) == (State.ACCEPTED, "")
    assert question(request).status == Pairing.Status.ACTIVE
    assert letters(mentor) == ["request_asked", "pairing_made"]
    assert letters(mentee) == ["pairing_made"]


def test_a_no_closes_it_and_the_mentee_hears(asking: Program, mentor: User, mentee: User) -> None:
    request = ask(asking, mentor, mentee)
    actions.decline_pairing(question(request), by=mentor, now=NOW)
    assert state(request) == (State.DECLINED, "")
    assert question(request).status == Pairing.Status.DECLINED
    assert letters(mentee) == ["request_declined"]


def test_a_mentee_who_says_no_to_their_own_question_takes_it_back(
    asking: Program, mentor: User, mentee: User
) -> None:
    request = ask(asking, mentor, mentee)
    actions.decline_pairing(question(request), by=mentee, now=NOW)
    assert state(request) == (State.WITHDRAWN, "")
    assert letters(mentee) == []
    # As by “Take it back”: the two may ask again, or be proposed.
    assert question(request).status == Pairing.Status.EXPIRED
    again = ask(asking, mentor, mentee)
    assert state(again) == (State.ASKED, "")
    actions.decline_pairing(question(again), by=mentor, now=NOW)
    assert question(again).status == Pairing.Status.DECLINED


def test_with_a_mentor_found_the_other_requests_are_over(
    asking: Program, mentor: User, odile: User, mentee: User, member: User
) -> None:
    third = make_person("third@harbor.example", "Third Mentor")
    enroll(asking, third, "mentor")
    asking.open_requests = 2
    asking.save()
    first, second, waiting = (
        ask(asking, mentor, mentee),
        ask(asking, odile, mentee),
        ask(asking, third, mentee),
    )
    of_others = ask(asking, odile, member)
    actions.accept_pairing(question(first), by=mentor, now=NOW)
    assert state(second) == state(waiting) == (State.WITHDRAWN, "paired")
    assert question(second).status == Pairing.Status.EXPIRED
    assert state(of_others) == (State.ASKED, "")
    assert letters(mentee) == ["pairing_made"]
    with pytest.raises(Refused, match="no longer open"):
        actions.accept_pairing(question(second), by=odile, now=NOW)


@pytest.mark.parametrize("who_said_yes", ["odile", "mentee", ""])
def test_with_a_mentor_found_the_proposals_of_others_are_over(
    asking: Program, mentor: User, odile: User, mentee: User, admin: User, who_said_yes: str
) -> None:
    request = ask(asking, mentor, mentee)
    proposed = actions.create_pairing(
        asking, odile, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    if who_said_yes:
        said_yes = {"odile": odile, "mentee": mentee}[who_said_yes]
        actions.accept_pairing(proposed, by=said_yes, now=NOW)
    actions.accept_pairing(question(request), by=mentor, now=NOW)
    proposed.refresh_from_db()
    assert proposed.status == Pairing.Status.EXPIRED
    assert not Pairing.objects.holding().filter(mentor=odile).exists()
    told = Message.objects.filter(kind="pairing_unanswered").values_list("person__email", flat=True)
    assert list(told) == ([said_yes.email] if who_said_yes else [])
    assert actions.remind_the_undecided(NOW + timedelta(days=7)) == 0
    # What waited to be sent is not: the question is gone.
    for waiting in Message.objects.filter(kind="pairing_proposed"):
        with at(NOW):
            why_not = claims.why_not(waiting)
        assert why_not is not None
        assert why_not.reason == "the question is answered or withdrawn"


def test_with_more_mentors_allowed_a_proposal_of_another_stays_open(
    asking: Program, mentor: User, odile: User, mentee: User, admin: User
) -> None:
    asking.pairings_per_mentee = 2
    asking.save()
    request = ask(asking, mentor, mentee)
    proposed = actions.create_pairing(
        asking, odile, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    actions.accept_pairing(question(request), by=mentor, now=NOW)
    proposed.refresh_from_db()
    assert proposed.status == Pairing.Status.PROPOSED


def test_two_who_are_ruled_out_by_admins_are_not_asked_any_more(
    asking: Program, mentor: User, odile: User, mentee: User, member: User, admin: User
) -> None:
    asked, other = ask(asking, mentor, mentee), ask(asking, mentor, member)
    waiting = ask(asking, odile, mentee)
    proposed = actions.create_pairing(
        asking, odile, member, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    actions.accept_pairing(proposed, by=odile, now=NOW)
    # Whichever way round it is said.
    actions.rule_out(asking, mentee, mentor, by=admin, now=NOW)
    actions.rule_out(asking, mentee, odile, by=admin, now=NOW)
    actions.rule_out(asking, odile, member, by=admin, now=NOW)
    assert state(asked) == state(waiting) == (State.DECLINED, "organizers")
    assert question(asked).status == Pairing.Status.EXPIRED
    assert state(other) == (State.ASKED, "")
    proposed.refresh_from_db()
    assert proposed.status == Pairing.Status.EXPIRED
    assert letters(mentee) == ["request_ended", "request_ended"]
    assert Message.objects.get(kind="pairing_unanswered").person == odile
    with pytest.raises(Refused, match="no longer open"):
        actions.accept_pairing(question(asked), by=mentor, now=NOW)


@pytest.mark.parametrize("status", ["accepted", "active", "paused"])
def test_two_who_are_a_pair_already_stay_one_when_they_are_ruled_out(
    asking: Program, mentor: User, mentee: User, admin: User, status: str
) -> None:
    made = pair(asking, mentor, mentee, status=status)
    actions.rule_out(asking, mentor, mentee, by=admin, now=NOW)
    made.refresh_from_db()
    assert made.status == status


def test_with_more_mentors_allowed_the_others_stay_open(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    asking.pairings_per_mentee = 2
    asking.save()
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    actions.accept_pairing(question(first), by=mentor, now=NOW)
    assert state(second) == (State.ASKED, "")


def test_a_mentor_who_is_full_says_so_to_the_others(
    asking: Program, odile: User, mentee: User, member: User
) -> None:
    first, second = ask(asking, odile, mentee), ask(asking, odile, member)
    actions.accept_pairing(question(first), by=odile, now=NOW)
    assert state(second) == (State.DECLINED, "room")
    assert question(second).status == Pairing.Status.EXPIRED
    assert letters(member) == ["request_ended"]


def test_a_pair_made_by_those_who_run_the_program_ends_requests_as_a_yes_does(
    asking: Program, mentor: User, odile: User, mentee: User, member: User, admin: User
) -> None:
    of_mentee, to_odile = ask(asking, mentor, mentee), ask(asking, odile, member)
    actions.create_pairing(asking, odile, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW)
    assert state(of_mentee) == (State.WITHDRAWN, "paired")
    assert state(to_odile) == (State.DECLINED, "room")


def test_a_proposal_ends_no_request_until_it_is_accepted(
    asking: Program, mentor: User, odile: User, mentee: User, member: User, admin: User
) -> None:
    of_mentee, to_odile = ask(asking, mentor, mentee), ask(asking, odile, member)
    proposed = actions.create_pairing(
        asking, odile, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    assert state(of_mentee) == state(to_odile) == (State.ASKED, "")
    with pytest.raises(Refused, match="no room"):
        actions.accept_pairing(question(to_odile), by=odile, now=NOW)
    actions.accept_pairing(proposed, by=odile, now=NOW)
    actions.accept_pairing(proposed, by=mentee, now=NOW)
    assert state(of_mentee) == (State.WITHDRAWN, "paired")
    assert state(to_odile) == (State.DECLINED, "room")


@pytest.mark.parametrize("status", ["paused", "withdrawn", "completed"])
def test_nobody_becomes_a_pair_with_somebody_who_is_not_there_any_more(
    asking: Program, mentor: User, mentee: User, status: str
) -> None:
    request = ask(asking, mentor, mentee)
    Enrollment.objects.filter(person=mentee).update(status=status)
    with pytest.raises(Refused, match="Tomasz is not active"):
        actions.accept_pairing(question(request), by=mentor, now=NOW)


def test_a_closed_program_makes_no_pair_of_what_was_asked(
    asking: Program, mentor: User, mentee: User
) -> None:
    request = ask(asking, mentor, mentee)
    Program.objects.update(status="closed")
    with pytest.raises(Refused, match="closed"):
        actions.accept_pairing(question(request), by=mentor, now=NOW)


def test_a_request_is_taken_back_also_one_that_was_asked_meanwhile(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    asking.open_requests = 1
    asking.save()
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    actions.take_back_request(first, by=mentee, now=NOW)
    assert state(first) == (State.WITHDRAWN, "")
    stale = PairingRequest.objects.get(pk=second.pk)
    assert actions.ask_next_choices(NOW) == 1
    actions.take_back_request(stale, by=mentee, now=NOW)
    assert state(second) == (State.WITHDRAWN, "")
    assert question(second).status == Pairing.Status.EXPIRED
    with pytest.raises(Refused):
        actions.take_back_request(second, by=mentee, now=NOW)


def test_only_whoever_asked_takes_a_request_back(asking: Program, mentor: User, mentee: User) -> None:
    request = ask(asking, mentor, mentee)
    with pytest.raises(Refused):
        actions.take_back_request(request, by=mentor, now=NOW)


# --- Tell me more first ---------------------------------------------------------------------------------------------


def test_a_mentor_asks_back_once_and_both_have_their_days_anew(
    asking: Program, mentor: User, mentee: User
) -> None:
    request = ask(asking, mentor, mentee)
    actions.ask_back(request, by=mentor, question="What have you tried?", now=NOW + 10 * DAY)
    assert question(request).answer_by == NOW + 24 * DAY
    assert letters(mentee) == ["request_asked_back"]
    with pytest.raises(Refused, match="already"):
        actions.ask_back(request, by=mentor, question="And what else?", now=NOW + 11 * DAY)
    assert question(request).answer_by == NOW + 24 * DAY
    actions.reply(request, by=mentee, reply="Two things.\r\nBoth failed.", now=NOW + 20 * DAY)
    assert question(request).answer_by == NOW + 34 * DAY
    request.refresh_from_db()
    assert (request.question, request.reply) == ("What have you tried?", "Two things.\nBoth failed.")
    assert letters(mentor) == ["request_asked", "request_replied"]
    with pytest.raises(Refused):
        actions.reply(request, by=mentee, reply="And a third.", now=NOW + 21 * DAY)


def test_only_the_two_ask_back_and_reply_and_only_in_words(
    asking: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    request = ask(asking, mentor, mentee)
    with pytest.raises(Refused):
        actions.reply(request, by=mentee, reply="Unasked.", now=NOW)
    for person in (mentee, member, admin):
        with pytest.raises(Refused):
            actions.ask_back(request, by=person, question="What?", now=NOW)
    for words in ("  \n ", "x" * 1001):
        with pytest.raises(Refused):
            actions.ask_back(request, by=mentor, question=words, now=NOW)
    actions.ask_back(request, by=mentor, question="What?", now=NOW)
    for person in (mentor, member, admin):
        with pytest.raises(Refused):
            actions.reply(request, by=person, reply="This.", now=NOW)


def test_nothing_is_asked_back_once_it_is_answered(asking: Program, mentor: User, mentee: User) -> None:
    request = ask(asking, mentor, mentee)
    actions.decline_pairing(question(request), by=mentor, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        actions.ask_back(request, by=mentor, question="What?", now=NOW)


# --- Room -----------------------------------------------------------------------------------------------------------


def place_of(person: User) -> Enrollment:
    return Enrollment.objects.select_related("program", "person").get(person=person)


def test_without_room_the_requests_end_and_nobody_loses_a_pairing(
    asking: Program, mentor: User, mentee: User, member: User
) -> None:
    made = pair(asking, mentor, member)
    request = ask(asking, mentor, mentee)
    assert actions.set_room(place_of(mentor), 2, by=mentor, now=NOW) == 0
    assert state(request) == (State.ASKED, "")
    assert actions.set_room(place_of(mentor), 1, by=mentor, now=NOW) == 1
    assert state(request) == (State.DECLINED, "room")
    assert letters(mentee) == ["request_ended"]
    assert actions.set_room(place_of(mentor), 0, by=mentor, now=NOW) == 0
    made.refresh_from_db()
    assert made.status == Pairing.Status.ACTIVE
    assert place_of(mentor).capacity == 0


@pytest.mark.parametrize("number", [-1, 21])
def test_room_is_a_number_that_makes_sense(asking: Program, mentor: User, number: int) -> None:
    with pytest.raises(Refused, match="0 to 20"):
        actions.set_room(place_of(mentor), number, by=mentor, now=NOW)


def test_only_a_mentor_says_it_and_of_their_own_place(
    asking: Program, mentor: User, mentee: User, admin: User
) -> None:
    with pytest.raises(Refused):
        actions.set_room(place_of(mentee), 1, by=mentee, now=NOW)
    with pytest.raises(Refused):
        actions.set_room(place_of(mentor), 1, by=admin, now=NOW)


# --- Looked at first -------------------------------------------------------------------------------------------------


def test_a_request_that_is_looked_at_first_reaches_the_mentor_when_it_is_passed_on(
    asking: Program, mentor: User, mentee: User, admin: User, other_admin: User
) -> None:
    asking.requests_are_checked = True
    asking.save()
    request = ask(asking, mentor, mentee)
    assert state(request) == (State.CHECKED, "")
    assert request.is_read_by_admins
    assert letters(mentor) == []
    for person in (other_admin, mentor, mentee):
        with pytest.raises(Refused):
            actions.pass_on(request, by=person, now=NOW)
        with pytest.raises(Refused):
            actions.keep_back(request, by=person, now=NOW)
    actions.pass_on(request, by=admin, now=NOW)
    assert state(request) == (State.ASKED, "")
    assert letters(mentor) == ["request_asked"]
    with pytest.raises(Refused):
        actions.pass_on(request, by=admin, now=NOW)


def test_one_that_is_not_passed_on_ends_and_the_mentee_hears(
    asking: Program, mentor: User, mentee: User, admin: User
) -> None:
    asking.requests_are_checked = True
    asking.save()
    request = ask(asking, mentor, mentee)
    actions.keep_back(request, by=admin, now=NOW)
    assert state(request) == (State.DECLINED, "organizers")
    assert (letters(mentee), letters(mentor)) == (["request_ended"], [])
    with pytest.raises(Refused):
        actions.keep_back(request, by=admin, now=NOW)
    with pytest.raises(Refused):
        actions.pass_on(request, by=admin, now=NOW)


def test_one_that_has_reached_its_mentor_is_nothing_to_be_kept_back(
    asking: Program, mentor: User, mentee: User, admin: User
) -> None:
    request = ask(asking, mentor, mentee)
    assert not request.is_read_by_admins
    with pytest.raises(Refused):
        actions.keep_back(request, by=admin, now=NOW)
    assert state(request) == (State.ASKED, "")
