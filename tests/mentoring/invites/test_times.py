"""Times that suit: each minute of them within everybody's hours by their own clock, checked minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentoring.invites.times import ASSUMED, Cost, Person, Suggestion, Why, suggest

OFFICE = frozenset(ASSUMED)
ALWAYS = frozenset((weekday, 0, 48) for weekday in range(7))
MONDAY = date(2026, 6, 22)
NOW = datetime(2026, 6, 22, 6, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
ZONES = [
    "Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kathmandu", "Asia/Tokyo",
    "Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns", "Pacific/Kiritimati", "UTC",
]  # fmt: skip


def ask(*people: Person, **changes: Any) -> tuple[Suggestion, ...]:
    asked: dict[str, Any] = {"days": (MONDAY, MONDAY + timedelta(days=13)), "minutes": 60, "now": NOW}
    return suggest(people, **asked | changes)


def shown(suggestions: tuple[Suggestion, ...], zone: str) -> list[str]:
    return [f"{each.starts.astimezone(ZoneInfo(zone)):%a %d %H:%M}" for each in suggestions]


def minutes_of(suggestion: Suggestion, minutes: int, zone: str) -> Iterator[datetime]:
    for minute in range(minutes):
        yield (suggestion.starts + minute * A_MINUTE).astimezone(ZoneInfo(zone))


def is_within(hours: frozenset[tuple[int, int, int]], there: datetime) -> bool:
    clock = there.hour * 60 + there.minute
    return any(day == there.weekday() and begins * 30 <= clock < ends * 30 for day, begins, ends in hours)


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_three_times_on_three_days_and_at_different_times_of_day() -> None:
    found = ask(Person(zone="Europe/Lisbon", hours=OFFICE), Person(zone="Europe/Warsaw", hours=OFFICE))
    assert shown(found, "Europe/Lisbon") == ["Tue 23 09:00", "Wed 24 12:00", "Thu 25 15:00"]
    assert shown(found, "Europe/Warsaw") == ["Tue 23 10:00", "Wed 24 13:00", "Thu 25 16:00"]
    assert all(each.suits and not each.costs for each in found)


def test_one_afternoon_that_both_have_gives_times_of_that_afternoon() -> None:
    hours = frozenset({(1, 26, 32)})
    found = ask(
        Person(zone="Europe/Lisbon", hours=hours),
        Person(zone="Europe/Lisbon", hours=OFFICE),
        days=(MONDAY, MONDAY + timedelta(days=6)),
    )
    assert shown(found, "Europe/Lisbon") == ["Tue 23 13:00", "Tue 23 14:00", "Tue 23 15:00"]


def test_what_is_busy_off_or_too_soon_is_left_out() -> None:
    tuesday = datetime(2026, 6, 23, tzinfo=UTC)
    busy = ((tuesday + timedelta(hours=8), tuesday + timedelta(hours=15)),)
    found = ask(
        Person(zone="Europe/Lisbon", hours=OFFICE, busy=busy, away=((date(2026, 6, 24), date(2026, 6, 24)),)),
        Person(zone="Europe/Lisbon", hours=OFFICE),
        days_off=((date(2026, 6, 25), date(2026, 6, 26)),),
        days=(MONDAY, date(2026, 6, 29)),
        now=datetime(2026, 6, 22, 14, 10, tzinfo=UTC),
    )
    assert shown(found, "Europe/Lisbon") == ["Tue 23 16:00", "Mon 29 09:00", "Mon 29 12:00"]


def test_the_first_quarter_of_an_hour_after_the_notice_is_not_before_it() -> None:
    found = ask(
        Person(zone="UTC", hours=ALWAYS), days=(MONDAY, MONDAY), now=NOW + 17 * A_MINUTE, notice=timedelta()
    )
    assert found[0].starts >= NOW + 17 * A_MINUTE


def test_several_people_meet_when_all_of_them_can() -> None:
    zones = ("Europe/Lisbon", "Europe/Berlin", "America/New_York")
    found = ask(*(Person(zone=zone, hours=OFFICE) for zone in zones))
    assert shown(found, "America/New_York") == ["Tue 23 09:00", "Wed 24 09:00", "Thu 25 09:00"]


def test_where_nothing_suits_it_is_said_what_the_nearest_times_cost_whom() -> None:
    """09:00 in Los Angeles is the end of Berlin's day, and what is between them can be shared."""
    found = ask(Person(zone="Europe/Berlin", hours=OFFICE), Person(zone="America/Los_Angeles", hours=OFFICE))
    assert not any(each.suits for each in found)
    assert {each.starts.date() for each in found} == {date(2026, 6, day) for day in (23, 24, 25)}
    assert found[0].starts.astimezone(ZoneInfo("Europe/Berlin")).hour == 17
    assert found[0].costs == (Cost(0, Why.LATE, 60), Cost(1, Why.EARLY, 60))


def test_a_day_without_hours_is_offered_where_there_is_no_other() -> None:
    (found, *_) = ask(
        Person(zone="Europe/Lisbon", hours=frozenset({(0, 18, 34)})),
        Person(zone="Europe/Lisbon", hours=frozenset({(1, 18, 34)})),
    )
    assert found.costs == (Cost(0, Why.OTHER_DAY),)


def test_hours_too_short_for_the_meeting_are_outstayed_on_either_side() -> None:
    found = ask(Person(zone="Europe/Lisbon", hours=frozenset({(1, 24, 25)})), minutes=60, most=2)
    assert [sum(cost.minutes for cost in each.costs) for each in found] == [30, 30]
    assert shown(found, "Europe/Lisbon") == ["Tue 23 12:00", "Tue 30 12:00"]


def test_somebody_who_has_said_no_hours_is_taken_to_work_by_day_and_it_is_said() -> None:
    found = ask(Person(zone="Europe/Lisbon", hours=OFFICE), Person(zone="Europe/Lisbon"))
    assert len(found) == 3
    assert {each.costs for each in found} == {(Cost(1, Why.NOT_SAID),)}
    assert all(each.suits for each in found)


def test_nobody_is_asked_to_meet_at_night() -> None:
    night = frozenset((weekday, 0, 8) for weekday in range(7))
    for each in ask(Person(zone="Europe/Lisbon", hours=night), Person(zone="Europe/Lisbon", hours=OFFICE)):
        assert 7 <= each.starts.astimezone(ZoneInfo("Europe/Lisbon")).hour <= 21
    # Whoever says that they can be met at night can be.
    assert ask(Person(zone="Europe/Lisbon", hours=night), Person(zone="Europe/Lisbon", hours=night))[0].suits


@pytest.mark.parametrize(
    "changes",
    [
        {"days": (MONDAY, MONDAY - timedelta(days=1))},
        {"days": (MONDAY, MONDAY + timedelta(days=62))},
        {"minutes": 0},
        {"most": 0},
    ],
)
def test_a_question_without_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="question"):
        ask(Person(zone="UTC"), **changes)


def test_nobody_meets_nobody() -> None:
    with pytest.raises(ValueError, match="question"):
        ask()


@pytest.mark.parametrize("span", [(7, 0, 1), (0, 3, 3), (0, 0, 49), (-1, 0, 1)])
def test_what_is_no_span_of_a_week_is_refused(span: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        Person(zone="UTC", hours=frozenset({span}))


# --- The edges of summer ----------------------------------------------------------------------------------------------


def every_start(zone: str, day: date, begins: int, ends: int, minutes: int = 15) -> list[str]:
    """In UTC, as many as there are."""
    hours = frozenset({(day.weekday(), begins, ends)})
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=3)
    found = suggest([Person(zone=zone, hours=hours)], days=(day, day), minutes=minutes, now=now, most=99)
    assert all(each.suits for each in found)
    return [f"{each.starts:%H:%M}" for each in found]


def test_in_spring_hours_begin_and_end_where_the_clock_jumps() -> None:
    day = date(2026, 3, 29)  # 02:00 to 03:00 in Berlin never is.
    assert every_start("Europe/Berlin", day, 3, 5) == ["00:30", "00:45"]
    assert every_start("Europe/Berlin", day, 5, 7) == ["01:00", "01:15"]
    assert every_start("Europe/Berlin", day, 2, 7, minutes=90) == ["00:00"]


def test_in_fall_the_hour_that_comes_twice_is_counted_so_that_it_is_right_either_way() -> None:
    day = date(2026, 10, 25)  # 02:00 to 03:00 in Berlin is twice.
    assert every_start("Europe/Berlin", day, 3, 5) == ["23:30", "23:45", "00:00", "00:15"]
    assert every_start("Europe/Berlin", day, 5, 7) == ["01:30", "01:45", "02:00", "02:15"]
    # Whoever can be met throughout can be met for the three hours that it lasts.
    assert every_start("Europe/Berlin", day, 2, 6, minutes=180) == ["23:00"]


def test_lord_howe_s_half_hour_is_one() -> None:
    assert every_start("Australia/Lord_Howe", date(2026, 10, 4), 3, 6, minutes=60) == ["15:00"]
    assert every_start("Australia/Lord_Howe", date(2026, 4, 5), 2, 5, minutes=120) == ["14:00"]


def test_the_same_hour_on_the_wall_before_and_after_an_edge() -> None:
    hours = frozenset({(3, 32, 34)})
    found = ask(
        Person(zone="Europe/Lisbon", hours=hours),
        days=(date(2026, 10, 19), date(2026, 11, 1)),
        now=datetime(2026, 10, 18, tzinfo=UTC),
    )
    assert [each.starts.hour for each in found] == [15, 16]


# --- Whoever asks whatever --------------------------------------------------------------------------------------------

SPANS = st.tuples(st.integers(0, 6), st.integers(0, 47), st.integers(1, 48)).filter(
    lambda span: span[1] < span[2]
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[Person], dict[str, Any]]:
    first = draw(st.sampled_from([date(2026, 3, 23), date(2026, 10, 19), date(2026, 3, 30), MONDAY]) | DAYS)
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    instants = st.integers(-48, 24 * 8).map(lambda hours: midnight + timedelta(hours=hours))
    people = []
    for _ in range(draw(st.integers(1, 3))):
        busy = [
            (at, at + timedelta(minutes=draw(st.integers(1, 600))))
            for at in draw(st.lists(instants, max_size=4))
        ]
        away = [
            (day, day + timedelta(days=1))
            for day in draw(st.lists(st.just(first + timedelta(days=2)), max_size=1))
        ]
        people.append(
            Person(
                zone=draw(st.sampled_from(ZONES)),
                hours=frozenset(draw(st.lists(SPANS, min_size=1, max_size=9) | st.just(sorted(OFFICE)))),
                busy=tuple(busy),
                away=tuple(away),
            )
        )
    return people, {
        "days": (first, first + timedelta(days=draw(st.integers(0, 7)))),
        "minutes": draw(st.sampled_from([15, 30, 45, 60, 90, 240])),
        "now": draw(instants),
        "notice": timedelta(hours=draw(st.sampled_from([0, 1, 24]))),
        "days_off": draw(
            st.lists(st.just((first + timedelta(days=1), first + timedelta(days=1))), max_size=1)
        ),
    }


@given(questions())
@settings(deadline=None, max_examples=80)
def test_what_is_suggested_holds_for_everybody(question: tuple[list[Person], dict[str, Any]]) -> None:
    people, asked = question
    found = suggest(people, **asked)
    minutes, first, last = asked["minutes"], *asked["days"]
    length = minutes * A_MINUTE
    assert len(found) <= 3
    assert list(found) == sorted(found, key=lambda each: each.starts)
    assert all(b.starts - a.starts >= length for a, b in pairwise(found))
    for each in found:
        assert each.starts >= asked["now"] + asked["notice"]
        for number, person in enumerate(people):
            off = [*asked["days_off"], *person.away]
            for begins, ends in person.busy:
                assert each.starts + length <= begins or ends <= each.starts
            costs = [cost for cost in each.costs if cost.person == number]
            for there in minutes_of(each, minutes, person.zone):
                assert first <= there.date() <= last
                assert not any(begins <= there.date() <= ends for begins, ends in off)
                if not costs:
                    assert is_within(person.hours, there)
                else:
                    assert 7 <= there.hour < 22
    # Either all of them suit, or there was none that would.
    assert len({each.suits for each in found}) <= 1
    assert suggest(people, **asked) == found


@given(questions())
@settings(deadline=None, max_examples=50)
def test_where_hours_are_shared_on_several_days_the_days_are_different(
    question: tuple[list[Person], dict[str, Any]],
) -> None:
    people, asked = question
    many = suggest(people, **asked | {"most": 400})
    few = suggest(people, **asked)
    zone = ZoneInfo(people[0].zone)
    if few and few[0].suits:
        days = {each.starts.astimezone(zone).date() for each in many}
        assert len({each.starts.astimezone(zone).date() for each in few}) == min(3, len(days))


def clocks(zones: list[ZoneInfo], at: datetime) -> list[datetime]:
    return [at.astimezone(zone) for zone in zones]


@given(questions())
@settings(deadline=None, max_examples=25)
def test_nothing_that_suits_is_overlooked(question: tuple[list[Person], dict[str, Any]]) -> None:
    """Each quarter of an hour of the range, looked at by itself: where there is one that suits, so does the answer.

    A night on which an hour comes twice is left out: there the answer is careful, and may have less.
    """
    people, asked = question
    found = suggest(people, **asked)
    if found and found[0].suits:
        return
    first, last = asked["days"]
    zones = [ZoneInfo(person.zone) for person in people]
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1)
    end = at + timedelta(days=(last - first).days + 3)
    while at < end:
        inside = [clocks(zones, at + minute * A_MINUTE) for minute in range(0, asked["minutes"], 5)]
        suits = at >= asked["now"] + asked["notice"] and all(
            first <= there.date() <= last
            and not there.fold
            and is_within(person.hours, there)
            and not any(a <= there.date() <= b for a, b in (*person.away, *asked["days_off"]))
            and not any(a < at + asked["minutes"] * A_MINUTE and at < b for a, b in person.busy)
            for moment in inside
            for person, there in zip(people, moment, strict=True)
        )
        twice = any(
            there.replace(fold=1).utcoffset() != there.utcoffset() for moment in inside for there in moment
        )
        assert not suits or twice, at
        at += timedelta(minutes=15)
