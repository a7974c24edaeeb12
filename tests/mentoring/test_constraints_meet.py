"""What the database itself forbids around meetings: agenda, conversation starters, notes, and what was said of one."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import AgendaItem, ConversationStarter, Meeting, Note, Pairing, Program
from tests.conftest import NOW

from .test_constraints import forbidden

MODELS = (AgendaItem, ConversationStarter, Note)


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


def test_what_belongs_to_a_meeting_was_talked_about(pairing: Pairing, mentor: User) -> None:
    item = AgendaItem.objects.create(pairing=pairing, author=mentor, text="Prices")
    meeting = Meeting.objects.create(pairing=pairing, starts_at=NOW)
    with forbidden("agenda_item_of_a_meeting_was_talked_about"), transaction.atomic():
        AgendaItem.objects.update(meeting=meeting)
    AgendaItem.objects.update(meeting=meeting, talked_at=NOW)
    item.refresh_from_db()
    assert item.meeting == meeting


@pytest.mark.parametrize(
    ("model", "constraint"), [(AgendaItem, "agenda_item_is_sealed"), (Note, "note_is_sealed")]
)
def test_no_words_are_kept_in_clear(pairing: Pairing, mentor: User, model: Any, constraint: str) -> None:
    model.objects.create(pairing=pairing, author=mentor, text="Prices")
    with (
        forbidden(constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        table = connection.ops.quote_name(model._meta.db_table)
        in_clear = f"UPDATE {table} SET text = %s"  # noqa: S608
        cursor.execute(in_clear, [b"Prices in clear, and long enough"])


def test_a_question_is_in_a_library_once(program: Program, other_program: Program) -> None:
    for each in (program, other_program):
        ConversationStarter.objects.create(program=each, text="Why?")
    with forbidden("conversation_starter_once"), transaction.atomic():
        ConversationStarter.objects.create(program=program, text="Why?", stage="ending")


def test_a_question_is_for_a_known_stage(program: Program) -> None:
    ConversationStarter.objects.create(program=program, text="Why?")
    with forbidden("conversation_starter_stage_is_known"), transaction.atomic():
        ConversationStarter.objects.update(stage="late")
    for stage in ("any", "beginning", "under_way", "ending"):
        ConversationStarter.objects.update(stage=stage)


def test_a_meeting_is_of_a_known_kind(pairing: Pairing) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=NOW)
    with forbidden("meeting_kind_is_known"), transaction.atomic():
        Meeting.objects.update(kind="party")
    Meeting.objects.update(kind="came_along")


@pytest.mark.parametrize("fields", [{"took_place": True}, {"took_place": False}, {"said_at": NOW}])
def test_whether_they_met_was_said_at_some_time(pairing: Pairing, fields: dict[str, Any]) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=NOW)
    with forbidden("meeting_said_at_some_time"), transaction.atomic():
        Meeting.objects.update(**fields)
    Meeting.objects.update(**({"took_place": False, "said_at": NOW} | fields))
