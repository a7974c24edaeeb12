"""What the tests of signing in share: a browser, and the codes that come by e-mail."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.conftest import make_person

Codes = Callable[[], str]


@pytest.fixture
def codes() -> Codes:
    """The code in the newest e-mail."""

    def newest() -> str:
        found = re.search(r"^ {4}([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
        assert found, mail.outbox[-1].body
        return found[1]

    return newest


@pytest.fixture
def browser() -> Client:
    return Client(headers={"user-agent": "A browser"})


@pytest.fixture
def noor(db: None) -> User:
    """Somebody with a password and a confirmed address."""
    person = make_person("noor@harbor.example", "Noor Haddad")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def give_everything(person: User) -> None:
    """An app, recovery codes, and a passkey."""
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "mine", "credential": {}})


def lately_seen(person: User, client: Client) -> Client:
    """As after typing the password a moment ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": person.email, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
