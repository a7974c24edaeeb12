"""What an installation tells of itself when parts of it break: of all its processes, in the log, in figures and to a
Sentry, and never a word of anybody's (P13, P47)."""

import http.client
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from celery import Celery
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from accounts.models import User
from tests.browser.stack import Ground, Stack, eventually

from .sentry import FakeSentry

pytestmark = pytest.mark.faults

TOKEN = "a-token-of-the-operator-and-nobody-else"
PASSWORD = "a quiet long password"
NAME, QUERY, GIVEN, COOKIE = "siskin-her-name", "redstart-what-i-seek", "wheatear-given", "ouzel-cookie"
PRIVATE = (NAME, QUERY, GIVEN, COOKIE, "wryneck@harbor.example", PASSWORD)


@pytest.fixture(scope="module")
def sentry() -> Iterator[FakeSentry]:
    with FakeSentry() as sentry:
        yield sentry


@pytest.fixture(scope="module")
def stack(
    ground: Ground, sentry: FakeSentry, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Stack]:
    with ground.stack(tmp_path_factory.mktemp("knowing"), reach=django_db_blocker.unblock) as stack:
        stack.web_processes = 2
        stack.variables |= {"METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json", "SENTRY_DSN": sentry.dsn}
        with stack.database():
            settle()
        stack.start("web", "worker")
        yield stack


def settle() -> None:
    """Somebody who can sign in; and a database that refuses their new name, and says in its refusal what it was."""
    person = User.objects.create(
        email="wryneck@harbor.example",
        name="Wryneck",
        password=Argon2PasswordHasher().encode(PASSWORD, "a salt of some length"),
    )
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE accounts_user ADD CONSTRAINT no_such_name CHECK (name <> '{NAME}')")


def ask(stack: Stack, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, Any, str]:
    asking = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=60)
    sent = {
        "Host": f"localhost:{stack.port}",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    if body:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        asking.request(method, path, body or None, sent)
        answer = asking.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        asking.close()


def figures(stack: Stack) -> str:
    status, headers, text = ask(stack, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    return text


def value(text: str, name: str) -> float:
    [found] = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found)


def lines(stack: Stack, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stack.said(name).splitlines() if line.startswith("{")]


def test_requests_of_all_processes_are_counted(stack: Stack) -> None:
    before = value(figures(stack), "django_http_requests_before_middlewares_total")
    seen = {ask(stack, "/livez")[0] for _ in range(60)}
    text = figures(stack)
    assert seen == {200}
    assert value(text, "django_http_requests_before_middlewares_total") == before + 61
    print(text)
