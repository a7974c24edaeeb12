"""Two clicks at one moment on the end of a pairing, in two transactions of a real database: one truth, one e-mail."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import erasing
from mentoring import actions, endings, places
from mentoring.actions.endings import Aside
from mentoring.models import Arrangement, Enrollment, Extension, Farewell, Meeting, Pairing, Program, Step
from tests.conftest import NOW, TODAY, pair
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
LATER = TODAY + 60 * DAY
Status = Pairing.Status
Act = Callable[[], object]
ROUNDS = 5
# Past the last day of `again`, and the day on which a pause is over.
AFTER, THEN = NOW + 11 * DAY, NOW + 5 * DAY


@pytest.fixture
def again(program: Program, mentor: User, mentee: User) -> Callable[[], Pairing]:
    """A pair anew, as if nothing had been; its last day is in ten days."""

    def made() -> Pairing:
        Message.objects.all().delete()
        Pairing.objects.all().delete()
        return pair(program, mentor, mentee, runs_until=TODAY + 10 * DAY)

    return made


def letters(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def test_both_end_it_at_once(again: Callable[[], Pairing], mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        one = again()
        ends = at_once(
            [
                lambda one=one: actions.complete_own_pairing(one, by=mentor, said=Aside("mine"), now=NOW),  # type: ignore[misc]
                lambda one=one: actions.end_own_pairing(one, by=mentee, said=Aside("theirs"), now=NOW),  # type: ignore[misc]
            ]
        )
        assert ends == ["done", "done"]
        one.refresh_from_db()
        first = Step.objects.earliest("pk")
        assert one.status == (Status.COMPLETED if first.kind == "complete" else Status.ENDED)
        # Whoever was second knows of it; what they noted is kept.
        assert {step.reason for step in Step.objects.all()} == {"mine", "theirs"}
        (told,) = Message.objects.filter(kind="pairing_over")
        assert told.person_id == one.partner_key(first.person)
        assert Farewell.objects.count() == 2


def test_one_who_clicks_twice_ends_it_once(again: Callable[[], Pairing], mentee: User) -> None:
    for _round in range(ROUNDS):
        one = again()
        ends = at_once([lambda one=one: actions.end_own_pairing(one, by=mentee, now=NOW)] * 2)  # type: ignore[misc]
        assert ends == ["done", "refused: This pairing is over already."]
        assert letters("pairing_over") == Step.objects.count() == 1


def test_one_ends_it_while_the_other_says_yes_to_a_later_day(
    again: Callable[[], Pairing], mentor: User, mentee: User
) -> None:
    for _round in range(ROUNDS):
        one = again()
        longer = actions.propose_extension(one, by=mentor, until=LATER, now=NOW)
        ends = at_once(
            [
                lambda one=one: actions.end_own_pairing(one, by=mentor, now=NOW),  # type: ignore[misc]
                lambda longer=longer: actions.answer_extension(longer, by=mentee, is_yes=True, now=NOW),  # type: ignore[misc]
            ]
        )
        one.refresh_from_db()
        longer.refresh_from_db()
        assert (one.status, one.ended_on) == (Status.ENDED, TODAY)
        assert letters("pairing_over") == 1
        if ends == ["done", "done"]:
            assert (longer.state, one.runs_until) == (Extension.State.AGREED, LATER)
        else:
            assert ends == ["done", "refused: This question is no longer open."]
            assert (longer.state, one.runs_until) == (Extension.State.LAPSED, TODAY + 10 * DAY)


def test_the_clock_completes_it_while_the_two_go_on_for_longer(
    again: Callable[[], Pairing], mentor: User, mentee: User
) -> None:
    for _round in range(ROUNDS):
        one = again()
        longer = actions.propose_extension(one, by=mentor, until=LATER, now=NOW)
        ends = at_once(
            [
                lambda: actions.complete_due_pairings(AFTER),
                lambda longer=longer: actions.answer_extension(longer, by=mentee, is_yes=True, now=AFTER),  # type: ignore[misc]
            ]
        )
        one.refresh_from_db()
        if ends == ["done", "done"]:
            assert (one.status, one.runs_until, letters("pairing_over")) == (Status.ACTIVE, LATER, 0)
        else:
            assert ends == ["done", "refused: This question is no longer open."]
            assert (one.status, letters("pairing_over")) == (Status.COMPLETED, 2)


@pytest.mark.parametrize("days", [0, 1])
def test_both_propose_a_later_day_at_once(
    again: Callable[[], Pairing], mentor: User, mentee: User, days: int
) -> None:
    for _round in range(ROUNDS):
        one = again()
        ends = at_once(
            [
                lambda one=one: actions.propose_extension(one, by=mentor, until=LATER, now=NOW),  # type: ignore[misc]
                lambda one=one: actions.propose_extension(  # type: ignore[misc]
                    one, by=mentee, until=LATER + days * DAY, now=NOW
                ),
            ]
        )
        one.refresh_from_db()
        longer = Extension.objects.get()
        if days:
            assert ends[0] == "done"
            assert ends[1].endswith("has proposed another day. Answer that first.")
            assert longer.state == "proposed"
        else:
            assert ends == ["done", "done"]
            assert (longer.state, one.runs_until) == ("agreed", LATER)
            assert letters("pairing_longer_answered") == 1
        assert letters("pairing_longer_asked") == 1


def test_it_is_taken_back_while_the_other_says_yes(
    again: Callable[[], Pairing], mentor: User, mentee: User
) -> None:
    for _round in range(ROUNDS):
        one = again()
        longer = actions.propose_extension(one, by=mentor, until=LATER, now=NOW)
        ends = at_once(
            [
                lambda longer=longer: actions.take_back_extension(longer, by=mentor, now=NOW),  # type: ignore[misc]
                lambda longer=longer: actions.answer_extension(longer, by=mentee, is_yes=True, now=NOW),  # type: ignore[misc]
            ]
        )
        assert ends == ["done", "refused: This question is no longer open."]
        one.refresh_from_db()
        longer.refresh_from_db()
        assert (
            (one.runs_until == LATER)
            == (longer.state == "agreed")
            == (letters("pairing_longer_answered") == 1)
        )


def test_both_pause_it_at_once(again: Callable[[], Pairing], mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        one = again()
        ends = at_once(
            [
                lambda one=one, who=who: actions.pause_own_pairing(  # type: ignore[misc]
                    one, by=who, until=TODAY + 5 * DAY, now=NOW
                )
                for who in (mentor, mentee)
            ]
        )
        assert ends == ["done", "refused: Only an active pairing can be paused."]
        assert letters("pairing_paused") == Step.objects.count() == 1


def test_it_is_paused_while_it_goes_on(again: Callable[[], Pairing], mentor: User, mentee: User) -> None:
    """One lets it go on, the clock does so too, and the other one pauses it at that moment."""
    for _round in range(ROUNDS):
        one = again()
        actions.pause_own_pairing(one, by=mentor, until=TODAY + 5 * DAY, now=NOW)
        ends = at_once(
            [
                lambda one=one: actions.resume_own_pairing(one, by=mentor, now=THEN),  # type: ignore[misc]
                lambda: actions.resume_due_pairings(THEN),
                lambda one=one: actions.pause_own_pairing(  # type: ignore[misc]
                    one, by=mentee, until=TODAY + 8 * DAY, now=THEN
                ),
            ]
        )
        one.refresh_from_db()
        first, *second = Step.objects.order_by("pk")
        resumed = Message.objects.filter(kind="pairing_resumed", subject_id=first.pk)
        assert not any("Error" in end for end in ends)
        assert resumed.filter(person=mentee).count() == 1
        if second:
            assert (one.status, one.paused_until) == (Status.PAUSED, TODAY + 8 * DAY)
        else:
            assert (one.status, one.paused_until) == (Status.ACTIVE, None)
            assert "refused: Only an active pairing can be paused." in ends


def test_it_ends_while_a_meeting_is_planned(again: Callable[[], Pairing], mentor: User, mentee: User) -> None:
    for _round in range(ROUNDS):
        one = again()
        ends = at_once(
            [
                lambda one=one: actions.end_own_pairing(one, by=mentor, now=NOW),  # type: ignore[misc]
                lambda one=one: actions.plan_meeting(  # type: ignore[misc]
                    one, by=mentee, starts_at=NOW + DAY, minutes=60, now=NOW
                ),
            ]
        )
        assert ends[0] == "done"
        assert ends[1] in ("done", "refused: Meetings are planned while the pairing is under way.")
        one.refresh_from_db()
        assert one.status == Status.ENDED
        assert not Meeting.objects.planned().filter(pairing=one).exists()


def test_it_is_ended_from_three_sides_at_once(
    again: Callable[[], Pairing], mentor: User, mentee: User, admin: User
) -> None:
    """By one of the two, by those who run the program, and by the other one who leaves it."""
    for _round in range(ROUNDS):
        one = again()
        Enrollment.objects.filter(person=mentee).update(status="active")
        place = Enrollment.objects.get(person=mentee)
        ends = at_once(
            [
                lambda one=one: actions.end_own_pairing(one, by=mentor, now=NOW),  # type: ignore[misc]
                lambda one=one: actions.complete_pairing(one, by=admin, now=NOW),  # type: ignore[misc]
                lambda place=place: actions.withdraw(place, now=NOW),  # type: ignore[misc]
            ]
        )
        assert [
            end for end in ends if end not in ("done", "refused: Only a pairing that is under way can end.")
        ] == []
        one.refresh_from_db()
        assert one.status in Pairing.OVER
        assert letters("pairing_over") <= 2
        assert Farewell.objects.count() == 2


def test_the_program_closes_while_one_of_the_two_is_erased(
    again: Callable[[], Pairing], program: Program, mentor: User, mentee: User, admin: User
) -> None:
    one = again()
    ends = at_once(
        [
            lambda: erasing.erase(mentee, now=NOW),
            lambda: actions.close_program(program, by=admin, now=NOW),
        ]
    )
    assert ends == ["done", "done"]
    one.refresh_from_db()
    assert one.status in Pairing.OVER
    assert Message.objects.filter(kind="pairing_over", person=mentor).count() == 1
    erasing.sweep(NOW)
    assert [each.person_id for each in Farewell.objects.all()] == [mentor.pk]


def test_it_ends_while_the_other_one_takes_a_time_that_was_proposed(
    again: Callable[[], Pairing], mentor: User, mentee: User
) -> None:
    """Whichever comes first: there is no meeting to come in a pair that is over, and no calendar that has one."""
    for _round in range(ROUNDS):
        one = again()
        Arrangement.objects.all().delete()
        proposal = actions.propose_times(one, by=mentor, starts=[NOW + 3 * DAY], minutes=60, now=NOW)
        (time,) = proposal.times.all()
        ends = at_once(
            [
                lambda one=one: actions.end_own_pairing(one, by=mentor, now=NOW),  # type: ignore[misc]
                lambda time=time: actions.take_time(time, by=mentee, now=NOW),  # type: ignore[misc]
            ]
        )
        assert ends[0] == "done"
        assert not any("Error" in end for end in ends)
        one.refresh_from_db()
        proposal.refresh_from_db()
        assert one.status == Status.ENDED
        assert not Meeting.objects.planned().filter(pairing=one).exists()
        assert not Arrangement.objects.standing().exists()
        assert letters("pairing_over") == 1
        if ends == ["done", "done"]:
            assert proposal.state == "taken"
            # The calendars that had it were told that it does not take place.
            assert Arrangement.objects.get().versions.latest("sequence").is_cancelled
        else:
            assert proposal.state == "lapsed"
            assert not Arrangement.objects.exists()


def test_a_pause_and_a_time_that_is_taken_at_once_leave_no_meeting(
    again: Callable[[], Pairing], mentor: User, mentee: User
) -> None:
    for _round in range(ROUNDS):
        one = again()
        proposal = actions.propose_times(one, by=mentor, starts=[NOW + 3 * DAY], minutes=60, now=NOW)
        (time,) = proposal.times.all()
        ends = at_once(
            [
                lambda one=one: actions.pause_own_pairing(  # type: ignore[misc]
                    one, by=mentor, until=TODAY + 5 * DAY, now=NOW
                ),
                lambda time=time: actions.take_time(time, by=mentee, now=NOW),  # type: ignore[misc]
            ]
        )
        assert ends[0] == "done"
        assert not any("Error" in end for end in ends)
        assert not Meeting.objects.planned().filter(pairing=one).exists()


@pytest.mark.parametrize("how", ["the program closes", "the mentor leaves"])
def test_one_of_a_group_pauses_while_all_of_it_ends(
    program: Program,
    mentor: User,
    mentee: User,
    member: User,
    admin: User,
    how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What has not begun is called off first, with what the others planned with it; nobody holds one of the others then
    and waits for that."""
    one = pair(program, mentor, mentee)
    pair(program, mentor, member, status="accepted", starts_on=TODAY + 30 * DAY)
    actions.plan_together(one, by=mentor, starts_at=NOW + 7 * DAY, minutes=60, now=NOW)
    is_half_way = threading.Event()
    come_to_nothing = endings.come_to_nothing

    def slowly(*args: Any, **how: Any) -> list[Pairing]:
        found = come_to_nothing(*args, **how)
        is_half_way.set()
        time.sleep(0.4)
        return found

    @transaction.atomic
    def all_ends() -> None:
        if how == "the program closes":
            actions.close_program(program, by=admin, now=NOW)
        else:
            places.end_pairings(mentor, program, NOW)

    def pause() -> None:
        assert is_half_way.wait(timeout=20)
        actions.pause_own_pairing(one, by=mentee, until=TODAY + 10 * DAY, now=NOW)

    monkeypatch.setattr(endings, "come_to_nothing", slowly)
    ends = at_once([all_ends, pause])
    assert ends[0] == "done"
    assert ends[1].startswith("refused")
    assert set(Pairing.objects.values_list("status", flat=True)) <= {"completed", "ended", "expired"}
    assert not Meeting.objects.planned().exists()
