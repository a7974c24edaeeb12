"""The mail server does not take the weekly e-mail: what it carried is not lost, and comes once."""

from datetime import time, timedelta

import pytest
from django.db import connection

from accounts.clock import now
from accounts.mail import claims, digest, outbox
from accounts.mail.kinds import Kind, Letter
from accounts.mail.models import Message
from accounts.mail.weekly import WEEKLY
from accounts.models import User
from tests.accounts.mail.conftest import TEA, owed, settled
from tests.accounts.mail.smtp_server import DROP, SmtpServer
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(transaction=True)


def numbered(message: Message) -> Letter:
    words = f"Pot number {message.subject_id} of tea"
    return Letter(subject=words, text=words, html=f"<p>{words}</p>", from_name="Harbor Mentors")


@pytest.fixture
def person(registry: dict[str, Kind]) -> User:
    """Wants one e-mail a week, and their coffee time was five minutes ago, by day where they are."""
    registry["tea_note"] = Kind("tea_note", TEA, "A note about tea", numbered)
    registry[WEEKLY] = Kind(WEEKLY, digest.STREAM, "Your week", digest.letter)
    hour = now().hour
    zone = "UTC" if 8 <= hour < 19 else "Asia/Tokyo" if hour < 8 else "America/Los_Angeles"
    person = make_person("noor@harbor.example", "Noor", time_zone=zone, wants_weekly_mail=True)
    there = now().astimezone(person.zone) - timedelta(minutes=5)
    User.objects.filter(pk=person.pk).update(
        coffee_weekday=there.weekday(), coffee_time=time(there.hour, there.minute)
    )
    return person


def due(message: Message) -> None:
    """Its next attempt is now."""
    Message.objects.filter(pk=message.pk).update(next_attempt_at=now())


def pots(server: SmtpServer) -> list[list[int]]:
    """Which of them each letter spoke of that the server took."""
    return [
        [n for n in range(1, 10) if f"Pot number {n} of tea" in str(taken.message.get_body(("plain",)))]
        for taken in server.taken()
    ]


def waits(*messages: Message) -> bool:
    return all(
        settled(one).state == "queued" and not one.has_gone and one.sending_at is None for one in messages
    )


def went_along(*messages: Message) -> bool:
    return all(
        (settled(one).state, one.last_error) == ("cancelled", Message.IN_THE_WEEKLY) for one in messages
    )


@pytest.mark.parametrize("step", ["data", "dot"])
def test_after_a_later_the_same_comes_with_the_next_attempt(
    server: SmtpServer, person: User, step: str
) -> None:
    first, second, week = owed(person, 1), owed(person, 2), owed(person, 7, kind=WEEKLY)
    setattr(server.script, step, "451 later")
    outbox.send_owed()
    assert (settled(week).state, week.last_code) == ("queued", 451)
    assert waits(first, second)
    assert not Message.objects.went().exists()
    outbox.send_owed()
    assert waits(first, second)

    setattr(server.script, step, {"data": "354 go on", "dot": "250 taken"}[step])
    due(week)
    outbox.send_owed()
    assert pots(server) == [[1, 2]]
    assert settled(week).state == "sent"
    assert went_along(first, second)
    outbox.send_owed()
    assert len(server.taken()) == 1


def test_after_the_last_attempt_it_waits_for_the_next_week(server: SmtpServer, person: User) -> None:
    first, week = owed(person, 1), owed(person, 7, kind=WEEKLY, attempts=7)
    server.script.dot = "451 later"
    outbox.send_owed()
    assert settled(week).state == "failed"
    assert waits(first)

    server.script.dot = "250 taken"
    second = owed(person, 2)
    owed(person, 8, kind=WEEKLY)
    outbox.send_owed()
    assert pots(server) == [[1, 2]]
    assert went_along(first, second)
    # Sent again by hand, there is nothing left to tell.
    assert outbox.send_again(settled(week))
    outbox.send_owed()
    assert (settled(week).state, week.last_error) == ("cancelled", "nothing waits")
    assert len(server.taken()) == 1


def test_after_a_no_it_waits_and_can_be_sent_again(server: SmtpServer, person: User) -> None:
    first, second, week = owed(person, 1), owed(person, 2), owed(person, 7, kind=WEEKLY)
    server.script.dot = "550 no"
    outbox.send_owed()
    assert (settled(week).state, week.last_code) == ("failed", 550)
    assert waits(first, second)
    assert not Message.objects.went().exists()

    server.script.dot = "250 taken"
    assert outbox.send_again(week)
    outbox.send_owed()
    assert pots(server) == [[1, 2]]
    assert went_along(first, second)
    assert settled(week).state == "sent"


def test_what_would_be_too_late_by_the_next_week_goes_by_itself(server: SmtpServer, person: User) -> None:
    soon = owed(person, 1)
    owed(person, 7, kind=WEEKLY)
    server.script.dot = "550 no"
    outbox.send_owed()
    server.script.dot = "250 taken"
    Message.objects.filter(pk=soon.pk).update(expires_at=now() + timedelta(minutes=30))
    due(soon)
    outbox.send_owed()
    assert [taken.message["Subject"] for taken in server.taken()] == ["Pot number 1 of tea"]
    assert settled(soon).state == "sent"


def test_sent_again_after_a_doubt_it_is_the_same_e_mail(server: SmtpServer, person: User) -> None:
    """Some mailboxes show a second one of its Message-ID to nobody: what came due since must not be in it."""
    first, second, week = owed(person, 1), owed(person, 2), owed(person, 7, kind=WEEKLY)
    server.script.dot = DROP
    outbox.send_owed()
    Message.objects.filter(pk=week.pk).update(lease_until=now() - timedelta(seconds=1))
    assert claims.sweep() == {"uncertain": 1}
    assert went_along(first, second)
    assert outbox.send_owed() == {}

    server.script.dot = "250 taken"
    third = owed(person, 3)
    assert outbox.send_again(settled(week))
    assert waits(first, second)
    assert not outbox.send_again(week)
    outbox.send_owed()
    assert pots(server) == [[1, 2]]
    assert server.taken()[0].message_id == f"<{week.message_id}>"
    assert settled(week).state == "sent"
    assert went_along(first, second)
    assert waits(third)


def test_what_was_stopped_or_taken_back_after_a_doubt_is_not_in_the_copy(
    server: SmtpServer, person: User
) -> None:
    first, second, week = owed(person, 1), owed(person, 2), owed(person, 7, kind=WEEKLY)
    server.script.dot = DROP
    outbox.send_owed()
    Message.objects.filter(pk=week.pk).update(lease_until=now() - timedelta(seconds=1))
    claims.sweep()
    assert outbox.send_again(settled(week))
    assert outbox.cancel("tea_note", subject_id=2, reason="taken back") == 1
    server.script.dot = "250 taken"
    outbox.send_owed()
    assert pots(server) == [[1]]
    assert went_along(first)
    assert settled(second).last_error == "taken back"


def test_a_sender_that_wakes_late_puts_nothing_back(server: SmtpServer, person: User) -> None:
    """Another has the message by then, and what it carried may have arrived."""
    first, week = owed(person, 1), owed(person, 7, kind=WEEKLY)

    def given_up(_raw: str) -> str:
        Message.objects.filter(pk=week.pk).update(lease_until=now() - timedelta(seconds=1))
        claims.sweep()
        connection.close()
        return "451 later"

    server.script.dot = given_up
    outbox.send_owed()
    assert settled(week).state == "uncertain"
    assert went_along(first)


@pytest.mark.parametrize("alone", [True, False])
def test_while_another_sender_holds_one_of_it_the_weekly_e_mail_waits_a_minute(
    server: SmtpServer, person: User, alone: bool
) -> None:
    first = owed(person, 1)
    held = claims.claim(["tea_note"])
    assert held is not None
    expected = [1]
    if not alone:
        owed(person, 2)
        expected = [1, 2]
    week = owed(person, 7, kind=WEEKLY)
    outbox.send_owed()
    assert (settled(week).state, week.attempts) == ("queued", 0)
    assert server.taken() == []
    claims.try_later(held, "nothing", counts=False)
    due(week)
    outbox.send_owed()
    assert pots(server) == [expected]
    assert went_along(first)
