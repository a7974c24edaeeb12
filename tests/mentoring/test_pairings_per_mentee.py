"""How many mentors a mentee may have at one time."""

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import (
    Pairing,
    Program,
)
from tests.conftest import NOW, TODAY, enroll, make_person

pytestmark = pytest.mark.django_db


def make_pair(program: Program, mentor: User, mentee: User, by: User, *, ask: bool = False) -> Pairing:
    return actions.create_pairing(
        program, mentor, mentee, by=by, starts_on=TODAY, approval="both" if ask else "admins", now=NOW
    )


@pytest.fixture
def mentors(program: Program, mentor: User) -> list[User]:
    others = [make_person(f"m{number}@harbor.example", f"Mentor {number}") for number in range(2)]
    for person in others:
        enroll(program, person, "mentor")
    return [mentor, *others]


@pytest.mark.parametrize("status", Pairing.HOLDING)
def test_a_mentee_has_one_mentor_at_a_time_unless_the_program_says_otherwise(
    program: Program, mentors: list[User], mentee: User, admin: User, status: str
) -> None:
    make_pair(program, mentors[0], mentee, admin)
    Pairing.objects.update(status=status)
    with pytest.raises(
        Refused, match="Tomasz has a mentor here already, and this program allows one at a time"
    ):
        make_pair(program, mentors[1], mentee, admin)
    program.pairings_per_mentee = 2
    program.save()
    make_pair(program, mentors[1], mentee, admin)
    with pytest.raises(Refused, match="as this program allows at a time: 2"):
        make_pair(program, mentors[2], mentee, admin, ask=True)


@pytest.mark.parametrize("status", ["requested", *Pairing.CAME_TO_NOTHING, *Pairing.OVER])
def test_a_pairing_that_is_over_or_only_asked_for_does_not_count(
    program: Program, mentors: list[User], mentee: User, admin: User, status: str
) -> None:
    make_pair(program, mentors[0], mentee, admin)
    Pairing.objects.update(status=status, ended_on=TODAY if status in Pairing.OVER else None)
    make_pair(program, mentors[1], mentee, admin)


def test_a_pairing_in_another_program_does_not_count(
    program: Program, other_program: Program, mentors: list[User], mentee: User, admin: User, superuser: User
) -> None:
    for person, role in ((mentors[1], "mentor"), (mentee, "mentee")):
        enroll(other_program, person, role)
    make_pair(other_program, mentors[1], mentee, superuser)
    make_pair(program, mentors[0], mentee, admin)


def test_of_two_questions_the_second_is_over_with_the_first_yes_once_the_program_allows_one(
    program: Program, mentors: list[User], mentee: User, admin: User
) -> None:
    """The limit was two when both were asked, and is one now."""
    program.pairings_per_mentee = 2
    program.save()
    first, second = (make_pair(program, mentor, mentee, admin, ask=True) for mentor in mentors[:2])
    program.pairings_per_mentee = 1
    program.save()
    for pairing in (first, second):
        pairing.refresh_from_db()
    for by in (first.mentor, mentee):
        actions.accept_pairing(first, by=by, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        actions.accept_pairing(second, by=mentee, now=NOW)
    second.refresh_from_db()
    assert second.status == Pairing.Status.EXPIRED
    assert second.mentee_accepted_at is None
    # Should one be open all the same, it is refused.
    Pairing.objects.filter(pk=second.pk).update(status=Pairing.Status.PROPOSED)
    with pytest.raises(Refused, match="Tomasz has a mentor here already"):
        actions.accept_pairing(second, by=mentee, now=NOW)
    # Said once more, the yes that was heard is still heard.
    actions.accept_pairing(first, by=mentee, now=NOW)
