"""What the database itself forbids of figures, and of what may be quoted."""

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.models import Answer, Moment, QuarterFigure, Round
from tests.conftest import TODAY
from tests.mentoring.test_constraints import forbidden
from tests.reflections.conftest import FIRST, write

MODELS = (QuarterFigure,)


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


def figure(program: Program, at_least: int, measure: str = "met") -> QuarterFigure:
    return QuarterFigure.objects.create(
        program=program, quarter_start=program.starts_on, measure=measure, at_least=at_least
    )


def test_no_figure_is_kept_but_in_steps_of_five(program: Program) -> None:
    for wrong in (1, 4, 6, 13):
        with forbidden("quarter_figure_in_steps_of_five"), transaction.atomic():
            figure(program, wrong)
    figure(program, 0, "met")
    figure(program, 15, "matched")


def test_a_figure_is_told_once_and_of_something_known(program: Program) -> None:
    figure(program, 5)
    with forbidden("quarter_figure_is_told_once"), transaction.atomic():
        figure(program, 10)
    with forbidden("quarter_figure_measure_is_known"), transaction.atomic():
        figure(program, 10, "weighed")


@pytest.mark.parametrize("audience", ["me", "pairing"])
def test_nothing_is_quoted_that_is_on_no_wall(
    audience: str, mentee: User, pairing: Pairing, quarter_round: Round
) -> None:
    with_whom = {"pairing": pairing} if audience == "pairing" else {}
    moment = Moment.objects.create(person=mentee, text="x", happened_on=TODAY, audience=audience, **with_whom)
    with forbidden("moment_is_quoted_from_the_wall_alone"), transaction.atomic():
        Moment.objects.filter(pk=moment.pk).update(may_be_quoted=True)
    answer = write(mentee, quarter_round, FIRST, "x", audience=audience)
    with forbidden("answer_is_quoted_from_the_wall_alone"), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(may_be_quoted=True)
