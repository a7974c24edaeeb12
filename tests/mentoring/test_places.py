"""How many places are free, and who takes one."""

from datetime import timedelta

import pytest

from accounts.models import User
from mentoring import places
from mentoring.models import Enrollment, Program
from tests.conftest import NOW, enroll, in_state, make_person


def test_any_number_is_free_where_nobody_said_how_many(program: Program, mentor: User) -> None:
    for role in Enrollment.Role:
        assert places.free(program, role) is None
        assert places.has_room(program, role)


def test_those_in_and_those_who_pause_take_a_place_on_their_side(program: Program, mentor: User) -> None:
    program.places_for_mentors, program.places_for_mentees = 2, 5
    enroll(program, make_person("a@harbor.example", "A"), "mentee", status="paused")
    for n, status in enumerate(("applied", "invited", "declined", "withdrawn", "completed", "waitlisted")):
        enroll(program, make_person(f"{n}@harbor.example", "N"), "mentee", status=status)

    assert places.free(program, "mentor") == 1
    assert places.free(program, "mentee") == 4
    assert places.free(program, "both") == 1


def test_whoever_is_both_takes_a_place_on_either_side(program: Program) -> None:
    program.places_for_mentors, program.places_for_mentees = 1, 1
    enroll(program, make_person("both@harbor.example", "B"), "both")

    assert not places.has_room(program, "mentor")
    assert not places.has_room(program, "mentee")


def test_an_offered_place_is_held_until_it_is_answered(program: Program, member: User) -> None:
    program.places_for_mentees = 1
    place = Enrollment.objects.get(person=member)
    Enrollment.objects.update(**in_state("waitlisted"))
    assert places.free(program, "mentee") == 1

    Enrollment.objects.update(offered_at=NOW, offer_expires_at=NOW + timedelta(days=5))

    assert places.free(program, "mentee") == 0
    assert places.free(program, "mentee", without=place.person) == 1


def test_fewer_places_than_people_are_none_free(program: Program, member: User, mentee: User) -> None:
    program.places_for_mentees = 1

    assert places.free(program, "mentee") == 0


@pytest.mark.parametrize(
    ("roles", "offered"),
    [
        ("either_or_both", ("mentor", "mentee", "both")),
        ("either", ("mentor", "mentee")),
        ("peers", ("both",)),
    ],
)
def test_what_somebody_may_be(program: Program, roles: str, offered: tuple[str, ...]) -> None:
    program.roles = roles

    assert places.roles_in(program) == offered


def test_whoever_changes_their_role_needs_room_on_the_side_that_is_new(
    program: Program, mentor: User
) -> None:
    program.places_for_mentors, program.places_for_mentees = 2, 1
    enroll(program, make_person("a@harbor.example", "A"), "mentee")
    room = places.Room(program)

    assert not room.move("mentor", "mentee")
    assert room.move("mentee", "both")
    assert (room.free("mentor"), room.free("mentee")) == (0, 0)
    assert room.move("mentee", "mentee")
    assert not room.move("mentee", "mentor")
