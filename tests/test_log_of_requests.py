"""What gunicorn and Django write about requests."""

import importlib.util
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from gunicorn.config import Config

from accounts.discretion import Discreet
from mentoring.settings import BASE_DIR


def logged(path: str, referer: str = "") -> str:
    """The line about a request for that path."""
    spec = importlib.util.spec_from_file_location("gunicorn_conf", Path(BASE_DIR) / "gunicorn.conf.py")
    assert spec is not None
    assert spec.loader is not None
    conf = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conf)
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": path,
        "PATH_INFO": path,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": referer,
        "HTTP_USER_AGENT": "Mozilla/5.0",
        "REMOTE_ADDR": "127.0.0.1",
    }
    response = SimpleNamespace(status="200 OK", sent=1, headers=[])
    request = SimpleNamespace(headers=[])
    parts = conf.Discreet(Config()).atoms(response, request, environ, timedelta(seconds=1))
    return str(Config().access_log_format % parts)


def test_the_token_of_a_link_in_an_e_mail_is_not_written_down() -> None:
    line = logged("/mail/stop/Secret_token-1/", "https://harbor.example/mail/stop/Secret_token-1/")
    assert '"GET /mail/stop/.../ HTTP/1.1"' in line
    assert "Secret" not in line


def test_the_code_with_which_a_provider_sends_somebody_back_is_not_written_down() -> None:
    line = logged("/account/oidc/google/login/callback/?state=Secret1&code=Secret2")
    assert '"GET /account/oidc/google/login/callback/... HTTP/1.1"' in line
    assert "Secret" not in line


def test_other_addresses_are_written_down_as_they_are() -> None:
    assert '"GET /moments/?page=2 HTTP/1.1" 200' in logged("/moments/?page=2")


def test_the_token_by_which_somebody_says_that_they_met_is_not_written_down() -> None:
    line = logged("/pairings/met/Secret:1token:-x/", "https://harbor.example/pairings/met/Secret:1token:-x/")
    assert '"GET /pairings/met/.../ HTTP/1.1"' in line
    assert "Secret" not in line


def test_the_token_of_an_invitation_is_not_written_down() -> None:
    line = logged("/join/Secret_token-1/?x=1", "https://harbor.example/join/Secret_token-1/")
    assert '"GET /join/.../?x=1 HTTP/1.1"' in line
    assert "Secret" not in line
    assert "Secret" not in logged("/join/Secret_token-1")
    assert '"GET /join/ HTTP/1.1"' in logged("/join/")


def test_the_token_of_a_link_that_leaves_somebody_in_peace_is_not_written_down() -> None:
    line = logged("/thanks/never/Secret-1.token/", "https://harbor.example/thanks/never/Secret-1.token/")
    assert '"GET /thanks/never/.../ HTTP/1.1"' in line
    assert "Secret" not in line


def test_what_somebody_searches_for_is_not_written_down() -> None:
    line = logged(
        "/programs/1/mentors/?skill=2&q=kestrel%20words&page=2", "https://harbor.example/?q=kestrel"
    )
    assert '"GET /programs/1/mentors/?skill=2&q=...&page=2 HTTP/1.1"' in line
    assert "kestrel" not in line


@pytest.mark.parametrize("what", ["answer", "met", "times", "silence", "postcards"])
def test_the_token_of_a_link_that_answers_is_not_written_down(what: str) -> None:
    path = f"/pairings/{what}/Secret:1token:-x/"
    line = logged(path, f"https://harbor.example{path}")
    assert f'"GET /pairings/{what}/.../ HTTP/1.1"' in line
    assert "Secret" not in line
    assert '"GET /pairings/12/accept/ HTTP/1.1"' in logged("/pairings/12/accept/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/join/Secret_token-1/",
        "/mail/stop/Secret_token-1/",
        "/mail/not-now/Secret_token-1/",
        "/mail/another-time/Secret_token-1/",
        "/mail/keep-asking/Secret_token-1/",
        "/thanks/never/Secret-1.token/",
        "/pairings/answer/Secret:token:1/",
        "/pairings/met/Secret:token:1/",
        "/pairings/times/Secret:1/",
        "/pairings/silence/Secret:token:1/",
        "/pairings/postcards/Secret:token:1/",
    ],
)
def test_django_does_not_write_it_down_either(path: str, caplog: pytest.LogCaptureFixture) -> None:
    """It names the path of whatever was not found, or came without its token against forgery."""
    caplog.handler.addFilter(Discreet())
    Client().get(path)
    Client(enforce_csrf_checks=True).post("/join/Secret_token-1/")
    said = caplog.text
    assert "Not Found: /" in said
    assert "Forbidden" in said
    assert "Secret" not in said
