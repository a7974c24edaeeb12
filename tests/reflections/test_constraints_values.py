"""What the database itself forbids of values."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from reflections.models import Answer, Moment, Round, Value, ValueShown
from tests.conftest import TODAY
from tests.mentoring.test_constraints import forbidden
from tests.reflections.conftest import FIRST, write

MODELS = (Value, ValueShown)


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
        assert [name for name in named if name not in source] == []


@pytest.fixture
def about(mentor: User) -> dict[str, Any]:
    moment = Moment.objects.create(person=mentor, text="I waited.", happened_on=TODAY)
    return {"value": Value.objects.create(person=mentor, name="Patience"), "moment": moment}


@pytest.fixture
def answer(mentor: User, quarter_round: Round) -> Answer:
    return write(mentor, quarter_round, FIRST, "I waited.")


def test_a_value_has_a_name(mentor: User) -> None:
    with forbidden("value_has_a_name"), transaction.atomic():
        Value.objects.create(person=mentor, name="")


def test_one_thing_shows_a_value_and_once(about: dict[str, Any], answer: Answer) -> None:
    for wrong in ({"moment": None}, {"answer": answer}):
        with forbidden("value_shown_by_one_thing"), transaction.atomic():
            ValueShown.objects.create(**about | wrong)
    ValueShown.objects.create(**about)
    with forbidden("value_shown_once_by_a_moment"), transaction.atomic():
        ValueShown.objects.create(**about)
    other = about | {"moment": None, "answer": answer}
    ValueShown.objects.create(**other)
    with forbidden("value_shown_once_by_an_answer"), transaction.atomic():
        ValueShown.objects.create(**other)


def test_no_word_of_a_value_is_in_the_clear(about: dict[str, Any]) -> None:
    ValueShown.objects.create(**about, quote="I waited.")
    for constraint, statement in (
        ("value_is_sealed", "UPDATE reflections_value SET name = 'in the clear'"),
        ("value_shown_is_sealed", "UPDATE reflections_valueshown SET quote = 'in the clear'"),
    ):
        with forbidden(constraint), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
