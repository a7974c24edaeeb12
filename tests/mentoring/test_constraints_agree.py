"""What the database itself forbids of agreements."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from accounts.vault.fields import OnlySealed
from mentoring.models import Agreement, FeedbackWish, Pairing
from tests.conftest import NOW

from .test_constraints import forbidden

MODELS = (Agreement, FeedbackWish)


def version(pairing: Pairing, number: int = 1, **fields: Any) -> Agreement:
    values = {"proposed_by": pairing.mentor, "cadence": "Often"} | fields
    return Agreement.objects.create(pairing=pairing, number=number, **values)


def test_each_constraint_is_in_the_database_and_in_one_of_these_tests(db: None) -> None:
    with open(__file__, encoding="utf-8") as file:
        source = file.read()
    for model in MODELS:
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(cursor, model._meta.db_table)
        kinds = (CheckConstraint, UniqueConstraint, OnlySealed)
        named = [each.name for each in model._meta.constraints if isinstance(each, kinds)]
        assert set(named) <= set(there)
        assert [name for name in named if name not in source] == []


def test_versions_of_a_pair_are_numbered_once(pairing: Pairing) -> None:
    version(pairing, state="replaced", closed_at=NOW)
    with forbidden("agreement_numbered_once"), transaction.atomic():
        version(pairing)


def test_one_version_waits_for_an_answer(pairing: Pairing) -> None:
    version(pairing)
    with forbidden("agreement_proposed_one_at_a_time"), transaction.atomic():
        version(pairing, 2, proposed_by=pairing.mentee)


def test_one_version_holds(pairing: Pairing) -> None:
    version(pairing, state="agreed", agreed_at=NOW)
    with forbidden("agreement_agreed_is_one"), transaction.atomic():
        version(pairing, 2, state="agreed", agreed_at=NOW)
    version(pairing, 3)


def test_the_state_of_a_version_is_known(pairing: Pairing) -> None:
    # Two of them say no, and the database names either.
    with forbidden("agreement_state_is_known|agreement_times_fit_its_state"), transaction.atomic():
        version(pairing, state="shrugged")


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "proposed", "agreed_at": NOW},
        {"state": "proposed", "closed_at": NOW},
        {"state": "agreed"},
        {"state": "agreed", "agreed_at": NOW, "closed_at": NOW},
        {"state": "replaced"},
        {"state": "replaced", "agreed_at": NOW},
        {"state": "withdrawn"},
        {"state": "withdrawn", "agreed_at": NOW, "closed_at": NOW},
        {"state": "declined"},
        {"state": "declined", "agreed_at": NOW, "closed_at": NOW + timedelta(days=1)},
    ],
)
def test_the_times_of_a_version_fit_its_state(pairing: Pairing, fields: dict[str, Any]) -> None:
    with forbidden("agreement_times_fit_its_state"), transaction.atomic():
        version(pairing, **fields)


@pytest.mark.parametrize("name", Agreement.CLAUSES)
def test_no_clear_text_comes_into_an_agreement(pairing: Pairing, name: str) -> None:
    row = version(pairing)
    with forbidden("agreement_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE mentoring_agreement SET {name} = 'clear' WHERE id = %s", [row.pk])  # noqa: S608


def test_each_of_the_two_says_once_how_they_would_like_to_hear_hard_things(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    FeedbackWish.objects.create(pairing=pairing, person=mentor, text="Early")
    FeedbackWish.objects.create(pairing=pairing, person=mentee, text="Kindly")
    with forbidden("feedback_wish_once_each"), transaction.atomic():
        FeedbackWish.objects.create(pairing=pairing, person=mentor, text="Late")


def test_no_clear_text_comes_into_a_wish(pairing: Pairing, mentor: User) -> None:
    row = FeedbackWish.objects.create(pairing=pairing, person=mentor, text="Early")
    with forbidden("feedback_wish_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE mentoring_feedbackwish SET text = 'clear' WHERE id = %s", [row.pk])
