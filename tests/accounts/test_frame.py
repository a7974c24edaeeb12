"""The frame of all pages: headers, what went wrong, the banner of a rehearsal, and that looking changes nothing."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.urls import urlpatterns as allauth_patterns
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.views import errors
from tests.conftest import make_person, signed_in

pytestmark = pytest.mark.django_db

ALLAUTH = sorted(str(pattern.name) for pattern in allauth_patterns)
OURS = ["home", "privacy", "help", "accounts:settings"]


@pytest.fixture
def noor() -> User:
    person = make_person("noor@harbor.example", "Noor Haddad")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@pytest.mark.parametrize("name", ALLAUTH + OURS)
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_each_page_has_its_headers_and_looking_at_it_changes_nothing(
    noor: User, name: str, is_signed_in: bool
) -> None:
    browser = signed_in(noor if is_signed_in else None)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = browser.get(reverse(name))
    assert response.status_code in {200, 302}
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    writes = [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert not [sql for sql in writes if "django_session" not in sql]


@pytest.mark.parametrize("name", ALLAUTH + OURS)
def test_no_page_holds_inline_style_script_or_handler(noor: User, name: str) -> None:
    for browser in (signed_in(None), signed_in(noor)):
        page = browser.get(reverse(name), follow=True).content.decode()
        for forbidden in (" style=", "<style", " onclick", " onsubmit", "javascript:", "<script>"):
            assert forbidden not in page
        assert page.count("<h1") == 1
        assert page.count('id="main"') == 1


@pytest.mark.parametrize(
    ("view", "status", "says"),
    [
        (errors.bad_request, 400, "We could not read that"),
        (errors.forbidden, 403, "not yours to open"),
        (errors.csrf_failure, 403, "open too long"),
        (errors.not_found, 404, "There is no page here"),
        (errors.server_error, 500, "Something broke on our side"),
    ],
)
def test_the_pages_for_what_went_wrong_ask_the_database_nothing(
    view: object, status: int, says: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    request = RequestFactory().get("/nowhere/")
    with django_assert_num_queries(0):
        response = view(request)  # type: ignore[operator]
    assert response.status_code == status
    assert says in response.content.decode()


def test_a_lost_address_says_so_with_the_headers_of_any_page(noor: User) -> None:
    for browser in (signed_in(None), signed_in(noor)):
        response = browser.get("/no/such/page/")
        assert response.status_code == 404
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert "There is no page here" in response.content.decode()


def test_a_broken_page_says_so_and_keeps_its_headers(noor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    browser = signed_in(noor)
    browser.raise_request_exception = False
    monkeypatch.setattr("accounts.views.settings.render", broken)
    response = browser.get(reverse("accounts:settings"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_what_may_not_be_opened_says_so(noor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def shut(*_args: object, **_more: object) -> None:
        raise PermissionDenied

    monkeypatch.setattr("accounts.views.settings.render", shut)
    response = signed_in(noor).get(reverse("accounts:settings"))
    assert response.status_code == 403
    assert "not yours to open" in response.content.decode()


def test_a_form_that_was_open_too_long_changes_nothing_and_says_why(noor: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(noor)
    response = browser.post(reverse("accounts:settings"), {"name": "Nono"})
    assert response.status_code == 403
    assert "Open the page anew" in response.content.decode()
    noor.refresh_from_db()
    assert noor.name == "Noor Haddad"


def test_a_rehearsal_is_announced_on_each_page(noor: User, settings: Settings) -> None:
    announced = "A rehearsal: this installation takes today to be"
    settings.REHEARSAL_OFFSET = timedelta(days=40)
    assert announced in signed_in(noor).get(reverse("accounts:settings")).content.decode()
    assert announced in signed_in(None).get(reverse("account_login")).content.decode()
    assert announced in signed_in(None).get("/no/such/page/").content.decode()
    settings.REHEARSAL_OFFSET = timedelta(0)
    assert announced not in signed_in(noor).get(reverse("accounts:settings")).content.decode()


def test_the_footer_names_the_source_where_it_is_known(settings: Settings) -> None:
    settings.SOURCE_CODE_URL = "https://code.example/best-stuff"
    assert 'href="https://code.example/best-stuff"' in signed_in(None).get(reverse("help")).content.decode()


def test_the_front_page_asks_its_question_and_offers_a_code_and_reads_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        page = signed_in(None).get(reverse("home")).content.decode()
    assert not [query for query in queries if query["sql"].startswith("SELECT")]
    assert "What was your <mark>best stuff</mark> this quarter?" in page
    assert f'action="{reverse("account_request_login_code")}"' in page
    order = [
        page.index(habit) for habit in ("Notice.", "Answer, then set aside.", "Look again.", "Tell someone.")
    ]
    assert order == sorted(order)


def test_the_menu_names_its_person_and_signs_out_by_post(noor: User) -> None:
    page = signed_in(noor).get(reverse("privacy")).content.decode()
    assert "Noor’s menu" in page
    assert f'<form method="post" action="{reverse("account_logout")}">' in page
    assert f'href="{reverse("admin:index")}"' not in page


def test_a_name_that_looks_like_markup_stays_a_name() -> None:
    eve = make_person("eve@harbor.example", "<b>Eve</b>")
    page = signed_in(eve).get(reverse("privacy")).content.decode()
    assert "<b>Eve" not in page
    assert "&lt;b&gt;Eve" in page
