"""Somebody asked for a place and was told no; and then an invitation comes, or a link goes round."""

from datetime import timedelta

import pytest

from accounts.models import User
from mentoring import actions, leaving, retention
from mentoring.actions import Guest, Refused
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentSkill,
    Invitation,
    Notice,
    Program,
    Retention,
)
from tests.conftest import NOW, TODAY, enroll, make_person, say_skills
from tests.mentoring.applying import _then, ask

__all__ = ["_then"]
pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def declined(program: Program, admin: User) -> Enrollment:
    """An application with all that may be said in one, and a no with a note."""
    place = enroll(
        program, make_person("petra@new.example", "Petra"), "mentee", status="applied", joined_on=None
    )
    Enrollment.objects.filter(pk=place.pk).update(department="Pumps", agreed_to="Be kind", agreed_at=NOW)
    say_skills(place, "offers", "Rye")
    question = ask(program, "why")
    EnrollmentAnswer.objects.create(
        enrollment=place,
        question=question,
        code="why",
        asked="Why?",
        kind="short",
        audience="admins",
        text="So",
    )
    actions.decline(place, by=admin, now=NOW, note="Not this year")
    place.refresh_from_db()
    return place


def invite(place: Enrollment, admin: User) -> Invitation:
    guest = Guest(place.person.email, "")
    return actions.invite_by_email(place.program, "mentor", [guest], by=admin, now=NOW, lives=WEEK)[0]


def test_a_link_for_many_is_no_way_round_a_no(declined: Enrollment, admin: User) -> None:
    link = actions.invite_by_link(declined.program, "mentee", by=admin, now=NOW, lives=WEEK)
    with pytest.raises(Refused, match="can invite you"):
        actions.join_by_invitation(link, declined.person, now=NOW)


def test_whoever_is_invited_after_a_no_comes_in_without_it(declined: Enrollment, admin: User) -> None:
    actions.join_by_invitation(invite(declined, admin), declined.person, now=NOW)
    declined.refresh_from_db()
    assert (declined.status, declined.role, declined.decided_at, declined.decision_note) == (
        "active",
        "mentor",
        None,
        "",
    )


def test_a_no_to_an_invitation_takes_what_was_said_before_along(declined: Enrollment, admin: User) -> None:
    actions.decline_invitation(invite(declined, admin), now=NOW)
    declined.refresh_from_db()
    assert (declined.status, declined.applied_at, declined.department, declined.agreed_to) == (
        "declined",
        None,
        "",
        "",
    )
    assert not EnrollmentAnswer.objects.exists()
    assert not EnrollmentSkill.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("was_there", [True, False])
def test_a_no_of_whoever_was_in_it_once_ends_what_ends_with_leaving(
    program: Program, member: User, admin: User, monkeypatch: pytest.MonkeyPatch, was_there: bool
) -> None:
    """Whatever of the program they could still answer, as with any other leaving."""
    gone: list[tuple[User, Program]] = []
    monkeypatch.setattr(leaving, "_steps", [lambda person, program, now: gone.append((person, program))])
    joined_on = TODAY if was_there else None
    status = "withdrawn" if was_there else "declined"
    Enrollment.objects.filter(person=member).update(status=status, joined_on=joined_on)
    place = Enrollment.objects.get(person=member, program=program)
    actions.decline_invitation(invite(place, admin), now=NOW)
    place.refresh_from_db()
    assert place.status == ("withdrawn" if was_there else "declined")
    assert gone == ([(member, program)] if was_there else [])


def test_an_invitation_that_is_taken_back_leaves_the_application_where_it_was(
    declined: Enrollment, admin: User
) -> None:
    actions.revoke_invitation(invite(declined, admin), by=admin, now=NOW)
    declined.refresh_from_db()
    assert (declined.status, declined.decision_note) == ("declined", "Not this year")
    assert EnrollmentAnswer.objects.count() == 1


def test_words_of_an_application_elsewhere_keep_the_account(
    program: Program, other_program: Program, member: User
) -> None:
    Program.objects.filter(pk=program.pk).update(retention_months=1)
    Enrollment.objects.filter(person=member).update(status="completed")
    say_skills(
        enroll(other_program, member, "mentee", status="declined", applied_at=NOW, joined_on=None),
        "offers",
        "Rye",
    )
    place = Enrollment.objects.get(person=member, program=program)
    assert not retention.is_last_life(member, place)
    assert not Retention.objects.exists()
