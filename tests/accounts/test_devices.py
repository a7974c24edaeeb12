"""Where somebody is signed in, and what signs them out elsewhere."""

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import devices
from accounts.clock import now
from accounts.mail.models import MailLink
from accounts.models import User
from tests.conftest import PASSWORD, forget_tries, make_person

from .conftest import Codes

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604"
LIST = "usersessions_list"


@pytest.fixture
def noor() -> User:
    person = make_person("noor@harbor.example", "Noor Haddad")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def entered(person: User, user_agent: str = FIREFOX) -> Client:
    """A browser in which somebody has signed in by password."""
    browser = Client(headers={"user-agent": user_agent})
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert is_in(browser)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(reverse("accounts:settings")).status_code == 200


def test_the_list_names_each_browser(noor: User) -> None:
    here = entered(noor)
    entered(noor, SAFARI)
    page = here.get(reverse(LIST)).content.decode()
    assert "This browser</b> (Firefox on Linux)" in page
    assert "<b>Safari on iPhone</b>" in page
    assert "127.0.0.1" in page


def test_one_signs_out_everywhere_else(noor: User) -> None:
    here, there = entered(noor), entered(noor, SAFARI)
    page = here.post(reverse(LIST), follow=True).content.decode()
    assert "You are signed out everywhere else." in page
    assert "You are signed in nowhere else." in page
    assert is_in(here)
    assert not is_in(there)


def test_others_are_not_on_the_list(noor: User) -> None:
    other = make_person("otto@harbor.example", "Otto Berg")
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    theirs = entered(other, SAFARI)
    here = entered(noor)
    assert "iPhone" not in here.get(reverse(LIST)).content.decode()
    here.post(reverse(LIST))
    assert is_in(theirs)


def test_use_is_noted_every_few_minutes_and_not_at_each_page(noor: User, settings: Settings) -> None:
    here = entered(noor)
    UserSession.objects.update(last_seen_at="2020-01-01T00:00Z")
    forget_tries(settings)  # As some minutes later.
    here.get(reverse("home"))
    seen = UserSession.objects.get().last_seen_at
    assert seen.year > 2020
    here.get(reverse("home"))
    assert UserSession.objects.get().last_seen_at == seen


def test_a_new_password_signs_out_everywhere_else(noor: User) -> None:
    here, there = entered(noor), entered(noor, SAFARI)
    new = "another long quiet password"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post(reverse("account_change_password"), data)
    assert is_in(here)
    assert not is_in(there)
    assert "iPhone" not in here.get(reverse(LIST)).content.decode()


def test_a_new_address_signs_out_everywhere_else(noor: User, codes: Codes) -> None:
    here, there = entered(noor), entered(noor, SAFARI)
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    here.post(reverse("account_email"), {"email": "new@harbor.example", "action_add": ""})
    here.post(reverse("account_email_verification_sent"), {"code": codes()})
    noor.refresh_from_db()
    assert noor.email == "new@harbor.example"
    assert is_in(here)
    assert not is_in(there)


def test_a_first_confirmation_of_the_same_address_signs_nobody_out(noor: User, codes: Codes) -> None:
    here = entered(noor)
    other = Client()
    asked = other.post(reverse("account_request_login_code"), {"email": noor.email})
    other.post(asked.url, {"code": codes()})  # type: ignore[attr-defined]
    assert is_in(here)
    assert is_in(other)


def test_a_new_password_ends_links_in_mail_but_those_that_stop_mail(
    noor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = MailLink.objects.issue(noor.pk, MailLink.Purpose.STOP, now=now())
    assert MailLink.objects.revoke(noor.pk, now=now()) == 0
    assert MailLink.objects.find(token, MailLink.Purpose.STOP, now=now())
    monkeypatch.setattr(MailLink, "HARMLESS", frozenset())
    here = entered(noor)
    new = "another long quiet password"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post(reverse("account_change_password"), data)
    assert MailLink.objects.find(token, MailLink.Purpose.STOP, now=now()) is None


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge on Windows"),
        ("curl/8", "curl/8"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_named_as_people_know_it(says: str, words: str) -> None:
    assert devices.in_words(says) == words
