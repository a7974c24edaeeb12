"""The whole site through a PgBouncer that pools transactions, with fewer connections than it has clients.

Web, beat and two workers reach the database through it, and processes of the workers are killed while everybody of a
program is written to: nobody twice, nobody not at all. Once as docs/scale.md says, and once without DATABASE_POOLER.
"""

import contextlib
import http.client
import os
import random
import re
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from accounts.mail.models import Message, Relay
from dev.processes import Household
from reflections.schedule import Nudge
from tests.browser.calendar import Calendar
from tests.browser.stack import Ground, Stack, eventually
from tests.faults import everything_at_once
from tests.pgbouncer import start_pgbouncer

PEOPLE = int(os.environ.get("DRILL_PEOPLE", "400"))
KILLS = 8
POOL = 5  # Two senders hold one each; web (4 threads), 4 processes of workers and beat share the others.
UNSETTLED = (Message.State.QUEUED, *Message.HELD)
KILLED = re.compile("WorkerLostError|signal 9|SIGKILL")


@pytest.mark.parametrize("said", ["transaction", ""], ids=["as documented", "without the variable"])
def test_everybody_is_written_to_once_through_a_pooler(
    said: str, ground: Ground, tmp_path: Path, django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(everything_at_once, "PEOPLE", PEOPLE)
    # Not below pytest's folder, which is closed to the account that PgBouncer runs as.
    folder = Path(tempfile.mkdtemp(prefix="best-stuff-pooled-", dir="/var/tmp"))
    chance = random.Random(5)
    with (
        Household() as house,
        ground.stack(tmp_path, reach=django_db_blocker.unblock) as stack,
    ):
        house.throw_away(folder)
        direct = stack.database_url
        pooler = start_pgbouncer(house, folder, direct, pool_size=POOL)
        calendar = Calendar(timezone.now().date())
        with stack.database():
            everything_at_once.people(calendar)
        stack.database_url = pooler.url
        stack.variables = {"MAIL_WORKERS": "2", "LOG_LEVEL": "WARNING", "DATABASE_POOLER": said}
        stack.set_clock(calendar.coffee(everything_at_once.ZONE) + timedelta(minutes=5))
        stack.start("web", "beat", "worker", "worker2")
        most = 0
        with stack.database():
            eventually(lambda: _states().total() == PEOPLE, "all are owed", within=120)
            for number in range(KILLS):
                _wait_for(PEOPLE * (number + 1) // (KILLS + 2))
                most = max(most, _connections(direct))
                assert _pages(stack, 12) == Counter({200: 12})
                _kill(stack, chance.choice(["worker", "worker2"]), chance)
            ends_at = time.monotonic() + 240
            while any(_states()[state] for state in UNSETTLED):
                assert time.monotonic() < ends_at, f"something is stuck: {_states()}"
                _hours_pass()
                time.sleep(1)
            states = _states()
            sent = set(Message.objects.of(*Nudge).filter(state="sent").values_list("message_id", flat=True))
        taken = [str(letter.message["Message-ID"]).strip("<>") for letter in stack.letters()]
        stack.stop()
        lines = [line for _name, text in stack.logs() for line in text.splitlines()]
    wrong = [line for line in lines if ("ERROR" in line or "Error" in line) and not KILLED.search(line)]
    print(f"\n{states}; {most} connections at most; {Counter(line[24:120] for line in wrong).most_common(8)}")
    assert len(taken) == len(set(taken)), "somebody got the same mail twice"
    assert states.total() == PEOPLE
    assert set(states) <= {Message.State.SENT, Message.State.UNCERTAIN}
    assert states[Message.State.UNCERTAIN] <= KILLS
    assert {each.strip("<>") for each in sent} <= set(taken)
    assert 0 < most <= POOL
    assert not [line for line in lines if "prepared statement" in line]
    if said:
        assert wrong == []


def _states() -> Counter[str]:
    return Counter(Message.objects.of(*Nudge).values_list("state", flat=True))


def _wait_for(share: int) -> None:
    ends_at = time.monotonic() + 180
    while (states := _states()).total() - sum(states[state] for state in UNSETTLED) < share:
        assert time.monotonic() < ends_at, f"{share} are not settled: {states}"
        time.sleep(0.2)


def _hours_pass() -> None:
    Message.objects.waiting().exclude(last_error="").update(next_attempt_at=F("due_at"))
    Relay.objects.update(paused_until=None, faults=0, slow_until=None)
    Message.objects.filter(state__in=Message.HELD).update(lease_until=F("lease_until") - timedelta(hours=1))


def _kill(stack: Stack, name: str, chance: random.Random) -> None:
    with contextlib.suppress(psutil.NoSuchProcess, IndexError):
        chance.choice(psutil.Process(stack.children[name].process.pid).children()).kill()


def _connections(url: str) -> int:
    """Of the installation's processes, as PostgreSQL lists them."""
    with contextlib.closing(psycopg2.connect(url)) as own, own.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name ~ '^best-stuff (web|worker|beat)'"
        )
        (number,) = cursor.fetchone()  # type: ignore[misc]
        return int(number)


def _pages(stack: Stack, times: int) -> Counter[int]:
    answers: Counter[int] = Counter()
    for _ in range(times):
        asking = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20)
        with contextlib.closing(asking):
            asking.request("GET", "/account/login/", headers={"Host": f"localhost:{stack.port}"})
            answers[asking.getresponse().status] += 1
    return answers
