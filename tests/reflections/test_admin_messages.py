"""The admin's list of e-mails: who was reminded had not answered, and nobody is named for silence."""

from datetime import timedelta

import pytest

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest
from mentoring.models import PairingRequest, Program
from reflections.admin.messages import messages_administered_by
from reflections.rounds import open_due_rounds
from tests.conftest import NOW, pair


@pytest.fixture
def sent(mentee: User, program: Program) -> None:
    asked = open_due_rounds(NOW)[-1]
    for kind in ("ask", "reminder", "last_call"):
        outbox.owe(kind, mentee.pk, asked.pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    Message.objects.update(state=Message.State.SENT, sending_at=NOW, sent_at=NOW)


@pytest.mark.parametrize("who", ["admin", "superuser"])
def test_no_list_names_whom_we_reminded(sent: None, who: str, request: pytest.FixtureRequest) -> None:
    listed = messages_administered_by(request.getfixturevalue(who))

    assert [message.kind for message in listed] == ["ask"]


@pytest.mark.parametrize("who", ["admin", "superuser"])
def test_a_reminder_that_may_not_have_arrived_is_listed(
    sent: None, who: str, request: pytest.FixtureRequest
) -> None:
    Message.objects.filter(kind="reminder").update(state=Message.State.UNCERTAIN, sent_at=None)

    listed = messages_administered_by(request.getfixturevalue(who))

    assert {message.kind for message in listed} == {"ask", "reminder"}


def test_invitations_and_their_reminders_are_listed_to_those_who_run_their_program(
    program: Program, admin: User, other_admin: User, superuser: User
) -> None:
    guests = [Guest("petra@new.example")]
    (invitation,) = actions.invite_by_email(
        program, "mentee", guests, by=admin, now=NOW, lives=timedelta(days=30)
    )
    actions.remind_of_invitation(invitation, by=admin, now=NOW + timedelta(days=3))

    for who in (admin, superuser):
        listed = messages_administered_by(who)
        assert {message.kind for message in listed} == {"invitation", "invitation_reminder"}
    assert not messages_administered_by(other_admin).exists()


def test_a_letter_about_a_request_is_not_taken_for_one_about_another_programs_pairing(
    program: Program,
    other_program: Program,
    mentor: User,
    mentee: User,
    admin: User,
    other_admin: User,
) -> None:
    theirs = pair(other_program, mentor, mentee)
    request = PairingRequest.objects.create(
        pk=theirs.pk, program=program, mentor=mentor, mentee=mentee, note="", asked_at=NOW
    )
    outbox.owe("request_declined", mentee.pk, request.pk, due_at=NOW, expires_at=NOW + timedelta(days=7))
    assert [message.kind for message in messages_administered_by(admin)] == ["request_declined"]
    assert not messages_administered_by(other_admin).exists()


def test_who_waits_for_whose_room_is_listed_to_nobody(mentee: User, admin: User, superuser: User) -> None:
    outbox.owe("mentor_has_room", mentee.pk, 1, due_at=NOW, expires_at=NOW + timedelta(days=7))
    for who in (admin, superuser):
        assert not messages_administered_by(who).exists()
    Message.objects.update(state=Message.State.FAILED)
    assert not messages_administered_by(admin).exists()
    assert messages_administered_by(superuser).exists()
