"""A report comes back to the address that the message was sent from, and says what became of it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from pytest_django.fixtures import Settings

from accounts.clock import now
from accounts.mail import kinds, letters, outbox
from accounts.mail.inbound import return_paths
from accounts.mail.inbound.delivery import deliver
from accounts.mail.kinds import Kind, Letter
from accounts.mail.models import MailEvent, Message, Suppression
from accounts.models import User
from tests.accounts.mail.conftest import owed, write
from tests.accounts.mail.smtp_server import SmtpServer
from tests.mentoring.test_races import at_once

from .conftest import mail, report

pytestmark = pytest.mark.django_db


def way_back(message: Message) -> str:
    return return_paths.sender_of(message.pk, message.person.email)


def comes_back(message: Message, **how: str) -> list[str]:
    to = way_back(message)
    return [str(outcome) for outcome in deliver(report(to, **how), to, now())]


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.last_error


def is_suppressed(person: User) -> bool:
    return Suppression.objects.standing().filter(person=person).exists()


# --- The address ---------------------------------------------------------------------------------------------------


def test_the_token_says_which_message_it_was_and_nobody_else_can_make_one(sent: Message) -> None:
    local, _at, domain = way_back(sent).partition("@")
    assert domain == "in.harbor.example"
    assert re.fullmatch(rf"post\+b-{sent.pk}-[a-z2-7]{{16}}-[a-z2-7]{{7}}", local)
    token = local.removeprefix("post+b-")
    found = return_paths.read(token)
    assert found is not None
    assert found.message_id == sent.pk
    assert found.went_to(sent.person.email)
    assert not found.went_to("another@elsewhere.example")
    number, code, print_ = token.split("-")
    forgeries = [f"{sent.pk + 1}-{code}-{print_}", f"{number}-{'a' * 16}-{print_}", f"{'9' * 30}-{code}-a"]
    for forged in (*forgeries, number, "", "x-y-z", "²-a-b"):
        assert return_paths.read(forged) is None


def test_it_outlives_a_change_of_the_key(sent: Message, settings: Settings) -> None:
    token = way_back(sent).partition("@")[0].removeprefix("post+b-")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    found = return_paths.read(token)
    assert found is not None
    assert found.went_to(sent.person.email)
    settings.SECRET_KEY_FALLBACKS = []
    assert return_paths.read(token) is None


def test_the_longest_number_fits_into_an_address(settings: Settings) -> None:
    settings.INBOUND_ADDRESS = f"{'p' * 24}@in.harbor.example"
    assert len(return_paths.sender_of(10**9 - 1, "a@b.example").partition("@")[0]) <= 64


def test_every_message_is_sent_from_such_an_address_and_without_inbound_mail_from_the_usual_one(
    sent: Message, settings: Settings
) -> None:
    assert letters.post(sent).sender == way_back(sent)
    settings.INBOUND_ADDRESS = ""
    assert letters.post(sent).sender == settings.MAIL_FROM_ADDRESS


@pytest.mark.django_db(transaction=True)
def test_it_stands_in_the_envelope_and_in_no_header(server: SmtpServer, outsider: User) -> None:
    message = owed(outsider)
    outbox.send_owed()
    (taken,) = server.taken()
    assert taken.sender == way_back(message)
    assert "post+b-" not in taken.raw


# --- What reports say ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "status", "kind", "state"),
    [
        ("failed", "5.1.1", "hard", "bounced"),
        ("Failed", "5.0.0 (permanent failure)", "hard", "bounced"),
        ("failed", "5.4.4", "hard", "bounced"),
        ("failed", "4.4.7", "soft", "bounced"),
        # The address may be as good as ever: a full mailbox, a message that is too big, or one that is not wanted.
        ("failed", "5.2.2", "soft", "bounced"),
        ("failed", "5.3.4", "soft", "bounced"),
        ("failed", "5.7.1", "soft", "bounced"),
        ("delayed", "4.4.1", "delayed", "sent"),
        ("delivered", "2.0.0", "delivered", "sent"),
    ],
)
def test_a_report_is_noted_and_moves_the_message(
    sent: Message, action: str, status: str, kind: str, state: str
) -> None:
    comes_back(sent, action=action, status=status)

    event = MailEvent.objects.get()
    assert (event.kind, event.message, event.person, event.provider) == (kind, sent, sent.person, "report")
    assert state_of(sent)[0] == state
    assert is_suppressed(sent.person) is (kind == "hard")


def test_what_is_kept_holds_neither_an_address_nor_a_text(sent: Message) -> None:
    comes_back(sent)
    assert state_of(sent) == ("bounced", "came back 5.1.1")
    row = MailEvent.objects.values().get()
    assert not any("@" in str(value) or "user" in str(value) for value in row.values())


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [("delivered", "2.0.0", "sent"), ("delayed", "4.4.1", "sent"), ("failed", "5.1.1", "bounced")],
)
def test_whatever_is_heard_of_it_shows_that_an_uncertain_message_was_sent(
    sent: Message, action: str, status: str, state: str
) -> None:
    Message.objects.filter(pk=sent.pk).update(state="uncertain", sent_at=None)
    comes_back(sent, action=action, status=status)
    assert state_of(sent)[0] == state
    assert sent.sent_at == sent.sending_at


@pytest.mark.django_db(transaction=True)
def test_it_may_come_back_before_the_mail_server_has_said_that_it_took_it(
    server: SmtpServer, outsider: User
) -> None:
    message = owed(outsider)

    def dot(raw: str) -> str:
        ends = at_once([lambda: comes_back(Message.objects.get())])
        return "250 taken" if ends == ["done"] else f"554 {ends}"

    server.script.dot = dot
    outbox.send_owed()
    assert state_of(message)[0] == "bounced"
    assert message.sent_at is not None


def test_the_same_report_once_more_changes_nothing(sent: Message) -> None:
    how = {"action": "failed", "status": "4.4.7"}
    assert comes_back(sent, **how) == ["a message came back for now"]
    for _ in range(3):
        assert comes_back(sent, **how) == ["a report that was known"]
    assert MailEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_of_one_report_at_once_are_one(sent: Message) -> None:
    for number in range(5):
        MailEvent.objects.all().delete()
        how = {"action": "failed", "status": "4.4.7", "message_id": f"<{number}@mx.example>"}
        assert at_once([lambda how=how: comes_back(sent, **how)] * 4) == ["done"] * 4  # type: ignore[misc]
        assert MailEvent.objects.count() == 1


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {}])
def test_an_answer_by_a_machine_or_a_person_is_no_report(sent: Message, headers: dict[str, str]) -> None:
    to = way_back(sent)
    assert deliver(mail(to, **headers), to, now()) == ["no report, though to the address for them"]
    assert not MailEvent.objects.exists()
    assert state_of(sent)[0] == "sent"


def test_a_report_to_an_address_that_we_have_not_made_is_dropped(sent: Message) -> None:
    to = way_back(sent).replace("+b-", "+b-9")
    assert deliver(report(to), to, now()) == ["to an address that nobody has"]
    assert state_of(sent)[0] == "sent"


@pytest.mark.parametrize("content", [b"", b"Content-Type: multipart/report\r\n\r\n", b"\xff" * 100])
def test_a_broken_report_is_none(sent: Message, content: bytes) -> None:
    assert deliver(content, way_back(sent), now()) == ["no report, though to the address for them"]


# --- What it means for the address ---------------------------------------------------------------------------------


def test_the_third_soft_bounce_within_thirty_days_suppresses_the_address(sent: Message) -> None:
    for number in range(3):
        assert not is_suppressed(sent.person)
        comes_back(sent, status="4.4.7", message_id=f"<{number}@mx.example>")
    assert is_suppressed(sent.person)


def test_soft_bounces_that_lie_far_apart_do_not(sent: Message) -> None:
    for number in range(3):
        comes_back(sent, status="4.4.7", message_id=f"<{number}@mx.example>")
        MailEvent.objects.update(at=F("at") - timedelta(days=16))
    assert not is_suppressed(sent.person)


@pytest.mark.django_db(transaction=True)
def test_of_two_soft_bounces_at_once_the_second_counts_the_first(sent: Message) -> None:
    comes_back(sent, status="4.4.7", message_id="<0@mx.example>")
    acts = [
        lambda number=number: comes_back(sent, status="4.4.7", message_id=f"<{number}@mx.example>")  # type: ignore[misc]
        for number in (1, 2)
    ]
    assert at_once(acts) == ["done", "done"]
    assert is_suppressed(sent.person)


def test_a_report_about_an_address_that_they_had_before_says_nothing_about_the_one_they_have(
    sent: Message,
) -> None:
    to = way_back(sent)
    User.objects.filter(pk=sent.person_id).update(email="new@elsewhere.example")
    deliver(report(to), to, now())
    assert state_of(sent)[0] == "bounced"
    assert not is_suppressed(sent.person)


def test_what_somebody_had_sent_to_another_person_says_nothing_about_their_own_address(
    outsider: User, registry: dict[str, Kind]
) -> None:
    def to_ana(message: Message) -> Letter:
        return Letter(**{**vars(write(message)), "to": "ana@elsewhere.example"})

    kinds.register(Kind("to_ana", None, "A note to Ana", to_ana, to_others=True))
    message = owed(outsider, kind="to_ana", state="sent", sending_at=now(), sent_at=now())
    to = letters.post(message).sender
    deliver(report(to), to, now())
    assert state_of(message)[0] == "bounced"
    assert not Suppression.objects.exists()


@pytest.fixture
def server(tmp_path: Path, settings: Settings, registry: dict[str, Kind]) -> Iterator[SmtpServer]:
    with SmtpServer(tmp_path / "taken") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        settings.MAIL_PER_SECOND = 0
        yield server
