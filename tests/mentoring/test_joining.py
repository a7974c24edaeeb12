"""The page of an invitation by e-mail: who finds what behind it, and what each of its buttons does."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Invitation, Program
from tests import tables
from tests.conftest import NOW, PASSWORD, TODAY, signed_in

from .inviting import _then, browser, invitation, invite, link, otto, path_of, who

__all__ = ["_then", "browser", "invitation", "link", "otto"]

pytestmark = pytest.mark.django_db


# --- Looking -------------------------------------------------------------------------------------------------------


def test_looking_changes_nothing_however_often(
    link: Invitation, invitation: Invitation, outsider: User, browser: Client
) -> None:
    before = tables.prints()
    for client in (browser, signed_in(outsider)):
        for each in (link, invitation):
            for ask in (client.get, client.head):
                assert ask(path_of(each)).status_code == 200
    assert {table for table, print_ in tables.prints().items() if before[table] != print_} <= {
        "django_session", "accounts_user", "usersessions_usersession",
    }  # fmt: skip  # What signing in wrote.
    assert who(browser) is None
    assert not Enrollment.objects.filter(status="active", person=outsider).exists()


def test_the_page_says_who_invites_to_what_and_as_what(invitation: Invitation, browser: Client) -> None:
    response = browser.get(path_of(invitation))
    page = response.content.decode()
    for words in (
        "Rosa invites you to Harbor Mentors",
        "Pairs people who learn from each other.",
        "As a mentee.",
        "Those who run the program see",
        'value="Petra Novak"',
    ):
        assert words in page
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


# --- By e-mail, for somebody new -----------------------------------------------------------------------------------


def test_somebody_new_joins_on_one_page_with_one_field(
    invitation: Invitation, program: Program, browser: Client
) -> None:
    browser.cookies["zone"] = "Europe%2FPrague"
    response = browser.post(path_of(invitation), {"name": "Petra Nováková"}, follow=True)
    assert response.redirect_chain == [(reverse("programs:detail", args=[program.pk]), 302)]
    person = User.objects.get(email="petra@new.example")
    assert who(browser) == str(person.pk)
    assert (person.name, person.time_zone, person.language) == ("Petra Nováková", "Europe/Prague", "en-us")
    assert EmailAddress.objects.get(user=person).verified
    place = Enrollment.objects.get(person=person)
    assert (place.status, place.role, place.joined_on, place.invitation) == (
        "active", "mentee", TODAY, invitation,
    )  # fmt: skip
    assert "You are in." in response.content.decode()
    assert mail.outbox == []
    browser.get(reverse("home"))
    assert UserSession.objects.filter(user=person).count() == 1


def test_the_link_opens_nothing_after_that(invitation: Invitation, browser: Client) -> None:
    browser.post(path_of(invitation), {"name": "Petra"})
    thief = Client()
    for response in (
        thief.get(path_of(invitation)),
        thief.post(path_of(invitation), {"name": "Eve"}),
        thief.post(path_of(invitation), {"do": "decline"}),
    ):
        assert response.status_code == 410
        assert "it has been accepted" in response.content.decode()
    assert who(thief) is None
    assert Enrollment.objects.get(person__email="petra@new.example").status == "active"


def test_its_person_is_led_to_the_program_by_it_ever_after(invitation: Invitation, browser: Client) -> None:
    browser.post(path_of(invitation), {"name": "Petra"})
    for response in (browser.get(path_of(invitation)), browser.post(path_of(invitation), {"name": "Other"})):
        page = response.content.decode()
        assert "You have a place in Harbor Mentors already" in page
        assert reverse("programs:detail", args=[invitation.program_id]) in page
    assert User.objects.get(email="petra@new.example").name == "Petra"


def test_without_a_name_the_page_asks_for_it(invitation: Invitation, browser: Client) -> None:
    page = browser.post(path_of(invitation), {"name": " "}).content.decode()
    assert "<title>Error:" in page
    assert 'href="#id_name"' in page
    assert who(browser) is None


def test_whoever_had_typed_in_that_address_before_is_locked_out(
    program: Program, admin: User, browser: Client
) -> None:
    """Somebody signed up with another's address and a password, and could not confirm it. Then the owner is invited."""
    person = User.objects.create_user("petra@new.example", PASSWORD, name="Mallory")
    EmailAddress.objects.create(user=person, email=person.email, verified=False, primary=True)
    EmailAddress.objects.create(user=person, email="mallory@evil.example", verified=False, primary=False)
    browser.post(path_of(invite(program, admin, person.email)), {"name": "Petra"})
    person.refresh_from_db()
    assert (person.name, person.has_usable_password()) == ("Petra", False)
    assert [each.email for each in EmailAddress.objects.filter(user=person)] == ["petra@new.example"]
    thief = Client()
    thief.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert who(thief) is None


# --- By e-mail, for somebody who is here ---------------------------------------------------------------------------


def test_an_account_in_use_is_never_opened_by_a_link(
    program: Program, admin: User, otto: User, browser: Client
) -> None:
    invitation = invite(program, admin, otto.email)
    page = browser.get(path_of(invitation)).content.decode()
    assert "Sign in and join" in page
    assert "Otto" not in page
    response = browser.post(path_of(invitation), {"name": "Eve"})
    assert response.url == reverse("account_login")  # type: ignore[attr-defined]
    assert who(browser) is None
    assert invitation.token not in str(browser.session.items())
    response = browser.post(reverse("account_login"), {"login": otto.email, "password": PASSWORD})
    assert response.url == reverse("programs:detail", args=[program.pk])  # type: ignore[attr-defined]
    assert Enrollment.objects.get(person=otto).status == "active"
    otto.refresh_from_db()
    assert (otto.name, otto.has_usable_password()) == ("Otto Berg", True)


def test_who_has_a_second_step_takes_it_first(
    program: Program, admin: User, otto: User, browser: Client
) -> None:
    Authenticator.objects.create(user=otto, type="totp", data={"secret": "x"})
    browser.post(path_of(invite(program, admin, otto.email)), {})
    response = browser.post(reverse("account_login"), {"login": otto.email, "password": PASSWORD})
    assert response.url == reverse("mfa_authenticate")  # type: ignore[attr-defined]
    assert who(browser) is None
    assert Enrollment.objects.get(person=otto).status == "invited"


def test_signed_in_one_button_is_enough(program: Program, admin: User, otto: User) -> None:
    invitation = invite(program, admin, otto.email)
    browser = signed_in(otto)
    assert "Join as Otto" in browser.get(path_of(invitation)).content.decode()
    assert browser.post(path_of(invitation)).status_code == 302
    assert Enrollment.objects.get(person=otto).status == "active"


def test_signed_in_as_somebody_else_one_is_told_and_may_sign_out(
    invitation: Invitation, outsider: User
) -> None:
    browser = signed_in(outsider)
    assert "went to somebody else" in browser.get(path_of(invitation)).content.decode()
    browser.post(path_of(invitation), {"name": "Otto"})
    browser.post(path_of(invitation), {"do": "decline"})
    invitation.refresh_from_db()
    assert invitation.state(NOW) == Invitation.State.OPEN
    response = browser.post(path_of(invitation), {"do": "sign_out"})
    assert response.url == reverse("join:here")  # type: ignore[attr-defined]
    assert who(browser) is None
    assert 'value="Petra Novak"' in browser.get(reverse("join:here")).content.decode()
    browser.post(reverse("join:here"), {"name": "Petra"})
    assert Enrollment.objects.get(person__email="petra@new.example").status == "active"


def test_a_closed_account_is_let_in_nowhere(invitation: Invitation, browser: Client) -> None:
    User.objects.filter(email="petra@new.example").update(is_active=False)
    assert browser.get(path_of(invitation)).status_code == 410
    assert browser.post(path_of(invitation), {"name": "Petra"}).status_code == 410


# --- No ------------------------------------------------------------------------------------------------------------


def test_a_no_is_one_button_and_the_end_of_it(invitation: Invitation, browser: Client) -> None:
    page = browser.post(path_of(invitation), {"do": "decline"}).content.decode()
    assert "Your no has arrived" in page
    assert Enrollment.objects.get(person__email="petra@new.example").status == "declined"
    again = browser.get(path_of(invitation))
    assert again.status_code == 410
    assert "the answer was no" in again.content.decode()
    assert browser.post(path_of(invitation), {"name": "Petra"}).status_code == 410


def test_a_link_that_is_nobodys_cannot_be_declined_for_all(link: Invitation, browser: Client) -> None:
    browser.post(path_of(link), {"do": "decline"})
    link.refresh_from_db()
    assert link.state(NOW) == Invitation.State.OPEN
