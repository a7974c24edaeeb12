"""A mentee asks a mentor: what becomes of it."""

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import Pairing, PairingRequest, Program
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
State = PairingRequest.State


@pytest.fixture
def asking(program: Program) -> Program:
    """The cast's program, in which mentees ask."""
    program.matched_by = Program.MatchedBy.BOTH
    program.save()
    return program


def test_a_yes_to_a_request_makes_the_two_a_pair(asking: Program, mentor: User, mentee: User) -> None:
    request = actions.ask_mentor(asking, mentor, by=mentee, note="You have done this.", now=NOW)
    assert request.pairing is not None
    assert Message.objects.filter(person=mentor, kind="pairing_proposed").count() == 1
    assert not Message.objects.filter(person=mentee).exists()
    actions.accept_pairing(request.pairing, by=mentor, now=NOW)
    request.refresh_from_db()
    assert (request.state, request.pairing.status) == (State.ACCEPTED, Pairing.Status.ACTIVE)


def test_a_no_closes_it(asking: Program, mentor: User, mentee: User) -> None:
    request = actions.ask_mentor(asking, mentor, by=mentee, note="You have done this.", now=NOW)
    assert request.pairing is not None
    actions.decline_pairing(request.pairing, by=mentor, now=NOW)
    request.refresh_from_db()
    assert request.state == State.DECLINED
