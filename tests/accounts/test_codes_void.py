"""A code on its way is for the account as it was: void once that has another address or password, or is closed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD, make_person

from .conftest import Codes

pytestmark = pytest.mark.django_db


def get_another_address(noor: User) -> None:
    User.objects.filter(pk=noor.pk).update(email="noor.new@harbor.example")
    EmailAddress.objects.filter(user=noor).update(email="noor.new@harbor.example")


def get_another_password(noor: User) -> None:
    noor.set_password("another calm sentence")
    noor.save()


def be_closed(noor: User) -> None:
    User.objects.filter(pk=noor.pk).update(is_active=False)


CHANGES = [get_another_address, get_another_password, be_closed]
Change = Callable[[User], None]


@pytest.mark.parametrize("change", CHANGES)
def test_a_code_for_signing_in_is_void(noor: User, browser: Client, codes: Codes, change: Change) -> None:
    confirm = browser.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    change(noor)
    page = browser.post(confirm, {"code": codes()}).content.decode()
    assert "not the code we sent" in page, "as for any wrong one"
    assert "_auth_user_id" not in browser.session
    browser.post(confirm, {"action": "resend"})
    assert "There is no account" in mail.outbox[-1].subject


@pytest.mark.parametrize("change", CHANGES)
def test_a_code_for_a_new_password_is_void(noor: User, browser: Client, codes: Codes, change: Change) -> None:
    confirm = browser.post(reverse("account_reset_password"), {"email": noor.email}).url  # type: ignore[attr-defined]
    change(noor)
    assert "not the code we sent" in browser.post(confirm, {"code": codes()}).content.decode()


@pytest.mark.parametrize("change", CHANGES)
def test_so_is_the_page_behind_it(noor: User, browser: Client, codes: Codes, change: Change) -> None:
    confirm = browser.post(reverse("account_reset_password"), {"email": noor.email}).url  # type: ignore[attr-defined]
    choose = browser.post(confirm, {"code": codes()}).url  # type: ignore[attr-defined]
    assert browser.get(choose).status_code == 200
    change(noor)
    browser.post(choose, {"password1": "a third calm sentence", "password2": "a third calm sentence"})
    noor.refresh_from_db()
    assert not noor.check_password("a third calm sentence")


@pytest.mark.parametrize("change", CHANGES)
def test_a_first_step_is_not_followed_by_a_second(noor: User, browser: Client, change: Change) -> None:
    TOTP.activate(noor, generate_totp_secret())
    recovery = RecoveryCodes.activate(noor).get_unused_codes()
    browser.post(reverse("account_login"), {"login": noor.email, "password": PASSWORD})
    assert browser.get(reverse("mfa_authenticate")).status_code == 200
    change(noor)
    browser.post(reverse("mfa_authenticate"), {"code": recovery[0]})
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("change", CHANGES)
def test_a_code_that_confirms_an_address_is_void(browser: Client, codes: Codes, change: Change) -> None:
    new = make_person("new@harbor.example", "New Person")
    verify = browser.post(reverse("account_login"), {"login": new.email, "password": PASSWORD}).url  # type: ignore[attr-defined]
    change(new)
    browser.post(verify, {"code": codes()})
    assert "_auth_user_id" not in browser.session
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_signing_in_elsewhere_meanwhile_changes_nothing(noor: User, browser: Client, codes: Codes) -> None:
    confirm = browser.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    User.objects.filter(pk=noor.pk).update(last_login=datetime(2026, 6, 23, tzinfo=UTC), name="Noor H.")
    browser.post(confirm, {"code": codes()})
    assert browser.session["_auth_user_id"] == str(noor.pk)
