"""What the database itself forbids, whoever asks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from mentoring.models import Enrollment, Meeting, Pairing, Program, ProgramAdmin
from tests.conftest import NOW, enroll, in_state, pair


def forbidden(constraint: str) -> "pytest.RaisesExc[IntegrityError]":
    return pytest.raises(IntegrityError, match=constraint)


def test_nobody_is_their_own_mentor(program: Program, mentor: User) -> None:
    with forbidden("pairing_of_two_people"), transaction.atomic():
        pair(program, mentor, mentor)


@pytest.mark.parametrize("status", Pairing.OPEN)
def test_a_pair_has_one_open_pairing_in_a_program(
    pairing: Pairing, program: Program, mentor: User, mentee: User, status: str
) -> None:
    with forbidden("pairing_open_once_per_pair"), transaction.atomic():
        pair(program, mentor, mentee, status=status)


def test_a_pair_may_have_had_pairings_before(
    pairing: Pairing, program: Program, mentor: User, mentee: User
) -> None:
    for status in ("declined", "expired"):
        pair(program, mentor, mentee, status=status)
    for status in ("completed", "ended"):
        pair(program, mentor, mentee, status=status, ended_on=date(2026, 3, 1))
    assert Pairing.objects.between(mentor, mentee).count() == 5


def test_an_open_pairing_in_another_program_is_another_pairing(
    pairing: Pairing, other_program: Program, mentor: User, mentee: User
) -> None:
    assert pair(other_program, mentor, mentee).pk


@pytest.mark.parametrize("status", Pairing.OVER)
def test_a_pairing_that_is_over_has_a_last_day(pairing: Pairing, status: str) -> None:
    with forbidden("pairing_over_has_a_last_day"), transaction.atomic():
        Pairing.objects.update(status=status)


@pytest.mark.parametrize("status", [*Pairing.OPEN, *Pairing.CAME_TO_NOTHING])
def test_no_other_pairing_has_a_last_day(pairing: Pairing, status: str) -> None:
    with forbidden("pairing_over_has_a_last_day"), transaction.atomic():
        Pairing.objects.update(status=status, ended_on=date(2026, 3, 1))


@pytest.mark.parametrize("answer", ["mentor_accepted_at", "mentee_accepted_at"])
def test_a_pairing_begins_with_two_yeses(pairing: Pairing, answer: str) -> None:
    with forbidden("pairing_begins_with_two_yeses"), transaction.atomic():
        Pairing.objects.update(**{answer: None})
    Pairing.objects.update(**{answer: None, "status": "proposed"})


def test_a_person_has_one_place_in_a_program(program: Program, mentor: User) -> None:
    with forbidden("enrollment_once_per_program"), transaction.atomic():
        enroll(program, mentor, Enrollment.Role.MENTEE)


@pytest.mark.parametrize("status", ["active", "paused", "completed"])
def test_who_is_in_the_program_has_a_first_day(program: Program, mentor: User, status: str) -> None:
    with forbidden("enrollment_in_the_program_has_a_first_day"), transaction.atomic():
        Enrollment.objects.update(status=status, joined_on=None)


@pytest.mark.parametrize("status", ["invited", "applied", "waitlisted", "declined", "withdrawn"])
def test_who_only_wants_in_needs_no_first_day(program: Program, mentor: User, status: str) -> None:
    assert Enrollment.objects.update(**in_state(status), joined_on=None) == 1


def test_a_mentors_room_is_not_negative(program: Program, mentor: User) -> None:
    with forbidden("capacity"), transaction.atomic():
        Enrollment.objects.update(capacity=-1)


def test_a_program_ends_after_it_starts(program: Program) -> None:
    with forbidden("program_ends_after_it_starts"), transaction.atomic():
        Program.objects.update(ends_on=program.starts_on - timedelta(days=1))
    Program.objects.update(ends_on=program.starts_on)


@pytest.mark.parametrize("month", [0, 13])
def test_a_fiscal_year_begins_in_a_month(program: Program, month: int) -> None:
    with forbidden("program_first_month_is_a_month"), transaction.atomic():
        Program.objects.update(fiscal_first_month=month)


def test_a_program_admin_is_named_once(program: Program, admin: User) -> None:
    with forbidden("program_admin_named_once"), transaction.atomic():
        ProgramAdmin.objects.create(program=program, person=admin)


@pytest.mark.parametrize("minutes", [9, 481])
def test_a_meeting_lasts_ten_minutes_to_eight_hours(pairing: Pairing, minutes: int) -> None:
    with forbidden("meeting_lasts_ten_minutes_to_eight_hours"), transaction.atomic():
        Meeting.objects.create(pairing=pairing, starts_at=NOW, minutes=minutes)
