"""The link that stops a kind of e-mail: opening it changes nothing, pressing it needs nobody signed in (RFC 8058)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.clock import now
from accounts.mail import outbox
from accounts.mail.kinds import Kind
from accounts.mail.models import MailLink, Message, Stopped
from accounts.models import User
from tests.conftest import signed_in

from .conftest import owed
from .smtp_server import SmtpServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(server: SmtpServer, outsider: User) -> str:
    """The path that a person was really sent."""
    owed(outsider)
    outbox.send_owed()
    [taken] = server.taken()
    found = re.fullmatch(
        r"<http://localhost:8000(/mail/stop/[a-z2-7]{32}/)>", taken.message["List-Unsubscribe"]
    )
    assert found
    assert found[1] in taken.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    return found[1]


def test_opening_the_link_changes_nothing_however_often(address: str, outsider: User) -> None:
    for method in ("get", "head"):
        for _ in range(3):
            response = getattr(Client(), method)(address)
            assert response.status_code == 200
            assert "no-store" in response["Cache-Control"]
            assert response["Referrer-Policy"] == "no-referrer"
            assert not response.cookies
    assert Stopped.objects.names_of(outsider.pk) == set()
    assert MailLink.objects.count() == 1


def test_the_page_offers_a_button_and_names_nobody(address: str) -> None:
    page = Client().get(address).content.decode()
    assert "Notes about tea" in page
    assert 'name="stop"' in page
    assert "Otto" not in page
    assert "elsewhere.example" not in page


def test_one_click_needs_no_cookie_no_sign_in_and_no_csrf_token(address: str, outsider: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = browser.post(
            address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code == 200
        assert not response.cookies
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_multipart_one_click_works_as_well(address: str, outsider: User) -> None:
    assert Client().post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_what_was_stopped_is_sent_no_more_and_can_begin_again(
    address: str, server: SmtpServer, outsider: User
) -> None:
    page = Client().post(address, {"stop": "1"}).content.decode()
    assert 'name="again"' in page
    owed(outsider, 2)
    assert outbox.send_owed() == {"suppressed": 1}
    page = Client().post(address, {"again": "1"}).content.decode()
    assert 'name="stop"' in page
    assert Stopped.objects.names_of(outsider.pk) == set()
    owed(outsider, 3)
    assert outbox.send_owed() == {"sent": 1}


def test_whoever_is_signed_in_the_link_works_for_its_own_person(
    address: str, outsider: User, member: User
) -> None:
    response = signed_in(member).post(address, {"stop": "1"})
    assert response.status_code == 200
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert Stopped.objects.names_of(member.pk) == set()


def test_the_link_signs_nobody_in(address: str) -> None:
    browser = Client()
    browser.get(address)
    browser.post(address, {"stop": "1"})
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_unknown_old_or_revoked_says_so_kindly(
    address: str, method: str, outsider: User
) -> None:
    def asked(path: str) -> int:
        response = getattr(Client(), method)(path)
        assert "newer e-mail" in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        return int(response.status_code)

    assert asked(address[:-2] + "/") == 404
    assert asked("/mail/stop/x/") == 404
    MailLink.objects.update(revoked_at=now())
    assert asked(address) == 404
    MailLink.objects.update(revoked_at=None, created_at=now() - timedelta(days=366), expires_at=now())
    assert asked(address) == 404
    assert Stopped.objects.names_of(outsider.pk) == set()


def test_a_link_lives_a_year(address: str) -> None:
    link = MailLink.objects.get()
    assert link.expires_at - link.created_at == timedelta(days=365)


def test_the_token_is_nowhere_but_in_the_mail(address: str, caplog: pytest.LogCaptureFixture) -> None:
    token = address.split("/")[-2]
    link = MailLink.objects.get()
    assert token not in str(vars(link))
    assert MailLink.objects.find(token, "stop", now=now()) == link
    assert MailLink.objects.find(token, "another", now=now()) is None
    Client().post(address, {"stop": "1"})
    assert token not in caplog.text


def test_a_kind_that_has_gone_leaves_no_broken_page(address: str, registry: dict[str, Kind]) -> None:
    registry.clear()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(address: str, method: str) -> None:
    assert getattr(Client(), method)(address).status_code == 405


def test_the_link_of_a_message_belongs_to_its_person(address: str, outsider: User) -> None:
    link = MailLink.objects.get()
    assert link.person_id == outsider.pk
    assert link.message == Message.objects.get()
    assert "Otto" not in str(link)
