"""From owed to sent: who gets it, who does not, and what each answer of the mail server leads to."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.clock import now
from accounts.mail import kinds, outbox, smtp
from accounts.mail.kinds import Kind
from accounts.mail.models import Message, Relay, Stopped
from accounts.models import User

from .conftest import TEA, owed, people, settled, write
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
