"""What the database itself forbids of programs, their holidays and logos, whoever asks."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DataError

from accounts.models import User
from mentoring.models import Holiday, Logo, Program, ProgramAdmin
from tests.mentoring.test_constraints import forbidden

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("program_status_is_known", {"status": "asleep"}),
        ("program_status_is_known", {"status": ""}),
        ("program_first_month_is_a_month", {"fiscal_first_month": 0}),
        ("program_first_month_is_a_month", {"fiscal_first_month": 13}),
        ("program_ends_after_it_starts", {"ends_on": date(2026, 1, 4)}),
        ("program_retention_is_a_month_to_ten_years", {"retention_months": 0}),
        ("program_retention_is_a_month_to_ten_years", {"retention_months": 121}),
        ("program_roles_are_known", {"roles": "bosses"}),
        ("program_join_policy_is_known", {"join_policy": "closed"}),
        ("program_matched_by_is_known", {"matched_by": "chance"}),
        ("program_approval_is_known", {"approval": "boss"}),
        ("program_directory_is_for_known", {"directory_for": "world"}),
        ("program_directory_shows_known", {"directory_shows": ["photo", "salary"]}),
        ("program_has_one_to_nine_open_requests", {"open_requests": 0}),
        ("program_has_one_to_nine_open_requests", {"open_requests": 10}),
        ("program_has_one_to_nine_pairings_per_mentee", {"pairings_per_mentee": 0}),
        ("program_has_one_to_nine_pairings_per_mentee", {"pairings_per_mentee": 10}),
        ("program_offers_for_days", {"offer_days": 0}),
        ("program_offers_for_days", {"offer_days": 61}),
        ("program_accent_is_a_color", {"accent": "red"}),
        ("program_accent_is_a_color", {"accent": "#FFAA00"}),
        ("program_accent_is_a_color", {"accent": "#12345"}),
        ("program_accent_is_a_color", {"accent": "123456#"}),
    ],
)
def test_a_program_that_cannot_be_is_forbidden(
    program: Program, constraint: str, fields: dict[str, object]
) -> None:
    with forbidden(constraint), transaction.atomic():
        Program.objects.filter(pk=program.pk).update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        *({"status": status} for status in Program.Status.values),
        *({"roles": roles} for roles in Program.Roles.values),
        *({"join_policy": policy} for policy in Program.JoinPolicy.values),
        *({"matched_by": way} for way in Program.MatchedBy.values),
        *({"approval": who} for who in Program.Approval.values),
        *({"directory_for": who} for who in Program.DirectoryFor.values),
        {"directory_shows": []},
        {"directory_shows": Program.DirectoryPart.values},
        {"open_requests": 9, "requests_are_checked": True},
        {"ends_on": date(2026, 1, 5)},
        {"ends_on": None},
        {"pairings_per_mentee": 9, "offer_days": 60, "retention_months": 120},
        {"accent": "#00ff9e"},
        {"accent": ""},
    ],
    ids=str,
)
def test_a_program_that_can_be_is_let_be(program: Program, fields: dict[str, object]) -> None:
    assert Program.objects.filter(pk=program.pk).update(**fields) == 1


@pytest.mark.parametrize("name", ["places_for_mentors", "places_for_mentees"])
def test_places_are_not_fewer_than_none(program: Program, name: str) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Program.objects.filter(pk=program.pk).update(**{name: -1})


def test_a_short_name_belongs_to_one_program(program: Program, other_program: Program) -> None:
    with forbidden("slug"), transaction.atomic():
        Program.objects.filter(pk=other_program.pk).update(slug="harbor")


def test_a_holiday_does_not_end_before_it_begins(program: Program) -> None:
    with forbidden("holiday_ends_after_it_starts"), transaction.atomic():
        Holiday.objects.create(program=program, starts_on=date(2026, 8, 2), ends_on=date(2026, 8, 1))
    assert Holiday.objects.create(program=program, starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 1)).pk


def test_a_holiday_belongs_to_a_program(program: Program) -> None:
    with forbidden("program_id"), transaction.atomic():
        Holiday.objects.create(starts_on=date(2026, 8, 1), ends_on=date(2026, 8, 1))


def test_a_program_has_one_logo(program: Program) -> None:
    Logo.objects.create(program=program, content=b"one")
    with forbidden("mentoring_logo_pkey"), transaction.atomic():
        Logo.objects.create(program=program, content=b"two")


def test_somebody_runs_a_program_once(program: Program, admin: User) -> None:
    with forbidden("program_admin_named_once"), transaction.atomic():
        ProgramAdmin.objects.create(program=program, person=admin)


def test_the_next_program_stays_when_the_earlier_one_goes(program: Program, other_program: Program) -> None:
    Program.objects.filter(pk=other_program.pk).update(follows=program)
    program.delete()
    other_program.refresh_from_db()
    assert other_program.follows is None
