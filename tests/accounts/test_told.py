"""Whatever changes how somebody signs in is told to them, at the address they had before it."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD, signed_in

from .conftest import Codes, give_everything
from .test_second_factor import digits

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"password1": "another calm sentence", "password2": "another calm sentence"}
Deed = Callable[[Client, User, Codes], object]


def change_password(browser: Client, person: User, codes: Codes) -> None:
    browser.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **NEW})


def forget_password(browser: Client, person: User, codes: Codes) -> None:
    elsewhere = Client()
    confirm = elsewhere.post(reverse("account_reset_password"), {"email": person.email}).url  # type: ignore[attr-defined]
    elsewhere.post(elsewhere.post(confirm, {"code": codes()}).url, NEW)  # type: ignore[attr-defined]


def change_address(browser: Client, person: User, codes: Codes) -> None:
    data = {"email": "noor.new@harbor.example", "action_add": ""}
    browser.post(browser.post(reverse("account_email"), data).url, {"code": codes()})  # type: ignore[attr-defined]


def set_up_an_app(browser: Client, person: User, codes: Codes) -> None:
    Authenticator.objects.all().delete()
    page = reverse("mfa_activate_totp")
    browser.post(page, {"code": digits(browser.get(page).context["form"].secret)})


def take_the_app_off(browser: Client, person: User, codes: Codes) -> None:
    browser.post(reverse("mfa_deactivate_totp"))


def make_recovery_codes(browser: Client, person: User, codes: Codes) -> None:
    browser.post(reverse("mfa_generate_recovery_codes"))


def remove_a_passkey(browser: Client, person: User, codes: Codes) -> None:
    passkey = Authenticator.objects.get(type="webauthn")
    browser.post(reverse("mfa_remove_webauthn", kwargs={"pk": passkey.pk}))


DEEDS: list[tuple[Deed, str]] = [
    (change_password, "Your password was changed"),
    (forget_password, "Your password was changed"),
    (change_address, "Your e-mail address was changed"),
    (set_up_an_app, "An app is now your second step"),
    (take_the_app_off, "An app is no longer your second step"),
    (make_recovery_codes, "New recovery codes for your account"),
    (remove_a_passkey, "A passkey was taken off your account"),
]


@pytest.mark.parametrize(("deed", "subject"), DEEDS)
def test_a_change_is_told_at_once(noor: User, codes: Codes, deed: Deed, subject: str) -> None:
    give_everything(noor)
    browser = signed_in(noor)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    deed(browser, noor, codes)
    told = [letter for letter in mail.outbox if letter.subject == subject]
    assert [letter.to for letter in told] == [["noor@harbor.example"]], [each.subject for each in mail.outbox]
    assert "127.0.0.1" in str(told[0].body), "from where"


def test_a_first_password_is_told_too(noor: User, codes: Codes) -> None:
    noor.set_unusable_password()
    noor.save()
    browser = Client()
    confirm = browser.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    browser.post(confirm, {"code": codes()})
    browser.post(reverse("account_set_password"), NEW)
    assert mail.outbox[-1].subject == "Your account has a password now"
