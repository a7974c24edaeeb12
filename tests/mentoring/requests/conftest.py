"""A program in which mentees ask, and a second mentor to ask."""

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.models import Pairing, PairingRequest, Program
from tests.conftest import NOW, enroll, make_person

NOTE = "bittern-why-you-of-all-people"


@pytest.fixture
def asking(program: Program) -> Program:
    """The cast's program, in which mentees ask."""
    program.matched_by = Program.MatchedBy.BOTH
    program.save()
    return program


@pytest.fixture
def odile(program: Program) -> User:
    """Another mentor, with room for one."""
    person = make_person("odile@harbor.example", "Odile Renard")
    enroll(program, person, "mentor")
    return person


def ask(program: Program, mentor: User, mentee: User) -> PairingRequest:
    return actions.ask_mentor(program, mentor, by=mentee, note=NOTE, now=NOW)


def question(request: PairingRequest) -> Pairing:
    """The pairing that stands for it, as it is now."""
    request.refresh_from_db()
    assert request.pairing is not None
    request.pairing.refresh_from_db()
    return request.pairing


def state(request: PairingRequest) -> tuple[str, str]:
    request.refresh_from_db()
    return request.state, request.because
