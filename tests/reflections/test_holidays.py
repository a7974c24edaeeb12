"""On a program's holidays its machine writes to nobody: by the program's calendar, and by that of whoever reads it."""

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest
from mentoring.days_off import NO_DAYS_OFF, DaysOff
from mentoring.models import Holiday, Pairing, Program
from reflections.models import Round
from reflections.nudges import Planned, plan_nudges
from reflections.schedule import GAP, Calendar, Nudge, Slot
from tests.reflections.nudging import ASK, DAY, LISBON, SOON, W0, WEEK, live, owed, sent
from tests.reflections.test_schedule import D, moments, page, slots, zones

starts = st.dates(date(2026, 6, 1), date(2026, 9, 1))
spans = st.lists(
    st.builds(lambda first, days: (first, first + timedelta(days=days)), starts, st.integers(0, 20)),
    max_size=4,
).map(tuple)
days_off = st.builds(DaysOff, zones, spans)


def is_off(instant: datetime, slot: Slot, off: DaysOff) -> bool:
    """Said once more, day by day."""
    days = {instant.astimezone(slot.zone).date(), instant.astimezone(off.zone).date()}
    return any(first <= day <= last for first, last in off.spans for day in days)


# --- The arithmetic ------------------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(slots, days_off, moments)
def test_no_allowed_moment_is_a_holiday(slot: Slot, off: DaysOff, instant: datetime) -> None:
    moment = slot.next_allowed(instant, off)
    assert moment >= instant
    assert slot.allows(moment, off)
    assert slot.allows(moment)
    assert not is_off(moment, slot, off)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(slots.map(lambda slot: slot.weekday), days_off), min_size=1, max_size=3),
    slots,
    moments,
)
def test_no_nudge_falls_on_a_holiday_of_its_program_and_still_one_a_week(
    programs: list[tuple[int, DaysOff]], slot: Slot, now: datetime
) -> None:
    pages = [page(key, off=off) for key, (_day, off) in enumerate(programs)]
    places = Calendar(slot, now, []).lay_out(pages)
    going = [place for place in places if place.at is not None]
    for place in going:
        assert place.at is not None
        assert place.at >= now
        assert slot.allows(place.at)
        assert not is_off(place.at, slot, pages[place.key].off)
        assert place.at < place.expires_at
    instants = sorted(place.at for place in going if place.at)
    assert all(later - sooner >= GAP for sooner, later in pairwise(instants))
    assert len(places) == 3 * len(pages)


@settings(max_examples=200)
@given(slots, st.integers(0, 60).map(lambda n: D + timedelta(days=n)))
def test_without_holidays_nothing_is_moved(slot: Slot, due_on: date) -> None:
    elsewhere = DaysOff(slot.zone, ((date(2020, 1, 1), date(2020, 2, 1)),))
    for nudge in Nudge:
        assert slot.time_of(nudge, due_on, elsewhere) == slot.time_of(nudge, due_on, NO_DAYS_OFF)


@settings(max_examples=200)
@given(slots, days_off, moments)
def test_the_first_slot_from_now_is_the_earliest_of_all_weeks(
    slot: Slot, off: DaysOff, instant: datetime
) -> None:
    monday = instant.date() - timedelta(days=instant.weekday())
    every = [slot.in_week(monday + n * WEEK, off) for n in range(-12, 12)]
    assert every == sorted(every)
    assert slot.first_from(instant, off) == min(each for each in every if each >= instant)


def test_a_slot_on_a_holiday_keeps_its_hour_on_the_next_allowed_day() -> None:
    slot = Slot(LISBON, 1, time(7, 30))
    for last, at in (
        (date(2026, 6, 23), datetime(2026, 6, 24, 7, 30, tzinfo=LISBON)),
        # Up to Friday: the weekend is not theirs either.
        (date(2026, 6, 26), datetime(2026, 6, 29, 7, 30, tzinfo=LISBON)),
    ):
        off = DaysOff(LISBON, ((date(2026, 6, 22), last),))
        assert slot.time_of(Nudge.ASK, D, off) == at


def test_it_is_a_holiday_by_either_calendar() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    off = DaysOff(LISBON, ((date(2026, 12, 25), date(2026, 12, 25)),))
    # The 25th in Tokyo, the 24th in Lisbon; and the 26th in Tokyo, the 25th in Lisbon.
    assert off.cover(datetime(2026, 12, 25, 7, 30, tzinfo=tokyo), tokyo)
    assert off.cover(datetime(2026, 12, 26, 7, 30, tzinfo=tokyo), tokyo)
    assert not off.cover(datetime(2026, 12, 26, 10, 0, tzinfo=tokyo), tokyo)


# --- The planner ---------------------------------------------------------------------------------------------------


def holiday(program: Program, first: date, last: date) -> Holiday:
    return Holiday.objects.create(program=program, starts_on=first, ends_on=last)


@pytest.mark.django_db
def test_the_ask_waits_until_the_holidays_are_over_and_the_reminder_keeps_its_distance(
    current: Round, program: Program, pairing: Pairing, mentor: User
) -> None:
    holiday(program, date(2026, 6, 22), date(2026, 6, 25))
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 60)
    assert [(kind, day) for kind, _round, day in sent(mentor)] == [
        ("ask", date(2026, 6, 26)),
        ("reminder", date(2026, 7, 7)),
        ("last_call", date(2026, 7, 14)),
    ]


@pytest.mark.django_db
def test_holidays_over_the_quarters_end_leave_what_still_has_a_place(
    current: Round, program: Program, pairing: Pairing, mentor: User
) -> None:
    """Three weeks: the ask and the last call come after them, and nothing comes after the round closes."""
    holiday(program, date(2026, 6, 20), date(2026, 7, 10))
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 60)
    days = [day for _kind, _round, day in sent(mentor)]
    assert days[0] == date(2026, 7, 13)
    assert all(day > date(2026, 7, 10) for day in days)
    assert all(day <= current.closes_on for day in days)


@pytest.mark.django_db
def test_holidays_without_end_ask_nobody_and_break_nothing(
    current: Round, program: Program, pairing: Pairing
) -> None:
    holiday(program, date(2026, 6, 1), date(9999, 12, 31))
    live(datetime(2026, 6, 5, 6, 40, tzinfo=UTC), 60)
    assert owed() == []


@pytest.mark.django_db
def test_holidays_of_another_program_move_nothing(
    current: Round, other_program: Program, pairing: Pairing, mentor: User
) -> None:
    holiday(other_program, date(2026, 6, 1), date(2026, 7, 31))
    plan_nudges(SOON)
    assert owed(mentor) == [("Noor", ASK, W0)]


@pytest.mark.django_db
def test_a_holiday_that_is_written_down_late_moves_what_waits(
    current: Round, program: Program, pairing: Pairing, mentor: User
) -> None:
    plan_nudges(SOON)
    holiday(program, date(2026, 6, 23), date(2026, 6, 23))
    assert plan_nudges(SOON) == Planned(moved=2)
    assert owed(mentor) == [("Noor", ASK, W0 + DAY)]


@pytest.mark.django_db
def test_what_is_late_on_a_holiday_waits_for_the_morning_after(
    current: Round, program: Program, pairing: Pairing, mentor: User
) -> None:
    """It was due before, and could not be sent: the mail server was away."""
    plan_nudges(SOON)
    Message.objects.update(attempts=1)
    holiday(program, date(2026, 6, 24), date(2026, 6, 24))
    plan_nudges(datetime(2026, 6, 24, 9, 0, tzinfo=LISBON))
    tried_at = Message.objects.get(person=mentor).next_attempt_at
    assert tried_at == datetime(2026, 6, 25, 7, 0, tzinfo=LISBON)


@pytest.mark.django_db
def test_the_dry_run_knows_the_holidays(current: Round, program: Program, pairing: Pairing) -> None:
    holiday(program, date(2026, 6, 22), date(2026, 6, 25))
    out = StringIO()
    call_command("nudges", "--dry-run", "--on", "2026-06-20", stdout=out)
    assert "ask: Fri 2026-06-26 07:30 Europe/Lisbon" in out.getvalue()


@pytest.mark.django_db
def test_a_snooze_into_the_holidays_ends_after_them(
    current: Round, program: Program, pairing: Pairing, mentor: User
) -> None:
    User.objects.filter(pk=mentor.pk).update(snoozed_until=date(2026, 6, 25))
    holiday(program, date(2026, 6, 25), date(2026, 6, 25))
    out = StringIO()
    call_command("nudges", "--dry-run", "--on", "2026-06-20", stdout=out)
    assert "snoozed until Fri 2026-06-26 07:00" in out.getvalue()


# --- Invitations ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_nobody_is_reminded_of_an_invitation_on_a_holiday(program: Program, admin: User) -> None:
    actions.invite_by_email(
        program, "mentee", [Guest("petra@new.example")], by=admin, now=SOON, lives=14 * DAY
    )
    due = SOON + 7 * DAY
    holiday(program, due.date(), (due + DAY).date())
    assert actions.remind_the_silent(due) == 0
    assert actions.remind_the_silent(due + DAY) == 0
    assert actions.remind_the_silent(due + 2 * DAY) == 1
