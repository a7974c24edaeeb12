"""Giving places and naming admins."""

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Invitation, Program, ProgramAdmin
from tests.conftest import NOW, TODAY, enroll


def test_a_person_is_enrolled_from_today(program: Program, outsider: User, admin: User) -> None:
    place = actions.enroll(program, outsider, "mentor", by=admin, now=NOW, capacity=2)
    assert (place.status, place.joined_on, place.capacity) == ("active", TODAY, 2)


def test_nobody_has_two_places_in_one_program(program: Program, mentor: User, admin: User) -> None:
    with pytest.raises(Refused, match="already has a place"):
        actions.enroll(program, mentor, "mentee", by=admin, now=NOW)
    assert Enrollment.objects.filter(person=mentor).count() == 1


def test_others_give_no_places(program: Program, outsider: User, mentor: User, other_admin: User) -> None:
    for person in (mentor, other_admin, outsider):
        with pytest.raises(Refused, match="run a program"):
            actions.enroll(program, outsider, "mentor", by=person, now=NOW)


def test_an_unknown_address_gets_an_account_without_a_password_and_is_asked(
    program: Program, admin: User
) -> None:
    place = actions.enroll_by_email(
        program, " Zoe@New.Example ", "Zoe Park", "mentee", by=admin, now=NOW, capacity=2
    )
    assert (place.person.email, place.person.name) == ("zoe@new.example", "Zoe Park")
    assert not place.person.has_usable_password()
    assert (place.status, place.capacity, place.known_as) == ("invited", 2, "zoe@new.example")
    assert Message.objects.get(person=place.person).kind == "invitation"
    invitation = Invitation.objects.get()
    joined = actions.join_by_invitation(invitation, place.person, now=NOW)
    assert (joined.status, joined.capacity, joined.known_as) == ("active", 2, "Zoe Park")


def test_an_account_of_somebody_else_is_asked_too_and_known_by_nothing_but_the_address(
    program: Program, outsider: User, admin: User
) -> None:
    place = actions.enroll_by_email(program, "OTTO@elsewhere.example", "Somebody", "both", by=admin, now=NOW)
    assert place.person == outsider
    outsider.refresh_from_db()
    assert outsider.name == "Otto Berg"
    assert outsider.has_usable_password()
    assert (place.status, str(place)) == ("invited", "otto@elsewhere.example · Harbor Mentors")


def test_somebody_whom_an_admin_knows_from_another_program_is_in_at_once(
    program: Program, other_program: Program, mentor: User, admin: User, superuser: User, outsider: User
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=admin)
    place = actions.enroll_by_email(other_program, mentor.email, "x", "mentee", by=admin, now=NOW)
    assert (place.person, place.status) == (mentor, "active")
    assert not Message.objects.exists()
    # A superuser sees every account anyway.
    place = actions.enroll_by_email(program, outsider.email, "x", "mentee", by=superuser, now=NOW)
    assert (place.person, place.status) == (outsider, "active")


@pytest.mark.parametrize("status", ["invited", "applied", "waitlisted", "active", "paused", "completed"])
def test_nobody_is_enrolled_by_email_twice(
    program: Program, outsider: User, admin: User, superuser: User, status: str
) -> None:
    enroll(program, outsider, "mentor", status=status)
    for by in (admin, superuser):
        if status == "invited":  # An invitation that is over may be made again.
            actions.enroll_by_email(program, outsider.email, "", "mentee", by=admin, now=NOW)
        with pytest.raises(Refused, match="already has a place"):
            actions.enroll_by_email(program, outsider.email, "", "mentee", by=by, now=NOW)
        Invitation.objects.all().delete()


def test_whoever_left_is_asked_back(program: Program, outsider: User, admin: User) -> None:
    enroll(program, outsider, "mentor", status="withdrawn")
    place = actions.enroll_by_email(program, outsider.email, "", "mentee", by=admin, now=NOW)
    assert place.status == "invited"


def test_an_account_is_not_left_behind_by_a_refusal(program: Program, other_admin: User) -> None:
    with pytest.raises(Refused):
        actions.enroll_by_email(program, "zoe@new.example", "Zoe", "mentee", by=other_admin, now=NOW)
    assert not User.objects.filter(email="zoe@new.example").exists()


def test_a_program_admin_names_another(program: Program, outsider: User, admin: User) -> None:
    row = actions.name_admin_by_email(program, outsider.email, "", by=admin)
    assert row.person == outsider
    with pytest.raises(Refused, match="already runs"):
        actions.name_admin_by_email(program, outsider.email, "", by=admin)
    assert ProgramAdmin.objects.filter(person=outsider).count() == 1


def test_nobody_names_themselves_an_admin(program: Program, mentor: User, other_admin: User) -> None:
    for person in (mentor, other_admin):
        with pytest.raises(Refused):
            actions.name_admin_by_email(program, person.email, "", by=person)
