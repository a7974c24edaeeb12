"""What the database itself forbids of what is told in confidence."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Concern, ConcernReading, Program
from tests.conftest import NOW

from .test_constraints import forbidden

MODELS = (Concern, ConcernReading)


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
def concern(program: Program, mentee: User) -> Concern:
    return Concern.objects.create(program=program, person=mentee, text="Something.")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mentoring_concern SET text = 'in the clear'",
        "UPDATE mentoring_concern SET reply = 'in the clear', replied_at = now()",
    ],
)
def test_no_word_of_it_is_in_the_clear(concern: Concern, statement: str) -> None:
    with forbidden("concern_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_answer_has_a_time(concern: Concern) -> None:
    concern.reply = "I will see to it."
    with forbidden("concern_reply_has_a_time"), transaction.atomic():
        concern.save()
    concern.replied_at = NOW
    concern.save()


def test_a_receipt_is_for_one(concern: Concern, program: Program, mentee: User) -> None:
    with pytest.raises(IntegrityError, match="receipt"), transaction.atomic():
        Concern.objects.create(program=program, person=mentee, receipt=concern.receipt)
