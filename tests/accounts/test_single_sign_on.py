"""Signing in with an account elsewhere: whom we take somebody for, and when we do not."""

import re

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
from tests.identity import IdentityProvider

from .elsewhere import UNPROVEN, _one_door, come, harbor_id, noor, offer, text, who

__all__ = ["_one_door", "harbor_id", "noor"]
pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    "claims", [{"given_name": "Ada", "family_name": "Okafor"}, {"name": " Ada\n Okafor "}]
)
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
