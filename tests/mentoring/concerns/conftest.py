"""A program that names somebody to hear what is not right."""

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.models import Concern, Pairing, Program
from tests.conftest import NOW, make_person

WORDS = "whimbrel-what-is-not-right"
REPLY = "turnstone-what-i-will-do"
EMAIL = "listening@harbor.example"


@pytest.fixture
def named(program: Program) -> Program:
    Program.objects.filter(pk=program.pk).update(concern_name="Ilse Brandt", concern_email=EMAIL)
    program.refresh_from_db()
    return program


@pytest.fixture
def ilse(named: Program) -> User:
    return make_person(EMAIL, "Ilse Brandt")


@pytest.fixture
def concern(ilse: User, pairing: Pairing, mentee: User) -> Concern:
    return tell(pairing, mentee)


def tell(pairing: Pairing, by: User, text: str = WORDS, contact: str = f"named:{EMAIL}") -> Concern:
    pairing.program.refresh_from_db()
    return actions.tell_concern(pairing, by=by, contact=contact, text=text, now=NOW)
