"""When a person is asked, in every zone, at both edges of summer time, at every end of a quarter."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mentoring.quarter import Quarter
from reflections.schedule import (
    AFTER_THE_ASK,
    GAP,
    LATE,
    WEEK,
    WINDOW_OPENS,
    WINDOW_SHUTS,
    Calendar,
    Nudge,
    Page,
    Slot,
    Why,
    first_valid,
    last_full_week,
)

LISBON = ZoneInfo("Europe/Lisbon")
D = date(2026, 6, 30)
FAR = datetime(2030, 1, 1, tzinfo=UTC)

zones = st.sampled_from(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})).map(ZoneInfo)
days = st.dates(date(1975, 1, 1), date(2045, 12, 31))
ends = st.builds(lambda day, month: Quarter.containing(day, month).end, days, st.integers(1, 12))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
slots = st.builds(Slot, zones, st.integers(0, 6), times)
instants = st.integers(0, 75 * 365 * 24 * 60).map(
    lambda minutes: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def local(instant: datetime, slot: Slot) -> datetime:
    return instant.astimezone(slot.zone)


def tuesday(at: time = time(7, 30), zone: ZoneInfo = LISBON) -> Slot:
    return Slot(zone, 1, at)


# --- The last full week --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_on", "monday"),
    [
        (date(2026, 6, 30), date(2026, 6, 22)),  # Tuesday
        (date(2026, 8, 31), date(2026, 8, 24)),  # Monday: the week that ended yesterday
        (date(2026, 5, 31), date(2026, 5, 18)),  # Sunday: this week is not over before it
        (date(2028, 2, 29), date(2028, 2, 21)),  # a leap day
        (date(2026, 12, 31), date(2026, 12, 21)),  # the week goes before the year's last
    ],
)
def test_the_last_full_week_is_over_before_the_last_day(due_on: date, monday: date) -> None:
    assert last_full_week(due_on) == monday


@given(ends)
def test_the_last_full_week_ends_within_a_week_before_the_last_day(due_on: date) -> None:
    monday = last_full_week(due_on)
    assert monday.weekday() == 0
    assert timedelta(days=1) <= due_on - (monday + timedelta(days=6)) <= WEEK


# --- One slot ------------------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(slots, ends, st.sampled_from(list(Nudge)))
def test_a_nudge_comes_on_the_coffee_day_and_by_day(slot: Slot, due_on: date, nudge: Nudge) -> None:
    at = local(slot.time_of(nudge, due_on), slot)
    day = last_full_week(due_on) + AFTER_THE_ASK[nudge] + timedelta(days=slot.weekday)
    assert at.tzinfo is not None
    assert slot.allows(at)
    assume(
        day not in {date(2011, 12, 30), date(1994, 12, 31), date(1995, 1, 1), date(1993, 8, 21)}
    )  # days left out
    assert at.date() == day
    assert WINDOW_OPENS <= at.time() < WINDOW_SHUTS


@given(zones, st.integers(0, 6), st.times(time(8), time(19)), ends, st.sampled_from(list(Nudge)))
def test_a_slot_by_day_is_kept_to_the_minute(
    zone: ZoneInfo, weekday: int, at: time, due_on: date, nudge: Nudge
) -> None:
    slot = Slot(zone, weekday, at.replace(second=0, microsecond=0))
    found = local(slot.time_of(nudge, due_on), slot)
    assume(
        zone.utcoffset(found.replace(tzinfo=None) - timedelta(hours=2))
        == zone.utcoffset(found.replace(tzinfo=None))
    )
    assert found.time() == slot.at


@given(slots, ends)
def test_every_ask_comes_after_its_round_opens_and_every_last_call_before_it_closes(
    slot: Slot, due_on: date
) -> None:
    """Counted on the calendar of a program anywhere in the world, with three days to plan and three to spare."""
    from reflections.rounds import ASKED_AFTER, OPENS_BEFORE

    opens = datetime.combine(due_on - OPENS_BEFORE, time(0), UTC) + timedelta(hours=14)
    closes = datetime.combine(due_on + ASKED_AFTER, time(0), UTC)
    assert slot.time_of(Nudge.ASK, due_on) - opens >= timedelta(days=5)
    assert slot.time_of(Nudge.ASK, due_on).date() <= due_on
    assert closes - slot.time_of(Nudge.LAST_CALL, due_on) >= timedelta(hours=-8)


def test_a_slot_at_night_is_moved_into_the_day() -> None:
    assert local(tuesday(time(5)).time_of(Nudge.ASK, D), tuesday()).time() == time(7)
    assert local(tuesday(time(22, 15)).time_of(Nudge.ASK, D), tuesday()).time() == time(19, 30)


def test_the_weekend_is_free_unless_it_is_the_coffee_day() -> None:
    saturday = datetime(2026, 6, 27, 9, 0, tzinfo=LISBON)
    assert not tuesday().allows(saturday)
    assert tuesday().next_allowed(saturday) == datetime(2026, 6, 29, 7, 0, tzinfo=LISBON)
    assert Slot(LISBON, 5, time(9)).allows(saturday)
    assert not Slot(LISBON, 6, time(9)).allows(saturday)


@settings(max_examples=200)
@given(slots, instants)
def test_the_next_allowed_moment_is_allowed_and_soon(slot: Slot, instant: datetime) -> None:
    moment = slot.next_allowed(instant)
    assert slot.allows(moment)
    assert timedelta(0) <= moment - instant <= timedelta(days=5)
    assert slot.next_allowed(moment) == moment
    if slot.allows(instant):
        assert moment == instant


@settings(max_examples=200)
@given(slots, instants)
def test_the_first_slot_from_now_is_a_slot_within_a_week(slot: Slot, instant: datetime) -> None:
    found = slot.first_from(instant)
    assert found >= instant
    assert found - instant <= timedelta(days=11)  # seven; a left-out day and the weekend after it add four
    monday = local(found, slot).date() - timedelta(days=local(found, slot).weekday())
    assert found in {slot.in_week(monday), slot.in_week(monday - WEEK)}


# --- Gaps and repeated hours ---------------------------------------------------------------------------------------


def test_in_the_gap_of_spring_the_first_minute_after_it_counts() -> None:
    assert first_valid(date(2026, 3, 29), time(1, 30), LISBON) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert first_valid(date(2026, 3, 29), time(1, 0), LISBON) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert first_valid(date(2026, 3, 29), time(0, 59), LISBON) == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


def test_in_the_repeated_hour_of_fall_the_first_counts() -> None:
    denver = ZoneInfo("America/Denver")
    assert first_valid(date(2026, 11, 1), time(1, 30), denver) == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def test_a_half_hour_gap_is_only_half_an_hour() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert first_valid(date(2026, 10, 4), time(2, 10), lord_howe).astimezone(lord_howe).time() == time(2, 30)


def test_a_day_that_was_left_out_waits_for_the_next_working_morning() -> None:
    apia = ZoneInfo("Pacific/Apia")
    friday = Slot(apia, 4, time(7, 30))
    assert local(friday.in_week(date(2011, 12, 26)), friday) == datetime(2012, 1, 2, 7, 0, tzinfo=apia)


@settings(max_examples=300)
@given(zones, days, times)
def test_the_first_valid_minute_is_there_and_no_earlier_one_is(zone: ZoneInfo, day: date, at: time) -> None:
    instant = first_valid(day, at, zone)
    naive = datetime.combine(day, at)
    found = instant.astimezone(zone).replace(tzinfo=None)
    assert found >= naive
    minute = naive
    while minute < found:
        there = minute.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        assert there != minute
        minute += timedelta(minutes=1)
    earlier = (instant - timedelta(hours=3)).astimezone(zone).replace(tzinfo=None)
    assert earlier < naive or found != naive or instant == first_valid(day, at, zone)
    assert (
        naive.replace(tzinfo=zone, fold=0).utcoffset() == instant.astimezone(zone).utcoffset()
        or found != naive
    )


def test_summer_time_moves_the_instant_and_not_the_hour() -> None:
    slot = tuesday(time(9))
    before, after = slot.in_week(date(2026, 3, 23)), slot.in_week(date(2026, 3, 30))
    assert after - before == WEEK - timedelta(hours=1)
    assert local(before, slot).time() == local(after, slot).time() == time(9)


# --- A person's calendar -------------------------------------------------------------------------------------------


def page(key: int = 1, due_on: date = D, **more: object) -> Page:
    values: dict[str, object] = {"closes_at": FAR}
    return Page(key, due_on, **(values | more))  # type: ignore[arg-type]


def laid_out(
    pages: list[Page], now: datetime, slot: Slot | None = None, taken: list[datetime] | None = None
) -> dict:
    places = Calendar(slot or tuesday(), now, taken or []).lay_out(pages)
    return {(place.key, place.nudge): place for place in places}


EARLY = datetime(2026, 6, 10, 12, tzinfo=UTC)
W0 = datetime(2026, 6, 23, 6, 30, tzinfo=UTC)


def test_one_program_has_its_three_weeks() -> None:
    places = laid_out([page()], EARLY)
    assert [places[1, nudge].at for nudge in Nudge] == [W0, W0 + WEEK, W0 + 3 * WEEK]
    assert [place.expires_at - place.at for place in places.values()] == [LATE] * 3


def test_a_second_program_asks_a_week_later_and_what_finds_no_week_is_dropped() -> None:
    places = laid_out([page(2), page(1)], EARLY)
    assert places[1, Nudge.ASK].at == W0
    assert places[2, Nudge.ASK].at == W0 + WEEK
    assert (places[1, Nudge.REMINDER].at, places[1, Nudge.REMINDER].why) == (None, Why.TOO_CLOSE)
    assert places[2, Nudge.REMINDER].at == W0 + 2 * WEEK
    assert places[1, Nudge.LAST_CALL].at == W0 + 3 * WEEK
    assert places[2, Nudge.LAST_CALL].why == Why.TOO_CLOSE


def test_when_the_first_program_is_answered_the_second_has_the_weeks_to_itself() -> None:
    places = laid_out([page(2)], W0 + timedelta(days=2), taken=[W0])
    assert places[2, Nudge.ASK].at == W0 + WEEK
    assert places[2, Nudge.LAST_CALL].at == W0 + 3 * WEEK


def test_an_ask_that_is_two_days_late_goes_at_once_and_its_reminder_keeps_its_distance() -> None:
    now = W0 + timedelta(days=2)
    places = laid_out([page()], now)
    assert places[1, Nudge.ASK].at == now
    assert places[1, Nudge.ASK].expires_at == W0 + LATE
    assert places[1, Nudge.REMINDER].at == W0 + 2 * WEEK
    assert places[1, Nudge.LAST_CALL].at == W0 + 3 * WEEK


def test_what_is_late_at_night_or_on_a_weekend_waits_for_the_next_allowed_morning() -> None:
    night = datetime(2026, 6, 24, 2, 0, tzinfo=LISBON)
    assert laid_out([page()], night)[1, Nudge.ASK].at == datetime(2026, 6, 24, 7, 0, tzinfo=LISBON)
    saturday = datetime(2026, 6, 27, 12, 0, tzinfo=LISBON)
    assert laid_out([page()], saturday)[1, Nudge.ASK].at == datetime(2026, 6, 29, 7, 0, tzinfo=LISBON)


def test_what_is_more_than_a_week_late_is_not_sent() -> None:
    places = laid_out([page()], W0 + timedelta(days=8))
    assert (places[1, Nudge.ASK].at, places[1, Nudge.ASK].why) == (None, Why.TOO_LATE)
    assert places[1, Nudge.REMINDER].at == W0 + timedelta(days=8)
    assert places[1, Nudge.LAST_CALL].at == W0 + 3 * WEEK


def test_a_round_that_would_be_over_asks_nothing() -> None:
    places = laid_out([page(closes_at=W0 + 2 * WEEK)], EARLY)
    assert places[1, Nudge.ASK].at == W0
    assert places[1, Nudge.LAST_CALL].why == Why.CLOSED


def test_what_went_out_keeps_the_rest_at_a_distance() -> None:
    late = W0 + timedelta(days=4)
    places = laid_out(
        [page(open_to=frozenset({Nudge.REMINDER}), gone={Nudge.ASK: late})], late + timedelta(hours=1)
    )
    assert places[1, Nudge.REMINDER].at == W0 + 2 * WEEK


pages = st.lists(
    st.builds(
        lambda key, due_on, nudges: page(key, due_on, open_to=frozenset(nudges)),
        st.integers(1, 5),
        st.sampled_from([Quarter.containing(D, month).end for month in (1, 2, 3)]),
        st.sets(st.sampled_from(list(Nudge))),
    ),
    max_size=4,
    unique_by=lambda page: page.key,
)
moments = st.integers(0, 120 * 24 * 60).map(
    lambda minutes: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(max_examples=300)
@given(pages, slots, moments, st.lists(moments, max_size=3))
def test_nobody_gets_two_nudges_in_a_week(
    pages: list[Page], slot: Slot, now: datetime, taken: list[datetime]
) -> None:
    taken = [at for at in taken if at <= now]
    places = Calendar(slot, now, list(taken)).lay_out(pages)
    going = sorted(place.at for place in places if place.at is not None)
    assert all(later - sooner >= GAP for sooner, later in pairwise(going))
    assert all(abs(at - other) >= GAP for at in going for other in taken)
    assert all(at >= now and slot.allows(at) for at in going)
    assert len(places) == sum(len(page.open_to) for page in pages)
    for place in places:
        assert (place.at is None) == (place.why is not None)
        assert place.at is None or place.at < place.expires_at


@settings(max_examples=200)
@given(pages, slots, moments)
def test_planning_again_after_the_first_went_out_moves_nothing_that_was_to_come(
    pages: list[Page], slot: Slot, now: datetime
) -> None:
    """The same calendar comes out at every tick, so two ticks, or two beats, agree."""
    before = {(place.key, place.nudge): place for place in Calendar(slot, now, []).lay_out(pages)}
    going = sorted((place.at, place.key, place.nudge) for place in before.values() if place.at is not None)
    assume(going)
    at, key, nudge = going[0]
    later = frozenset(list(Nudge)[list(Nudge).index(nudge) + 1 :])
    left = [
        Page(page.key, page.due_on, page.closes_at, page.open_to & later, {nudge: at})
        if page.key == key
        else page
        for page in pages
    ]
    after = {(place.key, place.nudge): place for place in Calendar(slot, at, []).lay_out(left)}
    for place in after.values():
        was = before[place.key, place.nudge]
        if place.at is not None and was.at is not None:
            assert place.at == was.at
