"""What the tests of joining share: the invitations, and whoever stands at the door."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest
from mentoring.models import Invitation, Program
from tests.conftest import NOW

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _then() -> object:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def link(program: Program, admin: User) -> Invitation:
    return actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)


@pytest.fixture
def invitation(program: Program, admin: User) -> Invitation:
    """To somebody who was not here before."""
    return invite(program, admin, "petra@new.example", "Petra Novak")


def invite(program: Program, admin: User, email: str, name: str = "") -> Invitation:
    return actions.invite_by_email(program, "mentee", [Guest(email, name)], by=admin, now=NOW, lives=WEEK)[0]


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": "A browser"})


def path_of(invitation: Invitation) -> str:
    return reverse("join:open", args=[invitation.token])


def who(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


def code() -> str:
    found = re.search(r"^ {4}([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture
def otto(outsider: User) -> User:
    EmailAddress.objects.create(user=outsider, email=outsider.email, verified=True, primary=True)
    return outsider
