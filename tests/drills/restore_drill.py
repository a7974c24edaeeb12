"""Ten times: a backup while everything runs, a restore on a new server, and everything started there (P44, F10).

web, worker and beat run in both places against one mail server, which writes down whatever it takes. `make drills` runs
it; DRILL_ROUNDS is the number of rounds.
"""

import contextlib
import os
import random
import secrets
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.clock import now
from accounts.mail.models import Home, MailLink, Message
from accounts.models import User
from accounts.vault import remembered
from dev.processes import Household
from reflections.actions.moments import keep_moment
from reflections.models import Moment
from reflections.schedule import Nudge
from tests import databases
from tests.accounts.mail.smtp_server import SmtpServer
from tests.browser.calendar import Calendar
from tests.browser.stack import Ground, Stack, eventually, manage
from tests.conftest import TODAY, signed_in
from tests.faults import everything_at_once
from tests.faults.everything_at_once import ZONE, Servers

pytestmark = [pytest.mark.faults]

ROUNDS = int(os.environ.get("DRILL_ROUNDS", "10"))
PEOPLE = int(os.environ.get("DRILL_PEOPLE", "200"))
CANARY = "curlew in the reeds"
CHANCE = random.Random(44)


@dataclass
class Scene:
    """A server with a migrated database to copy, and the folder and the static files of all rounds."""

    servers: Servers
    template: str
    folder: Path
    static_root: Path

    def new_database(self) -> str:
        name = f"original_{secrets.token_hex(4)}"
        at, _slash, _name = self.servers.database_url.rpartition("/")
        server = psycopg2.connect(f"{at}/postgres")
        server.autocommit = True
        with contextlib.closing(server), server.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        return f"{at}/{name}"


@pytest.fixture(scope="module")
def scene(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("restore")
    folder.chmod(0o711)
    with Household() as house:
        house.throw_away(folder)
        servers = Servers(house, folder)
        servers.start()
        scene = Scene(servers, servers.database_url.rpartition("/")[2], folder, ground.static_root)
        bare = installation(house, folder, scene, servers, 0)
        manage(bare.environment(), "migrate", "--verbosity", "0")
        yield scene


def installation(house: Household, folder: Path, scene: Scene, servers: Servers, smtp_port: int) -> Stack:
    @dataclass
    class Post:
        port: int

    post: Any = Post(smtp_port)  # Only its port is asked for.
    return Stack(
        house,
        folder,
        post,
        servers.database_url,
        servers.redis_url,
        scene.static_root,
        secret_key=secrets.token_urlsafe(50),
        variables={"MAIL_WORKERS": "2", "EMAIL_TIMEOUT": "5", "LOG_LEVEL": "WARNING"},
    )


def ids(smtp: SmtpServer) -> Counter[str]:
    return Counter(each.message_id.strip("<>") for each in smtp.taken())


def states() -> Counter[str]:
    return Counter(Message.objects.of(*Nudge).values_list("state", flat=True))


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_restored_installation_writes_to_nobody_twice(
    scene: Scene,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
    turn: int,
) -> None:
    monkeypatch.setattr(everything_at_once, "PEOPLE", PEOPLE)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    elsewhere.chmod(0o711)
    with Household() as house, SmtpServer(tmp_path / "taken") as smtp, django_db_blocker.unblock():
        house.throw_away(elsewhere)
        smtp.script.delay = 0.02
        folder = tmp_path / "original"
        original = installation(house, folder, scene, scene.servers, smtp.port)
        original.database_url = scene.new_database()
        token, taken = _the_original(original, smtp, tmp_path)

        new_servers = Servers(house, elsewhere)
        new_servers.start()
        there = installation(house, elsewhere / "logs", scene, new_servers, smtp.port)
        there.offset = original.offset
        began = time.monotonic()
        backup, keys = next((tmp_path / "backups").iterdir()), next((tmp_path / "keys").iterdir())
        said = manage(there.environment(), "restore", str(backup), "--keys", str(keys), *databases.programs())
        took = time.monotonic() - began
        assert "all as they were in the backup" in said
        assert "The key file opens all 1 of them" in said
        there.start("web", "worker", "beat")
        there.wait_for_ticks(3)

        with databases.reached_at(new_servers.database_url):
            remembered.forget()
            assert ids(smtp) == taken, "something went out before the release"
            waiting = sum(states()[state] for state in ("queued", "claimed", "sending"))
            assert not Session.objects.exists()
            assert MailLink.objects.find(token, MailLink.Purpose.REPLY, now=there.now()) is None
            assert Moment.objects.get().text == CANARY
            assert Home.objects.get().waits_since is not None
        with urllib.request.urlopen(there.url("/livez"), timeout=10) as answer:  # noqa: S310 (our own address)
            assert answer.status == 200

        manage(there.environment(), "mail", "release", "--restored")
        there.wait_for_ticks(4)
        there.stop()
        with databases.reached_at(new_servers.database_url):
            assert max(ids(smtp).values()) == 1, "somebody got the same mail twice"
            assert ids(smtp) == taken
            after = states()
            in_doubt = set(Message.objects.filter(state="uncertain").values_list("message_id", flat=True))
            known = set(Message.objects.filter(state="sent").values_list("message_id", flat=True))
        assert after["uncertain"] >= waiting
        assert known <= set(taken)
        assert set(taken) <= known | in_doubt
        print(
            f"\nround {turn + 1}: {waiting} of {PEOPLE} were owed in the backup, {dict(after)} after the release,"
        )
        print(f"  restored in {took:.1f} s, {sum(taken.values())} e-mails taken, none twice")
    remembered.forget()


def _the_original(original: Stack, smtp: SmtpServer, tmp_path: Path) -> tuple[str, Counter[str]]:
    """It runs, is backed up in the middle of sending, goes on until all is sent, and is gone."""
    with databases.reached_at(original.database_url):
        remembered.forget()
        calendar = Calendar(timezone.now().date())
        everything_at_once.people(calendar)
        somebody = User.objects.order_by("pk")[0]
        keep_moment(somebody, text=CANARY, happened_on=TODAY, now=now())
        token = MailLink.objects.issue(somebody.pk, MailLink.Purpose.REPLY, now=now())
        original.set_clock(calendar.coffee(ZONE) + timedelta(minutes=5))
        original.start("web", "worker", "beat")
        signed_in(somebody)
        eventually(lambda: states().total() == PEOPLE, "all are owed", within=120)
        share = CHANCE.uniform(0.05, 0.8)
        eventually(lambda: len(smtp.taken()) >= PEOPLE * share, "some went out", within=120)
        words = ["backup", str(tmp_path / "backups"), "--keys", str(tmp_path / "keys"), *databases.programs()]
        manage(original.environment(), *words)
        eventually(lambda: states()["sent"] == PEOPLE, "all went out", within=180)
        original.stop()
        taken = ids(smtp)
        assert max(taken.values()) == 1
    return token, taken
