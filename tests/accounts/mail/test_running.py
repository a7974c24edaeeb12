"""The command, the task, and a database that goes away at the worst moment."""

import os
import signal
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection
from kombu.exceptions import OperationalError
from pytest_django import Settings

from accounts.mail import outbox, tasks
from accounts.mail.models import Message
from accounts.models import User

from .conftest import owed, people
from .smtp_server import SmtpServer


@pytest.fixture(autouse=True)
def signals_as_they_were() -> object:
    """The command takes over two signals of its process, which here is the tests' own."""
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.mark.django_db
def test_the_command_sends_what_is_owed_without_celery(server: SmtpServer, outsider: User) -> None:
    owed(outsider)
    call_command("outbox")
    owed(outsider, 2)
    call_command("outbox", "--once")
    assert len(server.taken()) == 2


@pytest.mark.django_db
def test_the_looping_command_ends_when_told_to_after_the_message_at_hand(server: SmtpServer) -> None:
    for person in people(5):
        owed(person)

    def end(raw: str) -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
        return "250 taken"

    server.script.dot = end
    call_command("outbox", "--loop", "30")
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued"] * 4 + ["sent"]
    assert len(server.taken()) == 1


@pytest.mark.django_db
def test_the_looping_command_looks_again_and_again(server: SmtpServer, outsider: User) -> None:
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    rounds: list[int] = []
    owed(outsider)

    def next_one(raw: str) -> str:
        rounds.append(1)
        return "250 taken"

    server.script.dot = next_one
    began = time.monotonic()
    call_command("outbox", "--loop", "0.1")
    assert 0.8 < time.monotonic() - began < 10
    assert rounds == [1]


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_written_down_even_when_the_database_goes_away_just_then(
    server: SmtpServer, outsider: User
) -> None:
    message = owed(outsider)
    connection.ensure_connection()
    process = connection.connection.info.backend_pid

    def cut(raw: str) -> str:
        with connection.cursor() as cursor:  # this thread's own connection
            cursor.execute("SELECT pg_terminate_backend(%s)", [process])
        connection.close()
        return "250 taken"

    server.script.dot = cut
    assert outbox.send_owed() == {"sent": 1}
    message.refresh_from_db()
    assert message.state == "sent"
    assert outbox.send_owed() == {}
    assert len(server.taken()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_before_the_fence_lets_nothing_out(
    server: SmtpServer, outsider: User
) -> None:
    message = owed(outsider)
    connection.ensure_connection()
    process = connection.connection.info.backend_pid

    def cut(command: str) -> str:
        server.script.rcpt = "250 ok"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [process])
        connection.close()
        return "250 ok"

    server.script.rcpt = cut
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    call_command("outbox", "--loop", "0.1")
    message.refresh_from_db()
    assert message.state == "claimed"
    assert server.taken() == []
    Message.objects.update(lease_until=message.created_at)
    assert outbox.send_owed() == {"queued": 1, "sent": 1}


@pytest.mark.django_db
def test_the_task_sends_and_rings_again_while_something_is_left(
    server: SmtpServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in people(2):
        owed(person)
    rung: list[dict[str, object]] = []
    monkeypatch.setattr(tasks.send_owed, "apply_async", lambda **options: rung.append(options))
    monkeypatch.setattr(tasks, "SECONDS", 0.3)
    settings.MAIL_PER_SECOND = 1
    tasks.send_owed()
    assert len(server.taken()) == 1
    assert len(rung) == 1
    settings.MAIL_PER_SECOND = 0
    tasks.send_owed()
    tasks.send_owed()
    assert len(server.taken()) == 2
    assert len(rung) == 1


def test_a_broker_that_is_away_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.send_owed, "apply_async", away)
    tasks.ring()
