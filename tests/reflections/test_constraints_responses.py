"""What the database itself forbids of responses."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Pairing
from reflections.models import Moment, Reflection, Reply, Response, Round
from tests.conftest import NOW, TODAY
from tests.mentoring.test_constraints import forbidden

MODELS = (Response, Reply)


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
def about(pairing: Pairing, mentor: User, mentee: User) -> dict[str, Any]:
    moment = Moment.objects.create(
        person=mentee, text="x", happened_on=TODAY, audience="pairing", pairing=pairing
    )
    return {"pairing": pairing, "reader": mentor, "moment": moment}


@pytest.fixture
def page(mentee: User, quarter_round: Round) -> Reflection:
    return Reflection.objects.create(person=mentee, round=quarter_round, role="mentee")


def test_a_response_is_to_one_thing_and_once(about: dict[str, Any], page: Reflection) -> None:
    for wrong in ({"moment": None}, {"reflection": page}):
        with forbidden("response_to_one_thing"), transaction.atomic():
            Response.objects.create(**about | wrong)
    Response.objects.create(**about)
    with forbidden("response_once_to_a_moment"), transaction.atomic():
        Response.objects.create(**about)
    other = about | {"moment": None, "reflection": page}
    Response.objects.create(**other)
    with forbidden("response_once_to_a_reflection"), transaction.atomic():
        Response.objects.create(**other)


def test_words_and_their_times_go_together(about: dict[str, Any]) -> None:
    with forbidden("response_thanks_have_a_time"), transaction.atomic():
        Response.objects.create(**about, thanks="Thank you.")
    for wrong in ({"question": "What?"}, {"asked_at": NOW}):
        with forbidden("response_question_goes_with_its_time"), transaction.atomic():
            Response.objects.create(**about, **wrong)
    Response.objects.create(**about, thanked_at=NOW, question="What?", asked_at=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reflections_response SET thanks = 'in the clear'",
        "UPDATE reflections_response SET question = 'in the clear'",
    ],
)
def test_no_word_of_a_response_is_in_the_clear(about: dict[str, Any], statement: str) -> None:
    Response.objects.create(**about, thanked_at=NOW, question="What?", asked_at=NOW)
    with forbidden("response_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_answer_says_something_and_not_in_the_clear(about: dict[str, Any], mentee: User) -> None:
    asked = Response.objects.create(**about, question="What?", asked_at=NOW)
    with forbidden("reply_says_something"), transaction.atomic():
        Reply.objects.create(response=asked, person=mentee)
    Reply.objects.create(response=asked, person=mentee, text="That.")
    with forbidden("reply_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reflections_reply SET text = 'in the clear'")
