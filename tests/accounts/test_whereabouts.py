"""The zone and the language: guessed from the browser, kept where nobody has said otherwise, used on each page."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from accounts.adapter import ZONE_COOKIE
from accounts.middleware import PersonalMiddleware
from accounts.models import User
from tests.conftest import make_person, signed_in

from .conftest import Codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer() -> User:
    return make_person("new@harbor.example", "New Person", time_zone="", language="")


def sign_in_by_code(browser: Client, codes: Codes, email: str, **headers: str) -> None:
    confirm = browser.post(reverse("account_request_login_code"), {"email": email}).url  # type: ignore[attr-defined]
    browser.post(confirm, {"code": codes()}, headers=headers)


def test_the_first_sign_in_keeps_the_zone_and_the_language_of_the_browser(
    browser: Client, newcomer: User, codes: Codes
) -> None:
    browser.cookies[ZONE_COOKIE] = "America%2FSao_Paulo"
    sign_in_by_code(browser, codes, newcomer.email, **{"accept-language": "de-AT,de;q=0.9,en;q=0.5"})
    newcomer.refresh_from_db()
    assert (newcomer.time_zone, newcomer.language) == ("America/Sao_Paulo", "de")


@pytest.mark.parametrize(
    "garbage",
    ["Mars/Olympus", "../../etc/passwd", "%00", "<script>", "Europe/Lisbon;x", "x" * 3000, "%E0%A4%A"],
)
def test_a_cookie_that_names_no_zone_is_dropped(
    browser: Client, newcomer: User, codes: Codes, garbage: str
) -> None:
    browser.cookies[ZONE_COOKIE] = garbage
    sign_in_by_code(browser, codes, newcomer.email)
    newcomer.refresh_from_db()
    assert newcomer.time_zone == ""
    assert "_auth_user_id" in browser.session


def test_a_later_sign_in_elsewhere_changes_nothing(browser: Client, codes: Codes) -> None:
    noor = make_person("noor@harbor.example", "Noor Haddad", time_zone="Europe/Lisbon", language="en-us")
    EmailAddress.objects.create(user=noor, email=noor.email, verified=True, primary=True)
    browser.cookies[ZONE_COOKIE] = "Asia%2FTokyo"
    sign_in_by_code(browser, codes, noor.email, **{"accept-language": "de"})
    noor.refresh_from_db()
    assert (noor.time_zone, noor.language) == ("Europe/Lisbon", "en-us")


def test_each_page_is_in_the_persons_language() -> None:
    greta = make_person("greta@harbor.example", "Greta Klein", language="de")
    response = signed_in(greta).get(reverse("privacy"), headers={"accept-language": "en"})
    assert '<html lang="de" dir="ltr">' in response.content.decode()
    assert response["Content-Language"] == "de"


def test_times_are_in_the_persons_zone_and_the_zone_is_put_back() -> None:
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.localtime(datetime(2026, 6, 23, 12, 0, tzinfo=UTC)).strftime("%H:%M"))
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = User(email="a@example.org", time_zone="Europe/Warsaw")
    PersonalMiddleware(page)(request)
    assert seen == ["14:00"]
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_language_that_is_no_longer_offered_does_no_harm() -> None:
    request = RequestFactory().get("/")
    request.user = User(email="a@example.org", language="tlh")
    with translation.override("en-us"):
        PersonalMiddleware(lambda request: HttpResponse())(request)
        assert translation.get_language() == "en-us"
