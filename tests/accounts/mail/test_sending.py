"""From owed to sent: who gets it, who does not, and what each answer of the mail server leads to."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.clock import now
from accounts.mail import claims, kinds, outbox, smtp
from accounts.mail.kinds import Kind, Letter, Unrenderable
from accounts.mail.models import MailLink, Message, Relay, Stopped
from accounts.models import User

from .conftest import TEA, owed, people, write
from .smtp_server import DROP, SmtpServer

YES_FOR_NOW = [
    "421",
    "430",
    "432",
    "441",
    "442",
    "446",
    "447",
    "449",
    "450",
    "451",
    "452",
    "454",
    "455",
    "471",
]
NO_FOR_GOOD = ["500", "501", "502", "503", "504", "521", "550", "551", "552", "554"]
CODES = YES_FOR_NOW + NO_FOR_GOOD


def settled(message: Message) -> Message:
    message.refresh_from_db()
    return message


@pytest.mark.django_db
def test_a_due_message_is_sent_once_and_the_row_says_when(server: SmtpServer, outsider: User) -> None:
    message = owed(outsider)
    assert outbox.send_owed() == {"sent": 1}
    assert outbox.send_owed() == {}
    [taken] = server.taken()
    assert taken.recipient == outsider.email
    assert taken.sender == "reflect@localhost"
    assert settled(message).state == "sent"
    assert message.sent_at is not None
    assert message.sending_at is not None
    assert (message.attempts, message.last_code) == (1, 250)


@pytest.mark.django_db
def test_nothing_is_sent_before_it_is_due_or_after_it_is_too_late(server: SmtpServer, outsider: User) -> None:
    early = owed(outsider, 1, next_attempt_at=now() + timedelta(minutes=1))
    late = owed(outsider, 2, due_at=now() - timedelta(days=20), expires_at=now() - timedelta(seconds=1))
    assert outbox.send_owed() == {"expired": 1}
    assert settled(early).state == "queued"
    assert settled(late).state == "expired"
    assert server.taken() == []


@pytest.mark.django_db
def test_one_connection_carries_many_messages(server: SmtpServer) -> None:
    for person in people(5):
        owed(person)
    assert outbox.send_owed(limit=3) == {"sent": 3}
    assert [c[:4].upper() for c in server.script.commands].count("EHLO") == 1
    assert outbox.send_owed() == {"sent": 2}


@pytest.mark.django_db
def test_a_rehearsal_sends_what_is_due_by_its_own_clock(
    server: SmtpServer, outsider: User, settings: object
) -> None:
    owed(outsider, next_attempt_at=now() + timedelta(days=9))
    assert outbox.send_owed() == {}
    settings.REHEARSAL_OFFSET = timedelta(days=10)  # type: ignore[attr-defined]
    assert outbox.send_owed() == {"sent": 1}


@pytest.mark.django_db(transaction=True)
def test_sending_refuses_to_begin_inside_a_transaction(server: SmtpServer, outsider: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.send_owed()


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("code", CODES)
def test_a_no_for_now_is_tried_again_and_a_no_for_good_never(
    server: SmtpServer, outsider: User, step: str, code: str
) -> None:
    setattr(server.script, step, f"{code} we told {outsider.email} no")
    message = owed(outsider)
    outbox.send_owed()
    state = "queued" if code in YES_FOR_NOW else "failed"
    assert (settled(message).state, message.last_code, message.attempts) == (state, int(code), 1)
    assert "@" not in message.last_error
    if state == "queued":
        wait = message.next_attempt_at - now()
        assert timedelta(seconds=40) < wait < timedelta(seconds=80)
        server.script.__init__()  # type: ignore[misc]
        Message.objects.update(next_attempt_at=now())
        Relay.objects.update(faults=0, paused_until=None)
    assert outbox.send_owed() == ({"sent": 1} if state == "queued" else {})
    assert len(server.taken()) == (state == "queued")


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["530", "535"])
def test_being_told_to_sign_in_first_is_no_fault_of_the_message(
    server: SmtpServer, outsider: User, code: str
) -> None:
    server.script.mail = f"{code} sign in first"
    message = owed(outsider)
    assert outbox.send_owed() == {"queued": 1}
    assert settled(message).attempts == 0
    assert Relay.objects.get().faults == 1


@pytest.mark.django_db
def test_each_wait_is_longer_and_the_eighth_no_is_the_last(server: SmtpServer, outsider: User) -> None:
    server.script.rcpt = "450 greylisted"
    message = owed(outsider)
    waits = []
    for _ in range(12):
        if not outbox.send_owed():
            break
        waits.append((settled(message).next_attempt_at - now()).total_seconds() / 60)
        Message.objects.filter(state="queued").update(next_attempt_at=now())
    assert (message.state, message.attempts) == ("failed", 8)
    for wait, planned in zip(waits[:7], [1, 5, 20, 60, 180, 360, 720], strict=True):
        assert 0.79 * planned < wait < 1.21 * planned


@pytest.mark.django_db
def test_a_no_for_now_is_final_after_two_days(server: SmtpServer, outsider: User) -> None:
    server.script.rcpt = "450 greylisted"
    message = owed(outsider, attempts=2, first_attempt_at=now() - timedelta(hours=49))
    assert outbox.send_owed() == {"failed": 1}
    assert settled(message).last_error == "RCPT: greylisted"


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["hello?", "999 what", "abc", "250"])
@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_nonsense_before_the_content_is_tried_again(
    server: SmtpServer, outsider: User, step: str, answer: str
) -> None:
    if answer == "250":
        answer = DROP
    setattr(server.script, step, answer)
    message = owed(outsider)
    assert outbox.send_owed() == {"queued": 1}
    assert settled(message).attempts == 1
    assert server.taken() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("data", DROP),
        ("dot", DROP),
        ("dot", "TAKE DROP"),
        ("dot", "hello?"),
        ("dot", "TAKE hello?"),
        ("dot", "354 ?"),
    ],
)
def test_without_an_answer_after_data_nobody_sends_again(
    server: SmtpServer, outsider: User, step: str, answer: str
) -> None:
    setattr(server.script, step, answer)
    message = owed(outsider)
    assert outbox.send_owed() == {"sending": 1}
    assert settled(message).state == "sending"
    server.script.__init__()  # type: ignore[misc]
    assert outbox.send_owed() == {}

    minutes_14 = F("lease_until") - timedelta(minutes=14)
    Message.objects.update(lease_until=minutes_14)
    assert outbox.send_owed() == {}
    Message.objects.update(lease_until=F("lease_until") - timedelta(minutes=1))
    assert outbox.send_owed() == {"uncertain": 1}
    assert settled(message).state == "uncertain"
    assert outbox.send_owed() == {}
    assert len(server.taken()) == answer.startswith("TAKE")


@pytest.mark.django_db
def test_a_server_that_answers_late_is_waited_for(
    server: SmtpServer, outsider: User, settings: object
) -> None:
    settings.EMAIL_TIMEOUT = 0.3  # type: ignore[attr-defined]
    server.script.delay = 1.0
    owed(outsider)
    assert outbox.send_owed() == {"sent": 1}
    assert len(server.taken()) == 1


@pytest.mark.django_db
def test_a_server_that_never_answers_leaves_the_message_uncertain(
    server: SmtpServer, outsider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "DATA_TIMEOUT", 0.3)
    server.script.delay = 1.5
    owed(outsider)
    assert outbox.send_owed() == {"sending": 1}
    Message.objects.update(lease_until=now() - timedelta(minutes=1))
    assert outbox.send_owed() == {"uncertain": 1}
    assert len(server.taken()) == 1


@pytest.mark.django_db
def test_a_kept_connection_that_the_server_closed_costs_no_attempt(server: SmtpServer) -> None:
    first, second = people(2)
    owed(first)
    later = owed(second)
    said: list[str] = []

    def once(command: str) -> str:
        said.append(command)
        return DROP if len(said) == 2 else "250 ok"

    server.script.mail = once
    assert outbox.send_owed() == {"sent": 2}
    assert settled(later).attempts == 1


@pytest.mark.django_db
def test_an_inactive_person_gets_nothing(server: SmtpServer, outsider: User) -> None:
    message = owed(outsider)
    User.objects.update(is_active=False)
    assert outbox.send_owed() == {"cancelled": 1}
    assert settled(message).last_error == "inactive"
    assert server.script.commands == []


@pytest.mark.django_db
def test_a_stopped_stream_is_not_sent_and_the_others_are(
    server: SmtpServer, outsider: User, registry: dict[str, Kind]
) -> None:
    kinds.register(Kind("receipt", None, "A receipt", write))
    message = owed(outsider)
    owed(outsider, kind="receipt")
    Stopped.objects.stop(outsider.pk, "tea")
    assert outbox.send_owed() == {"suppressed": 1, "sent": 1}
    assert settled(message).last_error == "stopped"


@pytest.mark.django_db
def test_what_is_no_longer_wanted_is_cancelled_for_its_reason(
    server: SmtpServer, outsider: User, member: User, registry: dict[str, Kind]
) -> None:
    named_otto = User.objects.filter(pk=OuterRef("person_id"), name__startswith="Otto")
    conditions = (("another", Q(subject_id__gt=0)), ("answered", Q(Exists(named_otto))))
    kinds.register(Kind("asking", TEA, "A question", write, conditions))
    owed(outsider, kind="asking")
    unwanted = owed(member, kind="asking")
    assert outbox.send_owed() == {"sent": 1, "cancelled": 1}
    assert settled(unwanted).last_error == "answered"
    assert [taken.recipient for taken in server.taken()] == [outsider.email]


# --- At the fence: the world changes after the claim, before the content ---------------------------------------------


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


# --- Letters that cannot be made --------------------------------------------------------------------------------------


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
