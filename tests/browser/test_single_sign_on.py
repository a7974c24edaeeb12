"""Signing in with an account elsewhere, in a real browser, at a real OpenID Connect provider on loopback."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from playwright.sync_api import expect

from accounts.models import User
from tests.conftest import PASSWORD, make_person
from tests.identity import IdentityProvider, identity_provider

from .axe import faults
from .stack import Stack
from .visitor import Visitor

pytestmark = pytest.mark.browser
CDN = "https://cdn.jsdelivr.net"  # From where the provider's pages would have their looks.
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def harbor_id() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def house(stack: Stack, harbor_id: IdentityProvider) -> Stack:
    """An installation with the provider set up as an operator would."""
    stack.variables |= {
        "OIDC_NAME": "Harbor ID",
        "OIDC_SERVER_URL": harbor_id.url,
        "OIDC_CLIENT_ID": "best-stuff",
        "OIDC_CLIENT_SECRET": "a secret between the two",
    }
    stack.start("web")
    return stack


def at_the_door(visit: Visit, house: Stack, harbor_id: IdentityProvider) -> Visitor:
    # Without motion, since Chromium complains about a page that is left before it has faded in.
    visitor = visit(house, reduced_motion="reduce")
    visitor.hosts = (f"{harbor_id.url}/", CDN)
    visitor.context.route(f"{CDN}/**", lambda route: route.fulfill(body="", content_type="text/css"))
    visitor.goto("/account/login/?next=/settings/")
    return visitor


def say_yes(visitor: Visitor, harbor_id: IdentityProvider, sub: str) -> None:
    """On the provider's own page."""
    expect(visitor.page).to_have_url(re.compile(re.escape(harbor_id.url)))
    visitor.page.locator("input[name=sub]").fill(sub)
    visitor.press("Authorize")


def come_in(visitor: Visitor, harbor_id: IdentityProvider, sub: str) -> None:
    visitor.press("Sign in with Harbor ID")
    say_yes(visitor, harbor_id, sub)


def sees(visitor: Visitor, heading: str) -> None:
    """The page with this heading, which nobody is shut out of."""
    expect(visitor.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    assert faults(visitor.page) == []


def sign_out(visitor: Visitor) -> None:
    visitor.goto("/account/logout/")
    visitor.page.locator("main").get_by_role("button", name="Sign out").click()


@contextmanager
def told_an_error(visitor: Visitor) -> Iterator[None]:
    """A page with an error's status, which Chromium writes to its console."""
    before = len(visitor.troubles)
    yield
    said = visitor.troubles[before:]
    del visitor.troubles[before:]
    assert [trouble for trouble in said if "status of 401" not in trouble] == []


def test_somebody_signs_up_with_it_signs_out_and_comes_back(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("ada", name="Ada Okafor", email="ada@harbor.example", email_verified=True)
    ada = at_the_door(visit, house, harbor_id)
    sees(ada, "Sign in")
    come_in(ada, harbor_id, "ada")
    sees(ada, "Settings")  # The page that was asked for, one button and one yes later.
    expect(ada.page.get_by_text("You are Ada Okafor here.")).to_be_visible()
    assert house.letters("ada@harbor.example") == []
    sign_out(ada)
    ada.goto("/account/login/")
    come_in(ada, harbor_id, "ada")
    sees(ada, "Welcome, Ada. You are in no program yet.")
    with house.database():
        assert User.objects.filter(email="ada@harbor.example").count() == 1
        assert SocialAccount.objects.get(user__email="ada@harbor.example").extra_data == {}


def test_the_page_for_making_an_account_has_the_button_too(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("bea", name="Bea Lund", email="bea@harbor.example", email_verified=True)
    bea = at_the_door(visit, house, harbor_id)
    bea.goto("/account/signup/")
    sees(bea, "Make an account")
    come_in(bea, harbor_id, "bea")
    bea.goto("/settings/")
    sees(bea, "Settings")


def test_somebody_connects_it_in_the_settings_and_parts_from_it(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("private", name="Noor", email="noor@home.example", email_verified=False)
    with house.database():
        person = make_person("noor@harbor.example", "Noor Haddad")
        person.password = make_password(PASSWORD, hasher=Argon2PasswordHasher())
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    noor = at_the_door(visit, house, harbor_id)
    noor.sign_in("noor@harbor.example", PASSWORD)
    noor.page.get_by_role("link", name="Accounts elsewhere").click()
    sees(noor, "Accounts elsewhere")
    noor.press("Connect Harbor ID")
    say_yes(noor, harbor_id, "private")
    show_that_it_is_still_you(noor)
    expect(noor.page.get_by_text("Harbor ID signs you in here from now on.")).to_be_visible()
    sees(noor, "Accounts elsewhere")
    sign_out(noor)
    noor.goto("/account/login/?next=/account/3rdparty/")
    come_in(noor, harbor_id, "private")
    noor.press("Disconnect Harbor ID")
    show_that_it_is_still_you(noor)
    expect(noor.page.get_by_text("Harbor ID no longer signs you in here.")).to_be_visible()
    subjects = [str(letter.message["Subject"]) for letter in house.letters("noor@harbor.example")]
    assert "An account elsewhere now signs you in" in subjects
    assert "An account elsewhere no longer signs you in" in subjects


def show_that_it_is_still_you(visitor: Visitor) -> None:
    """As for all that changes the ways in."""
    sees(visitor, "Is it still you?")
    visitor.page.locator("#id_password").fill(PASSWORD)
    visitor.press("Go on")


def test_whoever_says_no_over_there_finds_the_other_ways(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    somebody = at_the_door(visit, house, harbor_id)
    somebody.press("Sign in with Harbor ID")
    somebody.press("Deny")
    sees(somebody, "Nothing has changed")
    somebody.page.get_by_role("link", name="Sign in another way").click()
    sees(somebody, "Sign in")


def test_an_address_that_nobody_has_checked_leads_to_a_code(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("unsure", name="Una", email="una@harbor.example", email_verified=False)
    with house.database():
        make_person("una@harbor.example", "Una Sure")
    una = at_the_door(visit, house, harbor_id)
    come_in(una, harbor_id, "unsure")
    sees(una, "First show us that the address is yours")
    una.sign_in_by_code("una@harbor.example")
    sees(una, "Accounts elsewhere")


def test_an_answer_from_before_is_met_by_a_calm_page(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    somebody = at_the_door(visit, house, harbor_id)
    with told_an_error(somebody):
        somebody.goto("/account/oidc/oidc/login/callback/?code=1&state=from-before")
        sees(somebody, "That did not work")


def test_the_way_there_can_be_looked_at_first(
    visit: Visit, house: Stack, harbor_id: IdentityProvider
) -> None:
    somebody = at_the_door(visit, house, harbor_id)
    somebody.goto("/account/oidc/oidc/login/?process=connect")
    sees(somebody, "Connect Harbor ID")
    somebody.goto("/account/oidc/oidc/login/")
    sees(somebody, "Sign in with Harbor ID")
    somebody.press("Go to Harbor ID")
    expect(somebody.page).to_have_url(re.compile(re.escape(harbor_id.url)))
