"""What the database itself forbids of swaps and of lines left untold."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Pairing
from reflections.models import LeftUntold, Moment, Round, Swap, SwapItem, SwapPart
from tests.conftest import NOW, TODAY
from tests.mentoring.test_constraints import forbidden
from tests.reflections.conftest import FIRST, WORDS, write

MODELS = (Swap, SwapPart, SwapItem, LeftUntold)


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
def swap(pairing: Pairing, quarter_round: Round, mentor: User) -> Swap:
    return Swap.objects.create(
        pairing=pairing, round=quarter_round, proposed_by=mentor, opens_on=TODAY + timedelta(days=7)
    )


def test_a_quarter_has_one_swap_of_a_pair_and_it_opens_once_agreed(swap: Swap, mentee: User) -> None:
    with forbidden("swap_once_per_quarter"), transaction.atomic():
        Swap.objects.create(
            pairing=swap.pairing, round=swap.round, proposed_by=mentee, opens_on=swap.opens_on
        )
    with forbidden("swap_agreed_then_opened"), transaction.atomic():
        Swap.objects.update(opened_at=NOW)
    Swap.objects.update(opened_at=NOW, agreed_at=NOW)


def test_each_of_the_two_has_one_part_and_a_thing_is_in_it_once(swap: Swap, mentee: User) -> None:
    part = SwapPart.objects.create(swap=swap, person=mentee)
    with forbidden("swap_part_once_each"), transaction.atomic():
        SwapPart.objects.create(swap=swap, person=mentee)
    moment = Moment.objects.create(person=mentee, text="x", happened_on=TODAY)
    answer = write(mentee, swap.round, FIRST, WORDS)
    for wrong in ({}, {"moment": moment, "answer": answer}):
        with forbidden("swap_item_is_one_thing"), transaction.atomic():
            SwapItem.objects.create(part=part, **wrong)
    SwapItem.objects.create(part=part, moment=moment)
    SwapItem.objects.create(part=part, answer=answer)
    with forbidden("swap_item_moment_once"), transaction.atomic():
        SwapItem.objects.create(part=part, moment=moment)
    with forbidden("swap_item_answer_once"), transaction.atomic():
        SwapItem.objects.create(part=part, answer=answer)


def test_a_line_left_untold_is_one_line(mentee: User, quarter_round: Round) -> None:
    moment = Moment.objects.create(person=mentee, text="x", happened_on=TODAY)
    answer = write(mentee, quarter_round, FIRST, WORDS)
    for wrong in ({}, {"moment": moment, "answer": answer}):
        with forbidden("left_untold_one_thing"), transaction.atomic():
            LeftUntold.objects.create(person=mentee, **wrong)
