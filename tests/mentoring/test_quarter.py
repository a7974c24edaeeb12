"""Quarters of any fiscal year, over leap years and year ends."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.quarter import Quarter

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
first_months = st.integers(min_value=1, max_value=12)


@given(days, first_months)
def test_every_day_lies_in_its_quarter(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    assert day in quarter
    assert quarter.start <= day <= quarter.end


@given(days, first_months)
def test_a_day_lies_in_no_neighboring_quarter(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    assert day not in quarter.next
    assert day not in quarter.previous


@given(days, first_months)
def test_quarters_follow_each_other_without_a_gap(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    assert quarter.next.start == quarter.end + timedelta(days=1)
    assert quarter.previous.end == quarter.start - timedelta(days=1)
    assert quarter.next.previous == quarter
    assert quarter.previous < quarter < quarter.next


@given(days, first_months)
def test_a_quarter_is_three_whole_months(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    assert quarter.start.day == 1
    assert quarter.end.day == calendar.monthrange(quarter.end.year, quarter.end.month)[1]
    assert (quarter.end.year - quarter.start.year) * 12 + quarter.end.month - quarter.start.month == 2
    assert 88 <= (quarter.end - quarter.start).days <= 91
    assert len(quarter.months) == 3


@given(days, first_months)
def test_four_quarters_make_a_fiscal_year(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    while quarter.number != 1:
        quarter = quarter.previous
    year = [quarter, quarter.next, quarter.next.next, quarter.next.next.next]
    assert year[0].start.month == first_month
    assert [each.number for each in year] == [1, 2, 3, 4]
    assert {each.fiscal_year for each in year} == {year[-1].end.year}
    assert year[-1].next.fiscal_year == year[0].fiscal_year + 1


@given(days, first_months)
def test_a_quarter_is_found_again_from_its_first_day(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    assert Quarter(quarter.start, first_month) == quarter
    assert Quarter.containing(quarter.start, first_month) == quarter
    assert Quarter.containing(quarter.end, first_month) == quarter


@given(days, first_months)
def test_labels_tell_quarters_of_one_program_apart(day: date, first_month: int) -> None:
    quarter = Quarter.containing(day, first_month)
    labels = {quarter.label}
    for _each in range(7):
        quarter = quarter.next
        labels.add(quarter.label)
    assert len(labels) == 8


@pytest.mark.parametrize(
    ("first_month", "number", "fiscal_year", "start", "label"),
    [
        (1, 1, 2026, date(2026, 1, 1), "Q1 2026"),
        (2, 4, 2026, date(2025, 11, 1), "FY26 Q4"),
        (3, 4, 2026, date(2025, 12, 1), "FY26 Q4"),
        (4, 4, 2026, date(2026, 1, 1), "FY26 Q4"),
        (5, 3, 2026, date(2025, 11, 1), "FY26 Q3"),
        (6, 3, 2026, date(2025, 12, 1), "FY26 Q3"),
        (7, 3, 2026, date(2026, 1, 1), "FY26 Q3"),
        (8, 2, 2026, date(2025, 11, 1), "FY26 Q2"),
        (9, 2, 2026, date(2025, 12, 1), "FY26 Q2"),
        (10, 2, 2026, date(2026, 1, 1), "FY26 Q2"),
        (11, 1, 2026, date(2025, 11, 1), "FY26 Q1"),
        (12, 1, 2026, date(2025, 12, 1), "FY26 Q1"),
    ],
)
def test_the_middle_of_january_lies_in_the_right_quarter_for_each_fiscal_year(
    first_month: int, number: int, fiscal_year: int, start: date, label: str
) -> None:
    quarter = Quarter.containing(date(2026, 1, 15), first_month)
    assert (quarter.number, quarter.fiscal_year, quarter.start, quarter.label) == (
        number,
        fiscal_year,
        start,
        label,
    )


@pytest.mark.parametrize("year", [1996, 2000, 2024, 2028, 2096])
def test_a_leap_day_ends_a_quarter_that_begins_in_december(year: int) -> None:
    quarter = Quarter.containing(date(year, 2, 29), 12)
    assert quarter.start == date(year - 1, 12, 1)
    assert quarter.end == date(year, 2, 29)
    assert quarter.next.start == date(year, 3, 1)


def test_a_year_without_a_leap_day_ends_that_quarter_on_february_28() -> None:
    assert Quarter.containing(date(2027, 1, 31), 12).end == date(2027, 2, 28)
    assert Quarter.containing(date(2100, 1, 31), 12).end == date(2100, 2, 28)


def test_new_year_divides_two_quarters_of_a_calendar_year() -> None:
    old, new = Quarter.containing(date(2025, 12, 31)), Quarter.containing(date(2026, 1, 1))
    assert (old.label, new.label) == ("Q4 2025", "Q1 2026")
    assert old.next == new


def test_new_year_divides_nothing_where_a_quarter_spans_it() -> None:
    assert Quarter.containing(date(2025, 12, 31), 12) == Quarter.containing(date(2026, 1, 1), 12)


def test_a_fiscal_year_in_a_new_century_is_labeled_by_two_digits() -> None:
    assert Quarter.containing(date(2099, 4, 1), 4).label == "FY00 Q1"
    assert Quarter.containing(date(2008, 4, 1), 4).label == "FY09 Q1"


def test_a_quarter_names_its_months_and_its_number() -> None:
    quarter = Quarter.containing(date(2026, 5, 5), 4)
    assert quarter.months == ["April", "May", "June"]
    assert quarter.spelled == "quarter one"
    assert str(quarter) == quarter.label == "FY27 Q1"


@pytest.mark.parametrize("start", [date(2026, 1, 2), date(2026, 2, 1), date(2026, 3, 31)])
def test_a_day_that_begins_no_quarter_is_refused(start: date) -> None:
    with pytest.raises(ValueError, match="is not the first day of a quarter"):
        Quarter(start, 1)


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_fiscal_year_begins_in_a_month(month: int) -> None:
    with pytest.raises(ValueError, match="month from 1 to 12"):
        Quarter(date(2026, 1, 1), month)
