"""What the database itself forbids of applications: questions, answers, skills, the waitlist, offers and drafts."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from mentoring.models import (
    ApplicationDraft,
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    EnrollmentSkill,
    Notice,
    Program,
    Skill,
)
from tests.conftest import NOW, TODAY

from .test_constraints import forbidden


@pytest.fixture
def place(mentor: User) -> Enrollment:
    return Enrollment.objects.get(person=mentor)


def ask(program: Program, **fields: Any) -> EnrollmentQuestion:
    values = {"code": "why", "text": "What for?"} | fields
    return EnrollmentQuestion.objects.create(program=program, **values)


def answer(place: Enrollment, **fields: Any) -> EnrollmentAnswer:
    values = {"code": "why", "asked": "What for?", "kind": "short", "audience": "admins", "text": "Because."}
    return EnrollmentAnswer.objects.create(enrollment=place, **(values | fields))


# --- Questions and answers


def test_a_short_name_is_one_questions_in_a_program(program: Program, other_program: Program) -> None:
    ask(program)
    with forbidden("enrollment_question_code_once"), transaction.atomic():
        ask(program)
    ask(other_program)


@pytest.mark.parametrize(
    ("field", "constraint"),
    [
        ("kind", "enrollment_question_kind_is_known"),
        ("asked_of", "enrollment_question_is_asked_of_known"),
        ("audience", "enrollment_question_audience_is_known"),
    ],
)
def test_a_question_knows_its_words(program: Program, field: str, constraint: str) -> None:
    ask(program)
    with (
        pytest.raises(IntegrityError, match=f"{constraint}|enrollment_question_offers"),
        transaction.atomic(),
    ):
        EnrollmentQuestion.objects.update(**{field: "nonsense"})


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("short", ["a", "b"]),
        ("long", ["a", "b"]),
        ("choice", []),
        ("choice", ["a"]),
        ("choices", [str(number) for number in range(31)]),
    ],
)
def test_a_question_offers_what_it_asks(program: Program, kind: str, options: list[str]) -> None:
    with forbidden("enrollment_question_offers_what_it_asks"), transaction.atomic():
        ask(program, kind=kind, options=options)


def test_a_question_is_answered_once(place: Enrollment) -> None:
    answer(place)
    with forbidden("enrollment_answer_once_a_question"), transaction.atomic():
        answer(place)
    answer(place, code="where")


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "short", "text": "", "chosen": ["a"]},
        {"kind": "long", "text": "", "chosen": ["a"]},
        {"kind": "choice", "text": "words", "chosen": ["a"]},
        {"kind": "choice", "text": "", "chosen": []},
        {"kind": "choice", "text": "", "chosen": ["a", "b"]},
        {"kind": "choices", "text": "", "chosen": []},
        {"kind": "nonsense"},
    ],
)
def test_an_answer_fits_its_kind(place: Enrollment, fields: dict[str, object]) -> None:
    with forbidden("enrollment_answer_fits_its_kind"), transaction.atomic():
        answer(place, **fields)


def test_an_answer_has_known_readers(place: Enrollment) -> None:
    with forbidden("enrollment_answer_audience_is_known"), transaction.atomic():
        answer(place, audience="everybody")


def test_an_answer_outlives_its_question_and_its_promise(program: Program, place: Enrollment) -> None:
    question = ask(program, audience="pairing")
    given = answer(place, question=question, audience="pairing")
    EnrollmentQuestion.objects.update(text="Why not?", audience="admins", kind="long", is_active=False)
    given.refresh_from_db()
    assert (given.asked, given.audience, given.kind) == ("What for?", "pairing", "short")
    question.delete()
    given.refresh_from_db()
    assert (given.question, given.asked, given.text) == (None, "What for?", "Because.")


# --- Skills


def test_a_name_is_on_a_programs_list_once_however_it_is_written(
    program: Program, other_program: Program
) -> None:
    Skill.objects.create(program=program, name="Pricing")
    with forbidden("skill_once_per_program"), transaction.atomic():
        Skill.objects.create(program=program, name="PRICING")
    Skill.objects.create(program=other_program, name="Pricing")


def test_a_merged_skill_and_no_other_points_to_one(program: Program) -> None:
    one = Skill.objects.create(program=program, name="One")
    with forbidden("skill_is_merged_into_another"), transaction.atomic():
        Skill.objects.create(program=program, name="Two", state="merged")
    for state in ("listed", "proposed"):
        with forbidden("skill_is_merged_into_another"), transaction.atomic():
            Skill.objects.create(program=program, name="Two", state=state, merged_into=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        Skill.objects.create(program=program, name="Two", state="nonsense")


def test_a_skill_is_offered_once_and_sought_once(program: Program, place: Enrollment) -> None:
    one = Skill.objects.create(program=program, name="One")
    for side in ("offers", "seeks"):
        EnrollmentSkill.objects.create(enrollment=place, skill=one, side=side)
        with forbidden("enrollment_skill_once_a_side"), transaction.atomic():
            EnrollmentSkill.objects.create(enrollment=place, skill=one, side=side)
    with forbidden("enrollment_skill_side_is_known"), transaction.atomic():
        EnrollmentSkill.objects.create(enrollment=place, skill=one, side="knows")


# --- The waitlist, offers, drafts


def test_whoever_asked_did_so_at_some_time(place: Enrollment) -> None:
    with forbidden("enrollment_applied_at_some_time"), transaction.atomic():
        Enrollment.objects.update(status="applied")


def test_whoever_waits_and_nobody_else_waits_since_some_time(place: Enrollment) -> None:
    with forbidden("enrollment_waits_since_some_time"), transaction.atomic():
        Enrollment.objects.update(status="waitlisted")
    for status in ("applied", "active", "declined", "withdrawn"):
        with forbidden("enrollment_waits_since_some_time"), transaction.atomic():
            Enrollment.objects.update(status=status, applied_at=NOW, waitlisted_at=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"offered_at": NOW},
        {"offer_expires_at": NOW},
        {"offered_at": NOW, "offer_expires_at": NOW},
        {"offered_at": NOW, "offer_expires_at": NOW - timedelta(days=1)},
    ],
)
def test_an_offer_has_a_deadline_after_it_was_made(place: Enrollment, fields: dict[str, object]) -> None:
    Enrollment.objects.update(status="waitlisted", waitlisted_at=NOW)
    with forbidden("enrollment_is_offered_a_place_while_it_waits"), transaction.atomic():
        Enrollment.objects.update(**fields)
    Enrollment.objects.update(offered_at=NOW, offer_expires_at=NOW + timedelta(minutes=1))


@pytest.mark.parametrize("status", ["applied", "active", "declined"])
def test_only_whoever_waits_is_offered_a_place(place: Enrollment, status: str) -> None:
    with forbidden("enrollment_is_offered_a_place_while_it_waits"), transaction.atomic():
        Enrollment.objects.update(
            status=status, applied_at=NOW, offered_at=NOW, offer_expires_at=NOW + timedelta(days=1)
        )


@pytest.mark.parametrize("status", ["active", "completed", "withdrawn"])
def test_only_a_paused_place_is_paused_until_a_day(place: Enrollment, status: str) -> None:
    with forbidden("enrollment_is_paused_until_a_day"), transaction.atomic():
        Enrollment.objects.update(status=status, paused_until=TODAY)
    Enrollment.objects.update(status="paused", paused_until=TODAY)


def test_whoever_agreed_to_rules_did_so_at_some_time(place: Enrollment) -> None:
    with forbidden("enrollment_agreed_at_some_time"), transaction.atomic():
        Enrollment.objects.update(agreed_to="Be kind.")


def test_somebody_has_one_draft_in_a_program(program: Program, mentor: User) -> None:
    ApplicationDraft.objects.create(program=program, person=mentor)
    with forbidden("application_draft_once_per_program"), transaction.atomic():
        ApplicationDraft.objects.create(program=program, person=mentor)


def test_a_notice_is_of_a_known_kind(place: Enrollment) -> None:
    with forbidden("notice_kind_is_known"), transaction.atomic():
        Notice.objects.create(enrollment=place, kind="nonsense")
