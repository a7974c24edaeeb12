"""What the database itself forbids of goals, steps and possibilities, and of a program's library."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Action, Goal, Pairing, Possibility, Program, Resource, ResourceFile
from tests.conftest import NOW

from .test_constraints import forbidden

MODELS = (Goal, Action, Possibility, Resource, ResourceFile)


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
    [
        ({"state": "failed", "closed_at": NOW}, "goal_state_is_known"),
        ({"state": "reached"}, "goal_is_closed_at_some_time"),
        ({"closed_at": NOW}, "goal_is_closed_at_some_time"),
        ({"owner": "nobody"}, "goal_owner_is_known"),
    ],
)
def test_a_goal_is_somebodys_and_over_at_some_time(
    pairing: Pairing, mentee: User, fields: dict[str, Any], constraint: str
) -> None:
    goal = Goal.objects.create(pairing=pairing, author=mentee, text="a goal")
    with forbidden(constraint), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(**fields)
    for state in ("reached", "moved_on", "let_go"):
        Goal.objects.filter(pk=goal.pk).update(state=state, closed_at=NOW)


def test_an_action_is_somebodys(pairing: Pairing, mentee: User) -> None:
    action = Action.objects.create(pairing=pairing, author=mentee, text="a step")
    with forbidden("action_owner_is_known"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(owner="nobody")


@pytest.mark.parametrize(
    ("model", "column", "constraint"),
    [
        (Goal, "text", "goal_is_sealed"),
        (Goal, "why", "goal_is_sealed"),
        (Action, "text", "action_is_sealed"),
        (Possibility, "text", "possibility_is_sealed"),
    ],
)
def test_no_clear_words_are_in_the_database(
    pairing: Pairing, mentee: User, model: Any, column: str, constraint: str
) -> None:
    row = model.objects.create(pairing=pairing, author=mentee, text="a goal")
    with forbidden(constraint), transaction.atomic(), connection.cursor() as cursor:
        clear = b"words that anybody could read in a dump of it, and of any length"
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s", [clear, row.pk])  # noqa: S608


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"for_role": "admins"}, "resource_role_is_known"),
        ({"stage": "never"}, "resource_stage_is_known"),
        ({"link": ""}, "resource_leads_somewhere"),
    ],
)
def test_a_resource_leads_somewhere_and_is_for_somebody(
    program: Program, fields: dict[str, Any], constraint: str
) -> None:
    resource = Resource.objects.create(program=program, title="A guide", link="https://example.org/")
    with forbidden(constraint), transaction.atomic():
        Resource.objects.filter(pk=resource.pk).update(**fields)
    Resource.objects.filter(pk=resource.pk).update(link="", file_name="guide.pdf")
