"""The page of an invitation by a link that is nobody's in particular; and what stands behind a door that is shut."""

import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.models import Enrollment, Invitation, Program
from tests.conftest import NOW, PASSWORD, TODAY, enroll, signed_in

from .inviting import WEEK, _then, browser, code, invitation, invite, link, otto, path_of, who

__all__ = ["_then", "browser", "invitation", "link", "otto"]

pytestmark = pytest.mark.django_db


# --- By a link -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_open", [True, False])
def test_somebody_new_signs_up_by_a_link_and_is_in_after_the_code(
    link: Invitation, browser: Client, settings: Settings, is_open: bool
) -> None:
    settings.OPEN_SIGNUP = is_open
    page = browser.get(path_of(link)).content.decode()
    assert page.count('class="field"') == 2
    response = browser.post(path_of(link), {"name": "Iris Okafor", "email": "Iris@Example.ORG"})
    assert response.url == reverse("account_confirm_login_code")  # type: ignore[attr-defined]
    assert not Enrollment.objects.filter(person__email="iris@example.org").exists()
    response = browser.post(response.url, {"code": code()})  # type: ignore[attr-defined]
    assert response.url == reverse("programs:detail", args=[link.program_id])  # type: ignore[attr-defined]
    place = Enrollment.objects.get(person__email="iris@example.org")
    assert (place.status, place.role, place.invitation) == ("active", "mentor", link)
    assert place.person.name == "Iris Okafor"


def test_a_known_address_gets_the_same_answer_and_its_owner_comes_in_by_the_code(
    link: Invitation, otto: User, browser: Client
) -> None:
    stranger = Client()
    known = browser.post(path_of(link), {"name": "Eve", "email": otto.email})
    unknown = stranger.post(path_of(link), {"name": "Eve", "email": "eve@new.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)  # type: ignore[attr-defined]
    for each in (browser, stranger):
        assert "Look in your e-mail" in each.get(known.url).content.decode()  # type: ignore[attr-defined]
    letter = next(each for each in mail.outbox if each.to == [otto.email])
    code = re.search(r"^ {4}([A-Z]{4}-[A-Z]{4})$", str(letter.body), re.MULTILINE)
    assert code
    response = browser.post(known.url, {"code": code[1]})  # type: ignore[attr-defined]
    assert response.url == reverse("programs:detail", args=[link.program_id])  # type: ignore[attr-defined]
    assert Enrollment.objects.get(person=otto).status == "active"


def test_a_link_that_was_used_up_or_taken_back_meanwhile_makes_no_account(
    program: Program, admin: User, settings: Settings
) -> None:
    """Where nobody may sign up without one: three begin, one comes in, and the other two are told."""
    settings.OPEN_SIGNUP = False
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK, most_uses=1)
    before = User.objects.count()
    began = []
    for number in range(3):
        one = Client()
        one.post(path_of(link), {"name": "Iris", "email": f"iris-{number}@example.org"})
        began.append((one, code()))
    ends = [
        each.post(reverse("account_confirm_login_code"), {"code": typed}).url  # type: ignore[attr-defined]
        for each, typed in began
    ]
    assert ends == [reverse("programs:detail", args=[program.pk]), reverse("join:here"), reverse("join:here")]
    assert began[1][0].get(reverse("join:here")).status_code == 410
    assert who(began[1][0]) is None
    assert User.objects.count() == before + 1


def test_a_used_up_link_stays_shut_when_somebody_who_came_by_it_leaves(
    program: Program, admin: User, otto: User
) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK, most_uses=1)
    actions.join_by_invitation(link, otto, now=NOW)
    erase(otto, now=NOW)
    link.refresh_from_db()
    assert link.state(NOW) == Invitation.State.USED
    assert list(Invitation.objects.in_state("open", NOW)) == []


@pytest.mark.parametrize("typed", ["Petra Nova", ""])
def test_who_was_invited_and_comes_by_a_code_is_called_as_they_say_in_their_own_language(
    program: Program, admin: User, browser: Client, typed: str
) -> None:
    User.objects.filter(pk=admin.pk).update(language="de")
    admin.refresh_from_db()
    invite(program, admin, "petra@new.example", "P. Novak")
    door = {"name": typed, "email": "petra@new.example"}
    asked = browser.post(reverse("account_signup" if typed else "account_request_login_code"), door)
    browser.post(asked.url, {"code": code()}, headers={"accept-language": "en"})  # type: ignore[attr-defined]
    petra = User.objects.get(email="petra@new.example")
    assert (petra.name, petra.language) == (typed or "P. Novak", "en-us")


def test_who_was_given_their_place_by_hand_meanwhile_is_led_to_sign_in(
    invitation: Invitation, browser: Client
) -> None:
    Enrollment.objects.filter(person=invitation.person).update(status="active", joined_on=TODAY)
    page = browser.get(path_of(invitation)).content.decode()
    assert 'name="name"' not in page
    assert browser.post(path_of(invitation)).url == reverse("account_login")  # type: ignore[attr-defined]


def test_an_address_longer_than_we_can_keep_is_said_to_be_none(link: Invitation, browser: Client) -> None:
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".example"
    page = browser.post(path_of(link), {"name": "Iris", "email": long}).content.decode()
    assert "Write your e-mail address" in page
    assert mail.outbox == []


def test_who_has_an_account_signs_in_and_comes_back_to_the_button(
    link: Invitation, otto: User, browser: Client
) -> None:
    response = browser.post(path_of(link), {"do": "sign_in"})
    assert response.url == reverse("account_login")  # type: ignore[attr-defined]
    response = browser.post(reverse("account_login"), {"login": otto.email, "password": PASSWORD})
    assert response.url == reverse("join:here")  # type: ignore[attr-defined]
    assert not Enrollment.objects.filter(person=otto).exists()
    assert "Join as Otto" in browser.get(reverse("join:here")).content.decode()
    browser.post(reverse("join:here"))
    assert Enrollment.objects.get(person=otto).status == "active"


def test_a_mistyped_address_is_said_beside_its_field_and_what_was_typed_stays(
    link: Invitation, browser: Client
) -> None:
    page = browser.post(path_of(link), {"name": "Iris", "email": "iris"}).content.decode()
    assert "<title>Error:" in page
    assert 'value="Iris"' in page
    assert 'href="#id_email"' in page
    assert "Rosa invites you to Harbor Mentors" in page


def test_where_sign_up_is_closed_only_an_open_invitation_lets_one_in(
    link: Invitation, invitation: Invitation, browser: Client, settings: Settings
) -> None:
    settings.OPEN_SIGNUP = False
    data = {"name": "Iris", "email": "iris@example.org"}
    browser.post(path_of(link), {"name": "", "email": ""})  # The link waits in this browser from now on.
    actions.revoke_invitation(link, by=User.objects.get(email="rosa@harbor.example"), now=NOW)
    assert "by invitation" in browser.post(reverse("account_signup"), data).content.decode()
    other = Client()
    other.post(path_of(invitation), {"do": "nothing"})
    assert "by invitation" in other.post(reverse("account_signup"), data).content.decode()
    assert not User.objects.filter(email="iris@example.org").exists()


def test_a_link_for_one_lets_one_in(program: Program, admin: User, outsider: User, member: User) -> None:
    Enrollment.objects.filter(person=member).delete()
    link = actions.invite_by_link(program, "both", by=admin, now=NOW, lives=WEEK, most_uses=1)
    assert signed_in(outsider).post(path_of(link)).status_code == 302
    late = signed_in(member).post(path_of(link))
    assert late.status_code == 410
    assert "as many people have come in" in late.content.decode()
    assert not Enrollment.objects.filter(person=member).exists()


def test_the_door_may_shut_between_the_page_and_the_code(
    link: Invitation, admin: User, browser: Client
) -> None:
    response = browser.post(path_of(link), {"name": "Iris", "email": "iris@example.org"})
    actions.revoke_invitation(link, by=admin, now=NOW)
    response = browser.post(response.url, {"code": code()}, follow=True)  # type: ignore[attr-defined]
    assert response.redirect_chain[-1][0] == reverse("join:here")
    assert response.status_code == 410
    assert "have taken it back" in response.content.decode()
    assert not Enrollment.objects.filter(person__email="iris@example.org").exists()


# --- Who has a place -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["active", "paused", "completed", "applied", "waitlisted"])
def test_who_is_in_the_program_is_told_so_and_nothing_changes(
    link: Invitation, program: Program, outsider: User, status: str
) -> None:
    enroll(program, outsider, "mentee", status=status)
    browser = signed_in(outsider)
    for response in (browser.get(path_of(link)), browser.post(path_of(link))):
        assert response.status_code == 200
        assert "You have a place in Harbor Mentors already" in response.content.decode()
    place = Enrollment.objects.get(person=outsider)
    assert (place.status, place.role, place.invitation) == (status, "mentee", None)


def test_who_was_let_go_comes_back_by_a_personal_invitation_only(
    link: Invitation, program: Program, admin: User, outsider: User
) -> None:
    enroll(program, outsider, "mentor", status="withdrawn")
    browser = signed_in(outsider)
    assert "It has ended" in browser.post(path_of(link)).content.decode()
    assert Enrollment.objects.get(person=outsider).status == "withdrawn"
    browser.post(path_of(invite(program, admin, outsider.email)))
    place = Enrollment.objects.get(person=outsider)
    assert (place.status, place.role, place.joined_on) == ("active", "mentee", TODAY)


def test_who_said_no_may_come_by_a_link_after_all(
    link: Invitation, program: Program, admin: User, outsider: User
) -> None:
    enroll(program, outsider, "mentee", status="declined")
    signed_in(outsider).post(path_of(link))
    assert Enrollment.objects.get(person=outsider).status == "active"


def test_coming_by_a_link_answers_the_e_mail_too(
    link: Invitation, program: Program, admin: User, outsider: User
) -> None:
    personal = invite(program, admin, outsider.email)
    signed_in(outsider).post(path_of(link))
    personal.refresh_from_db()
    assert personal.state(NOW) == Invitation.State.ACCEPTED
    assert personal.remind_at is None


# --- What opens nothing --------------------------------------------------------------------------------------------


def test_an_expired_link_and_a_closed_program_open_nothing(
    link: Invitation, program: Program, outsider: User
) -> None:
    browser = signed_in(outsider)
    with time_machine.travel(NOW + WEEK):
        response = browser.post(path_of(link))
    assert response.status_code == 410
    assert "its time is over" in response.content.decode()
    assert "rosa@harbor.example" in response.content.decode()
    Program.objects.filter(pk=program.pk).update(status="closed")
    response = browser.post(path_of(link))
    assert response.status_code == 410
    assert "takes nobody in now" in response.content.decode()
    assert not Enrollment.objects.filter(person=outsider).exists()


@pytest.mark.parametrize("token", ["x", "%00", "%FF", "..%2F", "a" * 5000, "🎈"])
def test_an_unknown_link_is_not_found_and_names_no_program(
    link: Invitation, browser: Client, token: str
) -> None:
    response = browser.get(f"/join/{token}/")
    assert response.status_code == 404
    assert "Harbor" not in response.content.decode()


def test_guessing_is_stopped_after_sixty_tries_and_a_right_guess_with_it(
    link: Invitation, browser: Client
) -> None:
    for number in range(60):
        assert browser.get(f"/join/guess-{number}/").status_code == 404
    late = browser.get("/join/guess-60/")
    assert late.status_code == 429
    assert "A moment, please" in late.content.decode()
    assert browser.get(path_of(link)).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.9").get(path_of(link)).status_code == 200


def test_known_links_use_up_no_tries(link: Invitation, browser: Client) -> None:
    for _ in range(70):
        browser.get(path_of(link))
    assert browser.get(path_of(link)).status_code == 200


def test_an_invitation_that_no_browser_holds_is_not_found(browser: Client) -> None:
    response = browser.get(reverse("join:here"))
    assert response.status_code == 404
    assert "No invitation waits here" in response.content.decode()
