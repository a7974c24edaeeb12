"""Hours of a week by any clock, as half hours in UTC."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.matching.hours import WEEK, gap, minutes_ahead, shared, week

SUMMER, WINTER = date(2026, 6, 24), date(2026, 1, 14)
EVERY_HOUR = [(day, 0, 48) for day in range(7)]


def test_a_morning_in_berlin_is_earlier_by_utc_in_summer() -> None:
    assert week([(0, 18, 20)], "Europe/Berlin", SUMMER) == 0b11 << 14
    assert week([(0, 18, 20)], "Europe/Berlin", WINTER) == 0b11 << 16


def test_monday_morning_in_tokyo_is_the_end_of_the_week_by_utc() -> None:
    assert week([(0, 17, 19)], "Asia/Tokyo", SUMMER) == 1 << WEEK - 1 | 1


def test_in_a_zone_of_quarter_hours_only_whole_half_hours_count() -> None:
    assert shared(week([(0, 20, 24)], "Asia/Kathmandu", SUMMER), -1) == 3


@given(st.sampled_from(["UTC", "Asia/Tokyo", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati"]))
def test_all_hours_are_all_hours_everywhere(zone: str) -> None:
    assert week(EVERY_HOUR, zone, SUMMER) == 2**WEEK - 1


def test_clocks_lie_half_a_day_apart_at_most() -> None:
    assert minutes_ahead("Asia/Kolkata", SUMMER) == 330
    assert gap(840, -720) == 120
    assert gap(-300, 60) == gap(60, -300) == 360


@pytest.mark.parametrize("span", [(7, 0, 1), (0, 3, 3), (0, 0, 49), (-1, 0, 1)])
def test_what_is_no_span_of_a_week_is_refused(span: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        week([span], "UTC", SUMMER)
