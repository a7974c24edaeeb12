"""Who is owed which of the quarter's e-mails, and when. What a person reads is in test_nudge_emails.py."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db.models import F

from accounts.mail import claims, suppression
from accounts.mail.models import Message, Stopped, Suppression
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections.closings import look_after
from reflections.models import Round
from reflections.nudges import Planned, plan_nudges
from reflections.outlook import look
from tests.conftest import enroll, pair
from tests.reflections.nudging import (
    ASK,
    DAY,
    LAST_CALL,
    LISBON,
    REMINDER,
    SOON,
    W0,
    WARSAW,
    WEEK,
    answer,
    at,
    live,
    owed,
    send_due,
    sent,
)

pytestmark = pytest.mark.django_db


# --- When ----------------------------------------------------------------------------------------------------------


def test_both_of_a_pair_are_asked_at_their_own_coffee_time_in_their_own_zone(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    User.objects.filter(pk=mentee.pk).update(coffee_weekday=2, coffee_time=time(16, 0))
    assert plan_nudges(W0 - DAY).owed == 2
    assert owed() == [
        ("Noor", ASK, W0),
        ("Tomasz", ASK, datetime(2026, 6, 24, 16, 0, tzinfo=WARSAW)),
    ]
    assert set(Message.objects.values_list("subject_id", flat=True)) == {current.pk}
    assert not Message.objects.exclude(expires_at=F("due_at") + WEEK).exists()


def test_planning_again_owes_nothing_again(current: Round, pairing: Pairing) -> None:
    assert plan_nudges(SOON) == Planned(owed=2)
    assert plan_nudges(SOON) == Planned()
    assert plan_nudges(W0 - timedelta(minutes=1)) == Planned()


def test_nothing_is_owed_more_than_three_days_ahead(current: Round, pairing: Pairing, mentor: User) -> None:
    plan_nudges(W0 - 3 * DAY - timedelta(minutes=1))
    assert owed(mentor) == []
    plan_nudges(W0 - 3 * DAY)
    assert owed(mentor) == [("Noor", ASK, W0)]


def test_a_whole_quarter_brings_three_e_mails_and_no_more(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 70)
    assert sent(mentor) == [
        (ASK, current.pk, date(2026, 6, 23)),
        (REMINDER, current.pk, date(2026, 6, 30)),
        (LAST_CALL, current.pk, date(2026, 7, 14)),
    ]


def test_a_clock_that_ticks_twice_and_one_that_misses_two_days_send_the_same(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 17)
    live(W0 + 2 * DAY, 1)
    live(W0 + 2 * DAY, 1)
    assert sent(mentor) == [(ASK, current.pk, date(2026, 6, 25))]


def test_after_two_days_without_a_tick_the_ask_goes_at_once_and_the_reminder_waits_its_week(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 + 2 * DAY + timedelta(hours=3), 60)
    assert sent(mentor) == [
        (ASK, current.pk, date(2026, 6, 25)),
        (REMINDER, current.pk, date(2026, 7, 7)),
        (LAST_CALL, current.pk, date(2026, 7, 14)),
    ]


def test_a_clock_that_starts_again_at_night_waits_for_morning(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    plan_nudges(datetime(2026, 6, 25, 2, 0, tzinfo=LISBON))
    assert owed(mentor) == [("Noor", ASK, datetime(2026, 6, 25, 7, 0, tzinfo=LISBON))]


def test_what_is_more_than_a_week_late_is_left_out(current: Round, pairing: Pairing, mentor: User) -> None:
    live(W0 + WEEK + timedelta(hours=2), 50)
    assert [kind for kind, *_rest in sent(mentor)] == [REMINDER, LAST_CALL]


def test_a_clock_that_starts_months_late_asks_about_no_old_quarter(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    live(datetime(2026, 9, 1, 9, 0, tzinfo=UTC), 26)
    assert Round.objects.filter(program=program).count() == 3
    assert [day for *_rest, day in sent(mentor)] == [date(2026, 9, 22)]


def test_a_program_of_another_fiscal_year_asks_at_its_own_quarters_end(
    other_program: Program, outsider: User, member: User
) -> None:
    Program.objects.filter(pk=other_program.pk).update(fiscal_first_month=2)
    for person in (outsider, member):
        enroll(other_program, person, "both")
    pair(other_program, outsider, member)
    live(datetime(2026, 7, 10, 6, 40, tzinfo=UTC), 45)
    assert [day for *_rest, day in sent(outsider)] == [
        date(2026, 7, 21),
        date(2026, 7, 28),
        date(2026, 8, 11),
    ]


def test_the_hour_stays_when_summer_time_begins_between_two_e_mails(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    """The quarter that ends on March 31, 2026: the ask on the 24th, the clock is put forward on the 29th."""
    live(datetime(2026, 3, 10, 7, 40, tzinfo=UTC), 26)
    asked, reminded = Message.objects.filter(person=mentor).order_by("due_at")[:2]
    assert reminded.due_at - asked.due_at == WEEK - timedelta(hours=1)
    assert {row.due_at.astimezone(LISBON).time() for row in (asked, reminded)} == {time(7, 30)}


# --- Who, and who not ----------------------------------------------------------------------------------------------


def test_nobody_is_asked_who_is_not_in_a_running_pairing(
    current: Round, pairing: Pairing, member: User
) -> None:
    plan_nudges(SOON)
    assert owed(member) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda program, pairing, mentor: Enrollment.objects.filter(person=mentor).update(status="paused"),
        lambda program, pairing, mentor: Enrollment.objects.filter(person=mentor).update(status="withdrawn"),
        lambda program, pairing, mentor: Pairing.objects.update(status="paused"),
        lambda program, pairing, mentor: Pairing.objects.update(status="ended", ended_on=date(2026, 6, 1)),
        lambda program, pairing, mentor: Program.objects.update(status="paused"),
        lambda program, pairing, mentor: Program.objects.update(status="closed"),
        lambda program, pairing, mentor: User.objects.filter(pk=mentor.pk).update(is_active=False),
    ],
    ids=[
        "pausing",
        "gone",
        "pair pauses",
        "pair is over",
        "program pauses",
        "program is closed",
        "no account",
    ],
)
def test_who_is_away_is_not_asked_and_not_sent_what_was_owed_before(
    current: Round, program: Program, pairing: Pairing, mentor: User, change: object
) -> None:
    plan_nudges(SOON)
    waiting = Message.objects.get(person=mentor, kind=ASK)
    with at(W0):
        assert claims.why_not(waiting) is None
        change(program, pairing, mentor)  # type: ignore[operator]
        ending = claims.why_not(waiting)
    assert ending is not None
    assert ending.state == "cancelled"
    Message.objects.all().delete()
    plan_nudges(SOON)
    assert owed(mentor) == []


def test_a_pairing_younger_than_three_weeks_at_the_quarters_end_is_not_asked_about(
    current: Round, pairing: Pairing
) -> None:
    Pairing.objects.update(starts_on=date(2026, 6, 10))
    assert plan_nudges(SOON).owed == 0
    Pairing.objects.update(starts_on=date(2026, 6, 9))
    assert plan_nudges(SOON).owed == 2


def test_who_stopped_these_e_mails_is_not_owed_any(current: Round, pairing: Pairing, mentor: User) -> None:
    Stopped.objects.stop(mentor.pk, "reflections")
    assert plan_nudges(SOON).owed == 1
    assert owed(mentor) == []


@pytest.mark.parametrize("status", ["submitted", "declined"])
def test_who_has_answered_is_not_asked_again(
    current: Round, pairing: Pairing, mentor: User, status: str
) -> None:
    live(W0 - DAY, 3)
    answer(mentor, current, status, W0 + DAY)
    live(W0 + 2 * DAY, 40)
    assert [kind for kind, *_rest in sent(mentor)] == [ASK]


def test_who_answers_between_planning_and_sending_gets_nothing(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    plan_nudges(SOON)
    answer(mentor, current, "submitted")
    send_due(W0 + timedelta(minutes=1))
    assert sent(mentor) == []
    assert Message.objects.get(person=mentor).last_error == "answered"
    assert len(sent(mentee)) == 1


def test_who_is_just_writing_is_not_reminded_of_it(
    current: Round, pairing: Pairing, mentor: User, mentee: User
) -> None:
    live(W0 - DAY, 3)
    for person, begun in ((mentor, W0 + 6 * DAY), (mentee, W0 + 4 * DAY)):
        answer(person, current, "draft", begun)
    live(W0 + 7 * DAY - timedelta(hours=1), 4, every=timedelta(hours=1))
    assert [kind for kind, *_rest in sent(mentor)] == [ASK]
    assert [kind for kind, *_rest in sent(mentee)] == [ASK, REMINDER]


def test_who_starts_writing_after_the_reminder_was_owed_is_not_sent_it(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 - DAY, 7)
    assert Message.objects.get(person=mentor, kind=REMINDER).state == "queued"
    answer(mentor, current, "draft", W0 + 6 * DAY)
    live(W0 + 6 * DAY, 2)
    reminder = Message.objects.get(person=mentor, kind=REMINDER)
    assert (reminder.state, reminder.last_error) == ("cancelled", "writing")


def test_an_address_that_refused_the_ask_is_not_tried_for_the_reminder(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    live(W0 - DAY, 3)
    Message.objects.filter(person=mentor).update(state="failed", sent_at=None, last_code=550)
    live(W0 + 2 * DAY, 40)
    assert Message.objects.filter(person=mentor).count() == 1


def test_who_was_silent_is_asked_less_and_who_comes_back_is_asked_as_before(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    """One quarter without opening the page: no last call. Two: only the ask. A page that was opened counts."""
    kinds = []
    for start in (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)):
        end = program.quarter_on(start).end
        live(datetime.combine(end, time(7, 40), UTC) - 18 * DAY, 42)
        kinds.append(
            [kind for kind, round, _day in sent(mentor) if Round.objects.get(pk=round).quarter_start == start]
        )
        if start == date(2026, 7, 1):
            answer(mentor, Round.objects.get(program=program, quarter_start=start), "draft")
    assert kinds == [[ASK, REMINDER, LAST_CALL], [ASK, REMINDER], [ASK], [ASK, REMINDER, LAST_CALL]]


# --- Mail came back -------------------------------------------------------------------------------------------------


def test_whoever_mail_came_back_from_is_owed_nothing_until_it_is_lifted(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    Suppression.objects.put(mentor.pk, mentor.email, "bounced", now=SOON)
    plan_nudges(SOON)
    assert owed(mentor) == []
    (outlook,) = [each for each in look([current], SOON) if each.person.pk == mentor.pk and each.nudge == ASK]
    assert outlook.why == "their address does not work"
    suppression.lift(mentor, now=SOON)
    plan_nudges(SOON)
    assert owed(mentor) == [("Noor", ASK, W0)]


def test_after_a_complaint_they_are_said_to_have_stopped_it(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    Suppression.objects.put(mentor.pk, mentor.email, "complaint", now=SOON)
    (outlook,) = [each for each in look([current], SOON) if each.person.pk == mentor.pk and each.nudge == ASK]
    assert outlook.why == "they stopped these e-mails"


def test_an_ask_that_came_back_ends_the_others_only_until_their_person_says_that_it_works(
    current: Round, pairing: Pairing, mentor: User
) -> None:
    plan_nudges(SOON)
    Message.objects.filter(person=mentor).update(state="bounced", sending_at=W0, sent_at=W0)
    Suppression.objects.put(mentor.pk, mentor.email, "bounced", now=W0)
    plan_nudges(W0 + 6 * DAY)
    assert [nudge for _name, nudge, _at in owed(mentor)] == [ASK]
    suppression.lift(mentor, now=W0 + DAY)
    plan_nudges(W0 + 6 * DAY)
    assert [nudge for _name, nudge, _at in owed(mentor)] == [ASK, REMINDER]


@pytest.mark.parametrize(("state", "code"), [("bounced", 250), ("failed", 550)])
def test_reminders_follow_whoever_has_another_address_after_mail_came_back(
    current: Round, pairing: Pairing, mentor: User, state: str, code: int
) -> None:
    plan_nudges(SOON)
    at = {"sending_at": W0, "sent_at": W0} if state == "bounced" else {}
    Message.objects.filter(person=mentor).update(state=state, last_code=code, last_error="5.1.1", **at)
    Suppression.objects.put(mentor.pk, mentor.email, "bounced", now=W0)
    plan_nudges(W0 + 6 * DAY)
    assert [nudge for _name, nudge, _at in owed(mentor)] == [ASK]
    assert look_after(current).addresses == [mentor.name]
    User.objects.filter(pk=mentor.pk).update(email="noor@new.example")
    mentor.refresh_from_db()
    suppression.address_changed(mentor, now=W0 + DAY)
    plan_nudges(W0 + 6 * DAY)
    assert [nudge for _name, nudge, _at in owed(mentor)] == [ASK, REMINDER]
    assert look_after(current).addresses == []
    # What comes back from the new one ends the others again.
    Message.objects.filter(person=mentor, kind=REMINDER).update(state="failed", last_code=550)
    plan_nudges(W0 + 20 * DAY)
    assert [nudge for _name, nudge, _at in owed(mentor)] == [ASK, REMINDER]
