"""An earlier release runs on while the database is migrated, and after it (promise P45, F17).

Its web, worker and beat are started from its own files, are asked for pages without pause and send e-mails, while
`manage.py migrate` of this version changes the tables under them: no page fails, and nobody waits for a lock for longer
than two seconds. `make drills` runs it. It needs the history of the repository: with a shallow clone it fails and says
so.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from dev.processes import ROOT, Household
from tests.accounts.mail.smtp_server import SmtpServer
from tests.browser.stack import Stack, eventually, manage
from tests.faults.everything_at_once import Servers

pytestmark = [pytest.mark.faults]

# The first of which the rule holds that its code runs on later tables. Where there are releases, the newest before this
# one is taken instead.
FIRST = "483601ba18fdd57dced08d1df5a4875924c4469e"
SECONDS_AFTER = float(os.environ.get("DRILL_SECONDS", "20"))
PAGES = ("/livez", "/readyz", "/account/login/")
PEOPLE = 300
# Run by the earlier release's own code: people in pairs who are all asked at one moment, a superuser, and three
# sessions.
SCENE = f"""
import json, os
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone
from datetime import timedelta
from accounts.models import User
from allauth.account.models import EmailAddress
from mentoring.models import Pairing
from tests.browser.calendar import Calendar
from tests.faults import everything_at_once
everything_at_once.PEOPLE = {PEOPLE}
calendar = Calendar(timezone.now().date())
everything_at_once.people(calendar)
User.objects.create(email="ruth@harbor.example", name="Ruth", password="!", is_superuser=True)
EmailAddress.objects.bulk_create(
    EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in User.objects.all()
)
pairing = Pairing.objects.select_related("mentor", "mentee").order_by("pk")[0]
for user in [pairing.mentor, pairing.mentee, User.objects.get(email="ruth@harbor.example")]:
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    print(json.dumps(dict(cookie=settings.SESSION_COOKIE_NAME + "=" + store.session_key)))
for name, args in [("home", []), ("accounts:settings", []), ("accounts:data", []), ("pairings:list", []),
                   ("pairings:detail", [pairing.pk]), ("reflections:notebook", []), ("admin:index", []),
                   ("admin:house", []), ("admin:mail_message_changelist", [])]:
    try:
        print(json.dumps(dict(page=reverse(name, args=args))))
    except Exception as none:
        print("no page", name)
print(json.dumps(dict(coffee=(calendar.coffee(everything_at_once.ZONE) + timedelta(minutes=5)).isoformat())))
"""


def earlier() -> str:
    """The commit of the newest release before this version, or FIRST where there is none."""
    tagged = _git("describe", "--tags", "--abbrev=0", "--match", "v*", "HEAD^")
    commit = tagged or FIRST
    if not _git("rev-parse", "--verify", f"{commit}^{{commit}}"):
        pytest.fail(
            f"The commit {commit} is not here: this drill needs the whole history (git fetch --unshallow)."
        )
    return commit


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


class Earlier(Stack):
    """An installation of the files in `tree`, with the packages of this version."""

    tree: Path = ROOT

    def start(self, *names: str) -> None:
        self.runs += 1
        for name in names:
            log = self.folder / f"{self.runs:02}-{name}.log"
            self.children[name] = self.house.start(
                name, self._command(name), log=log, env=self.environment(), cwd=self.tree, grace=40.0
            )
        for name in names:
            eventually(lambda name=name: self._is_ready(name), f"{name} is ready")  # type: ignore[misc]

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=self.tree, env=self.environment(), capture_output=True
        )
        assert done.returncode == 0, f"{words}: {done.stderr.decode()[-3000:]}"
        return done.stdout.decode()


@dataclass
class Visitors:
    """They ask for one page after the other until they are told to end; what was answered is counted."""

    stack: Stack
    cookies: list[str]
    pages: list[str]
    answers: Counter[int] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __post_init__(self) -> None:
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._visit, args=(each,)) for each in ["", *self.cookies]]

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, cookie: str) -> None:
        while not self._ends.is_set():
            for page in self.pages:
                if self._ends.is_set():
                    return
                began = time.monotonic()
                code = self._ask(page, cookie)
                with self._lock:
                    self.answers[code] += 1
                    self.slowest = max(self.slowest, time.monotonic() - began)
                    if code >= 500:
                        self.failed.append(f"{code} {page}")

    def _ask(self, page: str, cookie: str) -> int:
        request = urllib.request.Request(self.stack.url(page), headers={"Cookie": cookie})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as no:
            return no.code
        except OSError:
            return 599


@dataclass
class LockWatch:
    """Looks twenty times a second for how long anybody has waited for a lock."""

    url: str
    longest: float = 0.0

    def __post_init__(self) -> None:
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "LockWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()

    def _watch(self) -> None:
        with contextlib.closing(psycopg2.connect(self.url)) as server:
            server.autocommit = True
            with server.cursor() as cursor:
                while not self._ends.wait(0.05):
                    cursor.execute(
                        "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0)::float"
                        " FROM pg_locks WHERE NOT granted"
                    )
                    self.longest = max(self.longest, cursor.fetchone()[0])


@pytest.fixture
def older(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Earlier, SmtpServer]]:
    """The earlier release as it was, on its own tables."""
    commit = earlier()
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    tree = tmp_path / "tree"
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(tree, filter="data")
    folder = tmp_path_factory.mktemp("upgrade")
    folder.chmod(0o711)
    with Household() as house, SmtpServer(tmp_path / "taken") as smtp:
        house.throw_away(folder)
        smtp.script.delay = 0.05
        servers = Servers(house, folder)
        servers.start()
        post: Any = smtp  # Only its port is asked for.
        stack = Earlier(
            house, folder / "logs", post, servers.database_url, servers.redis_url, tmp_path / "static",
            web_processes=2, variables={"LOG_LEVEL": "WARNING"},
        )  # fmt: skip
        stack.tree = tree
        stack.manage("migrate", "--verbosity", "0")
        stack.manage("collectstatic", "--no-input", "--verbosity", "0")
        yield stack, smtp
        stack.stop()


def owed(url: str) -> Counter[str]:
    with contextlib.closing(psycopg2.connect(url)) as server, server.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM mail_message GROUP BY state")
        return Counter(dict(cursor.fetchall()))


def test_an_earlier_release_answers_and_sends_while_its_tables_are_migrated_and_after(
    older: tuple[Earlier, SmtpServer],
) -> None:
    stack, smtp = older
    told = [json.loads(line) for line in stack.manage("shell", "-c", SCENE).splitlines() if line[:1] == "{"]
    cookies = [each["cookie"] for each in told if "cookie" in each]
    pages = [*PAGES, *(each["page"] for each in told if "page" in each)]
    assert (len(cookies), len(pages) > len(PAGES) + 6) == (3, True)
    stack.set_clock(datetime.fromisoformat(told[-1]["coffee"]))
    stack.start("web", "worker", "beat")
    with Visitors(stack, cookies, pages) as visitors, LockWatch(stack.database_url) as locks:
        eventually(lambda: visitors.answers[200] > 50, "pages are answered")
        eventually(lambda: len(smtp.taken()) > 10, "mail goes out", within=120)
        began = time.monotonic()
        said = manage(stack.environment(), "migrate", "--no-color")
        took = time.monotonic() - began
        time.sleep(SECONDS_AFTER)
    eventually(lambda: len(smtp.taken()) >= PEOPLE, "mail went out", within=180)
    applied = re.findall(r"Applying (\S+)\.\.\.", said)
    taken = Counter(each.message_id for each in smtp.taken())
    errors = [line for _name, text in stack.logs() for line in text.splitlines() if "Error" in line]
    print(
        f"\n{_git('rev-parse', '--short', earlier())} on the tables of now: {len(applied)} migrations in {took:.1f} s"
    )
    print(
        f"  {dict(visitors.answers)}, slowest page {visitors.slowest:.2f} s, longest wait {locks.longest:.2f} s"
    )
    print(f"  {taken.total()} e-mails, {dict(owed(stack.database_url))}")
    assert applied, "there was nothing to migrate: the earlier release has the tables of this one"
    assert not visitors.failed, Counter(visitors.failed)
    assert visitors.answers[200] > 100
    assert locks.longest <= 2.5
    assert taken.total() >= PEOPLE
    assert max(taken.values()) == 1
    assert not errors, errors[:5]
