"""Mail is fetched from a mailbox, over a real connection, and deleted there once it is written down here."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from pytest_django.fixtures import Settings

from accounts.mail import tasks
from accounts.mail.inbound import addresses, delivery, mailbox
from accounts.mail.models import Stopped
from accounts.models import User
from tests.mentoring.test_races import at_once

from .conftest import mail
from .imap_server import PASSWORD, USER, ImapServer

pytestmark = pytest.mark.django_db(transaction=True)
ASIDE = '"Not understood"'
Put = Callable[[Any], None]
ONE, TWO = "post+r-one@in.harbor.example", "post+s-two@in.harbor.example"


@pytest.fixture
def box(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    with ImapServer(tmp_path) as server:
        settings.INBOUND_IMAP_HOST, settings.INBOUND_IMAP_PORT = "127.0.0.1", server.port
        settings.INBOUND_IMAP_USER, settings.INBOUND_IMAP_PASSWORD = USER, PASSWORD
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        yield server


@pytest.fixture
def taken(inbox: Put) -> list[tuple[str, bytes]]:
    """To whom, and the last line: whatever comes in goes to an inbox of our own, which trips over poison."""
    found: list[tuple[str, bytes]] = []

    def receive(content: bytes, recipient: str, now: datetime) -> list[str]:
        if b"poison" in content:
            raise ValueError("private words")
        found.append((recipient, content.strip().rsplit(b"\n", 1)[-1].strip()))
        return ["taken"]

    inbox(receive)
    return found


def test_what_is_new_is_taken_and_deleted_there(box: ImapServer, stop_address: str, outsider: User) -> None:
    box.put(mail(stop_address))
    read_before = box.put(mail(stop_address), r"\Seen")
    assert mailbox.fetch() == {"taken": 1}
    assert list(box.mails) == [read_before]
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert mailbox.fetch() == {}


@pytest.mark.parametrize(
    ("headers", "recipients"),
    [
        (f"X-Original-To: {ONE}\r\nDelivered-To: post@in.harbor.example\r\n", [ONE]),
        (f"Delivered-To: {ONE.upper()}\r\nTo: {TWO}\r\n", [ONE]),
        (f"Delivered-To: mailbox@provider.example\r\nTo: Us <{TWO}>\r\n", [TWO]),
        (f"To: otto@elsewhere.example\r\nCc: {TWO}\r\n", [TWO]),
        (f"To: {ONE}, keep+b@localhost, ana@b.example\r\n", [ONE, "keep+b@localhost"]),
        ("To: otto@elsewhere.example\r\n", [""]),
        ("", [""]),
    ],
)
def test_whom_it_is_for_is_read_from_the_headers_and_is_nobody_but_us(
    box: ImapServer, taken: list[tuple[str, bytes]], headers: str, recipients: list[str]
) -> None:
    box.put(headers.encode() + b"Subject: x\r\n\r\nline\r\n")
    mailbox.fetch()
    assert [recipient for recipient, _line in taken] == recipients


def test_what_we_cannot_read_is_put_aside_and_holds_up_nothing(
    box: ImapServer, taken: list[tuple[str, bytes]], caplog: pytest.LogCaptureFixture
) -> None:
    for line in (b"one", b"poison", b"two"):
        box.put(b"Subject: x\r\n\r\n" + line + b"\r\n")
    assert mailbox.fetch() == {"taken": 2, "aside": 1}
    assert [line for _recipient, line in taken] == [b"one", b"two"]
    assert box.mails == {}
    assert [content[-8:] for content in box.other_folders[ASIDE]] == [b"poison\r\n"]
    assert "private" not in caplog.text


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 UIDPLUS"])
def test_a_server_that_knows_less_is_enough(
    box: ImapServer, taken: list[tuple[str, bytes]], capabilities: str
) -> None:
    box.capabilities = capabilities
    box.other_folders[ASIDE] = []
    for line in (b"poison", b"one"):
        box.put(b"Subject: x\r\n\r\n" + line + b"\r\n")
    assert mailbox.fetch() == {"taken": 1, "aside": 1}
    assert box.mails == {}
    assert len(box.other_folders[ASIDE]) == 1


def test_while_the_database_is_away_everything_stays_in_the_mailbox(box: ImapServer, inbox: Put) -> None:
    uids = [box.put(mail("x@y.example")) for _ in range(2)]

    def away(content: bytes, recipient: str, now: datetime) -> None:
        raise OperationalError

    inbox(away)
    assert mailbox.fetch() == {"left": 1}
    assert list(box.mails) == uids
    assert all(mail.flags == set() for mail in box.mails.values())


def test_without_a_database_nobody_asks_the_mailbox(box: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put(mail("x@y.example"))
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        away.setitem(connection.settings_dict, "PORT", "1")
        with pytest.raises(delivery.TryAgain):
            mailbox.fetch()
    assert box.commands == []
    assert len(box.mails) == 1


@pytest.mark.parametrize("step", ["LOGIN", "SEARCH", "RFC822.SIZE", "BODY.PEEK", "STORE", "EXPUNGE"])
def test_a_line_that_breaks_loses_nothing_and_doubles_nothing(
    box: ImapServer, stop_address: str, outsider: User, step: str
) -> None:
    box.hangs_up_at = step
    box.put(mail(stop_address))
    with pytest.raises(mailbox.Unreachable):
        mailbox.fetch()
    for (
        each
    ) in box.mails.values():  # what was marked as read and not yet deleted is not taken once more, nor lost
        assert each.flags in (set(), {r"\Seen", r"\Deleted"})
    mailbox.fetch()
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert Stopped.objects.count() == 1


def test_what_is_too_big_is_deleted_without_being_fetched(
    box: ImapServer, taken: list[tuple[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MOST_BYTES", 100)
    box.put(b"x" * 101)
    assert mailbox.fetch() == {"taken": 1}
    assert (box.mails, taken) == ({}, [])
    assert not any("PEEK" in command for command in box.commands)


def test_two_that_fetch_at_once_take_each_mail_once(box: ImapServer, taken: list[tuple[str, bytes]]) -> None:
    for number in range(10):
        box.put(b"Subject: x\r\n\r\n%d\r\n" % number)
    assert at_once([mailbox.fetch] * 3) == ["done"] * 3
    assert sorted(line for _recipient, line in taken) == [b"%d" % number for number in range(10)]


def test_a_server_that_nobody_vouches_for_gets_no_password(
    box: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(mailbox.Unreachable, match="SSLCertVerificationError"):
        mailbox.fetch()
    assert box.commands == []


def test_a_wrong_password_is_said_in_words_that_name_nobody(
    box: ImapServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.INBOUND_IMAP_PASSWORD = "wrong"
    with pytest.raises(CommandError, match="not fetched: error") as problem:
        call_command("fetch_mail")
    tasks.fetch_mail()
    assert "fetch: error" in caplog.text
    assert USER not in caplog.text + str(problem.value)


def test_the_command_and_the_task_fetch(box: ImapServer, taken: list[tuple[str, bytes]]) -> None:
    for fetch in (lambda: call_command("fetch_mail"), tasks.fetch_mail):
        box.put(b"Subject: x\r\n\r\none\r\n")
        fetch()
    assert len(taken) == 2


def test_without_a_mailbox_the_command_says_so(settings: Settings) -> None:
    settings.INBOUND_IMAP_HOST = ""
    with pytest.raises(CommandError, match="INBOUND_IMAP_HOST is not set"):
        call_command("fetch_mail")


HOSTILE = {
    "an address of open brackets": f"To: {'(' * 1200}\r\n\r\nline\r\n",
    "an address of groups": f"To: {'a:' * 2000}\r\n\r\nline\r\n",
    "e-mails within e-mails": "Content-Type: message/rfc822\r\n\r\n" * 1100 + "line\r\n",
    "parts within parts": "".join(
        f'Content-Type: multipart/mixed; boundary="b{number}"\r\n\r\n--b{number}\r\n'
        for number in range(1100)
    )
    + "\r\nline\r\n",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_e_mail_whatever_is_in_it_holds_up_those_behind_it(
    box: ImapServer, stop_address: str, outsider: User, hostile: str
) -> None:
    box.put(hostile.encode())
    box.put(mail(stop_address))
    assert sum(mailbox.fetch().values()) == 2
    assert box.mails == {}
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_what_trips_over_its_own_headers_is_put_aside(
    box: ImapServer,
    taken: list[tuple[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def trips(email: object) -> list[str]:
        raise RuntimeError("private words")

    monkeypatch.setattr(addresses, "found_in", trips)
    box.put(b"Subject: x\r\n\r\none\r\n")
    assert mailbox.fetch() == {"aside": 1}
    assert (box.mails, taken, len(box.other_folders[ASIDE])) == ({}, [], 1)
    assert "receive: RuntimeError in" in caplog.text
    assert "private" not in caplog.text


def test_a_header_that_nobody_can_read_hides_none_of_the_others(
    box: ImapServer, taken: list[tuple[str, bytes]]
) -> None:
    box.put(f"To: {'(' * 1200}\r\nCc: {TWO}\r\n\r\nline\r\n".encode())
    mailbox.fetch()
    assert [recipient for recipient, _line in taken] == [TWO]
