"""Signing in with an account elsewhere: whom we take somebody for, and when we do not."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from mentoring.models import Program, ProgramAdmin
from tests.conftest import PASSWORD, make_person
from tests.identity import IdentityProvider, identity_provider, parameters
from tests.markup import Markup

pytestmark = pytest.mark.django_db
LOGIN = "/account/oidc/oidc/login/"
CALLBACK = "/account/oidc/oidc/login/callback/"
UNPROVEN = "First show us that the address is yours"
FAILED = "That did not work"


@pytest.fixture(scope="module")
def harbor_id() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        provider.knows("n-1", name="Noor Haddad", email="Noor@harbor.example", email_verified=True)
        yield provider


@pytest.fixture(autouse=True)
def _set_up(settings: Settings, harbor_id: IdentityProvider) -> None:
    offer(settings, harbor_id.app())


def offer(settings: Settings, *apps: dict[str, object]) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": list(apps)}}


@pytest.fixture
def noor(db: None) -> User:
    person = make_person("noor@harbor.example", "Noor Haddad")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def who(browser: Client) -> str | None:
    """Who is signed in."""
    return browser.session.get("_auth_user_id")


def come(browser: Client, provider: IdentityProvider, sub: str | None = "n-1", **sent: str) -> Any:
    """The way there and back; what we answer in the end."""
    there = browser.post(LOGIN, sent)
    assert there.status_code == 302, there.content.decode()
    return browser.get(provider.asked(there.url, sub))


def text(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


# --- Somebody new --------------------------------------------------------------------------------------------------


def test_somebody_new_is_in_at_once_with_their_name_and_no_second_letter(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    response = come(browser, harbor_id, next="/settings/")
    assert (response.status_code, response.url) == (302, "/settings/")
    noor = User.objects.get()
    assert who(browser) == str(noor.pk)
    assert (noor.email, noor.name) == ("noor@harbor.example", "Noor Haddad")
    assert not noor.has_usable_password()
    assert EmailAddress.objects.get(user=noor).verified
    assert mail.outbox == []


def test_they_come_back_to_the_same_account_though_their_address_there_changed(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("moves", name="Ada Moves", email="ada@old.example", email_verified=True)
    come(browser, harbor_id, "moves")
    harbor_id.knows("moves", name="Ada Moves", email="ada@new.example", email_verified=False)
    second = Client()
    come(second, harbor_id, "moves")
    assert who(second) == who(browser) == str(User.objects.get(email="ada@old.example").pk)


def test_of_what_the_provider_says_nothing_is_kept_but_a_print_of_its_id(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("x-9", name="Ada Quiet", email="q@a.example", email_verified=True, picture="https://a/b")
    come(browser, harbor_id, "x-9")
    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert account.provider == "oidc"
    assert re.fullmatch(r"[0-9a-f]{64}", account.uid)
    assert not SocialToken.objects.exists()
    kept = str([session.get_decoded() for session in Session.objects.all()])
    assert "x-9" not in kept
    assert "access_token" not in kept


@pytest.mark.parametrize("claims", [{"given_name": "Ada", "family_name": "Okafor"}, {"name": " Ada\n Okafor "}])
def test_the_name_is_taken_over_in_one_line(
    browser: Client, harbor_id: IdentityProvider, claims: dict[str, object]
) -> None:
    harbor_id.knows("named", email="ada@harbor.example", email_verified=True, **claims)
    come(browser, harbor_id, "named")
    assert User.objects.get().name == "Ada Okafor"


def test_a_name_that_is_too_long_is_cut_and_none_is_no_harm(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    harbor_id.knows("long", name="A" * 500, email="long@harbor.example", email_verified=True)
    harbor_id.knows("mute", email="mute@harbor.example", email_verified=True)
    come(browser, harbor_id, "long")
    come(Client(), harbor_id, "mute")
    assert User.objects.get(email="long@harbor.example").name == "A" * 120
    assert User.objects.get(email="mute@harbor.example").name == ""


def test_where_people_come_by_invitation_only_a_provider_opens_no_door(
    browser: Client, settings: Settings, harbor_id: IdentityProvider
) -> None:
    settings.OPEN_SIGNUP = False
    assert "This place is by invitation" in text(come(browser, harbor_id))
    assert not User.objects.exists()
    assert who(browser) is None


@pytest.mark.parametrize(("domain", "is_let_in"), [("harbor.example", True), ("elsewhere.example", False)])
def test_an_organization_may_let_its_own_people_in_all_the_same(
    browser: Client, settings: Settings, harbor_id: IdentityProvider, domain: str, is_let_in: bool
) -> None:
    settings.OPEN_SIGNUP, settings.SSO_SIGNUP = False, True
    offer(settings, harbor_id.app(domains=[domain]))
    come(browser, harbor_id)
    assert (who(browser) is not None) == is_let_in


def test_where_no_domain_is_listed_nobody_is_of_the_house(
    browser: Client, settings: Settings, harbor_id: IdentityProvider
) -> None:
    settings.OPEN_SIGNUP, settings.SSO_SIGNUP = False, True
    assert "This place is by invitation" in text(come(browser, harbor_id))


# --- Somebody who has an account -----------------------------------------------------------------------------------


def test_a_confirmed_account_is_found_by_its_address_and_its_owner_is_told(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    come(browser, harbor_id)
    assert who(browser) == str(noor.pk)
    assert SocialAccount.objects.get().user == noor
    noor.refresh_from_db()
    assert noor.check_password(PASSWORD)  # Theirs from before, so it stays.
    [letter] = mail.outbox
    assert letter.to == ["noor@harbor.example"]
    assert letter.subject == "An account elsewhere now signs you in"
    assert "connected with Harbor ID" in letter.body


def test_somebody_whom_an_admin_has_added_comes_into_that_account(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    added = User.objects.create_user("noor@harbor.example", name="N. Haddad")
    come(browser, harbor_id)
    assert who(browser) == str(added.pk)
    assert EmailAddress.objects.get(user=added).verified
    added.refresh_from_db()
    assert added.name == "N. Haddad"


def test_whoever_had_taken_the_address_before_without_showing_it_has_no_way_in_left(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    """Somebody signs up with another's address and a password of their own, and waits for them to come."""
    squatter = Client()
    squatter.post(
        reverse("account_signup"), {"name": "Eve", "email": "noor@harbor.example", "password1": PASSWORD}
    )
    taken = User.objects.get()
    taken.set_password(PASSWORD)
    taken.save()
    SocialAccount.objects.create(user=taken, provider="oidc", uid="somebody else's")
    squatter.force_login(taken)
    squatter.get("/settings/")
    come(browser, harbor_id)
    assert who(browser) == str(taken.pk)
    taken.refresh_from_db()
    assert not taken.has_usable_password()
    assert SocialAccount.objects.get(user=taken).uid != "somebody else's"
    assert squatter.get("/settings/").status_code == 302
    assert browser.get("/settings/").status_code == 200


def test_an_address_that_an_account_only_asked_for_does_not_lead_into_that_account(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    """Somebody with an account of their own asks to change to another's address, and waits for them to come."""
    eve = make_person("eve@elsewhere.example", "Eve")
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True, primary=True)
    EmailAddress.objects.create(user=eve, email="noor@harbor.example", verified=False)
    come(browser, harbor_id)
    noor = User.objects.get(email="noor@harbor.example")
    assert who(browser) == str(noor.pk) != str(eve.pk)
    assert list(EmailAddress.objects.filter(email="noor@harbor.example").values_list("user", "verified")) == [
        (noor.pk, True)
    ]


@pytest.mark.parametrize(
    "claims", [{}, {"email_verified": False}, {"email_verified": "false"}, {"email_verified": 1}]
)
@pytest.mark.parametrize("is_known", [True, False])
def test_an_address_that_the_provider_has_not_checked_is_nobodys(
    browser: Client, harbor_id: IdentityProvider, claims: dict[str, object], is_known: bool
) -> None:
    if is_known:
        make_person("victim@harbor.example", "Victim")
    harbor_id.knows("liar", name="Eve", email="victim@harbor.example", **claims)
    page = text(come(browser, harbor_id, "liar"))
    assert UNPROVEN in page
    assert 'value="victim@harbor.example"' in page
    assert who(browser) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == is_known


def test_without_any_address_a_code_is_asked_for(browser: Client, harbor_id: IdentityProvider) -> None:
    harbor_id.knows("bare", name="Bare")
    page = text(come(browser, harbor_id, "bare"))
    assert UNPROVEN in page
    assert "gave us no address" in page
    assert not User.objects.exists()


def test_a_closed_account_stays_closed_and_nothing_is_connected(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    User.objects.update(is_active=False)
    response = come(browser, harbor_id)
    assert response.url == reverse("account_inactive")
    assert not SocialAccount.objects.exists()
    assert mail.outbox == []
    assert who(browser) is None


def test_an_account_that_was_closed_after_it_was_connected_stays_closed_too(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    come(browser, harbor_id)
    User.objects.update(is_active=False)
    second = Client()
    assert come(second, harbor_id).url == reverse("account_inactive")
    assert who(second) is None


# --- The second step -----------------------------------------------------------------------------------------------


def test_a_second_step_is_still_taken_after_the_provider(
    browser: Client, harbor_id: IdentityProvider, noor: User
) -> None:
    TOTP.activate(noor, generate_totp_secret())
    assert come(browser, harbor_id).url == reverse("mfa_authenticate")
    assert who(browser) is None
    assert Authenticator.objects.filter(user=noor).exists()


def test_a_provider_is_no_second_factor_for_an_admin(
    browser: Client, settings: Settings, harbor_id: IdentityProvider, noor: User, program: Program
) -> None:
    settings.REQUIRE_ADMIN_SECOND_FACTOR = True
    ProgramAdmin.objects.create(program=program, person=noor)
    come(browser, harbor_id)
    assert who(browser) == str(noor.pk)
    assert browser.get(reverse("admin:index")).url == reverse("mfa_index")  # type: ignore[attr-defined]


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
    eve = make_person("eve@elsewhere.example", "Eve")
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True, primary=True)
    of_eve = in_by_password(eve)
    again(of_eve, come(of_eve, harbor_id, process="connect"))
    assert "belongs to somebody else here" in text(of_eve.get(reverse("socialaccount_connections")))
    assert SocialAccount.objects.get().user == noor


def test_nor_is_one_whose_address_is_that_of_another_person_here(
    harbor_id: IdentityProvider, noor: User
) -> None:
    eve = make_person("eve@elsewhere.example", "Eve")
    EmailAddress.objects.create(user=eve, email=eve.email, verified=True, primary=True)
    of_eve = in_by_password(eve)
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
    eve = in_by_password(make_confirmed("eve@elsewhere.example"))
    eve.post(reverse("socialaccount_connections"), {"account": str(SocialAccount.objects.get().pk)})
    assert SocialAccount.objects.get().user == noor


def make_confirmed(email: str) -> User:
    person = make_person(email, "Eve")
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def test_a_link_to_a_provider_that_is_no_longer_set_up_can_be_seen_and_removed(
    settings: Settings, noor: User
) -> None:
    SocialAccount.objects.create(user=noor, provider="gone", uid="1")
    offer(settings)
    browser = in_by_password(noor)
    assert "Disconnect gone" in text(browser.get(reverse("socialaccount_connections")))
    again(
        browser,
        browser.post(
            reverse("socialaccount_connections"), {"account": str(SocialAccount.objects.get().pk)}
        ),
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


# --- What goes wrong on the way ------------------------------------------------------------------------------------


def test_looking_at_the_way_there_goes_nowhere(browser: Client) -> None:
    page = browser.get(LOGIN)
    assert page.status_code == 200
    assert "Go to Harbor ID" in text(page)


def test_what_we_ask_the_provider_for_is_not_said_by_the_address(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    there = browser.post(f"{LOGIN}?scope=calendar&auth_params=redirect_uri%3Dhttps%253A%252F%252Fevil.example")
    asked = parameters(there.url)  # type: ignore[attr-defined]
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == f"http://localhost:8000{CALLBACK}"
    assert asked["code_challenge_method"] == "S256"


def test_whoever_says_no_over_there_finds_a_page_that_offers_the_other_ways(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    response = come(browser, harbor_id, None)
    assert response.url == reverse("socialaccount_login_cancelled")
    page = text(browser.get(response.url))
    assert "You turned back over there" in page
    assert reverse("account_login") in page


@pytest.mark.parametrize("query", ["", "?code=1", "?code=1&state=made-up", "?error=server_error&state=x"])
def test_an_answer_to_a_question_that_was_not_asked_signs_nobody_in(browser: Client, query: str) -> None:
    response = browser.get(f"{CALLBACK}{query}")
    assert response.status_code == 401
    assert FAILED in text(response)


def test_an_answer_works_once_and_in_the_browser_that_asked(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    there = browser.post(LOGIN)
    back = harbor_id.asked(there.url, "n-1")  # type: ignore[attr-defined]
    assert Client().get(back).status_code == 401
    assert browser.get(back).status_code == 302
    browser.post(reverse("account_logout"))
    assert browser.get(back).status_code == 401
    assert who(browser) is None


def test_a_code_that_the_provider_does_not_know_signs_nobody_in_and_is_not_written_down(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    there = browser.post(LOGIN)
    state = parameters(there.url)["state"]  # type: ignore[attr-defined]
    with caplog.at_level(logging.INFO):
        response = browser.get(f"{CALLBACK}?code=stolen-code&state={state}")
    assert response.status_code == 401
    assert FAILED in text(response)
    assert "signing in with oidc failed (OAuth2Error)" in caplog.text
    assert "stolen-code" not in caplog.text


def test_a_provider_that_is_down_is_said_to_be(
    browser: Client, settings: Settings, harbor_id: IdentityProvider
) -> None:
    offer(settings, harbor_id.app(server_url="http://localhost:9"))
    response = browser.post(LOGIN)
    assert response.status_code == 401
    assert "Harbor ID did not answer in time" in text(response)
    assert reverse("account_login") in text(response)


def test_a_provider_that_goes_down_on_the_way_is_said_to_be(
    browser: Client, settings: Settings, harbor_id: IdentityProvider
) -> None:
    there = browser.post(LOGIN)
    back = harbor_id.asked(there.url, "n-1")  # type: ignore[attr-defined]
    offer(settings, harbor_id.app(server_url="http://localhost:9"))
    response = browser.get(back)
    assert response.status_code == 401
    assert FAILED in text(response)


@pytest.mark.parametrize("provider_id", ["openid_connect", "saml", "google", "nobody"])
@pytest.mark.parametrize("page", ["login", "login/callback"])
def test_a_provider_that_is_not_set_up_has_no_pages(browser: Client, provider_id: str, page: str) -> None:
    address = f"/account/oidc/{provider_id}/{page}/"
    assert (browser.get(address).status_code, browser.post(address).status_code) == (404, 404)


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
