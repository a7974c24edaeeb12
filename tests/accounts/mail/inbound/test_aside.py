"""What we trip over is taken all the same, lies sealed for a week, and is taken up once we trip no more."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.clock import now
from accounts.mail.inbound import aside
from accounts.mail.models import Stopped
from accounts.models import MailAside, User

from .conftest import mail
from .test_listening import NOBODY, answers, running, to_lmtp

pytestmark = pytest.mark.django_db(transaction=True)
Put = Callable[[Any], None]


@pytest.fixture
def trips(inbox: Put) -> SimpleNamespace:
    """As long as `on`, we trip over whatever comes in."""
    state = SimpleNamespace(on=True)

    def receive(content: bytes, recipient: str, now: datetime) -> None:
        if state.on:
            raise ValueError("private words")

    inbox(receive)
    return state


def take_up() -> str:
    said = StringIO()
    call_command("receive", "--aside", stdout=said)
    return said.getvalue().strip()


def test_a_mail_server_need_not_try_for_days_nor_write_to_anybody(
    trips: SimpleNamespace, stop_address: str, outsider: User, caplog: pytest.LogCaptureFixture
) -> None:
    with running() as listener, to_lmtp(listener) as client:
        said = answers(client, mail(stop_address), stop_address, NOBODY)
    assert [each[:3] for each in said] == [b"250", b"250"]
    assert "private" not in caplog.text

    assert take_up() == "0 taken, 2 left"
    trips.on = False
    assert take_up() == "2 taken, 0 left"
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}
    assert take_up() == "0 taken, 0 left"


def test_a_pipe_ends_well(
    trips: SimpleNamespace, stop_address: str, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(mail(stop_address))))
    call_command("receive", "--recipient", stop_address)
    trips.on = False
    take_up()
    assert Stopped.objects.names_of(outsider.pk) == {"tea"}


def test_nobody_reads_it_who_has_the_database_alone(trips: SimpleNamespace) -> None:
    aside.put(mail(NOBODY), NOBODY, sender="", authserv_id="mx.example")
    row = MailAside.objects.get()
    content = bytes(row.wrapped) + bytes(row.sealed)
    assert len(content) > len(mail(NOBODY))
    assert not any(word in content for word in (b"private words", b"cHJpdmF0ZSB3b3Jkcw", b"nobody"))
    (lies,) = aside.waiting()
    assert lies[1:] == (mail(NOBODY), NOBODY, "", "mx.example")


def test_after_a_week_it_is_gone() -> None:
    aside.put(b"x", "", sender=None, authserv_id=None)
    assert aside.forget(now() + timedelta(days=6, hours=23)) == 0
    assert aside.forget(now() + timedelta(days=7, minutes=1)) == 1
    assert not MailAside.objects.exists()


def test_where_there_is_no_room_the_mail_server_keeps_it(
    trips: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "MOST", 1)
    with running() as listener, to_lmtp(listener) as client:
        assert answers(client, mail(NOBODY), NOBODY)[0][:3] == b"250"
        assert answers(client, mail(NOBODY), NOBODY)[0][:3] == b"451"
        monkeypatch.setattr(aside, "MOST", 200)
        monkeypatch.setattr(aside, "MOST_BYTES", 600)
        assert answers(client, mail(NOBODY), NOBODY)[0][:3] == b"451"


def test_nor_is_it_taken_where_the_database_does_not_keep_it(trips: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_mailaside RENAME TO accounts_gone")
    try:
        with running() as listener, to_lmtp(listener) as client:
            assert answers(client, mail(NOBODY), NOBODY)[0][:3] == b"451"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_gone RENAME TO accounts_mailaside")


def test_what_another_key_file_sealed_is_passed_over(trips: SimpleNamespace) -> None:
    aside.put(mail(NOBODY), NOBODY, sender=None, authserv_id=None)
    MailAside.objects.update(wrapped=b"\x01" * 61)
    aside.put(mail(NOBODY), "second", sender=None, authserv_id=None)
    assert [lies.recipient for lies in aside.waiting()] == ["second"]
