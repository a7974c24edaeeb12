"""Who gets no weekly e-mail on which day, and what it costs to know."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.models import User
from mentoring.models import Enrollment, Holiday, Program
from mentoring.weekly_days_off import days_off_of
from tests.conftest import NOW, enroll, make_person

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 25)
NOON = datetime(2026, 6, 25, 12, tzinfo=UTC)


def holiday(program: Program, first: date = DAY, last: date = DAY) -> None:
    Holiday.objects.create(program=program, starts_on=first, ends_on=last)


def is_off(person: User, at: datetime = NOON) -> bool:
    found = days_off_of([person.pk], NOW).get(person.pk)
    return found is not None and found(at)


def test_a_holiday_of_their_program_is_a_day_off(program: Program, mentor: User) -> None:
    assert not is_off(mentor)
    holiday(program)
    assert is_off(mentor)
    assert not is_off(mentor, NOON.replace(day=26))


def test_in_two_programs_only_a_day_that_both_have_off(
    program: Program, other_program: Program, mentor: User
) -> None:
    enroll(other_program, mentor, "mentee", status="paused")
    holiday(program)
    assert not is_off(mentor)
    holiday(other_program, date(2026, 6, 24), date(2026, 6, 27))
    assert is_off(mentor)


def test_a_program_that_rests_and_a_place_that_is_over_count_for_nothing(
    program: Program, other_program: Program, mentor: User
) -> None:
    enroll(other_program, mentor, "mentee", status="withdrawn")
    holiday(program)
    assert is_off(mentor)
    Enrollment.objects.filter(program=other_program).update(status="active")
    assert not is_off(mentor)
    Program.objects.filter(pk=other_program.pk).update(status="paused")
    assert is_off(mentor)


def test_it_asks_the_database_twice_for_however_many(
    program: Program, django_assert_max_num_queries: Any
) -> None:
    people = [make_person(f"w{number}@harbor.example", f"Person {number}") for number in range(20)]
    for person in people:
        enroll(program, person, "mentee")
    holiday(program)
    with django_assert_max_num_queries(2):
        assert len(days_off_of([person.pk for person in people], NOW)) == 20
