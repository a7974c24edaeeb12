"""What the database itself forbids of silences, of two who stay in touch, and of their postcards."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import InTouch, Pairing, Postcard, Silence
from tests.conftest import NOW, TODAY

from .test_constraints import forbidden

MODELS = (Silence, InTouch, Postcard)


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


def ask(pairing: Pairing, person: User, **fields: Any) -> Silence:
    values = {"since": TODAY, "number": 1} | fields
    return Silence.objects.create(pairing=pairing, person=person, **values)


def test_somebody_is_asked_once_each_time(pairing: Pairing, mentor: User, mentee: User) -> None:
    ask(pairing, mentor)
    ask(pairing, mentor, number=2)
    ask(pairing, mentee)
    with forbidden("silence_asked_once_each_time"):
        ask(pairing, mentor)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"number": 0}, "silence_number_is_known"),
        ({"number": 4}, "silence_number_is_known"),
        ({"answer": "perhaps", "answered_at": NOW}, "silence_answer_is_known"),
        ({"answer": "end"}, "silence_is_answered_at_some_time"),
        ({"answered_at": NOW}, "silence_is_answered_at_some_time"),
    ],
)
def test_what_no_silence_is(pairing: Pairing, mentor: User, fields: dict[str, Any], constraint: str) -> None:
    with forbidden(constraint):
        ask(pairing, mentor, **fields)


def test_each_says_once_whether_they_stay_in_touch(pairing: Pairing, mentor: User, mentee: User) -> None:
    for person in (mentor, mentee):
        InTouch.objects.create(pairing=pairing, person=person, wants=True)
    with forbidden("in_touch_once_each"):
        InTouch.objects.create(pairing=pairing, person=mentor, wants=False)


def test_each_has_one_postcard_each_time(pairing: Pairing, mentor: User, mentee: User) -> None:
    for person, number in ((mentor, 1), (mentor, 2), (mentee, 1)):
        Postcard.objects.create(pairing=pairing, person=person, number=number)
    with forbidden("postcard_once_each_time"):
        Postcard.objects.create(pairing=pairing, person=mentor, number=2)


def test_a_postcard_is_sealed(pairing: Pairing, mentor: User) -> None:
    card = Postcard.objects.create(pairing=pairing, person=mentor, number=1, text="x")
    with forbidden("postcard_is_sealed"), connection.cursor() as cursor:
        cursor.execute("UPDATE mentoring_postcard SET text = %s WHERE id = %s", [b"in the clear", card.pk])
