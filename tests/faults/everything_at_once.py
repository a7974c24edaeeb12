"""Everything fails at once, and everybody is written to once: two thousand nudges through real clocks and workers.

Workers are killed at random points, Redis is stopped and started, PostgreSQL is shut down at once and started again,
and the mail server answers 421, 450, 451 and 550, stalls, and hangs up after the content. `make faults` runs it: its
name is not that of a test, because it takes minutes and servers of its own.
"""

import contextlib
import os
import random
import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.clock import now
from accounts.mail.models import Message, Relay
from accounts.models import User
from dev.postgres import start_postgres
from dev.processes import Child, Household, free_port
from dev.redis_server import start_redis
from mentoring.models import Enrollment, Pairing
from reflections.schedule import Nudge
from tests import databases
from tests.accounts.mail.smtp_server import DROP, SmtpServer
from tests.browser.calendar import Calendar
from tests.browser.stack import Ground, Stack, eventually, manage
from tests.conftest import in_state

pytestmark = [pytest.mark.faults]

PEOPLE = int(os.environ.get("FAULT_PEOPLE", "2000"))
KILLS = int(os.environ.get("FAULT_WORKER_KILLS", "24"))
RESTARTS = 3  # Of PostgreSQL, and as many of Redis.
ZONE = ZoneInfo("Europe/Lisbon")
WORKERS = ("worker", "worker2")
WAIT = 900.0
UNSETTLED = (Message.State.QUEUED, *Message.HELD)
AWAY = (OperationalError, InterfaceError)


@dataclass
class Moody:
    """How the mail server behaves: mostly well. What it did is counted, since that many may stand as uncertain."""

    chance: random.Random
    is_well: bool = False
    did: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rcpt(self, command: str) -> str:
        mood = 1.0 if self.is_well else self._draw()
        if mood < 0.01:
            return self._does("421", "421 come back later")
        if mood < 0.03:
            return self._does("450", "450 mailbox busy")
        if mood < 0.05:
            return self._does("451", "451 not now")
        if mood < 0.06:
            with self.lock:
                self.refused.add(command[command.find("<") + 1 : command.find(">")])
            return self._does("550", "550 no such person")
        if mood < 0.065:
            self._does("stalled before DATA", "")
            time.sleep(4)  # Longer than EMAIL_TIMEOUT.
        return "250 ok"

    def dot(self, raw: str) -> str:
        mood = 1.0 if self.is_well else self._draw()
        if mood < 0.005:
            return self._does("hung up, had taken it", f"TAKE {DROP}")
        if mood < 0.01:
            return self._does("hung up, had not taken it", DROP)
        if mood < 0.02:
            return self._does("450 after DATA", "450 later")
        if mood < 0.025:
            self._does("stalled after DATA", "")
            time.sleep(4)
        return "250 taken"

    @property
    def hung_up(self) -> int:
        return self.did["hung up, had taken it"] + self.did["hung up, had not taken it"]

    def _draw(self) -> float:
        with self.lock:
            return self.chance.random()

    def _does(self, what: str, answer: str) -> str:
        with self.lock:
            self.did[what] += 1
        return answer


@dataclass
class Servers:
    """A PostgreSQL that forces what it commits to the disk, and a Redis: each can be made to go and to come back."""

    house: Household
    folder: Path
    port: int = field(default_factory=free_port)
    database_url: str = ""
    redis_url: str = ""

    def start(self) -> None:
        self.database_url = start_postgres(self.house, self.folder, port=self.port)
        self.redis_url = start_redis(self.house, self.folder)

    def restart_postgres(self) -> None:
        """As when the power fails: clients are cut off, and it recovers from its log."""
        server = self._last("PostgreSQL")
        server.process.send_signal(signal.SIGQUIT)
        server.process.wait(60)
        time.sleep(0.5)
        start_postgres(self.house, self.folder, port=self.port)

    def restart_redis(self, away: float) -> None:
        server = self._last("Redis")
        server.process.kill()
        server.process.wait(30)
        time.sleep(away)
        argv = [str(part) for part in server.process.args]  # type: ignore[union-attr]
        self.house.start("Redis", argv, log=server.log, cwd=self.folder / "redis", is_server=True)

    def _last(self, name: str) -> Child:
        return [child for child in self.house.children if child.name == name][-1]


@dataclass
class Fray:
    """The installation, with what is done to it."""

    stack: Stack
    servers: Servers
    smtp: SmtpServer
    mood: Moody
    chance: random.Random
    kills: int = 0

    def states(self) -> Counter[str]:
        """Empty while the database is away."""
        try:
            return Counter(Message.objects.of(*Nudge).values_list("state", flat=True))
        except AWAY:
            connection.close()
            return Counter()

    def settled(self) -> int:
        states = self.states()
        return states.total() - sum(states[state] for state in UNSETTLED)

    def wait_for(self, share: int) -> None:
        """Until so many messages have come to an end."""
        ends_at = time.monotonic() + WAIT
        while self.settled() < share:
            assert time.monotonic() < ends_at, f"{share} are not settled: {self.states()}"
            self.hours_pass()
            time.sleep(0.3)

    def hours_pass(self) -> None:
        """Those that a message which was put off waits, and a server that rests: the test does not wait for them."""
        try:
            put_off = Message.objects.waiting().exclude(last_error="")
            put_off.update(next_attempt_at=F("due_at"))
            Relay.objects.update(paused_until=None, faults=0, slow_until=None)
        except AWAY:
            connection.close()

    def leases_end(self) -> None:
        """What a dead sender held is let go when its lease is over."""
        Message.objects.filter(state__in=Message.HELD).update(
            lease_until=F("lease_until") - timedelta(hours=1)
        )

    def kill(self) -> None:
        """One process of a worker's pool, or a worker with all of its processes."""
        self.kills += 1
        name = self.chance.choice(WORKERS)
        child = self.stack.children[name]
        if self.chance.random() < 0.75:
            with contextlib.suppress(psutil.NoSuchProcess, IndexError):
                self.chance.choice(psutil.Process(child.process.pid).children()).kill()
            return
        self.kills += 1  # It has two processes that send.
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait(30)
        del self.stack.children[name]
        self.stack.start(name)


@pytest.fixture
def fray(
    ground: Ground,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Fray]:
    chance = random.Random(8)
    mood = Moody(random.Random(88))
    folder = tmp_path_factory.mktemp("fray")
    folder.chmod(0o711)
    with Household() as house, SmtpServer(tmp_path / "taken") as smtp:
        house.throw_away(folder)
        smtp.script.rcpt, smtp.script.dot = mood.rcpt, mood.dot
        servers = Servers(house, folder)
        servers.start()
        stack = Stack(
            house,
            folder,
            smtp,  # type: ignore[arg-type]  Only its port is asked for.
            servers.database_url,
            servers.redis_url,
            ground.static_root,
            secret_key=secrets.token_urlsafe(50),
            variables={"MAIL_WORKERS": "4", "EMAIL_TIMEOUT": "2", "LOG_LEVEL": "WARNING"},
        )
        manage(stack.environment(), "migrate", "--verbosity", "0")
        with databases.reached_at(servers.database_url), django_db_blocker.unblock():
            yield Fray(stack, servers, smtp, mood, chance)
            stack.stop()


def people(calendar: Calendar) -> None:
    """A program with so many people in pairs, all of whom are asked at one moment."""
    program = calendar.program()
    made = User.objects.bulk_create(
        User(email=f"p{number}@harbor.example", name=f"Person {number}", password="!", time_zone=ZONE.key)
        for number in range(PEOPLE)
    )
    halves = list(zip(made[::2], made[1::2], strict=True))
    roles = (Enrollment.Role.MENTOR, Enrollment.Role.MENTEE)
    Enrollment.objects.bulk_create(
        Enrollment(
            program=program, person=person, role=role, joined_on=program.starts_on, **in_state("active")
        )
        for two in halves
        for person, role in zip(two, roles, strict=True)
    )
    since = now()
    Pairing.objects.bulk_create(
        Pairing(
            program=program,
            mentor=mentor,
            mentee=mentee,
            status=Pairing.Status.ACTIVE,
            starts_on=program.starts_on,
            mentor_accepted_at=since,
            mentee_accepted_at=since,
        )
        for mentor, mentee in halves
    )


def test_everybody_is_written_to_once_whatever_fails(fray: Fray) -> None:
    calendar = Calendar(timezone.now().date())
    people(calendar)
    fray.stack.set_clock(calendar.coffee(ZONE) + timedelta(minutes=5))
    fray.stack.start("beat", *WORKERS)
    eventually(lambda: fray.states().total() == PEOPLE, "all are owed", within=120)

    deeds = ["kill"] * KILLS + ["redis"] * RESTARTS + ["postgres"] * RESTARTS
    fray.chance.shuffle(deeds)
    for number, deed in enumerate(deeds, 1):
        fray.wait_for(PEOPLE * number // (len(deeds) + 2))
        time.sleep(fray.chance.uniform(0.0, 0.3))
        if deed == "kill":
            fray.kill()
        elif deed == "redis":
            fray.servers.restart_redis(away=3)
        else:
            fray.servers.restart_postgres()
    fray.mood.is_well = True
    fray.wait_for(PEOPLE - 4 * fray.kills - 2 * fray.mood.hung_up)
    # A worker that has lost its broker too often may stand still, and is replaced, as a liveness probe would.
    fray.stack.restart(fray.stack.now(), "beat", *WORKERS)
    ends_at = time.monotonic() + WAIT
    while any(fray.states()[state] for state in UNSETTLED):
        assert time.monotonic() < ends_at, f"something is stuck: {fray.states()}"
        fray.hours_pass()
        fray.leases_end()
        time.sleep(1)
    fray.stack.stop()

    states = fray.states()
    taken = [message.message_id.strip("<>") for message in fray.smtp.taken()]
    print(f"\n{states}, {fray.kills} senders killed, the mail server: {dict(fray.mood.did)}")
    assert states.total() == PEOPLE
    assert set(states) <= {Message.State.SENT, Message.State.UNCERTAIN, Message.State.FAILED}
    assert len(taken) == len(set(taken)), "somebody got the same mail twice"
    assert states[Message.State.UNCERTAIN] <= fray.kills + fray.mood.hung_up
    rows = {message.message_id: message for message in Message.objects.of(*Nudge).select_related("person")}
    for message_id, message in rows.items():
        match message.state:
            case Message.State.SENT:
                assert message_id in taken
            case Message.State.UNCERTAIN:
                assert message.last_error == "no answer after DATA"
            case _:
                assert (message.last_code, message_id in taken) == (550, False)
                assert message.person.email in fray.mood.refused
    assert set(taken) <= {pk for pk, row in rows.items() if row.state != Message.State.FAILED}
