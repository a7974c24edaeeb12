"""Senders die and stall at the worst moments, and nobody gets the same mail twice (promises P1, P2, P3).

The sizes are those of each commit; `make faults` sets FAULT_KILLS, FAULT_MESSAGES and FAULT_STALLS for a long night.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F, UniqueConstraint

from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.models import Message, Stopped
from tests.accounts.mail.conftest import TEA, TEA_NOTE, people
from tests.accounts.mail.smtp_server import SmtpServer

from .senders import Nursery, Senders

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

KILLS = int(os.environ.get("FAULT_KILLS", "30"))
MESSAGES = int(os.environ.get("FAULT_MESSAGES", "300"))
STALLS = int(os.environ.get("FAULT_STALLS", "6"))  # Half of them before the fence, half behind it.
WORKERS = 4


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpServer]:
    monkeypatch.setattr(kinds, "_kinds", {TEA_NOTE.name: TEA_NOTE})
    with SmtpServer(tmp_path / "taken") as server:
        yield server


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    nursery = Nursery(str(connection.settings_dict["NAME"]), WORKERS)
    yield nursery
    nursery.close()


@pytest.fixture
def senders(nursery: Nursery, server: SmtpServer) -> Iterator[Senders]:
    with Senders(nursery, server.port) as senders:
        yield senders


def owe(count: int) -> None:
    due_at = now() - timedelta(minutes=1)
    until = due_at + timedelta(days=14)
    outbox.owe_many(outbox.Owed("tea_note", person.pk, 1, due_at, until) for person in people(count))


def states() -> Counter[str]:
    return Counter(Message.objects.values_list("state", flat=True))


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    ends_at = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends_at, f"still not so: {states()}"
        time.sleep(0.02)


def hours_pass_for_leases() -> None:
    """What a dead sender held is let go when its lease is over; the tests do not wait for that."""
    Message.objects.filter(state__in=Message.HELD).update(lease_until=F("lease_until") - timedelta(hours=1))


def check_against_the_log(server: SmtpServer) -> None:
    """Row by row: nobody got two, and who is said to have got one did."""
    taken = [message.message_id.strip("<>") for message in server.taken()]
    assert len(taken) == len(set(taken)), "somebody got the same mail twice"
    said_sent = set(Message.objects.filter(state="sent").values_list("message_id", flat=True))
    unknown = set(Message.objects.filter(state="uncertain").values_list("message_id", flat=True))
    assert said_sent <= set(taken)
    assert set(taken) - said_sent <= unknown


def test_senders_killed_at_random_send_nothing_twice_and_lose_nothing_silently(
    server: SmtpServer, senders: Senders
) -> None:
    chance = random.Random(2026)
    server.script.dot = lambda raw: (time.sleep(chance.uniform(0.0, 0.01)), "250 taken")[1]
    server.script.delay = 0.02
    owe(MESSAGES)
    for _ in range(WORKERS):
        senders.start()
    kills = 0
    # Kills are spread over the whole time of sending: the next comes when a share of the messages is through.
    while kills < KILLS:
        share = MESSAGES * (kills + 1) // (KILLS + 2)
        until(lambda share=share: states()["queued"] <= MESSAGES - share)  # type: ignore[misc]
        time.sleep(chance.uniform(0.0, 0.03))
        senders.end(chance.choice(senders.alive), signal.SIGKILL)
        kills += 1
        senders.start()

    until(lambda: states()["queued"] == 0)
    for process in list(senders.alive):
        senders.end(process, signal.SIGTERM)
    hours_pass_for_leases()
    senders.start()
    until(lambda: set(states()) <= {"sent", "uncertain"})

    assert states().total() == MESSAGES
    assert states()["uncertain"] <= kills
    check_against_the_log(server)


def test_senders_told_to_end_finish_the_message_at_hand(server: SmtpServer, senders: Senders) -> None:
    server.script.delay = 0.05
    owe(120)
    for _ in range(WORKERS):
        senders.start()
    for share in range(1, 11):
        until(lambda share=share: states()["queued"] <= 120 - 8 * share)  # type: ignore[misc]
        senders.end(senders.alive[0], signal.SIGTERM)
        senders.start()
    until(lambda: states()["queued"] == 0)
    for process in list(senders.alive):
        senders.end(process, signal.SIGTERM)
    assert states() == {"sent": 120}
    check_against_the_log(server)


def stall_before_the_fence(server: SmtpServer, senders: Senders, *, without: str = "") -> None:
    """A sender sleeps from the server's yes to the recipient until after its lease; another one goes on."""
    stalled = senders.start(without=without)

    def stall(command: str) -> str:
        server.script.rcpt = "250 ok"
        os.kill(stalled, signal.SIGSTOP)
        return "250 ok"

    server.script.rcpt = stall
    owe(3)
    until(lambda: server.script.rcpt == "250 ok")
    hours_pass_for_leases()
    senders.start()
    until(lambda: states() == {"sent": 3})
    os.kill(stalled, signal.SIGCONT)
    until(lambda: "rset" in server.script.commands or len(server.taken()) > 3)
    senders.end(stalled, signal.SIGTERM)


@pytest.mark.parametrize("turn", range(STALLS // 2))
def test_a_sender_that_stalls_before_the_fence_finds_it_shut(
    server: SmtpServer, senders: Senders, turn: int
) -> None:
    stall_before_the_fence(server, senders)
    assert len(server.taken()) == 3
    check_against_the_log(server)


@pytest.mark.parametrize("turn", range(STALLS // 2))
def test_a_sender_that_stalls_after_the_fence_is_not_overtaken(
    server: SmtpServer, senders: Senders, turn: int
) -> None:
    stalled = senders.start()

    def stall(recipient: str) -> str:
        server.script.data = "354 go on"
        os.kill(stalled, signal.SIGSTOP)
        return "354 go on"

    server.script.data = stall
    owe(3)
    until(lambda: server.script.data == "354 go on")
    hours_pass_for_leases()
    senders.start()
    until(lambda: states() == {"sent": 2, "uncertain": 1})
    time.sleep(0.2)
    assert len(server.taken()) == 2
    os.kill(stalled, signal.SIGCONT)
    until(lambda: states() == {"sent": 3})
    senders.end(stalled, signal.SIGTERM)
    assert len(server.taken()) == 3
    check_against_the_log(server)


# --- Without one of the three safeguards, these tests notice ---------------------------------------------------------


def stopped_after_the_claim(server: SmtpServer, senders: Senders, *, without: str = "") -> None:
    """Somebody stops these e-mails in the moment in which the server takes them as a recipient."""
    waits, goes_on = threading.Event(), threading.Event()

    def wait(command: str) -> str:
        waits.set()
        goes_on.wait(30)
        return "250 ok"

    server.script.rcpt = wait
    owe(1)
    senders.start(without=without)
    assert waits.wait(30)
    Stopped.objects.stop(Message.objects.get().person_id, TEA.name)
    goes_on.set()
    until(lambda: set(states()) <= {"suppressed", "sent"})
    assert not server.taken(), "somebody got what they had stopped"


def owed_twice(server: SmtpServer, senders: Senders) -> None:
    """Two clocks that tick at once owe the same messages."""
    owe(3)
    people = list(Message.objects.values_list("person_id", flat=True))
    due_at = now() - timedelta(minutes=1)
    outbox.owe_many(
        outbox.Owed("tea_note", person, 1, due_at, due_at + timedelta(days=14)) for person in people
    )
    senders.start()
    until(lambda: set(states()) == {"sent"})
    check_against_the_log(server)


def test_what_is_stopped_between_the_claim_and_the_fence_is_not_sent(
    server: SmtpServer, senders: Senders
) -> None:
    stopped_after_the_claim(server, senders)
    assert states() == {"suppressed": 1}


def test_what_is_owed_twice_is_sent_once(server: SmtpServer, senders: Senders) -> None:
    owed_twice(server, senders)
    assert states() == {"sent": 3}


def test_without_the_fence_the_log_shows_two_of_the_same(server: SmtpServer, senders: Senders) -> None:
    stall_before_the_fence(server, senders, without="fence")
    with pytest.raises(AssertionError, match="the same mail twice"):
        check_against_the_log(server)


def test_without_the_recheck_somebody_gets_what_they_stopped(server: SmtpServer, senders: Senders) -> None:
    with pytest.raises(AssertionError, match="what they had stopped"):
        stopped_after_the_claim(server, senders, without="recheck")


def test_without_the_unique_keys_what_is_owed_twice_goes_out_twice(
    server: SmtpServer, senders: Senders
) -> None:
    with without_unique_keys(), pytest.raises(AssertionError, match="the same mail twice"):
        owed_twice(server, senders)


@contextlib.contextmanager
def without_unique_keys() -> Iterator[None]:
    """Both that stand behind "owed once": person, kind and subject, and the Message-ID that is made of them."""
    keys = [
        constraint
        for constraint in Message._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.name == "message_owed_once"
    ]
    with_key = Message._meta.get_field("message_id")
    without_key = with_key.clone()
    without_key._unique = False
    without_key.set_attributes_from_name("message_id")
    without_key.model = Message
    with connection.schema_editor() as editor:
        for key in keys:
            editor.remove_constraint(Message, key)
        editor.alter_field(Message, with_key, without_key)
    try:
        yield
    finally:
        Message.objects.all().delete()
        with connection.schema_editor() as editor:
            for key in keys:
                editor.add_constraint(Message, key)
            editor.alter_field(Message, without_key, with_key)
