"""A mail server speaks to us over a real connection, by LMTP and by SMTP."""

import asyncio
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from accounts.mail.inbound import delivery, listening
from accounts.mail.inbound.listening import Listener, Place
from accounts.mail.models import MailEvent, Message, Stopped
from accounts.models import User
from tests.mentoring.test_races import at_once

from .conftest import mail, report
from .test_bounces import way_back

pytestmark = pytest.mark.django_db(transaction=True)
FROM = "otto@elsewhere.example"
NOBODY = "post+s-nobody@in.harbor.example"
Put = Callable[[Any], None]


class Running:
    """A listener in a thread of its own, as in its process."""

    def __init__(self, listener: Listener) -> None:
        self.place = listener.place
        self._ready = threading.Event()
        self._listener = listener
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self._loop, self._ending = asyncio.get_running_loop(), asyncio.Event()

        def ready(place: Place) -> None:
            self.place = place
            self._ready.set()

        await self._listener.serve(self._ending, ready)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def tell_to_end(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)

    def wait(self) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


@contextmanager
def running(*, speaks_lmtp: bool = True, at: str = "0") -> Iterator[Running]:
    listener = Running(Listener(Place.of(at), speaks_lmtp=speaks_lmtp))
    listener.start()
    try:
        yield listener
    finally:
        listener.tell_to_end()
        listener.wait()


@pytest.fixture
def lmtp() -> Iterator[Running]:
    with running() as listener:
        yield listener


def to_lmtp(listener: Running) -> smtplib.LMTP:
    return smtplib.LMTP(listener.place.host, listener.place.port, timeout=20)


def to_smtp(listener: Running) -> smtplib.SMTP:
    return smtplib.SMTP(listener.place.host, listener.place.port, timeout=20)


def answers(client: smtplib.SMTP, content: bytes, *recipients: str) -> list[bytes]:
    """What is said to the content: by LMTP for each recipient, in their order."""
    client.ehlo_or_helo_if_needed()
    assert client.mail(FROM)[0] == 250
    for recipient in recipients:
        assert client.rcpt(recipient)[0] == 250
    code, said = client.data(content)
    found = [str(code).encode() + b" " + said]
    found += (
        [(client.file.readline()).strip() for _ in recipients[1:]] if isinstance(client, smtplib.LMTP) else []
    )  # type: ignore[union-attr]
    return found


# --- LMTP ----------------------------------------------------------------------------------------------------------


def test_mail_for_us_is_taken_and_answered_for_each_recipient(
    lmtp: Running, stop_address: str, outsider: User
) -> None:
    with to_lmtp(lmtp) as client:
        assert client.sendmail(FROM, [stop_address], mail(stop_address)) == {}
        said = answers(client, mail(stop_address), stop_address, NOBODY)
        assert [each[:3] for each in said] == [b"250", b"250"]
        # The line stays in step: another may follow.
        assert client.noop()[0] == 250
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_each_recipient_has_an_answer_of_its_own(lmtp: Running, stop_address: str, inbox: Put) -> None:
    def receive(content: bytes, recipient: str, now: datetime) -> None:
        if "nobody" in recipient:
            raise OperationalError

    inbox(receive)
    with to_lmtp(lmtp) as client:
        said = answers(client, mail(NOBODY), stop_address, NOBODY, stop_address)
    assert [each[:3] for each in said] == [b"250", b"451", b"250"]


def test_the_null_sender_of_a_report_is_taken(lmtp: Running, sent: Message) -> None:
    to = way_back(sent)
    with to_lmtp(lmtp) as client:
        client.sendmail("", [to], report(to))
    assert MailEvent.objects.get().kind == "hard"


def test_two_deliveries_at_once_of_one_mail_count_once(lmtp: Running, sent: Message) -> None:
    to = way_back(sent)

    def hand_over() -> None:
        with to_lmtp(lmtp) as client:
            assert client.sendmail("", [to], report(to)) == {}

    assert at_once([hand_over] * 4) == ["done"] * 4
    assert MailEvent.objects.count() == 1


@pytest.mark.parametrize(
    "recipient",
    [
        "somebody@elsewhere.example",
        "post@in.harbor.example",
        "post+x-abc@in.harbor.example",
        "root",
        "keep@localhost",
    ],
)
@pytest.mark.parametrize("speaks_lmtp", [True, False])
def test_it_is_no_open_relay(recipient: str, speaks_lmtp: bool) -> None:
    with (
        running(speaks_lmtp=speaks_lmtp) as listener,
        (to_lmtp if speaks_lmtp else to_smtp)(listener) as client,
    ):
        client.ehlo_or_helo_if_needed()
        client.mail(FROM)
        assert client.rcpt(recipient)[0] == 550
        assert client.docmd("DATA")[0] == 503


def test_the_greatest_size_is_announced_and_more_is_refused_for_each_recipient(
    lmtp: Running, stop_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with to_lmtp(lmtp) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == str(25 * 1024 * 1024)
        assert client.docmd(f"MAIL FROM:<{FROM}> SIZE={25 * 1024 * 1024 + 1}")[0] == 552
    monkeypatch.setattr(delivery, "MOST_BYTES", 1000)
    with to_lmtp(lmtp) as client:
        said = answers(client, b"x" * 70 + b"\r\n" + b"y\r\n" * 2000, stop_address, NOBODY)
        assert [each[:3] for each in said] == [b"552", b"552"]
        assert client.noop()[0] == 250
    assert not Stopped.objects.exists()


def test_what_goes_round_in_circles_is_refused(lmtp: Running, stop_address: str) -> None:
    with to_lmtp(lmtp) as client:
        said = answers(client, b"Received: by a\r\n" * 101 + mail(stop_address), stop_address)
    assert said[0].startswith(b"554 5.4.6")


def test_a_long_line_is_taken(lmtp: Running, stop_address: str, outsider: User) -> None:
    with to_lmtp(lmtp) as client:
        client.sendmail(FROM, [stop_address], mail(stop_address) + b"x" * 50_000 + b"\r\n")
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_too_many_recipients_wait_for_the_next_time(lmtp: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "MOST_RECIPIENTS", 1)
    with to_lmtp(lmtp) as client:
        client.ehlo_or_helo_if_needed()
        client.mail(FROM)
        assert [client.rcpt(NOBODY)[0] for _ in range(2)] == [250, 452]


def test_while_the_database_is_away_the_mail_server_keeps_it_and_nothing_is_lost(
    lmtp: Running, stop_address: str, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        away.setitem(connection.settings_dict, "PORT", "1")
        with to_lmtp(lmtp) as client:
            assert answers(client, mail(stop_address), stop_address)[0][:3] == b"451"
    assert not Stopped.objects.exists()
    with to_lmtp(lmtp) as client:
        assert answers(client, mail(stop_address), stop_address)[0][:3] == b"250"
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_a_connection_that_postgresql_cuts_is_opened_anew(
    lmtp: Running, stop_address: str, outsider: User
) -> None:
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with to_lmtp(lmtp) as client:
        answers(client, mail(stop_address), NOBODY)
        with connection.cursor() as cursor:
            cursor.execute(cut)
        assert answers(client, mail(stop_address), stop_address)[0][:3] == b"250"
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_the_log_names_nobody(lmtp: Running, stop_address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with to_lmtp(lmtp) as client:
        answers(client, mail(stop_address), stop_address)
        client.docmd("NONSENSE private@harbor.example")
    assert "receive: a kind of e-mail is stopped" in caplog.text
    for private in ("otto", "private", "post+s", "elsewhere"):
        assert private not in caplog.text.lower()


def test_who_comes_when_all_places_are_taken_is_asked_to_come_again(
    lmtp: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_CONNECTIONS", 1)
    with to_lmtp(lmtp) as client:
        client.noop()
        with pytest.raises(smtplib.SMTPConnectError) as busy:
            to_lmtp(lmtp)
        assert busy.value.smtp_code == 421
        assert client.noop()[0] == 250


@pytest.mark.parametrize("limit", ["SECONDS_PER_COMMAND", "SECONDS_PER_CONNECTION"])
def test_who_says_nothing_or_stays_for_ever_is_cut_off(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, limit, 0.3)
    with running() as listener, socket.create_connection(listener.place[:2], timeout=10) as line:
        assert line.recv(100).startswith(b"220")
        assert line.recv(100) == b""


def test_told_to_end_it_finishes_the_mail_at_hand(stop_address: str, outsider: User, inbox: Put) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(content: bytes, recipient: str, now: datetime) -> None:
        begun.set()
        assert go_on.wait(20)

    inbox(slow)
    said: list[bytes] = []
    with running() as listener:

        def hand_over() -> None:
            with to_lmtp(listener) as client:
                said.extend(answers(client, mail(stop_address), stop_address))

        hands = threading.Thread(target=hand_over)
        hands.start()
        assert begun.wait(20)
        listener.tell_to_end()
        time.sleep(0.2)
        with pytest.raises(OSError):  # noqa: PT011  whichever: nobody listens any more
            to_lmtp(listener)
        go_on.set()
        listener.wait()
        hands.join(20)
    assert [each[:3] for each in said] == [b"250"]
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_it_listens_at_a_socket_of_this_machine(tmp_path: Path, stop_address: str, outsider: User) -> None:
    path = tmp_path / "lmtp"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    with running(at=str(path)):
        assert path.stat().st_mode & 0o777 == 0o660
        with smtplib.LMTP(str(path)) as client:
            client.sendmail(FROM, [stop_address], mail(stop_address))
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert not path.exists()


# --- SMTP ----------------------------------------------------------------------------------------------------------


def test_by_smtp_all_recipients_have_one_answer_and_it_loses_nothing(
    stop_address: str, outsider: User, inbox: Put
) -> None:
    def receive(content: bytes, recipient: str, now: datetime) -> None:
        if "nobody" in recipient:
            raise OperationalError

    inbox(receive)
    with running(speaks_lmtp=False) as listener, to_smtp(listener) as client:
        assert [each[:3] for each in answers(client, mail(stop_address), stop_address)] == [b"250"]
        said = answers(client, mail(stop_address), stop_address, NOBODY)
        assert [each[:3] for each in said] == [b"451"]
        assert client.noop()[0] == 250
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


# --- Where it listens, and the command -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "host", "port", "path", "is_of_this_machine"),
    [
        ("8024", "127.0.0.1", 8024, "", True),
        (":8024", "127.0.0.1", 8024, "", True),
        ("[::1]:24", "::1", 24, "", True),
        ("0.0.0.0:24", "0.0.0.0", 24, "", False),  # noqa: S104
        ("10.0.0.4:24", "10.0.0.4", 24, "", False),
        ("/run/best/lmtp", "", 0, "/run/best/lmtp", True),
    ],
)
def test_it_listens_on_this_machine_alone_unless_told_otherwise(
    words: str, host: str, port: int, path: str, is_of_this_machine: bool
) -> None:
    place = Place.of(words)
    assert (*place, place.is_of_this_machine) == (host, port, path, is_of_this_machine)


@pytest.mark.parametrize("words", ["", "localhost", "localhost:smtp", "127.0.0.1:99999", "run/lmtp"])
def test_what_is_no_place_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        Place.of(words)


def test_the_command_says_where_it_listens_and_ends_when_told(settings: Settings) -> None:
    environment = os.environ | {
        "INBOUND_ADDRESS": "post@in.harbor.example",
        "INBOUND_AUTHSERV_ID": "mx.harbor.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DEBUG": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "listen", "--lmtp", "127.0.0.1:0"],
        cwd=django_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    said = process.stdout.readline()
    assert said.startswith("listening at 127.0.0.1:")
    assert "this machine alone reaches it" in said
    port = int(said.partition(";")[0].rpartition(":")[2])
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as client:
        assert answers(client, mail(NOBODY), NOBODY)[0][:3] == b"451"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        client.close()
    errors = process.stderr.read()
    assert "the database is away" in errors
    assert "Traceback" not in errors
    process.stdout.close()
    process.stderr.close()
