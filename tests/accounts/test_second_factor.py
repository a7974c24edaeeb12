"""The second step of signing in: an app, recovery codes, and how their secrets are kept. Passkeys need a browser."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.second_factor import MFAAdapter, was_used
from tests.conftest import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


def digits(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_an_app(person: User) -> str:
    """Set up an app for somebody, and return its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def enter(browser: Client, person: User) -> str:
    """The first step, by password; where that leads."""
    response = browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return str(response.url)  # type: ignore[attr-defined]


def confirm(browser: Client, wanted: str) -> None:
    """The password once more, as what changes the ways in asks for."""
    data = {"password": PASSWORD, "next": wanted}
    assert browser.post(reverse("account_reauthenticate"), data).url == wanted  # type: ignore[attr-defined]


def test_an_app_is_set_up_and_recovery_codes_are_shown_once(browser: Client, noor: User) -> None:
    enter(browser, noor)
    page = reverse("mfa_activate_totp")
    assert reverse("account_reauthenticate") in browser.get(page).url  # type: ignore[attr-defined]
    confirm(browser, page)
    shown = browser.get(page)
    assert '<svg class="qr"' in shown.content.decode()
    secret = shown.context["form"].secret
    assert secret in shown.content.decode()
    done = browser.post(page, {"code": digits(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")  # type: ignore[attr-defined]
    once = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10
    assert all(code in once for code in codes)
    again = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in again for code in codes)
    assert browser.get(reverse("mfa_download_recovery_codes")).status_code == 403
    assert "Stop using the app" in browser.get(reverse("mfa_index")).content.decode()


def test_a_wrong_code_sets_nothing_up(browser: Client, noor: User) -> None:
    enter(browser, noor)
    confirm(browser, reverse("mfa_activate_totp"))
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    wrong = f"{(int(digits(secret)) + 7) % 1_000_000:06}"
    page = browser.post(reverse("mfa_activate_totp"), {"code": wrong}).content.decode()
    assert "That did not work." in page
    assert "<title>Error:" in page
    assert not Authenticator.objects.exists()


def test_whoever_has_an_app_signs_in_by_two_steps(browser: Client, noor: User) -> None:
    secret = give_an_app(noor)
    assert enter(browser, noor) == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session
    assert "Now the second step" in browser.get(reverse("mfa_authenticate")).content.decode()
    browser.post(reverse("mfa_authenticate"), {"code": "12345"})
    assert "_auth_user_id" not in browser.session
    browser.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    assert browser.session["_auth_user_id"] == str(noor.pk)


def test_a_code_works_once(browser: Client, noor: User) -> None:
    code = digits(give_an_app(noor))
    enter(browser, noor)
    browser.post(reverse("mfa_authenticate"), {"code": code})
    other = Client()
    enter(other, noor)
    other.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in other.session


def test_a_recovery_code_is_a_second_step_once(browser: Client, noor: User) -> None:
    give_an_app(noor)
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    other = Client()
    for client in (browser, other):
        enter(client, noor)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" in browser.session
    assert "_auth_user_id" not in other.session


def test_many_wrong_codes_are_stopped(browser: Client, noor: User) -> None:
    secret = give_an_app(noor)
    enter(browser, noor)
    for _ in range(12):
        browser.post(reverse("mfa_authenticate"), {"code": "1"})
    page = browser.post(reverse("mfa_authenticate"), {"code": digits(secret)}).content.decode()
    assert "_auth_user_id" not in browser.session
    assert "one try too many" in page


@pytest.mark.django_db(transaction=True)
def test_setting_up_and_taking_off_is_told_by_e_mail(browser: Client, noor: User) -> None:
    enter(browser, noor)
    page = reverse("mfa_activate_totp")
    confirm(browser, page)
    secret = browser.get(page).context["form"].secret
    browser.post(page, {"code": digits(secret)})
    assert mail.outbox[-1].subject == "An app is now your second step"
    assert mail.outbox[-1].to == [noor.email]
    assert "Stop using the app?" in browser.get(reverse("mfa_deactivate_totp")).content.decode()
    browser.post(reverse("mfa_deactivate_totp"))
    assert mail.outbox[-1].subject == "An app is no longer your second step"
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_end_the_old_ones(browser: Client, noor: User) -> None:
    secret = give_an_app(noor)
    old = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    enter(browser, noor)
    browser.post(reverse("mfa_authenticate"), {"code": digits(secret)})
    confirm(browser, reverse("mfa_generate_recovery_codes"))
    assert "no longer work then" in browser.get(reverse("mfa_generate_recovery_codes")).content.decode()
    browser.post(reverse("mfa_generate_recovery_codes"))
    new = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert not set(old) & set(new)


def test_the_pages_of_passkeys_are_there(browser: Client, noor: User) -> None:
    enter(browser, noor)
    assert "You have none yet." in browser.get(reverse("mfa_list_webauthn")).content.decode()
    confirm(browser, reverse("mfa_add_webauthn"))
    page = browser.get(reverse("mfa_add_webauthn")).content.decode()
    assert 'data-passkey="create"' in page
    assert 'value="Passkey 1"' in page
    refused = browser.post(reverse("mfa_add_webauthn"), {"name": "mine", "credential": "{}"}).content.decode()
    assert "<title>Error:" in refused
    assert "That did not work." in refused
    assert not Authenticator.objects.exists()


# --- How it is kept ------------------------------------------------------------------------------------------------


def test_secrets_lie_in_the_database_encrypted(noor: User) -> None:
    secret = give_an_app(noor)
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert MFAAdapter().decrypt(kept) == secret
    assert MFAAdapter().encrypt(secret) != kept


def test_a_changed_key_still_reads_what_the_former_one_wrote(noor: User, settings: Settings) -> None:
    kept = MFAAdapter().encrypt("a secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of this installation, for the test only"
    assert MFAAdapter().decrypt(kept) == "a secret"
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(kept) != "a secret"


def test_without_the_key_no_code_is_right(browser: Client, noor: User, settings: Settings) -> None:
    secret = give_an_app(noor)
    settings.SECRET_KEY = "another key of this installation, for the test only"
    enter(browser, noor)
    assert browser.post(reverse("mfa_authenticate"), {"code": digits(secret)}).status_code == 200
    assert "_auth_user_id" not in browser.session


def test_the_settings_lead_to_the_second_step(noor: User) -> None:
    page = signed_in(noor).get(reverse("accounts:settings")).content.decode()
    for name in ("mfa_index", "mfa_add_webauthn", "usersessions_list"):
        assert f'href="{reverse(name)}"' in page


def test_nobody_has_used_a_second_factor_who_is_not_signed_in(rf: object) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    assert not was_used(request)
