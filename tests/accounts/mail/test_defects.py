"""Letters that cannot be made hold up nobody else."""

from datetime import timedelta

import pytest

from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.kinds import Kind, Letter, Unrenderable
from accounts.mail.models import Message
from accounts.models import User

from .conftest import TEA, owed, people, settled, write
from .smtp_server import SmtpServer


@pytest.mark.django_db
def test_a_letter_that_cannot_be_made_holds_up_nobody_and_logs_no_words(
    server: SmtpServer, registry: dict[str, Kind], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(message: Message) -> Letter:
        if message.subject_id == 13:
            raise KeyError("a private word")
        return write(message)

    kinds.register(Kind("note", TEA, "A note", broken))
    first, *others = people(10)
    poison = owed(first, 13, kind="note", next_attempt_at=now() - timedelta(days=1))
    for person in others:
        owed(person, kind="note")
    assert outbox.send_owed() == {"queued": 1, "sent": 9}
    assert (settled(poison).attempts, poison.last_error) == (1, "no letter: KeyError")
    assert "private" not in caplog.text
    assert f"message {poison.pk}" in caplog.text


@pytest.mark.django_db
def test_five_letters_in_a_row_that_cannot_be_made_stop_their_kind_and_no_other(
    server: SmtpServer, outsider: User, registry: dict[str, Kind], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(message: Message) -> Letter:
        raise KeyError

    kinds.register(Kind("note", TEA, "A note", broken))
    for person in people(20):
        owed(person, kind="note")
    owed(outsider)
    assert outbox.send_owed() == {"queued": 5, "sent": 1}
    assert Message.objects.filter(attempts=0).count() == 15
    assert any(record.levelname == "CRITICAL" for record in caplog.records)


@pytest.mark.django_db
def test_a_letter_with_nothing_to_say_is_cancelled(
    server: SmtpServer, outsider: User, registry: dict[str, Kind]
) -> None:
    def gone(message: Message) -> Letter:
        raise Unrenderable("the pairing is gone")

    kinds.register(Kind("note", TEA, "A note", gone))
    message = owed(outsider, kind="note")
    assert outbox.send_owed() == {"cancelled": 1}
    assert settled(message).last_error == "the pairing is gone"


@pytest.mark.django_db
def test_a_kind_of_an_older_version_waits_and_then_expires(
    server: SmtpServer, outsider: User, registry: dict[str, Kind]
) -> None:
    message = owed(outsider)
    registry.clear()
    assert outbox.send_owed() == {}
    Message.objects.update(due_at=now() - timedelta(days=2), expires_at=now())
    assert outbox.send_owed() == {"expired": 1}
    assert settled(message).state == "expired"
