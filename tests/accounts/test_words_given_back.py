"""What somebody wrote comes back to them on the page that says why it was not taken."""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from accounts.views import errors
from tests.conftest import make_person, signed_in

pytestmark = pytest.mark.django_db

WORDS = "Ayo found the <b>mistake</b> before I did."
SHOWN = "Ayo found the &lt;b&gt;mistake&lt;/b&gt; before I did."
OURS = {"Sec-Fetch-Site": "same-origin"}
THEIRS = {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def noor() -> User:
    return make_person("noor@harbor.example", "Noor Haddad")


def test_who_was_signed_out_while_writing_gets_the_words_back_and_a_way_in() -> None:
    home = reverse("home")
    headers = OURS | {"Referer": f"http://testserver{home}"}
    response = Client().post(reverse("moments:keep"), {"text": WORDS}, headers=headers)
    page = response.content.decode()
    assert response.status_code == 403
    assert "You are signed out" in page
    assert SHOWN in page
    assert f"{reverse('account_login')}?next={home}" in page
    assert "no-store" in response["Cache-Control"]


def test_who_was_signed_out_over_their_profile_gets_its_long_words_back() -> None:
    words = {"name": "Noor", "about": WORDS, "help_with": "Saying no early."}
    page = Client().post(reverse("accounts:profile"), words, headers=OURS).content.decode()
    assert "You are signed out" in page
    assert f"{SHOWN}\n\nSaying no early." in page


def test_who_was_signed_out_without_having_written_is_sent_to_sign_in_and_back_to_the_page_of_the_form() -> (
    None
):
    there = reverse("accounts:settings")
    headers = OURS | {"Referer": f"http://testserver{there}"}
    response = Client().post(reverse("moments:keep"), {"text": "  "}, headers=headers)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={there}")


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/", "//evil.example/", "http://testserver.evil.example/"]
)
def test_a_page_of_another_site_is_not_gone_back_to(referer: str) -> None:
    response = Client().post(reverse("moments:keep"), {}, headers=OURS | {"Referer": referer})
    assert response["Location"] == f"{reverse('account_login')}?next=/"


def test_a_form_that_was_open_too_long_gives_the_words_back(noor: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in(noor).cookies
    response = browser.post(reverse("moments:keep"), {"text": WORDS}, headers=OURS)
    page = response.content.decode()
    assert response.status_code == 403
    assert SHOWN in page
    assert "Your words are below" in page


def test_what_another_site_sends_is_not_shown_as_somebodys_words(noor: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in(noor).cookies
    for headers in (THEIRS, {}):
        response = browser.post(reverse("moments:keep"), {"text": WORDS}, headers=headers)
        page = response.content.decode()
        assert response.status_code == 403
        assert "mistake" not in page
        assert "Your words" not in page


def test_what_breaks_on_our_side_gives_the_words_back_without_asking_the_database() -> None:
    request = RequestFactory().post("/", {"text": WORDS}, headers=OURS)
    response: HttpResponse = errors.server_error(request)
    assert response.status_code == 500
    assert SHOWN in response.content.decode()
    assert "What you had written" not in errors.server_error(RequestFactory().get("/")).content.decode()


@pytest.mark.parametrize(
    ("number", "is_away"),
    [(None, True), ("53300", True), ("57P01", True), ("08006", True), ("40P01", False), ("53100", False)],
)
def test_what_means_that_the_database_is_away_is_told_from_what_it_refuses(
    number: str | None, is_away: bool
) -> None:
    class Said(Exception):
        pgcode = number

    error = OperationalError("its words")
    error.__cause__ = Said()
    assert errors.is_database_away(error) is is_away
    assert not errors.is_database_away(ValueError())
    assert not errors.is_database_away(InterfaceError("cursor already closed"))
    assert errors.is_database_away(InterfaceError("connection already closed"))


def test_a_database_that_is_away_is_said_with_the_words_and_when_to_come_again(
    noor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("connection to server at secret-host failed")

    client = signed_in(noor)
    client.raise_request_exception = False
    monkeypatch.setattr("django.db.transaction.Atomic.__enter__", away)
    for language, said in (("en", "cannot reach its database"), ("de", "erreicht ihre Datenbank")):
        headers = OURS | {"Accept-Language": language}
        User.objects.filter(pk=noor.pk).update(language=language)
        response = client.post(reverse("moments:keep"), {"text": WORDS}, headers=headers)
        page = response.content.decode()
        assert (response.status_code, response["Retry-After"]) == (503, "60")
        assert said in page
        assert SHOWN in page
        assert "secret-host" not in page
        assert "sessionid" not in response.cookies
        assert "no-store" in response["Cache-Control"]
