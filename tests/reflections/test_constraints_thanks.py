"""What the database itself forbids of mentors of one's own and of notes of thanks."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import Pairing, Program
from reflections.models import (
    MutedWriter,
    NeverAgain,
    NoteReport,
    OutsideNote,
    OutsideStop,
    OwnMentor,
    Thanks,
)
from tests.conftest import NOW
from tests.mentoring.test_constraints import forbidden

pytestmark = pytest.mark.django_db
MODELS = (OwnMentor, Thanks, OutsideNote, NeverAgain, OutsideStop, MutedWriter, NoteReport)
HASH = "a1" * 32


def test_each_constraint_is_in_the_database_and_in_one_of_these_tests() -> None:
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
def outside_note(program: Program, mentee: User) -> dict[str, Any]:
    return {"writer": mentee, "program": program, "address": "ada@else.example", "address_hash": HASH}


def test_a_mentor_has_a_name(mentee: User) -> None:
    with forbidden("own_mentor_has_a_name"), transaction.atomic():
        OwnMentor.objects.create(person=mentee, kept="x")


def test_a_note_goes_some_way_at_some_time_and_says_something(
    pairing: Pairing, mentee: User, mentor: User
) -> None:
    note: dict[str, Any] = {"writer": mentee, "recipient": mentor, "text": "x"}
    for wrong in ({"way": "here"}, {"sent_at": NOW}, {"way": "dove", "sent_at": NOW}):
        with forbidden("thanks_way_goes_with_sent_at"), transaction.atomic():
            Thanks.objects.create(**note | wrong)
    for wrong in ({"read_at": NOW}, {"read_at": NOW, "way": "print", "sent_at": NOW}):
        with forbidden("thanks_read_here_only"), transaction.atomic():
            Thanks.objects.create(**note | wrong)
    with forbidden("thanks_to_somebody_else"), transaction.atomic():
        Thanks.objects.create(**note | {"recipient": mentee})
    with forbidden("thanks_sent_say_something"), transaction.atomic():
        Thanks.objects.create(**note | {"text": "", "way": "here", "sent_at": NOW})
    with forbidden("thanks_about_is_known"), transaction.atomic():
        Thanks.objects.create(**note | {"about": "blame"})
    Thanks.objects.create(**note | {"way": "here", "sent_at": NOW, "read_at": NOW})


def test_what_goes_outside_has_an_address_and_its_mark(outside_note: dict[str, Any]) -> None:
    with forbidden("outside_note_has_an_address"), transaction.atomic():
        OutsideNote.objects.create(**outside_note | {"address": ""})
    for wrong in ("", HASH.upper(), f"{HASH[1:]}g", "ada@else.example"):
        with forbidden("outside_note_hash_is_one"), transaction.atomic():
            OutsideNote.objects.create(**outside_note | {"address_hash": wrong})
    with forbidden("never_again_hash_is_one"), transaction.atomic():
        NeverAgain.objects.create(address_hash="ada@else.example")


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("ownmentor", "name", "own_mentor_is_sealed"),
        ("ownmentor", "address", "own_mentor_is_sealed"),
        ("ownmentor", "kept", "own_mentor_is_sealed"),
        ("thanks", "text", "thanks_are_sealed"),
        ("outsidenote", "address", "outside_note_address_is_sealed"),
    ],
)
def test_no_clear_words_are_taken(outside_note: dict[str, Any], table: str, column: str, name: str) -> None:
    OwnMentor.objects.create(person=outside_note["writer"], name="x")
    Thanks.objects.create(writer=outside_note["writer"], text="x")
    OutsideNote.objects.create(**outside_note)
    with forbidden(name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reflections_{table} SET {column} = 'in the clear for anybody to read'")  # noqa: S608


def test_stopped_and_muted_once(program: Program, mentee: User, mentor: User) -> None:
    OutsideStop.objects.create(program=program, person=mentee)
    with forbidden("outside_stop_once"), transaction.atomic():
        OutsideStop.objects.create(program=program, person=mentee)
    MutedWriter.objects.create(person=mentee, writer=mentor)
    with forbidden("muted_writer_once"), transaction.atomic():
        MutedWriter.objects.create(person=mentee, writer=mentor)
    with forbidden("muted_writer_is_another"), transaction.atomic():
        MutedWriter.objects.create(person=mentee, writer=mentee)


def test_a_report_is_for_a_known_reason_of_the_way_it_went(program: Program, mentee: User) -> None:
    report: dict[str, Any] = {"program": program, "writer": mentee, "why": "reader", "way": "here"}
    for wrong in ({"way": "mail"}, {"why": "limit"}, {"why": "outside", "way": "print"}, {"why": "envy"}):
        with forbidden("note_report_why_goes_with_way"), transaction.atomic():
            NoteReport.objects.create(**report | wrong)
    note = Thanks.objects.create(writer=mentee, text="x")
    NoteReport.objects.create(**report, note=note)
    with forbidden("note_report_once"), transaction.atomic():
        NoteReport.objects.create(**report, note=note)
