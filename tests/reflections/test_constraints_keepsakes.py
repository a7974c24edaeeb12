"""What the database itself forbids of keepsake books."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from reflections.models import Keepsake, KeepsakePart
from tests.conftest import NOW
from tests.mentoring.test_constraints import forbidden

MODELS = (Keepsake, KeepsakePart)


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
def asked(mentee: User) -> dict[str, Any]:
    return {"person": mentee, "parts": ["moments"], "forms": ["json"], "requested_at": NOW}


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"state": "lost"}, "keepsake_state_is_known"),
        ({"stage": "halfway"}, "keepsake_stage_is_known"),
        ({"problem": "lazy"}, "keepsake_problem_is_known"),
        ({"state": "ready"}, "keepsake_ready_has_its_days"),
        ({"parts": []}, "keepsake_has_a_part_and_a_form"),
        ({"forms": []}, "keepsake_has_a_part_and_a_form"),
    ],
)
def test_a_book_says_what_it_is(asked: dict[str, Any], wrong: dict[str, Any], name: str) -> None:
    with forbidden(name), transaction.atomic():
        Keepsake.objects.create(**asked | wrong)


def test_there_is_one_book_at_a_time(asked: dict[str, Any]) -> None:
    Keepsake.objects.create(**asked)
    with forbidden("keepsake_one_at_a_time"), transaction.atomic():
        Keepsake.objects.create(**asked)
    Keepsake.objects.update(state="gone")
    Keepsake.objects.create(**asked)


def test_a_piece_is_sealed_and_stands_once(asked: dict[str, Any]) -> None:
    keepsake = Keepsake.objects.create(**asked)
    piece = {"keepsake": keepsake, "form": "json", "number": 0, "content": "YQ=="}
    KeepsakePart.objects.create(**piece)
    with forbidden("keepsake_part_once"), transaction.atomic():
        KeepsakePart.objects.create(**piece)
    with forbidden("keepsake_part_form_is_known"), transaction.atomic():
        KeepsakePart.objects.create(**piece | {"form": "docx"})
    with forbidden("keepsake_part_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reflections_keepsakepart (keepsake_id, form, number, content, seal_id)"
            " VALUES (%s, 'json', 1, 'clear', gen_random_uuid())",
            [keepsake.pk],
        )
