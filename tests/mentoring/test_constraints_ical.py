"""What the database itself forbids of what calendars are told."""

import pytest
from django.db import connection
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import CalendarDecline, CalendarFeed, CalendarTold, Pairing

from .calendars.cast import arranged
from .test_constraints import forbidden

MODELS = (CalendarTold, CalendarDecline, CalendarFeed)


def test_each_constraint_is_in_the_database_and_in_one_of_these_tests(db: None) -> None:
    with open(__file__, encoding="utf-8") as file:
        source = file.read()
    for model in MODELS:
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
        named = [
            each.name
            for each in model._meta.constraints
            if isinstance(each, CheckConstraint | UniqueConstraint)
        ]
        assert set(named) <= set(there)
        assert [name for name in named if f'"{name}"' not in source] == []


@pytest.mark.django_db
def test_a_calendar_is_told_of_an_arrangement_in_one_row(pairing: Pairing, mentee: User) -> None:
    arrangement = arranged(pairing)
    CalendarTold.objects.create(arrangement=arrangement, person=mentee)
    with forbidden("calendar_told_once_for_somebody"):
        CalendarTold.objects.create(arrangement=arrangement, person=mentee)


@pytest.mark.django_db
def test_a_person_has_one_feed(mentee: User) -> None:
    CalendarFeed.objects.create(person=mentee, token_hash=b"1")
    with forbidden("calendarfeed_person_id"):
        CalendarFeed.objects.create(person=mentee, token_hash=b"2")


@pytest.mark.django_db
def test_no_two_feeds_have_the_same_link(mentor: User, mentee: User) -> None:
    CalendarFeed.objects.create(person=mentee, token_hash=b"1")
    with forbidden("calendarfeed_token_hash"):
        CalendarFeed.objects.create(person=mentor, token_hash=b"1")
