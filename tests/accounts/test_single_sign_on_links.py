"""Accounts elsewhere in the settings: connecting one, parting from it, and the buttons that lead there."""

from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import PASSWORD
from tests.identity import IdentityProvider
from tests.markup import Markup

from .elsewhere import _one_door, come, harbor_id, make_confirmed, noor, offer, text, who

__all__ = ["_one_door", "harbor_id", "noor"]
pytestmark = pytest.mark.django_db


# --- Connecting and parting ----------------------------------------------------------------------------------------


def in_by_password(person: User) -> Client:
    browser = Client(headers={"user-agent": "A browser"})
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert who(browser) == str(person.pk)
    return browser


def again(browser: Client, response: Any) -> Any:
    """Type the password once more, where that is asked."""
    assert response.url.startswith(reverse("account_reauthenticate")), response.url
    return browser.post(response.url, {"password": PASSWORD})


def test_somebody_connects_an_account_with_another_address_and_types_their_password_for_it(
    harbor_id: IdentityProvider, noor: User
) -> None:
    harbor_id.knows("private", name="N", email="noor@home.example", email_verified=False)
    browser = in_by_password(noor)
    asked = come(browser, harbor_id, "private", process="connect")
    assert not SocialAccount.objects.exists()
    assert again(browser, asked).url == reverse("socialaccount_connections")
    page = text(browser.get(reverse("socialaccount_connections")))
    assert "Harbor ID signs you in here from now on." in page
    assert "Disconnect Harbor ID" in page
    assert [letter.subject for letter in mail.outbox] == ["An account elsewhere now signs you in"]
    noor.refresh_from_db()
    assert noor.email == "noor@harbor.example"
    second = Client()
    come(second, harbor_id, "private")
    assert who(second) == str(noor.pk)


def test_no_token_waits_in_the_session_while_the_password_is_asked_for(
    harbor_id: IdentityProvider, noor: User
) -> None:
    browser = in_by_password(noor)
    come(browser, harbor_id, process="connect")
    waiting = browser.session["account_reauthentication_state"]["state"]
    assert "token" not in waiting
    assert waiting["account"]["extra_data"] == {}


def test_an_account_elsewhere_that_signs_in_another_is_not_taken_from_them(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    come(browser, harbor_id)  # Noor has connected it.
    of_eve = in_by_password(make_confirmed("eve@elsewhere.example", "Eve"))
    again(of_eve, come(of_eve, harbor_id, process="connect"))
    assert "belongs to somebody else here" in text(of_eve.get(reverse("socialaccount_connections")))
    assert SocialAccount.objects.get().user == noor


def test_nor_is_one_whose_address_is_that_of_another_person_here(
    harbor_id: IdentityProvider, noor: User
) -> None:
    of_eve = in_by_password(make_confirmed("eve@elsewhere.example", "Eve"))
    again(of_eve, come(of_eve, harbor_id, process="connect"))
    assert not SocialAccount.objects.exists()


def test_the_last_account_elsewhere_may_be_disconnected_and_its_owner_is_told(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    come(browser, harbor_id)
    mail.outbox.clear()
    browser = in_by_password(noor)
    asked = browser.post(
        reverse("socialaccount_connections"), {"account": str(SocialAccount.objects.get().pk)}
    )
    assert SocialAccount.objects.exists()
    again(browser, asked)
    assert not SocialAccount.objects.exists()
    [letter] = mail.outbox
    assert letter.subject == "An account elsewhere no longer signs you in"
    assert "no longer connected with Harbor ID" in letter.body


def test_somebody_without_a_password_may_disconnect_too(
    browser: Client, harbor_id: IdentityProvider, codes: Any
) -> None:
    come(browser, harbor_id)
    page = browser.post(
        reverse("socialaccount_connections"), {"account": str(SocialAccount.objects.get().pk)}, follow=True
    )
    if SocialAccount.objects.exists():  # Where a code by e-mail shows that it is still they.
        browser.post(page.redirect_chain[-1][0], {"code": codes()})
    assert not SocialAccount.objects.exists()


def test_the_account_of_another_cannot_be_disconnected(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    come(browser, harbor_id)
    eve = in_by_password(make_confirmed("eve@elsewhere.example", "Eve"))
    eve.post(reverse("socialaccount_connections"), {"account": str(SocialAccount.objects.get().pk)})
    assert SocialAccount.objects.get().user == noor


def test_a_link_to_a_provider_that_is_no_longer_set_up_can_be_seen_and_removed(
    settings: Settings, noor: User
) -> None:
    SocialAccount.objects.create(user=noor, provider="gone", uid="1")
    offer(settings)
    browser = in_by_password(noor)
    assert "Disconnect gone" in text(browser.get(reverse("socialaccount_connections")))
    again(
        browser,
        browser.post(reverse("socialaccount_connections"), {"account": str(SocialAccount.objects.get().pk)}),
    )
    assert not SocialAccount.objects.exists()


def test_whoever_changes_their_address_is_told_that_the_account_elsewhere_stays_connected(
    browser: Client, harbor_id: IdentityProvider, noor: User, codes: Any
) -> None:
    come(browser, harbor_id)
    assert "stay connected" in text(browser.get(reverse("account_email")))
    browser = in_by_password(noor)
    again(browser, browser.post(reverse("account_email"), {"email": "noor@new.example", "action_add": ""}))
    browser.post(reverse("account_email_verification_sent"), {"code": codes()})
    noor.refresh_from_db()
    assert noor.email == "noor@new.example"
    told = next(letter for letter in mail.outbox if letter.subject.startswith("Your e-mail address"))
    assert told.to == ["noor@harbor.example"]
    assert f"http://localhost:8000{reverse('socialaccount_connections')}" in told.body


# --- The pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "account_login", "account_signup"])
def test_the_pages_for_coming_in_have_a_button_for_each_provider(
    browser: Client, settings: Settings, harbor_id: IdentityProvider, name: str
) -> None:
    offer(settings, harbor_id.app(), harbor_id.app("google") | {"name": "Google"})
    page = text(browser.get(reverse(name)))
    assert page.count("Sign in with Harbor ID") == page.count("Sign in with Google") == 1
    offer(settings)
    assert "Harbor ID" not in text(browser.get(reverse(name)))


def test_settings_lead_to_the_accounts_elsewhere_where_there_are_any(settings: Settings, noor: User) -> None:
    browser = Client()
    browser.force_login(noor)
    assert reverse("socialaccount_connections") in text(browser.get("/settings/"))
    assert "Connect Harbor ID" in text(browser.get(reverse("socialaccount_connections")))
    offer(settings)
    assert reverse("socialaccount_connections") not in text(browser.get("/settings/"))
    assert "has set none up" in text(browser.get(reverse("socialaccount_connections")))


def test_the_page_that_asks_for_a_code_is_whole(browser: Client, harbor_id: IdentityProvider) -> None:
    harbor_id.knows("unsure", email="unsure@harbor.example")
    page = Markup(text(come(browser, harbor_id, "unsure")))
    assert len(page.all("h1")) == 1


def test_too_many_tries_from_one_place_are_stopped(browser: Client) -> None:
    statuses = [browser.post("/account/oidc/oidc/login/").status_code for _try in range(31)]
    assert set(statuses[:30]) == {302}
    assert statuses[30] == 429
