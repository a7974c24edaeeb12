"""What the house notes of itself: counts, and never a word of what it was about."""

from datetime import timedelta

import pytest
from celery import shared_task
from django.db import connection

from accounts.house import records
from accounts.models import FailedTask, HouseRun
from mentoring.celery import note
from tests.conftest import NOW

SECRET = "what-somebody-told-in-confidence"


class Broken(Exception):
    pass


@shared_task(name="tests.breaks", ignore_result=True)
def breaks(words: str) -> None:
    raise Broken(words)


def everything_noted() -> str:
    return repr([list(model.objects.values()) for model in (FailedTask, HouseRun)])


@pytest.mark.django_db
def test_a_task_that_fails_is_noted_by_its_name_and_the_type_of_its_error() -> None:
    for _ in range(3):
        breaks.apply(args=[SECRET], kwargs={})
    row = FailedTask.objects.get()
    assert (row.task, row.error, row.times) == ("tests.breaks", "Broken", 3)
    assert SECRET not in everything_noted()


@pytest.mark.django_db
def test_failures_are_counted_by_day_and_by_type() -> None:
    for error, days in ((Broken(SECRET), 0), (ValueError(SECRET), 0), (Broken(SECRET), 1)):
        records.failed("a.task", error, NOW + timedelta(days=days))
    assert FailedTask.objects.count() == 3
    assert SECRET not in everything_noted()


@pytest.mark.django_db
def test_an_earlier_failure_that_is_noted_later_does_not_turn_the_clock_back() -> None:
    records.failed("a.task", Broken(), NOW)
    records.failed("a.task", Broken(), NOW - timedelta(minutes=1))
    assert FailedTask.objects.get().last_at == NOW


@pytest.mark.django_db
def test_a_signal_without_its_task_is_noted_too() -> None:
    note()
    assert FailedTask.objects.get().error == "RuntimeError"


@pytest.mark.django_db
def test_where_the_database_refuses_nothing_else_fails() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {FailedTask._meta.db_table}, {HouseRun._meta.db_table}")
    records.failed("a.task", Broken(), NOW)
    records.ran({"retention": 1}, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # The transaction goes on.


@pytest.mark.django_db
def test_runs_of_a_day_are_added_up() -> None:
    records.ran({"retention": 2}, NOW)
    records.ran({"retention": 3}, NOW + timedelta(minutes=1))
    row = HouseRun.objects.get(name="retention")
    assert (row.runs, row.rows, row.last_at) == (2, 5, NOW + timedelta(minutes=1))
    assert HouseRun.objects.get(name=records.TICK).runs == 2


@pytest.mark.django_db
def test_failures_are_forgotten_after_thirty_days_and_runs_after_ninety() -> None:
    for days in (29, 31):
        records.failed("a.task", Broken(), NOW - timedelta(days=days))
    for days in (89, 91):
        records.ran({}, NOW - timedelta(days=days))
    assert records.tidy(NOW) == 2
    assert FailedTask.objects.get().last_at == NOW - timedelta(days=29)
    assert HouseRun.objects.get().last_at == NOW - timedelta(days=89)
