"""Each door in a real browser, with nothing but what a person has: a name, a mailbox, a password, a telephone.

Passkeys are in test_passkeys.py. On the way every page of a door is looked at by axe, in light and in dark.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from tests.conftest import PASSWORD

from .axe import BEST, LOOKS, faults
from .pictures import picture
from .test_pages_look import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "another calm sentence"
SECONDS = 30  # of a code from an app


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A telephone's width; at the end no page may have complained, as about the security policy."""
    troubles: list[str] = []
    context = browser.new_context(
        base_url=live_server.url.replace("127.0.0.1", "localhost"),
        locale="en-US",
        viewport={"width": PHONE, "height": 844},
        reduced_motion="reduce",  # Or axe would see colors on their way from one to another.
    )
    context.set_default_timeout(15_000)
    context.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    yield context.new_page()
    context.close()
    assert troubles == []


@pytest.fixture
def look(page: Page) -> Callable[[str], None]:
    """Has axe look at the page as it is now, which is to be called so."""

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        name = re.sub(r"\W+", "-", heading.lower()).strip("-")
        sights: tuple[tuple[Literal["light", "dark"], Sequence[str]], ...] = (
            ("light", BEST),
            ("dark", LOOKS),
        )
        for scheme, rules in sights:
            page.emulate_media(color_scheme=scheme)
            found = faults(page, rules)
            assert not found, f"{heading}, {scheme}: {found}"
            picture(page, "doors", f"{name}-{scheme}")

    return look


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).click()


def code_for(address: str) -> str:
    """The code in the newest e-mail, which is to that address."""
    assert mail.outbox[-1].to == [address]
    found = re.search(r"^ {4}([A-Z]{4}-[A-Z]{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found
    return found[1]


def type_in(page: Page, code: str) -> None:
    page.locator("#id_code").fill(code)
    page.locator("main form button").first.click()


def sign_in_by_password(page: Page, wanted: str, password: str = PASSWORD) -> None:
    page.goto(wanted)
    page.get_by_text("Use a password instead").click()
    page.locator("#id_login").fill("noor@harbor.example")
    page.locator("#id_password").fill(password)
    press(page, "Sign in with password")


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    press(page, "Sign out")


def digits(secret: str, periods: int = 0) -> str:
    """What the app shows now, or in so many half minutes."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // SECONDS + periods)))


def test_an_account_takes_a_name_an_address_and_a_code(
    page: Page, look: Callable[[str], None], transactional_db: None
) -> None:
    page.goto("/account/signup/?next=/settings/")
    look("Make an account")
    assert page.locator("main form").get_by_role("textbox").count() == 2
    page.get_by_label("Your name").fill("Iris Okafor")
    page.get_by_label("Your e-mail address").fill("iris@example.org")
    press(page, "Make my account")
    look("Look in your e-mail")
    type_in(page, "BBBB-BBBB")
    expect(page.get_by_role("alert")).to_contain_text("not the code we sent")
    look("Look in your e-mail")
    first = code_for("iris@example.org")
    press(page, "Send a new code")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert code_for("iris@example.org") != first
    type_in(page, code_for("iris@example.org"))
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    assert User.objects.get().name == "Iris Okafor"


def test_a_code_is_enough_to_sign_in(noor: User, page: Page, look: Callable[[str], None]) -> None:
    page.goto("/settings/")
    look("Sign in")
    page.locator("#id_email").fill("Noor@Harbor.example")
    press(page, "E-mail me a code")
    look("Look in your e-mail")
    type_in(page, code_for(noor.email).lower())
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_a_forgotten_password_is_replaced_and_the_new_one_opens(
    noor: User, page: Page, look: Callable[[str], None]
) -> None:
    sign_in_by_password(page, "/account/login/", "not this one")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    look("Sign in")
    page.get_by_role("link", name="Forgotten? Choose a new one").click()
    look("Choose a new password")
    page.get_by_label("Your e-mail address").fill(noor.email)
    press(page, "E-mail me a code")
    look("Look in your e-mail")
    type_in(page, code_for(noor.email))
    look("Choose a new password")
    page.locator("#id_password1").fill(NEW)
    page.locator("#id_password2").fill(NEW)
    press(page, "Keep the new password")
    look("Now sign in with it")
    sign_in_by_password(page, "/settings/", NEW)
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_an_app_and_a_recovery_code_are_each_a_second_step(
    noor: User, page: Page, look: Callable[[str], None]
) -> None:
    sign_in_by_password(page, "/account/2fa/totp/activate/")
    look("Is it still you?")
    page.locator("#id_password").fill(PASSWORD)
    press(page, "Go on")
    look("Set up an app")
    secret = (page.locator("main code").text_content() or "").strip()
    type_in(page, digits(secret))
    look("Your recovery codes")
    recovery = re.findall(r"\b\d{8}\b", page.locator("main").inner_text())
    assert len(recovery) == 10
    assert Authenticator.objects.filter(user=noor, type="totp").exists()
    for code in (digits(secret, 1), recovery[0]):
        sign_out(page)
        sign_in_by_password(page, "/settings/")
        look("Now the second step")
        type_in(page, code)
        expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


def test_somebody_without_a_password_shows_by_a_code_that_it_is_still_them(
    noor: User, page: Page, look: Callable[[str], None], settings: Any
) -> None:
    noor.set_unusable_password()
    noor.save()
    page.goto("/account/password/set/")
    page.locator("#id_email").fill(noor.email)
    press(page, "E-mail me a code")
    type_in(page, code_for(noor.email))
    look("Choose a password")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0  # As when five minutes have gone by.
    page.goto("/account/password/set/")
    look("Is it still you?")
    press(page, "E-mail me a code")
    look("Is it still you?")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    type_in(page, code_for(noor.email))
    page.locator("#id_password1").fill(NEW)
    page.locator("#id_password2").fill(NEW)
    press(page, "Keep the password")
    expect(page.get_by_text("Your password is kept.")).to_be_visible()
