"""The connections that a whole installation holds, against the formula of docs/scale.md; and a server that gives none.

One installation: two web processes of four threads, a worker of two processes and a beat, which signs in to PostgreSQL
as a role of its own, because the connections of superusers are not limited.
"""

import contextlib
import http.client
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import psycopg2
import pytest
from django.db.models import F
from django.utils import timezone

from accounts.mail.models import Message, Relay
from tests.browser.calendar import Calendar
from tests.browser.stack import Ground, Stack, eventually
from tests.faults import everything_at_once

pytestmark = pytest.mark.faults

PEOPLE = 30
WEB, THREADS, WORKERS = 2, 4, 2
WORDS = "What I wrote while the database was away."


class Server:
    """PostgreSQL as its operator sees it, and a role that may be given no connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.role, password = f"limited_{secrets.token_hex(4)}", secrets.token_hex(8)
        self.line = psycopg2.connect(url)
        self.line.autocommit = True
        self._run(f"CREATE ROLE {self.role} LOGIN PASSWORD '{password}' IN ROLE \"{parts.username}\"")
        self.url = parts._replace(netloc=f"{self.role}:{password}@{parts.hostname}:{parts.port}").geturl()

    def _run(self, statement: str) -> list[Any]:
        with self.line.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def by_name(self) -> Counter[str]:
        rows = self._run(
            f"SELECT application_name, count(*) FROM pg_stat_activity WHERE usename = '{self.role}' GROUP BY 1"  # noqa: S608
        )
        return Counter(dict(rows))

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """No connection is to be had, and those that there were are gone: SQLSTATE 53300, as with max_connections."""
        self._run(f"ALTER ROLE {self.role} CONNECTION LIMIT 0")
        try:
            self._run(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.role}'"  # noqa: S608
            )
            yield
        finally:
            self._run(f"ALTER ROLE {self.role} CONNECTION LIMIT -1")

    def close(self) -> None:
        self._run(f"DROP ROLE {self.role}")
        self.line.close()


@pytest.fixture
def running(ground: Ground, tmp_path: Any, monkeypatch: Any, django_db_blocker: Any) -> Iterator[Any]:
    monkeypatch.setattr(everything_at_once, "PEOPLE", PEOPLE)
    with ground.stack(tmp_path, reach=django_db_blocker.unblock) as stack:
        calendar = Calendar(timezone.now().date())
        with stack.database():
            everything_at_once.people(calendar)
        server = Server(stack.database_url)
        stack.database_url, stack.web_processes = server.url, WEB
        stack.variables = {"MAIL_WORKERS": "2"}
        stack.set_clock(calendar.coffee(everything_at_once.ZONE) + timedelta(minutes=5))
        try:
            yield stack, server
        finally:
            stack.stop()
            server.close()


def ask(stack: Stack, path: str, body: str = "") -> tuple[int, float, Any, str]:
    """The status, after how many seconds, the headers and the text."""
    begun = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    headers = {"Host": f"localhost:{stack.port}", "Sec-Fetch-Site": "same-origin"}
    if body:
        headers |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={'a' * 32}; sessionid=of-somebody",
            "X-CSRFToken": "a" * 32,
        }
    with contextlib.closing(line):
        line.request("POST" if body else "GET", path, body or None, headers)
        answer = line.getresponse()
        return answer.status, time.monotonic() - begun, answer.headers, answer.read().decode()


def owed(stack: Stack) -> Counter[str]:
    with stack.database():
        return Counter(Message.objects.values_list("state", flat=True))


def settled(stack: Stack) -> Counter[str]:
    """How many are sent, or perhaps sent; whatever waits to be tried again need not."""
    with stack.database():
        Message.objects.waiting().exclude(last_error="").update(next_attempt_at=F("due_at"))
        Relay.objects.update(paused_until=None, faults=0, slow_until=None)
    states = owed(stack)
    return Counter({state: states[state] for state in ("sent", "uncertain")})


def test_an_installation_holds_as_many_connections_as_the_documentation_says_and_lives_through_having_none(
    running: Any,
) -> None:
    stack, server = running
    stack.start("web", "worker", "beat")
    most: Counter[str] = Counter()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for name, number in server.by_name().items():
                most[name] = max(most[name], number)
            time.sleep(0.02)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        with ThreadPoolExecutor(16) as many:
            statuses = Counter(many.map(lambda _: ask(stack, "/account/login/")[0], range(120)))
        eventually(lambda: owed(stack)["sent"] >= PEOPLE // 3, "mail goes out", within=60)
    finally:
        done.set()
        watching.join()
    assert statuses == Counter({200: 120})
    assert WEB < most["best-stuff web"] <= WEB * THREADS
    assert 0 < most["best-stuff worker"] <= WORKERS
    assert set(most) == {"best-stuff web", "best-stuff worker"}, "beat has none"

    with server.full():
        status, seconds, headers, page = ask(stack, "/account/login/")
        assert (status, headers["Retry-After"]) == (503, "60")
        assert seconds < 5
        assert "cannot reach its database" in page
        assert "Traceback" not in page
        status, _seconds, headers, page = ask(stack, "/moments/keep/", urlencode({"text": WORDS}))
        assert (status, headers["Set-Cookie"]) == (503, None)
        assert WORDS in page
        assert ask(stack, "/livez")[0] == 200
        status, seconds, _headers, _page = ask(stack, "/readyz")
        assert (status, seconds < 5) == (503, True)
        stack.wait_for_ticks(2)
        # What senders had claimed as they were cut off is let go, as after five minutes.
        with stack.database():
            held = Message.objects.filter(state__in=Message.HELD)
            held.update(lease_until=F("lease_until") - timedelta(hours=1))
    assert ask(stack, "/account/login/")[0] == 200
    assert ask(stack, "/readyz")[0] == 200
    eventually(lambda: settled(stack).total() == PEOPLE, "all is settled", within=90)
    states = settled(stack)
    assert states["uncertain"] <= 2, "what a sender had in its hands, of each at most one"
    letters = [letter.message["Message-ID"] for letter in stack.letters()]
    assert len(set(letters)) == len(letters) >= states["sent"]
