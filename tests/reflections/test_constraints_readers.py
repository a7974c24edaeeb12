"""What the database itself forbids of people who are named, and of words that are opened."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Program
from reflections.models import BreakGlass, Moment, Naming, Round
from tests.conftest import NOW, TODAY
from tests.mentoring.test_constraints import forbidden
from tests.reflections.conftest import FIRST, write

MODELS = (Naming, BreakGlass)


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
def moment(mentee: User) -> Moment:
    return Moment.objects.create(person=mentee, text="x", happened_on=TODAY)


def test_a_naming_is_in_one_thing_and_once(
    moment: Moment, mentor: User, mentee: User, quarter_round: Round
) -> None:
    answer = write(mentee, quarter_round, FIRST, "x")
    for wrong in ({}, {"moment": moment, "answer": answer}):
        with forbidden("naming_in_one_thing"), transaction.atomic():
            Naming.objects.create(person=mentor, **wrong)
    Naming.objects.create(person=mentor, moment=moment)
    with forbidden("naming_once_in_a_moment"), transaction.atomic():
        Naming.objects.create(person=mentor, moment=moment)
    Naming.objects.create(person=mentor, answer=answer)
    with forbidden("naming_once_in_an_answer"), transaction.atomic():
        Naming.objects.create(person=mentor, answer=answer)


def test_what_was_not_asked_is_not_answered_and_nobody_says_both(moment: Moment, mentor: User) -> None:
    with forbidden("naming_agreed_when_asked"), transaction.atomic():
        Naming.objects.create(person=mentor, moment=moment, agreed_at=NOW)
    with forbidden("naming_agreed_or_declined"), transaction.atomic():
        Naming.objects.create(person=mentor, moment=moment, asked_at=NOW, agreed_at=NOW, declined_at=NOW)
    for wrong in ({"asked_at": NOW}, {"is_by_hand": True}):
        with forbidden("naming_somebody_else_is_not_asked"), transaction.atomic():
            Naming.objects.create(person=mentor, moment=moment, is_somebody_else=True, **wrong)


@pytest.mark.parametrize("kind", ["hard_call", "brave_try"])
def test_what_is_easily_regretted_hangs_on_no_wall(mentee: User, program: Program, kind: str) -> None:
    with forbidden("moment_with_care_is_on_no_wall"), transaction.atomic():
        Moment.objects.create(
            person=mentee, text="x", kind=kind, happened_on=TODAY, audience="program", program=program
        )


def test_an_opening_has_a_reason_two_people_and_an_hour(
    moment: Moment, mentee: User, mentor: User, superuser: User, quarter_round: Round
) -> None:
    good = {
        "person": mentee,
        "about": "moment",
        "moment": moment,
        "reason": "because",
        "asked_by": superuser,
        "asked_at": NOW,
    }
    hour = timedelta(hours=1)
    with forbidden("break_glass_has_a_reason"), transaction.atomic():
        BreakGlass.objects.create(**good | {"reason": ""})
    for wrong in ({"about": "quarter"}, {"about": "answer"}, {"round": quarter_round}, {"about": "all"}):
        with forbidden("break_glass_is_about_one_thing"), transaction.atomic():
            BreakGlass.objects.create(**good | wrong)
    allowed = {"allowed_by": mentor, "allowed_at": NOW, "ends_at": NOW + hour}
    for wrong in (
        {"ends_at": NOW + 2 * hour},
        {"allowed_at": NOW + 24 * hour, "ends_at": NOW + 24 * hour},
        {"allowed_at": NOW - hour, "ends_at": NOW},
        {"allowed_at": None},
        {"refused_at": NOW},
    ):
        with forbidden("break_glass_is_open_for_an_hour"), transaction.atomic():
            BreakGlass.objects.create(**good | allowed | wrong)
    with forbidden("break_glass_takes_two"), transaction.atomic():
        BreakGlass.objects.create(**good | allowed | {"allowed_by": superuser})
    row = BreakGlass.objects.create(**good | allowed)
    with forbidden("break_glass_is_sealed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reflections_breakglass SET reason = %s WHERE id = %s", [b"clear words", row.pk]
        )
