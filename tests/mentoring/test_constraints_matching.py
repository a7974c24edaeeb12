"""What the database itself forbids of matching: criteria, runs, what is proposed and told, requests and fit checks."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, RestrictedError, UniqueConstraint

from accounts.models import User
from mentoring.models import (
    EnrollmentQuestion,
    FitCheck,
    MatchingCriteria,
    MatchingQuestion,
    MatchingRun,
    Pairing,
    PairingRequest,
    Program,
    ProposedPair,
    Publication,
    RoomWatch,
    RuledOut,
    WithoutMatch,
)
from tests.conftest import NOW, TODAY, pair

from .test_constraints import forbidden

MODELS = (
    MatchingCriteria, MatchingQuestion, MatchingRun, Publication, ProposedPair, WithoutMatch, RuledOut, PairingRequest,
    RoomWatch, FitCheck,
)  # fmt: skip


def made(program: Program, **fields: Any) -> MatchingRun:
    return MatchingRun.objects.create(program=program, **({"state": "made", "finished_at": NOW} | fields))


def published(run: MatchingRun, **fields: Any) -> Publication:
    return Publication.objects.create(run=run, **({"approval": "both", "starts_on": TODAY} | fields))


def ask(program: Program, mentor: User, mentee: User, **fields: Any) -> PairingRequest:
    values = {"note": "Hello", "state": "asked", "asked_at": NOW} | fields
    return PairingRequest.objects.create(program=program, mentor=mentor, mentee=mentee, **values)


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
        weights = "criteria_weight_of_"
        assert [name for name in named if name not in source and not name.startswith(weights)] == []


# --- What makes a good pair


@pytest.mark.parametrize("part", MatchingCriteria.WEIGHTS)
def test_a_weight_is_one_of_four(program: Program, part: str) -> None:
    MatchingCriteria.objects.create(program=program)
    with forbidden(f"criteria_weight_of_{part}_is_known"), transaction.atomic():
        MatchingCriteria.objects.update(**{part: "most"})
    for weight in ("off", "low", "medium", "high"):
        MatchingCriteria.objects.update(**{part: weight})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"department_wanted": "near"}, "criteria_department_wanted_is_known"),
        ({"half_hours_shared": 337}, "criteria_half_hours_are_of_a_week"),
        ({"half_hours_wanted": 0}, "criteria_half_hours_are_of_a_week"),
        ({"half_hours_wanted": 337}, "criteria_half_hours_are_of_a_week"),
        ({"zone_gap": 24 * 60 + 1}, "criteria_zone_gap_is_within_a_day"),
        ({"seniority_gap": 10}, "criteria_seniority_gap_is_a_few_steps"),
        ({"seniority_gap": -10}, "criteria_seniority_gap_is_a_few_steps"),
    ],
)
def test_criteria_are_within_bounds(program: Program, fields: dict[str, Any], constraint: str) -> None:
    with forbidden(constraint), transaction.atomic():
        MatchingCriteria.objects.create(program=program, **fields)


def test_criteria_at_their_bounds_are_kept(program: Program) -> None:
    row = MatchingCriteria.objects.create(
        program=program, half_hours_shared=336, half_hours_wanted=336, zone_gap=24 * 60, seniority_gap=-9
    )
    MatchingCriteria.objects.update(
        half_hours_shared=0, half_hours_wanted=1, zone_gap=None, seniority_gap=9, department_wanted="same"
    )
    row.refresh_from_db()
    assert row.seniority_gap == 9


def test_a_program_has_one_row_of_criteria(program: Program) -> None:
    MatchingCriteria.objects.bulk_create([MatchingCriteria(program=program)])
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchingCriteria.objects.bulk_create([MatchingCriteria(program=program)])


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"must": "near"}, "matching_question_likeness_is_known"),
        ({"wanted": "near"}, "matching_question_likeness_is_known"),
        ({"wanted": ""}, "matching_question_likeness_is_known"),
        ({"weight": "most"}, "matching_question_weight_is_known"),
        ({"weight": ""}, "matching_question_weight_is_known"),
    ],
)
def test_a_question_counts_in_a_known_way(program: Program, fields: dict[str, Any], constraint: str) -> None:
    question = EnrollmentQuestion.objects.create(
        program=program, code="meet", text="How?", kind="choice", options=["a", "b"]
    )
    MatchingQuestion.objects.create(question=question, must="different", weight="high", wanted="same")
    with forbidden(constraint), transaction.atomic():
        MatchingQuestion.objects.update(**fields)


# --- Runs


def test_a_run_is_in_a_known_state_and_at_a_known_stage(program: Program) -> None:
    made(program)
    # Of a state that is unknown nobody can say either whether it is finished.
    with forbidden("run_state_is_known"), transaction.atomic():
        MatchingRun.objects.update(state="lost")
    with forbidden("run_stage_is_known"), transaction.atomic():
        MatchingRun.objects.update(stage=5)


@pytest.mark.parametrize("state", MatchingRun.State.values)
def test_a_run_and_no_run_that_is_being_made_is_finished_at_some_time(program: Program, state: str) -> None:
    is_open = state == "making"
    with forbidden("run_is_finished_at_some_time"), transaction.atomic():
        made(program, state=state, finished_at=NOW if is_open else None)
    made(program, state=state, finished_at=None if is_open else NOW)


def test_only_a_run_that_is_being_made_is_claimed(program: Program) -> None:
    claim = "6f1f0e3c-3c9e-4d1e-9a53-0c2f3f0f6a11"
    for state in ("made", "failed", "left"):
        with forbidden("run_is_claimed_while_made"), transaction.atomic():
            made(program, state=state, claim=claim)
    made(program, state="making", finished_at=None, claim=claim)


def test_a_publication_says_who_is_asked(program: Program) -> None:
    run = made(program)
    with forbidden("publication_approval_is_known"), transaction.atomic():
        published(run, approval="nobody")
    for approval in Program.Approval.values:
        published(run, approval=approval)


def test_a_run_proposes_one_mentor_to_a_mentee(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    run = made(program)
    ProposedPair.objects.create(run=run, mentor=mentor, mentee=mentee, fit=1)
    with forbidden("proposed_pair_once_for_a_mentee"), transaction.atomic():
        ProposedPair.objects.create(run=run, mentor=member, mentee=mentee, fit=1)
    ProposedPair.objects.create(run=run, mentor=mentor, mentee=member, fit=1)
    ProposedPair.objects.create(run=made(program), mentor=member, mentee=mentee, fit=1)


def test_nobody_is_proposed_to_themselves(program: Program, mentor: User) -> None:
    with forbidden("proposed_pair_of_two_people"), transaction.atomic():
        ProposedPair.objects.create(run=made(program), mentor=mentor, mentee=mentor, fit=1)


def test_a_fit_is_no_less_than_nothing(program: Program, mentor: User, mentee: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedPair.objects.create(run=made(program), mentor=mentor, mentee=mentee, fit=-1)


def test_a_proposed_pair_becomes_a_pairing_by_being_published_and_only_once(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    run, pairing = made(program), pair(program, mentor, mentee)
    draft = ProposedPair.objects.create(run=run, mentor=mentor, mentee=mentee, fit=1)
    with forbidden("proposed_pair_becomes_one_by_publishing"), transaction.atomic():
        ProposedPair.objects.filter(pk=draft.pk).update(pairing=pairing)
    told = published(run)
    ProposedPair.objects.filter(pk=draft.pk).update(publication=told, pairing=pairing)
    other = ProposedPair.objects.create(run=run, mentor=mentor, mentee=member, fit=1, publication=told)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedPair.objects.filter(pk=other.pk).update(pairing=pairing)
    with pytest.raises(RestrictedError), transaction.atomic():
        told.delete()
    Pairing.objects.all().delete()
    draft.refresh_from_db()
    assert (draft.pairing, draft.publication) == (None, told)
    program.delete()
    assert not Publication.objects.exists()


def test_somebody_is_without_a_match_once_on_each_side(program: Program, mentor: User) -> None:
    run = made(program)
    for side in ("mentor", "mentee"):
        WithoutMatch.objects.create(run=run, person=mentor, side=side)
        with forbidden("without_match_once"), transaction.atomic():
            WithoutMatch.objects.create(run=run, person=mentor, side=side)
    with forbidden("without_match_side_is_known"), transaction.atomic():
        WithoutMatch.objects.create(run=run, person=mentor, side="both")


# --- Ruled out


def test_two_are_ruled_out_once_for_each_reason(
    program: Program, other_program: Program, mentor: User, mentee: User
) -> None:
    for because in ("admins", "not_a_fit"):
        RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee, because=because)
        with forbidden("ruled_out_once"), transaction.atomic():
            RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee, because=because)
    RuledOut.objects.create(program=other_program, mentor=mentor, mentee=mentee)
    with forbidden("ruled_out_because_is_known"), transaction.atomic():
        RuledOut.objects.create(program=program, mentor=mentee, mentee=mentor, because="mood")
    with forbidden("ruled_out_are_two_people"), transaction.atomic():
        RuledOut.objects.create(program=program, mentor=mentor, mentee=mentor)


# --- Requests


@pytest.mark.parametrize("state", PairingRequest.OPEN)
@pytest.mark.parametrize("other", PairingRequest.OPEN)
def test_two_have_one_open_request(
    program: Program, other_program: Program, mentor: User, mentee: User, state: str, other: str
) -> None:
    for closed in ("declined", "expired", "withdrawn"):
        ask(program, mentor, mentee, state=closed, closed_at=NOW)
    ask(program, mentor, mentee, state=state)
    with forbidden("request_open_once_per_pair"), transaction.atomic():
        ask(program, mentor, mentee, state=other)
    ask(other_program, mentor, mentee, state=other)
    ask(program, mentee, mentor, state=other)


def test_nobody_asks_themselves(program: Program, mentor: User) -> None:
    with forbidden("request_of_two_people"), transaction.atomic():
        ask(program, mentor, mentor)


def test_a_request_is_in_a_known_state(program: Program, mentor: User, mentee: User) -> None:
    ask(program, mentor, mentee)
    with (
        pytest.raises(IntegrityError, match=r"request_state_is_known|request_is_closed_at_some_time"),
        transaction.atomic(),
    ):
        PairingRequest.objects.update(state="lost")


@pytest.mark.parametrize("state", PairingRequest.State.values)
def test_a_request_and_no_open_one_is_closed_at_some_time(
    program: Program, mentor: User, mentee: User, state: str
) -> None:
    is_open = state in PairingRequest.OPEN
    with forbidden("request_is_closed_at_some_time"), transaction.atomic():
        ask(program, mentor, mentee, state=state, closed_at=NOW if is_open else None)
    ask(program, mentor, mentee, state=state, closed_at=None if is_open else NOW)


def test_what_reached_a_mentor_did_so_at_some_time(program: Program, mentor: User, mentee: User) -> None:
    for state, closed_at in (("asked", None), ("accepted", NOW)):
        with forbidden("request_is_asked_at_some_time"), transaction.atomic():
            ask(program, mentor, mentee, state=state, asked_at=None, closed_at=closed_at)
    for state, closed_at in (("checked", None), ("withdrawn", NOW), ("expired", NOW)):
        ask(program, mentor, mentee, state=state, asked_at=None, closed_at=closed_at)


def test_nobody_replies_to_what_was_not_asked(program: Program, mentor: User, mentee: User) -> None:
    with forbidden("request_replies_to_a_question"), transaction.atomic():
        ask(program, mentor, mentee, reply="Because.")
    ask(program, mentor, mentee, question="Why?", reply="Because.")


def test_a_request_ends_for_a_reason_that_is_known(program: Program, mentor: User, mentee: User) -> None:
    with forbidden("request_ended_for_a_known_reason"), transaction.atomic():
        ask(program, mentor, mentee, because="weather")
    for because in ("", *PairingRequest.Because.values):
        ask(program, mentor, mentee, state="expired", closed_at=NOW, because=because)


def test_a_pairing_comes_of_one_request(program: Program, mentor: User, mentee: User, member: User) -> None:
    pairing = pair(program, mentor, mentee, status="requested")
    ask(program, mentor, mentee, pairing=pairing)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(program, mentor, member, pairing=pairing)


def test_a_mentees_wait_for_a_mentors_room_is_one_wait(
    program: Program, other_program: Program, mentor: User, mentee: User
) -> None:
    RoomWatch.objects.create(program=program, mentor=mentor, mentee=mentee)
    with forbidden("room_watch_once"), transaction.atomic():
        RoomWatch.objects.create(program=program, mentor=mentor, mentee=mentee)
    RoomWatch.objects.create(program=other_program, mentor=mentor, mentee=mentee)
    with forbidden("room_watch_of_two_people"), transaction.atomic():
        RoomWatch.objects.create(program=program, mentor=mentor, mentee=mentor)


# --- Fit checks


def test_somebody_is_asked_once_each_time(pairing: Pairing, mentor: User, mentee: User) -> None:
    FitCheck.objects.create(pairing=pairing, person=mentee)
    with forbidden("fit_check_once_each_time"), transaction.atomic():
        FitCheck.objects.create(pairing=pairing, person=mentee)
    FitCheck.objects.create(pairing=pairing, person=mentee, number=2)
    FitCheck.objects.create(pairing=pairing, person=mentor)


def test_a_fit_check_has_a_known_answer(pairing: Pairing, mentee: User) -> None:
    with forbidden("fit_check_answer_is_known"), transaction.atomic():
        FitCheck.objects.create(pairing=pairing, person=mentee, answer="perfect", answered_at=NOW)


@pytest.mark.parametrize("answer", FitCheck.Answer.values)
def test_an_answer_is_given_at_some_time(pairing: Pairing, mentee: User, answer: str) -> None:
    with forbidden("fit_check_is_answered_at_some_time"), transaction.atomic():
        FitCheck.objects.create(pairing=pairing, person=mentee, answer=answer)
    with forbidden("fit_check_is_answered_at_some_time"), transaction.atomic():
        FitCheck.objects.create(pairing=pairing, person=mentee, answered_at=NOW)
    FitCheck.objects.create(pairing=pairing, person=mentee, answer=answer, answered_at=NOW)


def test_only_what_was_no_fit_is_seen_to(pairing: Pairing, mentee: User) -> None:
    check = FitCheck.objects.create(pairing=pairing, person=mentee)
    for fields in ({}, {"answer": "good", "answered_at": NOW}, {"answer": "finding_out", "answered_at": NOW}):
        with forbidden("fit_check_settled_was_no_fit"), transaction.atomic():
            FitCheck.objects.update(settled_at=NOW, **fields)
    FitCheck.objects.update(settled_at=NOW, answer="not_a_fit", answered_at=NOW)
    check.refresh_from_db()
    assert check.settled_at == NOW
