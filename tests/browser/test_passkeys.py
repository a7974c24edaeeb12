"""Passkeys in a real browser: a key that Chromium plays is made, signs in alone, and is the second step otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def troubles() -> list[str]:
    """What the browser complained about, the security policy's refusals among it."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: Any, troubles: list[str]) -> Iterator[Page]:
    """A browser on a device that can make passkeys."""
    context: BrowserContext = browser.new_context(
        base_url=live_server.url.replace("127.0.0.1", "localhost"), locale="en-US"
    )
    context.set_default_timeout(15_000)
    context.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": A_PHONE})
    yield page
    context.close()


def enter_by_password(page: Page, person: User, wanted: str) -> None:
    page.goto(wanted)
    page.get_by_text("Use a password instead").click()
    page.locator("#id_login").fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in with password").click()


def add_a_passkey(page: Page, person: User) -> None:
    enter_by_password(page, person, "/account/2fa/webauthn/add/")
    page.locator("#id_password").fill(PASSWORD)  # Once more, as for all that changes the ways in.
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()


def test_a_passkey_is_made_and_signs_in_alone(noor: User, page: Page, troubles: list[str]) -> None:
    add_a_passkey(page, noor)
    assert Authenticator.objects.get(type="webauthn").data["name"] == "My phone"
    sign_out(page)
    page.goto("/account/login/?next=/settings/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("Signs you in alone")).to_be_visible()
    expect(page.get_by_text("Last used on")).to_be_visible()
    assert troubles == []


def test_a_passkey_is_the_second_step_after_the_password(noor: User, page: Page, troubles: list[str]) -> None:
    add_a_passkey(page, noor)
    sign_out(page)
    enter_by_password(page, noor, "/settings/")
    expect(page.get_by_role("heading", name="Now the second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    assert troubles == []


def test_a_browser_without_the_passkey_says_so_and_offers_another_way(noor: User, page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That did not work. Nothing has changed")).to_be_visible()
    expect(page.get_by_role("button", name="E-mail me a code")).to_be_enabled()
