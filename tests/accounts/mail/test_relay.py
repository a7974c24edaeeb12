"""Being kind to the mail server: the pace of all senders together, resting when it ails, one connection each."""

import socket
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.mail import outbox, relay
from accounts.mail.models import Message, Relay
from accounts.models import User

from .conftest import owed, people
from .smtp_server import DROP, SmtpServer


def nobody_listens(settings: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]


def rest_left() -> float:
    until = Relay.objects.get().paused_until
    return (until - timezone.now()).total_seconds() if until else 0.0


def rest_is_over() -> None:
    Relay.objects.update(paused_until=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_all_senders_together_keep_the_pace(server: SmtpServer, settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 20
    settings.MAIL_WORKERS = 3
    for person in people(30):
        owed(person)

    def send() -> None:
        outbox.send_owed()
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    times = sorted(taken.at for taken in server.taken())
    assert len(times) == 30
    # 30 messages at 20 a second take 29 gaps of 50 ms; the first may have been on its way for a moment.
    assert times[-1] - times[0] >= 29 / 20 / 1.05 - 0.1


@pytest.mark.django_db
def test_a_server_that_asks_for_less_gets_half_for_ten_minutes(settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 10
    relay.take_turn()
    relay.slow_down()
    turns = [relay.take_turn() for _ in range(3)]
    waits = [turn.wait for turn in turns if turn]
    assert waits[2] - waits[1] == pytest.approx(0.2, abs=0.05)
    Relay.objects.update(slow_until=timezone.now(), next_at=None)
    waits = [turn.wait for turn in (relay.take_turn(), relay.take_turn()) if turn]
    assert waits[1] - waits[0] == pytest.approx(0.1, abs=0.05)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["421", "432", "452"])
def test_three_answers_mean_slow_down(server: SmtpServer, outsider: User, code: str) -> None:
    server.script.rcpt = f"{code} too much"
    owed(outsider)
    outbox.send_owed()
    assert Relay.objects.get().slow_until is not None


@pytest.mark.django_db
def test_after_five_faults_all_rest_longer_each_time_and_one_message_tries(
    server: SmtpServer, settings: Settings
) -> None:
    for person in people(20):
        owed(person)
    port = settings.EMAIL_PORT
    nobody_listens(settings)
    assert outbox.send_owed() == {"queued": 5}
    assert 55 < rest_left() <= 60
    assert outbox.send_owed() == {}
    # The attempts are given back: that the server was away says nothing about these messages.
    assert set(Message.objects.values_list("state", "attempts")) == {("queued", 0)}

    for rest in (120, 240, 480, 900, 900):
        rest_is_over()
        assert outbox.send_owed() == {"queued": 1}
        assert rest - 5 < rest_left() <= rest
    settings.EMAIL_PORT = port
    rest_is_over()
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
    assert outbox.send_owed() == {"sent": 20}
    assert (Relay.objects.get().faults, rest_left()) == (0, 0.0)


@pytest.mark.django_db
def test_while_one_message_tries_the_others_wait(settings: Settings) -> None:
    settings.MAIL_PER_SECOND = 0
    for _ in range(5):
        relay.was_at_fault(probe=False)
    rest_is_over()
    probe = relay.take_turn()
    assert probe is not None
    assert probe.is_probe
    assert relay.take_turn() is None
    relay.was_well()
    assert relay.take_turn() is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "answer"),
    [("mail", "421 busy"), ("rcpt", "454 no"), ("hello", "554 go away"), ("mail", "550 not you")],
)
def test_a_server_that_refuses_us_is_given_a_rest(server: SmtpServer, step: str, answer: str) -> None:
    setattr(server.script, step, answer)
    for person in people(8):
        owed(person)
    outbox.send_owed()
    assert rest_left() > 50
    assert Message.objects.filter(attempts=0, state="queued", next_attempt_at__lt=timezone.now()).count() == 3


@pytest.mark.django_db
def test_refusing_five_people_is_no_reason_to_rest(server: SmtpServer) -> None:
    server.script.rcpt = "550 nobody here"
    for person in people(8):
        owed(person)
    assert outbox.send_owed() == {"failed": 8}
    assert rest_left() == 0


@pytest.mark.django_db
def test_a_server_that_hangs_up_at_once_counts_as_a_fault(server: SmtpServer, outsider: User) -> None:
    server.script.hello = DROP
    message = owed(outsider)
    outbox.send_owed()
    message.refresh_from_db()
    assert (message.state, message.attempts, Relay.objects.get().faults) == ("queued", 0, 1)


@pytest.mark.django_db
def test_signing_in_that_fails_sends_nothing_and_gives_the_attempt_back(
    server: SmtpServer, outsider: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "best", "a very secret password"
    server.script.ehlo = "250-here\r\n250 AUTH PLAIN"
    message = owed(outsider)
    assert outbox.send_owed() == {"queued": 1}
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (0, "not reached: SMTPAuthenticationError")
    assert "secret" not in caplog.text


@pytest.mark.django_db
def test_without_starttls_nothing_is_said_in_the_clear(
    server: SmtpServer, outsider: User, settings: Settings
) -> None:
    settings.EMAIL_USE_TLS = True
    owed(outsider)
    assert outbox.send_owed() == {"queued": 1}
    assert not any(command[:4].upper() == "MAIL" for command in server.script.commands)


@pytest.mark.django_db(transaction=True)
def test_no_more_connections_are_open_than_the_setting_says(server: SmtpServer, settings: Settings) -> None:
    settings.MAIL_WORKERS = 2
    server.script.delay = 0.02
    for person in people(30):
        owed(person)
    counts: list[int] = []

    def send() -> None:
        counts.append(outbox.send_owed().total())
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sum(counts) == 30
    assert server.most_sessions <= 2


@pytest.mark.django_db
def test_a_run_ends_after_its_seconds_or_its_limit_or_when_told_to(
    server: SmtpServer, settings: Settings
) -> None:
    for person in people(6):
        owed(person)
    assert outbox.send_owed(limit=1) == {"sent": 1}
    assert outbox.send_owed(stop=lambda: True) == {}
    assert outbox.send_owed(stop=lambda: len(server.taken()) >= 3) == {"sent": 2}
    settings.MAIL_PER_SECOND = 0.1
    began = time.monotonic()
    assert outbox.send_owed(seconds=0.5) == {"sent": 1}
    assert time.monotonic() - began < 2
    assert outbox.has_due()
