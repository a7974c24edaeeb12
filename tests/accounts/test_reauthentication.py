"""“Is it still you?”: what changes how somebody signs in asks again, also those who have only their mailbox."""

import time
from urllib.parse import unquote

import pytest
import time_machine
from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD, make_person, signed_in

from .conftest import Codes, give_everything
from .test_second_factor import digits

pytestmark = pytest.mark.django_db
BY_CODE = "/account/reauthenticate/code/"
NEW_PASSWORD = {"password1": "another calm sentence", "password2": "another calm sentence"}


@pytest.fixture
def noor(noor: User) -> User:
    """Signs in by code, and has nothing else."""
    noor.set_unusable_password()
    noor.save()
    return noor


def _in(seconds: int) -> float:
    return time.time() + seconds


def show(browser: Client, page: str, codes: Codes) -> str:
    """Have a code sent, and type it in; where that leads."""
    browser.post(page, {"action": "send"})
    return str(browser.post(page, {"code": codes()}).url)  # type: ignore[attr-defined]


def test_whoever_has_only_a_mailbox_shows_it_by_a_code_and_what_they_had_sent_is_done(
    noor: User, codes: Codes
) -> None:
    browser = signed_in(noor)
    data = {"email": "noor.new@harbor.example", "action_add": ""}
    asked = browser.post(reverse("account_email"), data).url  # type: ignore[attr-defined]
    assert unquote(asked) == f"{BY_CODE}?next={reverse('account_email')}"
    page = browser.get(asked).content.decode()
    assert "noor@harbor.example" in page
    assert not mail.outbox, "looking sends nothing"
    assert show(browser, asked, codes) == reverse("account_email_verification_sent")
    assert [letter.to for letter in mail.outbox] == [["noor@harbor.example"], ["noor.new@harbor.example"]]


def test_a_password_is_chosen_only_after_showing_it_and_is_kept_nowhere_meanwhile(
    noor: User, codes: Codes
) -> None:
    browser = signed_in(noor)
    page = reverse("account_set_password")
    asked = browser.post(page, NEW_PASSWORD).url  # type: ignore[attr-defined]
    assert unquote(asked) == f"{BY_CODE}?next={page}"
    assert "another calm sentence" not in str(dict(browser.session))
    assert show(browser, asked, codes) == page
    browser.post(page, NEW_PASSWORD)
    noor.refresh_from_db()
    assert noor.check_password("another calm sentence")


def test_whoever_has_just_signed_in_by_code_is_not_asked_for_another(noor: User, codes: Codes) -> None:
    browser = Client()
    confirm = browser.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    browser.post(confirm, {"code": codes()})
    assert browser.get(reverse("account_set_password")).status_code == 200
    with time_machine.travel(_in(301)):
        assert browser.get(reverse("account_set_password")).url.startswith(BY_CODE)  # type: ignore[attr-defined]


def test_an_app_is_set_up_right_after_signing_in_by_code(noor: User, codes: Codes) -> None:
    """With its recovery codes, which allauth makes when it would already ask for the app."""
    browser = Client()
    confirm = browser.post(reverse("account_request_login_code"), {"email": noor.email}).url  # type: ignore[attr-defined]
    browser.post(confirm, {"code": codes()})
    page = reverse("mfa_activate_totp")
    done = browser.post(page, {"code": digits(browser.get(page).context["form"].secret)})
    assert done.url == reverse("mfa_view_recovery_codes")  # type: ignore[attr-defined]
    assert "Your recovery codes" in browser.get(done.url).content.decode()  # type: ignore[attr-defined]
    kinds = Authenticator.objects.filter(user=noor).values_list("type", flat=True)
    assert set(kinds) == {"totp", "recovery_codes"}


def test_it_holds_for_five_minutes(noor: User, codes: Codes) -> None:
    browser = signed_in(noor)
    show(browser, f"{BY_CODE}?next=/", codes)
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
    with time_machine.travel(_in(301)):
        assert browser.get(reverse("mfa_activate_totp")).url.startswith(BY_CODE)  # type: ignore[attr-defined]


def test_three_wrong_codes_end_the_try(noor: User, codes: Codes) -> None:
    browser = signed_in(noor)
    browser.post(BY_CODE, {"action": "send"})
    for _ in range(2):
        assert "not the code we sent" in browser.post(BY_CODE, {"code": "BBBB-BBBB"}).content.decode()
    browser.post(BY_CODE, {"code": "BBBB-BBBB"})
    browser.post(BY_CODE, {"code": codes()})
    assert browser.get(reverse("account_set_password")).status_code == 302


def test_an_old_code_is_no_code(noor: User, codes: Codes) -> None:
    browser = signed_in(noor)
    browser.post(BY_CODE, {"action": "send"})
    with time_machine.travel(_in(601)):
        browser.post(BY_CODE, {"code": codes()})
        assert browser.get(reverse("account_set_password")).status_code == 302


def test_codes_are_sent_three_times_and_then_not_for_a_while(noor: User) -> None:
    browser = signed_in(noor)
    for _ in range(5):
        page = browser.post(BY_CODE, {"action": "send"}, follow=True).content.decode()
    assert len(mail.outbox) == 3
    assert "We have just sent one" in page


def test_a_code_sent_to_an_address_that_was_changed_meanwhile_is_refused(noor: User, codes: Codes) -> None:
    browser = signed_in(noor)
    browser.post(BY_CODE, {"action": "send"})
    User.objects.filter(pk=noor.pk).update(email="noor.new@harbor.example")
    browser.post(BY_CODE, {"code": codes()})
    assert browser.get(reverse("account_set_password")).status_code == 302


def test_somebody_elses_code_is_no_code(noor: User, codes: Codes) -> None:
    otto = make_person("otto@harbor.example", "Otto Berg")
    otto.set_unusable_password()
    otto.save()
    browser, other = signed_in(noor), signed_in(otto)
    browser.post(BY_CODE, {"action": "send"})
    code = codes()
    other.post(BY_CODE, {"action": "send"})
    assert "not the code we sent" in other.post(BY_CODE, {"code": code}).content.decode()


def test_whoever_has_a_password_is_asked_for_that_and_never_for_a_code(noor: User) -> None:
    noor.set_password(PASSWORD)
    noor.save()
    browser = signed_in(noor)
    assert browser.get(BY_CODE).url == reverse("account_reauthenticate")  # type: ignore[attr-defined]
    asked = browser.get(reverse("mfa_activate_totp")).url  # type: ignore[attr-defined]
    assert asked.startswith(reverse("account_reauthenticate"))


def test_allauths_own_decorator_asks_those_people_too(noor: User) -> None:
    """Whatever of allauth stands behind it, now or in a later version."""
    from allauth.account.internal.flows import reauthentication
    from allauth.core import context
    from allauth.core.exceptions import ReauthenticationRequired

    request = signed_in(noor).get(reverse("accounts:settings")).wsgi_request
    with context.request_context(request), pytest.raises(ReauthenticationRequired):
        reauthentication_required(lambda request: None)(request)
    with context.request_context(request), pytest.raises(ReauthenticationRequired):
        reauthentication.raise_if_reauthentication_required(request, app="allauth.mfa")


# --- Every view that changes the ways in ----------------------------------------------------------------------------

SENSITIVE = [
    ("GET", "account_set_password", {}),
    ("POST", "account_set_password", NEW_PASSWORD),
    ("POST", "account_email", {"action_add": "", "email": "noor.new@harbor.example"}),
    ("POST", "account_email", {"action_remove": ""}),
    ("POST", "account_email", {"action_primary": ""}),
    ("GET", "mfa_activate_totp", {}),
    ("POST", "mfa_activate_totp", {"code": "123456"}),
    ("GET", "mfa_deactivate_totp", {}),
    ("POST", "mfa_deactivate_totp", {}),
    ("GET", "mfa_generate_recovery_codes", {}),
    ("POST", "mfa_generate_recovery_codes", {}),
    ("GET", "mfa_view_recovery_codes", {}),
    ("GET", "mfa_download_recovery_codes", {}),
    ("GET", "mfa_add_webauthn", {}),
    ("POST", "mfa_add_webauthn", {"name": "mine", "credential": "{}"}),
    ("GET", "mfa_edit_webauthn", {}),
    ("POST", "mfa_edit_webauthn", {"name": "mine"}),
    ("GET", "mfa_remove_webauthn", {}),
    ("POST", "mfa_remove_webauthn", {}),
]


@pytest.fixture
def holder() -> User:
    """Has a password, an app, recovery codes, and a passkey."""
    person = make_person("lena@harbor.example", "Lena Vogt")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    give_everything(person)
    return person


def asks(browser: Client, method: str, name: str, data: dict[str, str], person: User) -> bool:
    """Whether the way there leads over “Is it still you?”."""
    passkey = Authenticator.objects.filter(user=person, type="webauthn").first()
    kwargs = {"pk": passkey.pk if passkey else 1} if name in OF_A_PASSKEY else {}
    response = getattr(browser, method.lower())(
        reverse(name, kwargs=kwargs), data | ({"email": person.email} if "action_add" not in data else {})
    )
    return response.status_code == 302 and "/reauthenticate/" in response["Location"]


OF_A_PASSKEY = {"mfa_edit_webauthn", "mfa_remove_webauthn"}
# Without one set up there is nothing to be seen there, whoever asks.
NOT_THERE = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}
# What is shown once, right after it was made, is not shown again to anybody, so that there is nothing to ask for.
NOT_SHOWN_AGAIN = {"mfa_view_recovery_codes", "mfa_download_recovery_codes"}


def test_every_view_that_changes_a_way_in_asks_a_stale_session(noor: User, holder: User) -> None:
    silent = []
    for person, exempt in ((noor, NOT_THERE), (holder, NOT_SHOWN_AGAIN | {"account_set_password"})):
        for method, name, data in SENSITIVE:
            with transaction.atomic():
                asked = asks(signed_in(person), method, name, data, person)
                transaction.set_rollback(True)
            if not asked and name not in exempt:
                silent.append(f"{person.email} {method} {name} {data}")
    assert silent == []
