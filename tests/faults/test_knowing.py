"""What an installation tells of itself when parts of it break: of all its processes, in the log, in figures and to a
Sentry, and never a word of anybody's (P13, P47)."""

import contextlib
import http.client
import json
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import psutil
import pytest
from allauth.account.models import EmailAddress
from celery import Celery
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection

from accounts.models import User
from accounts.mydata import exports
from dev.processes import Child, free_port
from tests.browser.stack import Ground, Stack, eventually

from .line import Line
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
    whole = [line for line in stack.said(name).splitlines(keepends=True) if line.endswith("\n")]
    return [json.loads(line) for line in whole if line.startswith("{")]


def quiet(text: str, where: str) -> None:
    for words in PRIVATE:
        assert words not in text, f"{words} is in {where}"


def workers_of(child: Child) -> list[int]:
    return [each.pid for each in psutil.Process(child.process.pid).children()]


def test_requests_of_all_processes_are_counted(stack: Stack) -> None:
    name = "django_http_requests_before_middlewares_total"
    before = value(figures(stack), name)
    with ThreadPoolExecutor(8) as many:
        seen = set(many.map(lambda _: ask(stack, "/livez")[0], range(200)))
    text = figures(stack)
    assert seen == {200}
    assert value(text, name) == before + 201
    both = workers_of(stack.children["web"])
    assert len(both) == 2
    for pid in both:
        assert list(Path(tempfile.gettempdir()).glob(f"best-stuff-counts-*/counter_{pid}.db"))
    assert value(text, "best_stuff_database_up") == value(text, "best_stuff_redis_up") == 1


def test_methods_and_addresses_that_anybody_can_make_up_are_no_labels(stack: Stack) -> None:
    for number in range(5):
        ask(stack, f"/made-up-{number}/", method=f"MADEUP{number}")
    text = figures(stack)
    assert "MADEUP" not in text
    assert "made-up" not in text


@pytest.mark.parametrize("shown", ["", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9"])
def test_whoever_does_not_show_the_token_finds_no_page(stack: Stack, shown: str) -> None:
    assert ask(stack, "/metrics", Authorization=shown)[0] == 404


def sign_in(stack: Stack) -> tuple[str, str]:
    """The cookies of somebody who is signed in, and their token against forgery."""
    token = secrets.token_hex(16)
    form = {"login": "wryneck@harbor.example", "password": PASSWORD, "csrfmiddlewaretoken": token}
    status, headers, _page = ask(
        stack, "/account/login/", "POST", urlencode(form), Cookie=f"csrftoken={token}; also={COOKIE}"
    )
    assert status == 302
    cookies = {"csrftoken": token}
    for line in headers.get_all("Set-Cookie", []):
        cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
    return "; ".join(f"{name}={text}" for name, text in cookies.items()), cookies["csrftoken"]


def test_an_error_on_a_page_is_found_by_its_number_and_tells_nothing_of_anybody(
    stack: Stack, sentry: FakeSentry
) -> None:
    cookies, token = sign_in(stack)
    form = {"name": NAME, "csrfmiddlewaretoken": token, "pronouns_for": "me"}
    status, headers, page = ask(
        stack, f"/profile/?q={QUERY}", "POST", urlencode(form), Cookie=f"{cookies}; also={COOKIE}"
    )
    assert status == 500
    number = headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{12}", number)
    assert f"<code>{number}</code>" in page
    about = [line for line in lines(stack, "web") if line.get("request_id") == number]
    [error] = [line for line in about if line["level"] == "ERROR"]
    assert error["error"] == "IntegrityError"
    assert "CheckViolation (23514, accounts_user, no_such_name)" in error["traceback"]
    assert "accounts/views/profile.py" in error["traceback"]
    access = {"request_id": number, "logger": "gunicorn.access"}
    [request] = eventually(
        lambda: [line for line in lines(stack, "web") if access.items() <= line.items()],
        "the line of the request, written after its answer",
    )
    assert (request["method"], request["path"], request["status"]) == ("POST", "/profile/", 500)
    assert request["view"] == error["view"] == "accounts:profile"
    [event] = eventually(
        lambda: [each for each in sentry.events if each["tags"].get("request_id") == number], "a report"
    )
    assert event["transaction"] == "accounts:profile"
    assert event["message"] == "500 POST accounts:profile"
    first, last = event["exception"]["values"]
    assert (first["type"], first["value"]) == ("CheckViolation", "23514, accounts_user, no_such_name")
    assert last["type"] == "IntegrityError"
    ours = [frame for frame in last["stacktrace"]["frames"] if frame["in_app"]]
    assert {"accounts/views/profile.py"} <= {frame["filename"] for frame in ours}
    assert all(frame["lineno"] and frame["function"] for frame in ours)
    quiet(stack.said("web"), "the log")
    quiet(sentry.everything, "what was reported")
    assert str(Path.cwd()) not in sentry.everything


def test_an_error_of_a_task_has_the_number_of_its_request_and_says_nothing_of_what_it_was_given(
    stack: Stack, sentry: FakeSentry
) -> None:
    number = "0123456789ab"
    with Celery(broker=stack.redis_url, set_as_current=False) as rings:
        sent = rings.send_task(exports.TASK, args=[GIVEN], headers={"request_id": number})
    [event] = eventually(
        lambda: [each for each in sentry.events if each["tags"].get("request_id") == number], "a report"
    )
    assert event["tags"]["task_id"] == sent.id
    assert event["transaction"] == exports.TASK
    [line] = [line for line in lines(stack, "worker") if line.get("error") and line["task_id"] == sent.id]
    assert line["request_id"] == number
    assert "ValueError" in line["error"]
    quiet(stack.said("worker"), "the log")
    quiet(sentry.everything, "what was reported")


@pytest.fixture
def lines_to(stack: Stack) -> Iterator[tuple[Line, Line, Line, int, Child]]:
    """A web server that reaches its database, its Redis and its mail server by lines of ours."""
    database, redis = urlsplit(stack.database_url), urlsplit(stack.redis_url)
    with contextlib.ExitStack() as held:
        assert database.port
        assert redis.port
        ports = (database.port, redis.port, stack.post.port)
        to_database, to_redis, to_mail = (held.enter_context(Line(port)) for port in ports)
        before = f":{database.port}/"
        environment = stack.environment() | {
            "DATABASE_URL": stack.database_url.replace(before, f":{to_database.port}/"),
            "REDIS_URL": stack.redis_url.replace(f":{redis.port}/", f":{to_redis.port}/"),
            "EMAIL_PORT": str(to_mail.port),
            "PUBLIC_BASE_URL": "http://localhost",
        }
        port = free_port()
        argv = stack._command("web")
        argv[argv.index("--bind") + 1] = f"127.0.0.1:{port}"
        web = stack.house.start("lines", argv, log=stack.folder / "lines.log", env=environment, grace=15.0)
        eventually(lambda: answered(port, "/livez")[0] == 200, "it is alive")
        yield to_database, to_redis, to_mail, port, web
        web.end()


def answered(port: int, path: str, **headers: str) -> tuple[int, float, str]:
    """The status (0 where nobody answers), after how many seconds, and the text."""
    begun = time.monotonic()
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with contextlib.closing(asking):
        try:
            asking.request("GET", path, headers={"Host": "localhost", **headers})
            answer = asking.getresponse()
            return answer.status, time.monotonic() - begun, answer.read().decode()
        except OSError:
            return 0, time.monotonic() - begun, ""


def test_health_tells_the_truth_in_time_whatever_is_cut_or_falls_silent(
    lines_to: tuple[Line, Line, Line, int, Child],
) -> None:
    database, redis, mail, port, web = lines_to
    shows = {"Authorization": f"Bearer {TOKEN}"}

    def is_ready(status: int, **parts: str) -> None:
        found, seconds, text = answered(port, "/readyz")
        said = json.loads(text)
        assert (found, {name: said[name] for name in parts}) == (status, parts)
        assert seconds < 5
        alive, seconds, _text = answered(port, "/livez")
        assert (alive, seconds < 2) == (200, True)

    is_ready(200, database="ok", redis="ok", mail="ok")
    threads = sum(psutil.Process(pid).num_threads() for pid in workers_of(web))
    database.silence()
    for _ in range(6):
        is_ready(503, database="does not answer", redis="ok", mail="ok")
    status, seconds, _text = answered(port, "/healthz")
    assert (status, seconds < 5) == (503, True)
    status, seconds, text = answered(port, "/metrics", **shows)
    assert (status, seconds < 10) == (200, True)
    assert "best_stuff_database_up 0.0" in text
    assert "best_stuff_redis_up 1.0" in text
    database.restore()
    eventually(lambda: answered(port, "/readyz")[0] == 200, "it is ready again", within=15)
    database.cut()
    is_ready(503, database="does not answer", redis="ok", mail="ok")
    database.restore()
    redis.silence()
    mail.silence()
    for _ in range(3):
        is_ready(200, database="ok", redis="does not answer", mail="does not answer")
    redis.restore()
    mail.restore()
    eventually(lambda: '"mail": "ok"' in answered(port, "/readyz")[2], "all is well again", within=15)
    # Nothing piles up behind what does not answer: two workers, each with a question or two that is still out.
    assert sum(psutil.Process(pid).num_threads() for pid in workers_of(web)) <= threads + 8
