"""What the database itself forbids of how pairings rest, go on and end."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Extension, Farewell, Pairing, Step
from tests.conftest import NOW, TODAY

from .test_constraints import forbidden

MODELS = (Step, Farewell, Extension)


def longer(pairing: Pairing, by: User, **fields: Any) -> Extension:
    return Extension.objects.create(pairing=pairing, proposed_by=by, until=TODAY, **fields)


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


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"kind": "sleep"}, "step_kind_is_known"), ({"next_step": "other"}, "step_next_is_known")],
)
def test_a_step_is_of_a_known_kind_with_a_known_next_one(
    pairing: Pairing, mentee: User, fields: dict[str, Any], constraint: str
) -> None:
    with forbidden(constraint), transaction.atomic():
        Step.objects.create(pairing=pairing, person=mentee, **({"kind": "end"} | fields))


@pytest.mark.parametrize(
    ("table", "column", "constraint"),
    [
        ("mentoring_step", "reason", "step_is_sealed"),
        ("mentoring_farewell", "keep", "farewell_is_sealed"),
        ("mentoring_farewell", "hear", "farewell_is_sealed"),
    ],
)
def test_no_words_stand_there_open(
    pairing: Pairing, mentee: User, table: str, column: str, constraint: str
) -> None:
    Step.objects.create(pairing=pairing, person=mentee, kind="end", reason="mine")
    Farewell.objects.create(pairing=pairing, person=mentee, keep="mine", hear="yours")
    with forbidden(constraint), transaction.atomic(), connection.cursor() as cursor:
        words = b"open words, long enough to be taken for others"
        cursor.execute(f"UPDATE {table} SET {column} = %s", [words])  # noqa: S608 (names of this file)


def test_each_of_the_two_has_one_farewell(pairing: Pairing, mentee: User, mentor: User) -> None:
    for person in (mentee, mentor):
        Farewell.objects.create(pairing=pairing, person=person)
    with forbidden("farewell_once_each"), transaction.atomic():
        Farewell.objects.create(pairing=pairing, person=mentee)


def test_what_went_to_the_other_was_said(pairing: Pairing, mentee: User) -> None:
    with forbidden("farewell_sent_was_answered"), transaction.atomic():
        Farewell.objects.create(pairing=pairing, person=mentee, sent_at=NOW)


def test_one_later_day_is_proposed_at_a_time(pairing: Pairing, mentee: User, mentor: User) -> None:
    longer(pairing, mentee, state="declined", closed_at=NOW)
    longer(pairing, mentee)
    with forbidden("extension_open_one_at_a_time"), transaction.atomic():
        longer(pairing, mentor)


@pytest.mark.parametrize("state", ["proposed", "agreed", "declined", "withdrawn", "lapsed"])
def test_a_later_day_that_was_proposed_is_over_at_some_time(
    pairing: Pairing, mentee: User, state: str
) -> None:
    with forbidden("extension_is_closed_at_some_time"), transaction.atomic():
        longer(pairing, mentee, state=state, closed_at=NOW if state == "proposed" else None)


def test_what_became_of_it_is_known(pairing: Pairing, mentee: User) -> None:
    with forbidden("extension_state_is_known"), transaction.atomic():
        longer(pairing, mentee, state="perhaps", closed_at=NOW)


def test_only_what_rests_does_so_until_a_day(pairing: Pairing) -> None:
    with forbidden("pairing_paused_until_a_day"), transaction.atomic():
        Pairing.objects.update(paused_until=TODAY)
    Pairing.objects.update(status="paused", paused_until=TODAY)
