"""The real thing for a test: a database of its own, gunicorn, a Celery worker and beat, and a server that takes e-mail.

Nothing is mocked. The clock is set from outside, by the environment of the processes that are started.
"""

import base64
import contextlib
import fcntl
import hashlib
import http.client
import logging
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import psycopg2
import redis
from celery import Celery
from django.conf import settings as our_settings
from django.utils import timezone

from dev.mailcatcher import Caught, MailCatcher
from dev.processes import ROOT, Child, Household, free_port
from tests import databases, tables

T = TypeVar("T")
TICK_SECONDS = 2.0
KEY_FILE = our_settings.KEY_FILE  # That of the run: all its databases are thrown away with it.
CLAIMS = 15  # The Redis database in which stacks claim one of their own, so that runs side by side never share one.


def eventually(look: Callable[[], T], what: str, *, within: float = 60.0) -> T:
    """What `look` returns as soon as that is true; an AssertionError when it has not been within so many seconds."""
    end = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < end, f"not within {within:.0f} seconds: {what}"
        time.sleep(0.2)
    return found


@dataclass
class Stack:
    """One installation, in production settings, for as long as its `with` block lasts."""

    house: Household
    folder: Path
    post: MailCatcher
    database_url: str
    redis_url: str
    static_root: Path
    reach: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext
    offset: timedelta = timedelta(0)
    port: int = field(default_factory=free_port)
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(50))
    web_processes: int = 1
    variables: dict[str, str] = field(default_factory=dict)  # Of its environment, besides those below.
    children: dict[str, Child] = field(default_factory=dict)
    runs: int = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def url(self, path: str) -> str:
        return f"{self.address}{path}"

    def now(self) -> datetime:
        """What time the processes that run take it to be."""
        return timezone.now() + self.offset

    def environment(self) -> dict[str, str]:
        return production_environment(
            DATABASE_URL=self.database_url,
            REDIS_URL=self.redis_url,
            SECRET_KEY=self.secret_key,
            PUBLIC_BASE_URL=self.address,
            STATIC_ROOT=str(self.static_root),
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(self.post.port),
            MAIL_PER_SECOND="1000",
            TICK_SECONDS=str(TICK_SECONDS),
            REHEARSAL_OFFSET_SECONDS=str(self.offset.total_seconds()),
            WEB_CONCURRENCY="1",
            REQUIRE_ADMIN_SECOND_FACTOR="0",
            **self.variables,
        )

    # --- Its processes -----------------------------------------------------------------------------------------

    def start(self, *names: str) -> None:
        """Start these of `web`, `worker` and `beat`, and wait until they are ready; a second beat is named `beat2`."""
        self.runs += 1
        for name in names:
            assert name not in self.children
            log = self.folder / f"{self.runs:02}-{name}.log"
            grace = 40.0 if name.startswith("worker") else 10.0
            self.children[name] = self.house.start(
                name, self._command(name), log=log, env=self.environment(), grace=grace
            )
        for name in names:
            eventually(lambda name=name: self._is_ready(name), f"{name} is ready")  # type: ignore[misc]

    def stop(self, *names: str) -> None:
        """Ask these processes to end, and wait until they have; all of them when none is named."""
        ending = [self.children.pop(name) for name in reversed(names or tuple(self.children))]
        for child in ending:
            child.ask_to_end()
        for child in ending:
            child.end()

    def restart(self, at: datetime, *names: str) -> None:
        """End all processes, and start these (by default the same ones) with the clock set to that instant."""
        names = names or tuple(self.children)
        self.set_clock(at)
        self.start(*names)

    def set_clock(self, at: datetime) -> None:
        """End all processes; those started from now on take it to be that instant now."""
        self.stop()
        self.offset = at - timezone.now()

    def _command(self, name: str) -> list[str]:
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "mentoring"]
        if name == "web":
            workers = ["--workers", str(self.web_processes), "--threads", "4", "--access-logfile", "-"]
            return [python, "-m", "gunicorn", "mentoring.wsgi", "--bind", f"127.0.0.1:{self.port}", *workers]
        if name.startswith("worker"):
            how = ["--concurrency", "2", "--without-mingle", "--without-gossip", "--loglevel", "INFO"]
            return [*celery, "worker", *how, "--hostname", f"{name}@%h"]
        schedule = self.folder / f"{name}-schedule"
        return [*celery, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "INFO"]

    def logs(self) -> list[tuple[str, str]]:
        """What each process has written so far, a file for each of its runs."""
        return [(path.name, path.read_text(errors="replace")) for path in sorted(self.folder.glob("*.log"))]

    def wait_for_ticks(self, number: int) -> None:
        """Wait until each clock that runs has ticked that many times more."""
        clocks = [name for name in self.children if name.startswith("beat")]
        goals = {name: self._ticks_of(name) + number for name in clocks}
        eventually(
            lambda: all(self._ticks_of(name) >= goal for name, goal in goals.items()), f"{number} ticks"
        )

    def tick(self) -> None:
        """Ask the worker for what beat asks for once a minute, where none runs."""
        with Celery(broker=self.redis_url, set_as_current=False) as clock:
            clock.send_task("reflections.tasks.tick")

    def _ticks_of(self, name: str) -> int:
        return self.said(name).count("Sending due task")

    def said(self, name: str) -> str:
        """What this process has written since it was started."""
        return self.children[name].log.read_text(errors="replace")

    def _is_ready(self, name: str) -> bool:
        child, said = self.children[name], self.said(name)
        assert not child.has_ended, f"{name} ended:\n{said[-3000:]}"
        if name == "web":
            return self._answers("/livez")
        return " ready." in said if name.startswith("worker") else "beat: Starting" in said

    def _answers(self, path: str) -> bool:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(asking), contextlib.suppress(OSError):
            asking.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            return asking.getresponse().status == 200
        return False

    # --- What it holds -----------------------------------------------------------------------------------------

    def letters(self, to: str = "", subject: str = "") -> list[Caught]:
        """The e-mails taken so far, oldest first: all, or those to one address, or with that in the subject."""
        return [
            one
            for one in self.post.messages()
            if (not to or one.recipients == [to]) and subject in str(one.message["Subject"])
        ]

    @contextlib.contextmanager
    def database(self) -> Iterator[None]:
        """In this block the ORM of the test reads and writes the stack's database."""
        name = urlsplit(self.database_url).path.lstrip("/")
        with databases.reached(name), self.reach():
            yield

    def prints(self) -> dict[str, str]:
        """A print of each table of the database: it changes when a row does."""
        with self.database():
            return tables.prints()

    def everything_in_redis(self) -> str:
        """Every key of the stack's Redis with its value; what lies there in base64 (Celery's bodies), read as well."""
        client = redis.Redis.from_url(self.redis_url)
        with contextlib.closing(client):
            held = b"\n".join(part for key in client.scan_iter("*") for part in [key, *_values(client, key)])
        decoded = [base64.b64decode(found) for found in re.findall(rb"(?:[A-Za-z0-9+/]{4}){6,}", held)]
        return b"\n".join([held, *decoded]).decode(errors="replace")


def _values(client: Any, key: bytes) -> list[bytes]:
    match client.type(key):
        case b"string":
            return [client.get(key) or b""]
        case b"list":
            return list(client.lrange(key, 0, -1))
        case b"set":
            return list(client.smembers(key))
        case b"zset":
            return list(client.zrange(key, 0, -1))
        case b"hash":
            return [part for pair in client.hgetall(key).items() for part in pair]
        case b"none":  # It ran out since we listed it.
            return []
        case other:
            raise AssertionError(f"a kind of value that this test does not read: {other!r}")


@contextlib.contextmanager
def _mail_catcher(folder: Path) -> Iterator[MailCatcher]:
    """Begun and ended in another thread: in that of a test, Playwright has an event loop of its own."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    with ThreadPoolExecutor(max_workers=1) as thread:
        catcher = MailCatcher(folder)
        thread.submit(catcher.__enter__).result()
        try:
            yield catcher
        finally:
            thread.submit(catcher.__exit__).result()


def production_environment(**settings: str) -> dict[str, str]:
    """The environment of a process of a real installation: nothing of the developer's settings comes through."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    ours = {"DJANGO_SETTINGS_MODULE": "mentoring.settings", "PYTHONUNBUFFERED": "1", "KEY_FILE": KEY_FILE}
    return kept | ours | settings


def manage(environment: Mapping[str, str], *arguments: str, given: bytes = b"") -> str:
    """What a management command prints when it is `given` that; an AssertionError with its error when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        input=given,
        capture_output=True,
    )
    printed, error = done.stdout.decode(), done.stderr.decode()
    assert done.returncode == 0, f"manage.py {arguments}:\n{printed[-2000:]}{error[-3000:]}"
    return printed


def _with_name(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextlib.contextmanager
def _server(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    server = psycopg2.connect(_with_name(url, "postgres"))
    server.autocommit = True
    try:
        yield server.cursor()
    finally:
        server.close()


@dataclass(frozen=True)
class Ground:
    """What all stacks of a test run stand on, made once: the static files, and a migrated database to copy."""

    folder: Path
    server_url: str
    redis_url: str

    @classmethod
    def of_this_run(cls, base: Path) -> Self:
        """`base` is pytest's base folder: one per process of a parallel run, all in the folder of that run."""
        run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
        return cls(run / "ground", os.environ["DATABASE_URL"], os.environ["REDIS_URL"])

    @property
    def static_root(self) -> Path:
        return self.folder / "static"

    @property
    def template(self) -> str:
        """One per test run: a database of a run that ended badly is never taken for ours."""
        return f"best_template_{hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]}"

    @contextlib.contextmanager
    def laid(self) -> Iterator[Self]:
        """Make both, unless another process of this run has; the last that leaves clears the database away."""
        self.folder.mkdir(exist_ok=True)
        users = self.folder / "users"
        with self._alone():
            count = int(users.read_text()) if users.exists() else 0
            if count == 0:
                self._make()
            users.write_text(str(count + 1))
        try:
            yield self
        finally:
            with self._alone():
                count = int(users.read_text()) - 1
                users.write_text(str(count))
                if count == 0:
                    self._drop(self.template)

    def _make(self) -> None:
        self._drop(self.template)  # What an attempt that failed has left.
        with _server(self.server_url) as cursor:
            cursor.execute(f'CREATE DATABASE "{self.template}"')
        environment = production_environment(
            DATABASE_URL=_with_name(self.server_url, self.template),
            REDIS_URL=self.redis_url,
            SECRET_KEY=secrets.token_urlsafe(50),
            PUBLIC_BASE_URL="http://localhost",
            STATIC_ROOT=str(self.static_root),
        )
        # All processes of the run wait for these two, which do not wait for each other.
        with ThreadPoolExecutor() as threads:
            collected = threads.submit(manage, environment, "collectstatic", "--noinput", "--verbosity", "0")
            manage(environment, "migrate", "--verbosity", "0")
            collected.result()

    def _drop(self, name: str) -> None:
        with _server(self.server_url) as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time, among the processes of a parallel run."""
        with (self.folder / "lock").open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def new_database(self) -> Iterator[str]:
        """The address of a migrated database of one's own, dropped at the end."""
        name = f"best_stack_{secrets.token_hex(6)}"
        with self._alone(), _server(self.server_url) as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        try:
            yield _with_name(self.server_url, name)
        finally:
            self._drop(name)

    @contextlib.contextmanager
    def new_redis(self) -> Iterator[str]:
        """The address of an empty Redis database of one's own, emptied again at the end."""
        claims = redis.Redis.from_url(_with_name(self.redis_url, str(CLAIMS)))
        with contextlib.closing(claims):
            number = next(
                n for n in range(1, CLAIMS) if claims.set(f"stack:{n}", os.getpid(), nx=True, ex=3600)
            )
            url = _with_name(self.redis_url, str(number))
            mine = redis.Redis.from_url(url)
            with contextlib.closing(mine):
                mine.flushdb()
                try:
                    yield url
                finally:
                    mine.flushdb()
                    claims.delete(f"stack:{number}")

    @contextlib.contextmanager
    def stack(
        self, folder: Path, *, reach: Callable[[], contextlib.AbstractContextManager[None]]
    ) -> Iterator[Stack]:
        """A new installation, empty but for what the migrations bring; nothing runs yet.

        `folder` gets the logs; inside `reach` the test may use the ORM.
        """
        with (
            self.new_database() as database_url,
            self.new_redis() as redis_url,
            _mail_catcher(folder / "mail") as post,
            Household() as house,
        ):
            yield Stack(house, folder, post, database_url, redis_url, self.static_root, reach)
