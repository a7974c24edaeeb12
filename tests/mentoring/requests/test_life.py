"""What the clock does with requests, and what ends them besides an answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.models import Enrollment, Holiday, Pairing, PairingRequest, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in

from .conftest import ask, question, state

pytestmark = pytest.mark.django_db
State = PairingRequest.State
DAY = timedelta(days=1)


def owed(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def tick(days: float) -> None:
    """What the tick does with requests, so many days from now."""
    now = NOW + days * DAY
    actions.end_pointless_requests(now)
    actions.expire_requests(now)
    actions.remind_mentors(now)
    actions.ask_next_choices(now)


# --- Reminded, and over --------------------------------------------------------------------------------------------


def test_a_mentor_is_reminded_after_a_week_once(asking: Program, mentor: User, mentee: User) -> None:
    ask(asking, mentor, mentee)
    assert actions.remind_mentors(NOW + 6.9 * DAY) == 0
    assert actions.remind_mentors(NOW + 7 * DAY) == 1
    assert actions.remind_mentors(NOW + 7 * DAY) == 0
    reminder = Message.objects.get(kind="request_reminder")
    assert (reminder.person, reminder.expires_at) == (mentor, NOW + 14 * DAY)


def test_whoever_asked_back_is_not_reminded_until_they_were_told_more(
    asking: Program, mentor: User, mentee: User
) -> None:
    request = ask(asking, mentor, mentee)
    actions.ask_back(request, by=mentor, question="What?", now=NOW)
    assert actions.remind_mentors(NOW + 10 * DAY) == 0
    actions.reply(request, by=mentee, reply="This.", now=NOW + 10 * DAY)
    assert actions.remind_mentors(NOW + 16 * DAY) == 0
    assert actions.remind_mentors(NOW + 17 * DAY) == 1


def test_a_request_that_nobody_answers_is_over_after_two_weeks_and_the_next_choice_is_asked(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    assert state(second) == (State.WAITING, "")
    tick(13.9)
    assert (state(first), state(second)) == ((State.ASKED, ""), (State.WAITING, ""))
    tick(14)
    assert (state(first), state(second)) == ((State.EXPIRED, ""), (State.ASKED, ""))
    assert question(first).status == Pairing.Status.EXPIRED
    assert question(second).answer_by == NOW + 28 * DAY
    assert (owed("request_expired"), owed("request_asked")) == (1, 2)


def test_a_no_lets_the_next_choice_be_asked(asking: Program, mentor: User, odile: User, mentee: User) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    actions.decline_pairing(question(first), by=mentor, now=NOW)
    tick(0)
    assert state(second) == (State.ASKED, "")


def test_choices_are_asked_in_their_order_and_none_goes_past_them(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    third = make_person("third@harbor.example", "Third Mentor")
    enroll(asking, third, "mentor")
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    actions.take_back_request(first, by=mentee, now=NOW)
    last = ask(asking, third, mentee)
    assert (state(second), state(last)) == ((State.WAITING, ""), (State.WAITING, ""))
    tick(0)
    assert (state(second), state(last)) == ((State.ASKED, ""), (State.WAITING, ""))


def test_a_choice_that_cannot_be_asked_ends_and_the_one_after_it_is_asked(
    asking: Program, mentor: User, odile: User, mentee: User, member: User
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    third = make_person("third@harbor.example", "Third Mentor")
    enroll(asking, third, "mentor")
    first, full, last = (ask(asking, person, mentee) for person in (mentor, odile, third))
    pair(asking, odile, member)
    tick(0)
    assert state(full) == (State.WAITING, "")  # There may be room by then.
    actions.decline_pairing(question(first), by=mentor, now=NOW)
    tick(1)
    assert (state(full), state(last)) == ((State.DECLINED, "room"), (State.ASKED, ""))
    assert owed("request_ended") == 1


def test_a_choice_waits_while_a_proposal_waits_for_its_answer(
    asking: Program, mentor: User, odile: User, mentee: User, admin: User
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    third = make_person("third@harbor.example", "Third Mentor")
    enroll(asking, third, "mentor")
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    proposed = actions.create_pairing(
        asking, third, mentee, by=admin, starts_on=TODAY, approval="both", now=NOW
    )
    actions.decline_pairing(question(first), by=mentor, now=NOW)
    tick(0)
    assert state(second) == (State.WAITING, "")
    actions.decline_pairing(proposed, by=mentee, now=NOW)
    tick(0)
    assert state(second) == (State.ASKED, "")


def test_the_next_choice_is_looked_at_first_where_the_program_does_that(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    Program.objects.update(requests_are_checked=True)
    actions.decline_pairing(question(first), by=mentor, now=NOW)
    tick(0)
    assert state(second) == (State.CHECKED, "")
    assert not second.is_read_by_admins  # It was written when nobody said that they read it.
    Program.objects.update(requests_are_checked=False)
    tick(0)
    assert state(second) == (State.ASKED, "")


# --- At rest --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "paused"])
def test_nothing_is_reminded_of_asked_or_over_while_a_program_rests(
    asking: Program, mentor: User, odile: User, mentee: User, status: str
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    first, second = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    Program.objects.update(status=status)
    for days in (7, 14, 40):
        tick(days)
    assert (state(first), state(second)) == ((State.ASKED, ""), (State.WAITING, ""))
    assert owed("request_reminder") == owed("request_expired") == 0


def test_after_a_rest_everybody_has_the_whole_time_again(
    asking: Program, mentor: User, mentee: User, admin: User
) -> None:
    request = ask(asking, mentor, mentee)
    actions.pause_program(asking, by=admin)
    actions.resume_program(asking, by=admin, now=NOW + 30 * DAY)
    assert question(request).answer_by == NOW + 44 * DAY
    tick(36)
    assert owed("request_reminder") == 0
    tick(37)
    assert owed("request_reminder") == 1
    tick(44)
    assert state(request) == (State.EXPIRED, "")


def test_after_a_program_was_closed_and_opened_again_what_is_said_of_its_requests_is_true(
    asking: Program, mentor: User, mentee: User, admin: User
) -> None:
    request = ask(asking, mentor, mentee)
    actions.close_program(asking, by=admin, now=NOW)
    tick(0)
    assert state(request) == (State.EXPIRED, "program")
    actions.reopen_program(asking, by=admin, now=NOW + DAY)
    said = kinds.get("request_ended").render(Message.objects.get(kind="request_ended")).text
    page = signed_in(mentee).get(f"/requests/{request.pk}/").content.decode()
    for words in (said, page):
        assert "Harbor Mentors stopped taking requests before there was an answer" in words
        assert "any more" not in words
    actions.ask_mentor(asking, mentor, by=mentee, note="Again", now=NOW + DAY)


def test_a_short_rest_takes_no_days_away(asking: Program, mentor: User, mentee: User, admin: User) -> None:
    request = ask(asking, mentor, mentee)
    Pairing.objects.update(answer_by=NOW + 20 * DAY)
    actions.pause_program(asking, by=admin)
    actions.resume_program(asking, by=admin, now=NOW + DAY)
    assert question(request).answer_by == NOW + 20 * DAY


def test_nothing_is_over_on_a_holiday(asking: Program, mentor: User, mentee: User) -> None:
    request = ask(asking, mentor, mentee)
    Holiday.objects.create(program=asking, name="Rest", starts_on=TODAY + 7 * DAY, ends_on=TODAY + 20 * DAY)
    tick(7)
    tick(14.5)
    assert (state(request), owed("request_reminder")) == ((State.ASKED, ""), 0)
    tick(21)
    assert state(request) == (State.EXPIRED, "")


def test_a_program_that_is_paused_while_the_clock_looks_loses_nothing(
    asking: Program, mentor: User, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentoring.actions import request_life

    request = ask(asking, mentor, mentee)
    found = list(PairingRequest.objects.with_people())
    Program.objects.update(status="paused")
    monkeypatch.setattr(request_life, "_where_the_clock_ticks", lambda rows, now: found)
    assert actions.expire_requests(NOW + 14 * DAY) == 0
    assert state(request) == (State.ASKED, "")


# --- Nobody can answer it any more ----------------------------------------------------------------------------------


def place_of(person: User) -> Enrollment:
    return Enrollment.objects.select_related("program", "person").get(person=person)


LEAVES: dict[str, Callable[[User, User], object]] = {
    "withdraws": lambda person, admin: actions.withdraw(place_of(person), now=NOW),
    "pauses": lambda person, admin: actions.take_a_break(place_of(person), until=TODAY + 5 * DAY, now=NOW),
    "is paused": lambda person, admin: actions.pause_place(place_of(person), by=admin, now=NOW),
    "is withdrawn": lambda person, admin: actions.withdraw_place(place_of(person), by=admin, now=NOW),
    "is erased": lambda person, admin: erase(person, now=NOW),
}


@pytest.mark.parametrize("how", LEAVES)
def test_requests_to_a_mentor_who_is_away_end_at_once_and_the_mentee_hears(
    asking: Program, mentor: User, mentee: User, admin: User, how: str
) -> None:
    request = ask(asking, mentor, mentee)
    asked = question(request).pk
    LEAVES[how](mentor, admin)
    assert state(request) == (State.DECLINED, "away")
    assert Pairing.objects.get(pk=asked).status == Pairing.Status.EXPIRED
    assert list(Message.objects.filter(person=mentee).values_list("kind", flat=True)) == ["request_ended"]


@pytest.mark.parametrize("how", LEAVES)
def test_requests_of_a_mentee_who_is_away_are_taken_back_at_once(
    asking: Program, mentor: User, odile: User, mentee: User, admin: User, how: str
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    request, waiting = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    asked = question(request).pk
    LEAVES[how](mentee, admin)
    assert Pairing.objects.get(pk=asked).status == Pairing.Status.EXPIRED
    assert not PairingRequest.objects.open().exists()
    if how != "is erased":
        assert state(request) == state(waiting) == (State.WITHDRAWN, "")
    assert not Message.objects.filter(kind__in=["request_ended", "request_declined"]).exists()


def update_place(**fields: object) -> Callable[[Program, User], object]:
    return lambda program, person: Enrollment.objects.filter(person=person).update(**fields)


def update_person(**fields: object) -> Callable[[Program, User], object]:
    return lambda program, person: User.objects.filter(pk=person.pk).update(**fields)


def update_program(**fields: object) -> Callable[[Program, User], object]:
    return lambda program, person: Program.objects.filter(pk=program.pk).update(**fields)


OF_MENTOR = {
    "completed": (update_place(status="completed"), "away"),
    "mentee only": (update_place(role="mentee"), "away"),
    "inactive": (update_person(is_active=False), "away"),
    "leaving": (update_person(erasure_due_at=NOW + 14 * DAY), "away"),
    "room for none": (update_place(capacity=0), "room"),
}
OF_PROGRAM = {
    "no requests": update_program(matched_by="admins"),
    "closed": update_program(status="closed"),
    "archived": update_program(status="archived"),
    "past its last day": update_program(ends_on=TODAY - DAY),
}
OF_MENTEE = {
    "completed": update_place(status="completed"),
    "mentor only": update_place(role="mentor"),
    "inactive": update_person(is_active=False),
    "leaving": update_person(erasure_due_at=NOW + 14 * DAY),
}


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("how", OF_MENTOR)
def test_the_clock_ends_what_the_mentor_cannot_answer(
    asking: Program, mentor: User, mentee: User, how: str, checked: bool
) -> None:
    Program.objects.update(requests_are_checked=checked)
    asking.refresh_from_db()
    request = ask(asking, mentor, mentee)
    assert actions.end_pointless_requests(NOW) == 0
    change, because = OF_MENTOR[how]
    change(asking, mentor)
    assert actions.end_pointless_requests(NOW) == 1
    assert state(request) == (State.DECLINED, because)
    assert checked or question(request).status == Pairing.Status.EXPIRED
    assert owed("request_ended") == 1
    assert actions.end_pointless_requests(NOW) == 0


@pytest.mark.parametrize("how", OF_PROGRAM)
def test_the_clock_ends_what_the_program_does_not_want_any_more(
    asking: Program, mentor: User, odile: User, mentee: User, how: str
) -> None:
    Program.objects.update(open_requests=1)
    asking.refresh_from_db()
    request, waiting = ask(asking, mentor, mentee), ask(asking, odile, mentee)
    OF_PROGRAM[how](asking, mentor)
    assert actions.end_pointless_requests(NOW) == 2
    assert state(request) == state(waiting) == (State.EXPIRED, "program")
    assert question(request).status == Pairing.Status.EXPIRED


@pytest.mark.parametrize("how", OF_MENTEE)
def test_the_clock_takes_back_what_the_mentee_does_not_need(
    asking: Program, mentor: User, mentee: User, how: str
) -> None:
    request = ask(asking, mentor, mentee)
    OF_MENTEE[how](asking, mentee)
    assert actions.end_pointless_requests(NOW) == 1
    assert state(request) == (State.WITHDRAWN, "")
    assert owed("request_ended") == 0


def test_the_clock_ends_what_a_pair_made_elsewhere_leaves_behind(
    asking: Program, mentor: User, odile: User, mentee: User
) -> None:
    request = ask(asking, mentor, mentee)
    pair(asking, odile, mentee)
    assert actions.end_pointless_requests(NOW) == 1
    assert state(request) == (State.WITHDRAWN, "paired")


@pytest.mark.parametrize("deleted", [False, True])
def test_a_question_that_those_who_run_the_program_took_back_ends_the_request(
    asking: Program, mentor: User, mentee: User, admin: User, deleted: bool
) -> None:
    request = ask(asking, mentor, mentee)
    if deleted:
        question(request).delete()
    else:
        actions.withdraw_pairing(question(request), by=admin, now=NOW)
    assert actions.end_pointless_requests(NOW) == 1
    assert state(request) == (State.DECLINED, "organizers")
    assert owed("request_ended") == 1


def test_what_can_be_answered_stays(
    asking: Program, other_program: Program, mentor: User, mentee: User, member: User
) -> None:
    pair(asking, mentor, member)
    request = ask(asking, mentor, mentee)
    # In another program they may have become a pair meanwhile.
    pair(other_program, mentor, mentee)
    Program.objects.filter(pk=asking.pk).update(ends_on=TODAY, status="paused")
    assert actions.end_pointless_requests(NOW) == 0
    assert state(request) == (State.ASKED, "")
