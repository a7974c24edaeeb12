"""Time zones as calendars get them, read by dateutil and compared with the zones themselves."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from mentoring.invites.zones import vtimezone

HOUR = timedelta(hours=1)
# Both halves of the world, half an hour, none at all, a negative summer, rules without a weekday, Ramadan, a new name.
ZONES = [
    "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago", "Asia/Tokyo",
    "Asia/Kathmandu", "Europe/Dublin", "Africa/Casablanca", "Asia/Jerusalem", "Africa/Cairo", "America/Nuuk",
    "Pacific/Chatham", "America/St_Johns", "Asia/Almaty", "Europe/Volgograd", "Pacific/Apia", "America/Sao_Paulo",
]  # fmt: skip
EVERY_ZONE = sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/"))


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The hours after which the clock shows another offset."""
    at, found = first, []
    while at < last:
        if at.astimezone(zone).utcoffset() != (at + HOUR).astimezone(zone).utcoffset():
            found.append(at)
        at += HOUR
    return found


def read(made: Timezone, zone: str) -> object:
    """As dateutil understands it, which knows nothing of zoneinfo."""
    calendar = Calendar()
    calendar.add_component(made)
    return tzical(StringIO(calendar.to_ical().decode().replace("\r\n", "\n"))).get(zone)


def assert_same(zone: ZoneInfo, first: datetime, last: datetime, instants: list[datetime]) -> None:
    theirs = read(vtimezone(zone, first, last), zone.key)
    for instant in instants:
        if first <= instant <= last:
            ours = instant.astimezone(zone)
            wall = ours.replace(tzinfo=None, fold=0)
            # The time on the wall is what a message has; it means the first of two.
            expected = wall.replace(tzinfo=zone).utcoffset()
            assert wall.replace(tzinfo=theirs).utcoffset() == expected, (zone.key, instant)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", [2018, 2024, 2026, 2031])
def test_each_minute_around_both_edges_of_summer_is_what_the_zone_says(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    around = [
        edge + timedelta(minutes=minutes)
        for edge in changes(zone, first, last)
        for minutes in range(-150, 211, 15)
    ]
    assert_same(zone, first, last, [*around, *(first + timedelta(days=day) for day in range(0, 365, 7))])


def test_every_zone_there_is_can_be_told_for_the_years_to_come() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    instants = [first + timedelta(hours=hours) for hours in range(0, 2 * 365 * 24, 509)]
    for name in EVERY_ZONE:
        assert_same(ZoneInfo(name), first, instants[-1], instants)


@given(
    st.sampled_from(ZONES),
    st.integers(0, 30 * 365 * 24 * 60).map(
        lambda minutes: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.timedeltas(timedelta(), timedelta(days=800)),
)
@settings(max_examples=60, deadline=None)
def test_a_zone_is_true_from_the_first_instant_to_the_last(
    name: str, first: datetime, span: timedelta
) -> None:
    assert_same(ZoneInfo(name), first, first + span, [first, first + span / 2, first + span])


@pytest.mark.parametrize(
    ("name", "onsets"),
    [
        ("Europe/Berlin", ["DAYLIGHT 20250330T020000 -1SU/3", "STANDARD 20251026T030000 -1SU/10"]),
        ("America/New_York", ["DAYLIGHT 20250309T020000 2SU/3", "STANDARD 20251102T020000 1SU/11"]),
        ("Australia/Sydney", ["STANDARD 20250406T030000 1SU/4", "DAYLIGHT 20251005T020000 1SU/10"]),
        ("Australia/Lord_Howe", ["STANDARD 20250406T020000 1SU/4", "DAYLIGHT 20251005T020000 1SU/10"]),
        ("Europe/Dublin", ["DAYLIGHT 20250330T010000 -1SU/3", "STANDARD 20251026T020000 -1SU/10"]),
        ("Asia/Tokyo", ["STANDARD 19700101T000000"]),
    ],
)
def test_a_zone_is_told_as_the_two_yearly_rules_that_outlook_understands(
    name: str, onsets: list[str]
) -> None:
    """An onset is a time of the clock that ends: 02:00 in Berlin's spring, not the 03:00 that it jumps to."""
    made = vtimezone(ZoneInfo(name), datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC))
    told = []
    for part in made.subcomponents:
        line = f"{part.name} {part['DTSTART'].to_ical().decode()}"
        if "RRULE" in part:
            line += f" {part['RRULE']['BYDAY']}/{part['RRULE']['BYMONTH']}"
        told.append(line)
    assert told == onsets


def test_where_no_weekday_rules_only_the_changes_of_the_meeting_are_told() -> None:
    zone = ZoneInfo("Africa/Casablanca")
    made = vtimezone(zone, datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC))
    assert [part.name for part in made.subcomponents] == ["STANDARD"]
    assert made.subcomponents[0]["TZOFFSETTO"].to_ical() == "+0100"


def test_a_zone_that_gave_up_its_summer_gets_no_rule_for_it() -> None:
    made = vtimezone(
        ZoneInfo("America/Sao_Paulo"), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    )
    assert [part["TZOFFSETTO"].to_ical() for part in made.subcomponents] == ["-0300"]
    assert not any("RRULE" in part for part in made.subcomponents)
