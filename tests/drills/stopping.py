"""Web processes that are told to stop while people use them, and started again: by `test_stopping` and by a drill.

Somebody else holds the listening socket, as systemd does with `best-stuff-web.socket`: who comes while nobody answers
waits in its queue. Each request has a connection of its own, as from a proxy that keeps none.
"""

import contextlib
import http.client
import itertools
import random
import secrets
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client, override_settings

from accounts.models import User
from dev.processes import Child
from reflections.models import Moment
from tests.browser.stack import Stack, eventually
from tests.conftest import make_person

PER_SECOND = 20.0
PATIENCE = 60.0  # seconds until somebody gives up
BACKLOG = 2048  # as gunicorn has it


@dataclass
class Visitors:
    """They open a page, or keep a moment, at random moments. `answers` counts what they got, by page and status; who
    got none is in `failed`, in words."""

    port: int
    cookie: str
    chance: random.Random
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    @contextlib.contextmanager
    def come(self) -> Iterator[None]:
        """Until the block ends; those who came get their answers before that."""
        enough = threading.Event()

        def keep_coming() -> None:
            for number in itertools.count():
                if enough.wait(self.chance.expovariate(PER_SECOND)):
                    return
                one = threading.Thread(target=self._one, args=[number])
                self._threads.append(one)
                one.start()

        coming = threading.Thread(target=keep_coming)
        coming.start()
        try:
            yield
        finally:
            enough.set()
            coming.join()
            for each in self._threads:
                each.join()

    def _one(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Host": f"localhost:{self.port}", "Connection": "close"}
        with contextlib.closing(connection):
            try:
                if number % 3 == 2:
                    what, path = "keep", "/moments/keep/"
                    token = secrets.token_hex(16)
                    form = urlencode({"csrfmiddlewaretoken": token, "text": f"Number {number} was heard."})
                    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
                    headers |= {"Cookie": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={token}"}
                    connection.request("POST", path, form, headers)
                elif number % 3 == 1:
                    what, path = "home", "/"
                    connection.request("GET", path, headers=headers | {"Cookie": self.cookie})
                else:
                    what, path = "sign in", "/account/login/"
                    connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                answer.read()
                self.answers[what, answer.status] += 1
            except Exception as error:  # Whatever it is, they got no answer, and nobody else would count it.
                self.failed.append(f"{number % 3}: {type(error).__name__} {error}")


def stop_and_start(stack: Stack, times: int, chance: random.Random) -> tuple[Visitors, int]:
    """The visitors, when the web process has been told to stop and was started again so many times; and how many
    moments are kept."""
    # A session that is made here is good there.
    with stack.database(), override_settings(SECRET_KEY=stack.secret_key):
        person = make_person("wren@example.org", "Wren Osei")
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}"
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listening:
        stack.port = listening.getsockname()[1]
        visitors = Visitors(stack.port, cookie, chance)
        web = started(stack, listening, 0)
        eventually(lambda: stack._answers("/livez"), "the web process answers")
        with visitors.come():
            for number in range(1, times + 1):
                time.sleep(chance.uniform(0.2, 1.5))
                web.ask_to_end()
                web.process.wait(web.grace)
                web = started(stack, listening, number)
        web.end()
    with stack.database():
        return visitors, Moment.objects.filter(person=person).count()


def started(stack: Stack, listening: socket.socket, number: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "--bind", f"fd://{listening.fileno()}", "--workers", "2"]
    log = stack.folder / f"{number:02}-web.log"
    return stack.house.start(
        "web", command, log=log, env=stack.environment(), grace=60.0, sockets=[listening.fileno()]
    )


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def assert_nobody_noticed(visitors: Visitors, kept: int) -> None:
    assert not visitors.failed, Counter(visitors.failed)
    assert set(visitors.answers) == {("keep", 302), ("home", 200), ("sign in", 200)}
    # Everything was done, and nothing twice.
    assert kept == visitors.answers["keep", 302]
