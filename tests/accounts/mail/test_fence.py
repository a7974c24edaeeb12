"""At the fence: the world changes after the claim, and before a byte of content goes out."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q

from accounts.clock import now
from accounts.mail import claims, kinds, outbox
from accounts.mail.kinds import Kind
from accounts.mail.models import MailLink, Message, Stopped
from accounts.models import User

from .conftest import TEA, owed, people, settled, write
from .smtp_server import SmtpServer


def between(server: SmtpServer, act: object) -> None:
    """Do something, once, after RCPT was said and before it is answered: just before the fence."""
    done: list[str] = []

    def rcpt(command: str) -> str:
        if not done:
            done.append(command)
            act()  # type: ignore[operator]
            connection.close()
        return "250 ok"

    server.script.rcpt = rcpt


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("act", "state", "reason"),
    [
        (lambda: User.objects.update(name="Tilda"), "cancelled", "answered"),
        (lambda: User.objects.update(is_active=False), "cancelled", "inactive"),
        (lambda: Stopped.objects.stop(User.objects.get().pk, "tea"), "suppressed", "stopped"),
        (
            lambda: Message.objects.update(due_at=now() - timedelta(days=9), expires_at=now()),
            "expired",
            "too late",
        ),
        (lambda: outbox.cancel("asking", subject_id=1, reason="withdrawn"), "cancelled", "withdrawn"),
    ],
)
def test_the_fence_asks_again_whether_the_message_is_wanted(
    server: SmtpServer, outsider: User, registry: dict[str, Kind], act: object, state: str, reason: str
) -> None:
    conditions = (("answered", Q(person__name__startswith="Otto")),)
    kinds.register(Kind("asking", TEA, "A question", write, conditions))
    message = owed(outsider, kind="asking")
    between(server, act)
    outbox.send_owed()
    assert (settled(message).state, message.last_error) == (state, reason)
    assert server.taken() == []
    assert "DATA" not in server.script.commands
    assert "rset" in server.script.commands
    assert not MailLink.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_wakes_after_its_lease_dies_at_the_fence(server: SmtpServer, outsider: User) -> None:
    message = owed(outsider)
    other: list[object] = []

    def overtake() -> None:
        Message.objects.update(lease_until=now() - timedelta(seconds=1))
        other.append(outbox.send_owed())

    between(server, overtake)
    assert outbox.send_owed() == {"lost": 1}
    assert other == [{"queued": 1, "sent": 1}]
    assert len(server.taken()) == 1
    assert settled(message).state == "sent"


@pytest.mark.django_db(transaction=True)
def test_a_sender_whose_lease_is_over_dies_at_the_fence_even_when_nobody_else_took_the_message(
    server: SmtpServer, outsider: User
) -> None:
    message = owed(outsider)
    between(server, lambda: Message.objects.update(lease_until=now() - timedelta(seconds=1)))
    assert outbox.send_owed() == {"lost": 1}
    assert server.taken() == []
    assert outbox.send_owed() == {"queued": 1, "sent": 1}
    assert settled(message).attempts == 2


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_a_message_that_was_given_up_makes_it_certain(
    server: SmtpServer, outsider: User
) -> None:
    message = owed(outsider)

    def sweep_meanwhile(raw: str) -> str:
        Message.objects.update(lease_until=now() - timedelta(seconds=1))
        assert claims.sweep() == {"uncertain": 1}
        connection.close()
        return "250 taken"

    server.script.dot = sweep_meanwhile
    assert outbox.send_owed() == {"sent": 1}
    assert settled(message).state == "sent"


@pytest.mark.django_db(transaction=True)
def test_many_senders_at_once_send_each_message_once(server: SmtpServer, settings: object) -> None:
    settings.MAIL_WORKERS = 4  # type: ignore[attr-defined]
    for person in people(40):
        owed(person)
    counts: list[object] = []

    def send() -> None:
        counts.append(outbox.send_owed())
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sum(c["sent"] for c in counts) == 40  # type: ignore[index]
    assert len({taken.recipient for taken in server.taken()}) == len(server.taken()) == 40
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db
def test_a_message_whose_sender_died_before_the_fence_is_sent_by_the_next(
    server: SmtpServer, outsider: User
) -> None:
    message = owed(outsider)
    assert claims.claim(["tea_note"]) is not None
    assert outbox.send_owed() == {}
    Message.objects.update(lease_until=now() - timedelta(seconds=1))
    assert outbox.send_owed() == {"queued": 1, "sent": 1}
    assert settled(message).attempts == 2


@pytest.mark.django_db
def test_a_message_that_ends_every_sender_is_left_alone_after_eight(
    server: SmtpServer, outsider: User
) -> None:
    gone = now() - timedelta(seconds=1)
    message = owed(outsider, state="claimed", attempts=8, lease_token=uuid.uuid4(), lease_until=gone)
    assert outbox.send_owed() == {"failed": 1}
    assert settled(message).state == "failed"
