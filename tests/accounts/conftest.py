"""What the tests of signing in share: a browser, and the codes that come by e-mail."""

import re
import time
import uuid
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User

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


@pytest.fixture(autouse=True)
def _tries_of_its_own(settings: Settings) -> None:
    """Rate limits live in the cache: each test has one of its own, so that its wrong tries are not another's."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid.uuid4().hex}}


def lately_seen(person: User, client: Client) -> Client:
    """As after typing the password a moment ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "email": person.email, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
