"""How often each door may be tried, by the address it is tried from and by the account it is tried on."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as configured
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import PASSWORD, make_person, signed_in

from .conftest import Codes

pytestmark = pytest.mark.django_db
STOPPED = "one try too many"
NOT_THIS_ONE = "not this one"
MANY = 40


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def from_many() -> Iterator[Client]:
    """Browsers, each at an address of its own."""
    yield from (Client(headers={"x-forwarded-for": f"192.0.2.{number}"}) for number in range(1, MANY + 1))


def from_one() -> Iterator[Client]:
    yield from (Client(headers={"x-forwarded-for": "192.0.2.1"}) for _ in range(MANY))


def is_stopped(response: Any) -> bool:
    return response.status_code == 429 or STOPPED in response.content.decode()


def passed(responses: Iterator[Any]) -> int:
    return sum(not is_stopped(response) for response in responses)


def strangers(number: int) -> str:
    return f"somebody-{number}@harbor.example"


# --- Passwords -----------------------------------------------------------------------------------------------------


def sign_in(browser: Client, login: str, password: str = NOT_THIS_ONE) -> Any:
    return browser.post(reverse("account_login"), {"login": login, "password": password})


def test_one_accounts_password_is_checked_five_times_whoever_asks(noor: User, codes: Codes) -> None:
    assert passed(sign_in(browser, noor.email) for browser in from_many()) == 5
    owner = Client(headers={"x-forwarded-for": "198.51.100.1"})
    assert is_stopped(sign_in(owner, noor.email, PASSWORD)), "a right one too, or it would tell"
    confirm = owner.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    owner.post(confirm, {"code": codes()})
    assert owner.session["_auth_user_id"] == str(noor.pk), "nobody can be locked out of signing in by code"


def test_one_address_tries_ten_passwords_whatever_the_accounts() -> None:
    tried = (sign_in(browser, strangers(number)) for number, browser in enumerate(from_one()))
    assert passed(tried) == 10


def test_an_account_is_the_same_in_whatever_letters_its_address_is_written(noor: User) -> None:
    spellings = [
        "noor@harbor.example",
        "NOOR@harbor.example",
        " Noor@Harbor.Example ",
        "noor@ｈarbor.example",
    ]
    tried = (sign_in(browser, spellings[number % 4]) for number, browser in enumerate(from_many()))
    assert passed(tried) == 5
    assert sign_in(Client(), spellings[3], PASSWORD).status_code != 302


def test_a_password_that_is_right_is_not_counted(noor: User) -> None:
    for browser in from_many():
        assert sign_in(browser, noor.email, PASSWORD).status_code == 302


def test_one_account_of_ones_own_does_not_wipe_the_count_of_ones_tries(noor: User) -> None:
    """Somebody guesses nine passwords, signs in to an account of their own by two steps, and guesses on."""
    own = make_person("eve@harbor.example", "Eve")
    EmailAddress.objects.create(user=own, email=own.email, verified=True, primary=True)
    TOTP.activate(own, generate_totp_secret())
    recovery = RecoveryCodes.activate(own).get_unused_codes()
    tried = 0
    for number, browser in enumerate(from_one()):
        if number % 9 == 8 and number < 20:
            sign_in(browser, own.email, PASSWORD)
            browser.post(reverse("mfa_authenticate"), {"code": recovery[number // 9]})
            continue
        tried += not is_stopped(sign_in(browser, strangers(number)))
    assert tried == 10


def test_a_forged_header_is_nobodys_address(settings: Settings) -> None:
    """Without a proxy in front, whatever stands there is the sender's word."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    tried = (sign_in(browser, strangers(number)) for number, browser in enumerate(from_many()))
    assert passed(tried) == 10


def test_behind_one_proxy_only_what_that_wrote_counts() -> None:
    forged = (Client(headers={"x-forwarded-for": f"10.0.0.{n}, 192.0.2.1"}) for n in range(1, MANY))
    assert passed(sign_in(browser, strangers(number)) for number, browser in enumerate(forged)) == 10


def test_strangers_keep_nobody_from_what_is_theirs_in_here(noor: User) -> None:
    for browser in from_many():
        sign_in(browser, noor.email)
    page = {"password": PASSWORD, "next": reverse("accounts:settings")}
    answer = signed_in(noor).post(reverse("account_reauthenticate"), page)
    assert answer.url == reverse("accounts:settings")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("account_reauthenticate", {"password": "not this one"}),
        (
            "account_change_password",
            {"oldpassword": "not this one", "password1": "a calm sentence", "password2": "a calm sentence"},
        ),
    ],
)
def test_an_open_browser_is_no_place_to_guess_in(noor: User, page: str, form: dict[str, str]) -> None:
    browser = signed_in(noor)
    assert passed(browser.post(reverse(page), form) for _ in range(MANY)) == 5


def test_the_limits_hold_while_redis_is_away(noor: User, settings: Settings) -> None:
    """By each process for itself."""
    gone = f"redis://127.0.0.1:1/{uuid.uuid4().int % 1000}"
    settings.CACHES = {"default": {"BACKEND": "accounts.cache.ForgivingRedisCache", "LOCATION": gone}}
    assert passed(sign_in(browser, noor.email) for browser in from_many()) == 5


# --- Codes ---------------------------------------------------------------------------------------------------------


def guess(browser: Client, door: str, address: str, name: str = "Eve") -> list[Any]:
    """Ask for a code, and type in four wrong ones; the answers to those."""
    asked = browser.post(reverse(door), {"email": address, "name": name})
    if asked.status_code != 302:
        return [asked]
    tries = [browser.post(asked.url, {"code": "BBBB-BBBB"}) for _ in range(4)]  # type: ignore[attr-defined]
    return [each for each in tries if "not the code" in each.content.decode() or is_stopped(each)]


@pytest.mark.parametrize("door", ["account_request_login_code", "account_reset_password", "account_signup"])
def test_one_account_gets_three_codes_a_minute_of_three_tries_each(noor: User, door: str) -> None:
    tries = (each for browser in from_many() for each in guess(browser, door, noor.email))
    # The third wrong one leads away, so that two of the three show up here.
    assert passed(tries) == 3 * 2
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("door", ["account_request_login_code", "account_reset_password", "account_signup"])
def test_one_address_tries_ten_codes_a_minute_whatever_the_accounts(door: str) -> None:
    numbered = enumerate(from_one())
    tries = (each for n, browser in numbered for each in guess(browser, door, strangers(n)))
    assert passed(tries) <= 10
    assert len(mail.outbox) <= 20


def test_asking_for_the_same_letter_once_more_counts_as_asking(noor: User) -> None:
    for browser in from_many():
        asked = browser.post(reverse("account_request_login_code"), {"email": noor.email})
        for _ in range(3):
            browser.post(reverse("account_confirm_login_code"), {"action": "resend"})
        assert asked.status_code in (200, 302)
    assert len(mail.outbox) == 3


def test_a_code_that_its_owner_waits_for_outlives_strangers_guesses(noor: User, codes: Codes) -> None:
    owner = Client(headers={"x-forwarded-for": "198.51.100.1"})
    confirm = owner.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    code = codes()
    for browser in from_many():
        guess(browser, "account_request_login_code", noor.email)
    owner.post(confirm, {"code": code})
    assert owner.session["_auth_user_id"] == str(noor.pk)


def test_a_code_that_is_right_is_not_counted(noor: User, codes: Codes) -> None:
    for number, browser in zip(range(12), from_one(), strict=False):
        person = make_person(f"person-{number}@harbor.example", "Person")
        confirm = browser.post(reverse("account_request_login_code"), {"email": person.email}).url  # type: ignore[attr-defined]
        browser.post(confirm, {"code": codes()})
        assert "_auth_user_id" in browser.session


# --- The second step -----------------------------------------------------------------------------------------------


def test_one_accounts_second_step_is_checked_five_times_whoever_asks(noor: User) -> None:
    TOTP.activate(noor, generate_totp_secret())
    browsers = list(from_many())
    for browser in browsers:
        sign_in(browser, noor.email, PASSWORD)
    assert passed(browser.post(reverse("mfa_authenticate"), {"code": "000000"}) for browser in browsers) == 5


def test_one_address_tries_ten_second_steps_whatever_the_accounts() -> None:
    tried = 0
    for number, browser in zip(range(15), from_one(), strict=False):
        person = make_person(strangers(number), "Somebody")
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        TOTP.activate(person, generate_totp_secret())
        sign_in(browser, person.email, PASSWORD)
        tried += not is_stopped(browser.post(reverse("mfa_authenticate"), {"code": "000000"}))
    assert tried == 10


# --- All of them ---------------------------------------------------------------------------------------------------


def test_every_limit_that_allauth_knows_is_set_here_and_explained() -> None:
    """A new version may bring a new door."""
    from allauth.account import app_settings
    from allauth.mfa import app_settings as mfa_settings

    by_telephone = {"change_phone", "verify_phone"}
    assert set(app_settings.RATE_LIMITS) - by_telephone == set(configured.ACCOUNT_RATE_LIMITS)
    assert set(mfa_settings.RATE_LIMITS) == set(configured.MFA_RATE_LIMITS)
    page = (configured.BASE_DIR / "docs" / "operations.md").read_text()
    for limits in (configured.ACCOUNT_RATE_LIMITS, configured.MFA_RATE_LIMITS):
        for name, rates in limits.items():
            assert f"`{name}` | `{rates}`" in page
