"""What a provider answers and we cannot trust: late, garbled, stolen, or about somebody else."""

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.single_sign_on import is_proven
from tests.identity import IdentityProvider, parameters

from .elsewhere import CALLBACK, FAILED, LOGIN, UNPROVEN, _one_door, come, harbor_id, offer, text, who

__all__ = ["_one_door", "harbor_id"]
pytestmark = pytest.mark.django_db


# --- What goes wrong on the way ------------------------------------------------------------------------------------


def test_looking_at_the_way_there_goes_nowhere(browser: Client) -> None:
    page = browser.get(LOGIN)
    assert page.status_code == 200
    assert "Go to Harbor ID" in text(page)


def test_what_we_ask_the_provider_for_is_not_said_by_the_address(
    browser: Client, harbor_id: IdentityProvider
) -> None:
    there = browser.post(
        f"{LOGIN}?scope=calendar&auth_params=redirect_uri%3Dhttps%253A%252F%252Fevil.example"
    )
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


# --- Garble --------------------------------------------------------------------------------------------------------


class Impostor:
    """Something that listens where a provider should, and says at each address what a test has told it."""

    def __init__(self) -> None:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = outer.says.get(self.path.partition("?")[0], "")
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"
        about = {name: f"{self.url}/{name}" for name in ("authorization", "token", "userinfo")}
        claims = {"iss": self.url, "aud": "best-stuff", "sub": "n-1", "exp": time.time() + 600}
        self.claims: dict[str, Any] = claims
        self.says: dict[str, object] = {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                **{f"{name}_endpoint": url for name, url in about.items()},
            },
            "/userinfo": {"sub": "n-1", "email": "noor@harbor.example", "email_verified": True},
        }
        self.answer_with()

    def answer_with(self, **claims: object) -> None:
        """An ID token with these claims in the place of the right ones; None leaves one out."""
        told = {name: value for name, value in (self.claims | claims).items() if value is not None}
        token = jwt.encode(told, "no key of theirs, since none is asked for", algorithm="HS256")
        self.says["/token"] = {"access_token": "a", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def impostor(settings: Settings, harbor_id: IdentityProvider) -> Iterator[Impostor]:
    impostor = Impostor()
    offer(settings, harbor_id.app(server_url=impostor.url))
    thread = threading.Thread(target=impostor.server.serve_forever, args=(0.05,))
    thread.start()
    yield impostor
    impostor.server.shutdown()
    impostor.server.server_close()
    thread.join()


def come_back(browser: Client) -> Any:
    there = browser.post(LOGIN)
    assert there.status_code == 302, text(there)
    return browser.get(f"{CALLBACK}?code=1&state={parameters(there.url)['state']}")


def test_an_answer_in_which_all_is_right_signs_somebody_in(browser: Client, impostor: Impostor) -> None:
    assert come_back(browser).status_code == 302
    assert who(browser)


@pytest.mark.parametrize(
    "said",
    ["", "<html>", "[]", "null", "{}", {"issuer": "x"}, {"issuer": "x", "authorization_endpoint": 5}],
    ids=str,
)
def test_settings_that_make_no_sense_lead_nowhere(browser: Client, impostor: Impostor, said: object) -> None:
    impostor.says["/.well-known/openid-configuration"] = said
    response = browser.post(LOGIN)
    assert response.status_code == 401
    assert FAILED in text(response)


def test_a_provider_that_names_a_place_of_another_kind_leads_nowhere(
    browser: Client, impostor: Impostor
) -> None:
    settings: Any = impostor.says["/.well-known/openid-configuration"]
    settings["authorization_endpoint"] = "javascript:alert(1)"
    assert browser.post(LOGIN).status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        "",
        "<html>",
        "[]",
        '["access_token"]',
        {"access_token": "a"},
        {"access_token": "a", "expires_in": "soon", "id_token": "x"},
        {"access_token": "a", "id_token": "not.a.token"},
        {"access_token": "a", "id_token": ["x"]},
    ],
    ids=str,
)
def test_a_token_that_makes_no_sense_signs_nobody_in(
    browser: Client, impostor: Impostor, said: object
) -> None:
    impostor.says["/token"] = said
    response = come_back(browser)
    assert response.status_code == 401
    assert FAILED in text(response)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://another.example"},
        {"aud": "another app"},
        {"exp": 1},
        {"sub": "somebody else"},
        {"sub": None},
        {"iss": None},
        {"aud": None},
    ],
    ids=str,
)
def test_a_token_of_another_provider_for_another_app_or_from_another_time_signs_nobody_in(
    browser: Client, impostor: Impostor, claims: dict[str, object]
) -> None:
    impostor.answer_with(**claims)
    assert come_back(browser).status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "said",
    ["", "[1]", '"x"', {"sub": ["n-1"]}, {"sub": "n-2", "email": "a@b.example", "email_verified": True}],
    ids=str,
)
def test_what_is_said_about_nobody_or_another_signs_nobody_in(
    browser: Client, impostor: Impostor, said: object
) -> None:
    impostor.says["/userinfo"] = said
    assert come_back(browser).status_code == 401
    assert not User.objects.exists()


@pytest.mark.parametrize("email", [5, ["noor@harbor.example"], "no address", "a@b\x00.example", ""], ids=str)
def test_an_address_that_is_none_proves_nothing(browser: Client, impostor: Impostor, email: object) -> None:
    impostor.says["/userinfo"] = {"sub": "n-1", "email": email, "email_verified": True}
    page = text(come_back(browser))
    assert UNPROVEN in page or FAILED in page
    assert not User.objects.exists()


# --- Whose word counts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proof", "domains", "claims", "email", "is_taken"),
    [
        ("claim", [], {"email_verified": True}, "a@any.example", True),
        ("claim", [], {"email_verified": "true"}, "a@any.example", True),
        ("claim", ["our.example"], {"email_verified": True}, "a@OUR.example", True),
        ("claim", ["our.example"], {"email_verified": True}, "a@any.example", False),
        ("claim", ["our.example"], {}, "a@our.example", False),
        ("claim", ["our.example"], {"email_verified": True}, "a@not-our.example", False),
        ("claim", ["our.example"], {"email_verified": True}, "a@sub.our.example", False),
        # Google, which knows of an address that it does not host only who had it once.
        ("google", [], {"email_verified": True}, "a@gmail.com", True),
        ("google", [], {"email_verified": True, "hd": "our.example"}, "a@our.example", True),
        ("google", [], {"email_verified": True}, "a@our.example", False),
        ("google", [], {"email_verified": False, "hd": "our.example"}, "a@our.example", False),
        ("google", ["our.example"], {"email_verified": True}, "a@gmail.com", False),
        # Microsoft and SAML, which say nothing of the kind.
        ("domains", [], {"email_verified": True}, "a@our.example", False),
        ("domains", ["our.example"], {}, "a@our.example", True),
        ("domains", ["our.example"], {"email_verified": False}, "a@our.example", False),
        ("domains", ["our.example"], {}, "a@any.example", False),
    ],
)
def test_an_address_is_taken_for_proven_only_on_a_word_that_counts(
    proof: str, domains: list[str], claims: dict[str, object], email: str, is_taken: bool
) -> None:
    assert is_proven(email, claims, {"proof": proof, "domains": domains}) == is_taken


@pytest.mark.parametrize(
    ("rules", "is_let_in"),
    [
        ({"proof": "google"}, False),
        ({"proof": "domains"}, False),
        ({"proof": "domains", "domains": ["harbor.example"]}, True),
    ],
)
def test_so_it_is_with_a_provider_that_says_all_in_its_token(
    browser: Client,
    settings: Settings,
    harbor_id: IdentityProvider,
    rules: dict[str, Any],
    is_let_in: bool,
) -> None:
    offer(settings, harbor_id.app(**rules))
    come(browser, harbor_id)
    assert (who(browser) is not None) == is_let_in
