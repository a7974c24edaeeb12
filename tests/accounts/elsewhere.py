"""What the tests of signing in with an account elsewhere share: a provider, the way there and back, and who is in."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import make_person
from tests.identity import IdentityProvider, identity_provider

LOGIN = "/account/oidc/oidc/login/"
CALLBACK = "/account/oidc/oidc/login/callback/"
UNPROVEN = "First show us that the address is yours"
FAILED = "That did not work"


@pytest.fixture(scope="module")
def harbor_id() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        provider.knows("n-1", name="Noor Haddad", email="Noor@harbor.example", email_verified=True)
        yield provider


@pytest.fixture(autouse=True)
def _one_door(settings: Settings, harbor_id: IdentityProvider) -> None:
    offer(settings, harbor_id.app())


def offer(settings: Settings, *apps: dict[str, object]) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": list(apps)}}


def make_confirmed(email: str, name: str) -> User:
    """Somebody who has shown us that the address is theirs."""
    person = make_person(email, name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


@pytest.fixture
def noor(db: None) -> User:
    return make_confirmed("noor@harbor.example", "Noor Haddad")


def who(browser: Client) -> str | None:
    """Who is signed in."""
    return browser.session.get("_auth_user_id")


def come(browser: Client, provider: IdentityProvider, sub: str | None = "n-1", **sent: str) -> Any:
    """The way there and back; what we answer in the end."""
    there = browser.post(LOGIN, sent)
    assert there.status_code == 302, there.content.decode()
    return browser.get(provider.asked(there.url, sub))


def text(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]
