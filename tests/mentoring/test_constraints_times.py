"""What the database itself forbids of meetings, of what stands in calendars, and of times that are proposed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from accounts.models import User
from mentoring.models import (
    Arrangement,
    ArrangementVersion,
    Attendance,
    Meeting,
    MeetingProposal,
    Pairing,
    ProposedTime,
)
from tests.conftest import NOW

from .test_constraints import forbidden

MODELS = (Meeting, Arrangement, ArrangementVersion, Attendance, MeetingProposal, ProposedTime)


def arranged(**fields: Any) -> Arrangement:
    return Arrangement.objects.create(**({"zone": "Europe/Lisbon", "starts_at": NOW} | fields))


def met(pairing: Pairing, **fields: Any) -> Meeting:
    return Meeting.objects.create(pairing=pairing, **({"starts_at": NOW} | fields))


def proposed(pairing: Pairing, **fields: Any) -> MeetingProposal:
    return MeetingProposal.objects.create(pairing=pairing, **({"proposed_by": pairing.mentor} | fields))


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


# --- Meetings


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"minutes": 9}, "meeting_lasts_ten_minutes_to_eight_hours"),
        ({"minutes": 481}, "meeting_lasts_ten_minutes_to_eight_hours"),
        ({"kind": "lunch"}, "meeting_kind_is_known"),
        ({"took_place": True}, "meeting_said_at_some_time"),
        ({"said_at": NOW}, "meeting_said_at_some_time"),
        ({"original_at": NOW}, "meeting_of_an_arrangement_has_its_time"),
    ],
)
def test_a_meeting_is_within_bounds(pairing: Pairing, fields: dict[str, Any], constraint: str) -> None:
    met(pairing, minutes=10, kind="came_along", took_place=False, said_at=NOW)
    met(pairing, minutes=480)
    with forbidden(constraint), transaction.atomic():
        met(pairing, **fields)


def test_whoever_wrote_a_meeting_down_is_known_only_of_one_that_was_written_down_for_the_two(
    pairing: Pairing, admin: User
) -> None:
    met(pairing, is_logged_for_them=True, logged_by=admin)
    met(pairing, is_logged_for_them=True)
    with forbidden("meeting_logged_by_those_who_run_it"), transaction.atomic():
        met(pairing, logged_by=admin)


def test_a_meeting_of_an_arrangement_has_its_time_and_is_there_once(pairing: Pairing) -> None:
    arrangement = arranged()
    with forbidden("meeting_of_an_arrangement_has_its_time"), transaction.atomic():
        met(pairing, arrangement=arrangement)
    met(pairing, arrangement=arrangement, original_at=NOW)
    with forbidden("meeting_once_in_its_series"), transaction.atomic():
        met(pairing, arrangement=arrangement, original_at=NOW)
    met(pairing, arrangement=arrangement, original_at=NOW + timedelta(days=7))


# --- In calendars


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        # Of a rhythm that is unknown nobody can say either how often it may be.
        ({"every": "day", "times": 3}, "arrangement_rhythm_is_known"),
        ({"every": "week", "times": 1}, "arrangement_of_a_series_has_times"),
        ({"every": "week", "times": 61}, "arrangement_of_a_series_has_times"),
        ({"every": "", "times": 2}, "arrangement_of_a_series_has_times"),
        ({"minutes": 9}, "arrangement_lasts_ten_minutes_to_eight_hours"),
        ({"minutes": 481}, "arrangement_lasts_ten_minutes_to_eight_hours"),
        ({"sequence": 1, "asked_in": 2}, "arrangement_was_asked_in_a_version"),
    ],
)
def test_an_arrangement_is_within_bounds(db: None, fields: dict[str, Any], constraint: str) -> None:
    arranged(every="month", times=60, minutes=480, sequence=2, asked_in=2)
    with forbidden(constraint), transaction.atomic():
        arranged(**fields)


def test_a_version_is_made_once(db: None) -> None:
    arrangement = arranged()
    ArrangementVersion.objects.create(arrangement=arrangement, sequence=0)
    with forbidden("arrangement_version_once"), transaction.atomic():
        ArrangementVersion.objects.create(arrangement=arrangement, sequence=0)
    ArrangementVersion.objects.create(arrangement=arranged(), sequence=0)


def test_somebody_answers_once_to_all_and_once_to_each_meeting(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    arrangement = arranged()
    meeting = met(pairing, arrangement=arrangement, original_at=NOW)

    def say(person: User = mentor, **fields: Any) -> None:
        Attendance.objects.create(arrangement=arrangement, person=person, **fields)

    say()
    say(meeting=meeting)
    say(mentee)
    with forbidden("attendance_once_for_all"), transaction.atomic():
        say()
    with forbidden("attendance_once_for_a_meeting"), transaction.atomic():
        say(meeting=meeting)
    with forbidden("attendance_answer_is_known"), transaction.atomic():
        say(mentee, meeting=meeting, answer="MAYBE")


# --- Proposed times


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        # Of a state that is unknown nobody can say either whether it is closed.
        ({"state": "lost", "closed_at": NOW}, "proposal_state_is_known"),
        ({"state": "taken"}, "proposal_is_closed_at_some_time"),
        ({"state": "open", "closed_at": NOW}, "proposal_is_closed_at_some_time"),
        ({"minutes": 9}, "proposal_lasts_ten_minutes_to_eight_hours"),
        ({"minutes": 481}, "proposal_lasts_ten_minutes_to_eight_hours"),
    ],
)
def test_a_proposal_is_within_bounds(pairing: Pairing, fields: dict[str, Any], constraint: str) -> None:
    with forbidden(constraint), transaction.atomic():
        proposed(pairing, **fields)


def test_one_proposal_is_open_in_a_pairing(pairing: Pairing) -> None:
    for state in ("taken", "none_suits", "withdrawn", "lapsed"):
        proposed(pairing, state=state, closed_at=NOW)
    proposed(pairing)
    with forbidden("proposal_open_one_at_a_time"), transaction.atomic():
        proposed(pairing)


def test_a_time_is_proposed_once(pairing: Pairing) -> None:
    proposal = proposed(pairing)
    ProposedTime.objects.create(proposal=proposal, starts_at=NOW)
    with forbidden("proposed_time_once"), transaction.atomic():
        ProposedTime.objects.create(proposal=proposal, starts_at=NOW)
