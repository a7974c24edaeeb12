"""The tick from end to end: real rows, a real mail server, two clocks at once."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.mail.tasks import send_owed
from accounts.models import User
from mentoring.models import Pairing, Program
from mentoring.retention import Tended
from reflections import tasks
from reflections.models import Questionnaire, Reflection, Round
from reflections.nudges import Planned
from tests.accounts.mail.smtp_server import SmtpServer

# In the night before the mentor's coffee slot; and an hour after it.
NIGHT = datetime(2026, 6, 23, 0, 0, tzinfo=UTC)
AFTER = datetime(2026, 6, 23, 7, 40, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[SmtpServer]:
    with SmtpServer(tmp_path / "taken") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        settings.MAIL_PER_SECOND = 0
        yield server


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The broker is the far side of a socket: what would have been put there."""
    rung: list[str] = []
    monkeypatch.setattr(send_owed, "apply_async", lambda **options: rung.append("send_owed"))
    return rung


def set_clock(settings: Settings, now: datetime) -> None:
    settings.REHEARSAL_OFFSET = now - timezone.now()


def at_once(act: object, times: int = 2) -> None:
    together = threading.Barrier(times, timeout=10)

    def run() -> None:
        try:
            together.wait()
            act()  # type: ignore[operator]
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_quarters_end_comes_and_each_of_the_two_gets_one_e_mail(
    pairing: Pairing, server: SmtpServer, bells: list[str], settings: Settings
) -> None:
    set_clock(settings, NIGHT)
    tasks.tick()
    assert (Message.objects.count(), bells) == (2, [])
    outbox.send_owed()
    assert server.taken() == []
    set_clock(settings, AFTER)
    tasks.tick()
    tasks.tick()
    assert bells == ["send_owed"] * 2 * settings.MAIL_WORKERS
    outbox.send_owed()
    outbox.send_owed()
    tasks.tick()
    assert sorted(one.recipient for one in server.taken()) == ["noor@harbor.example", "tomasz@harbor.example"]
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_two_clocks_and_two_workers_at_once_send_each_person_one(
    pairing: Pairing, server: SmtpServer, bells: list[str], settings: Settings
) -> None:
    set_clock(settings, AFTER)
    at_once(tasks.tick)
    assert (Round.objects.count(), Message.objects.count()) == (2, 2)
    at_once(outbox.send_owed)
    outbox.send_owed()
    assert sorted(one.recipient for one in server.taken()) == ["noor@harbor.example", "tomasz@harbor.example"]


def test_a_clock_that_stood_still_for_two_days_sends_each_person_one(
    pairing: Pairing, server: SmtpServer, bells: list[str], settings: Settings
) -> None:
    set_clock(settings, AFTER + timedelta(days=2))
    for _ in range(3):
        tasks.tick()
        outbox.send_owed()
    assert sorted(one.recipient for one in server.taken()) == ["noor@harbor.example", "tomasz@harbor.example"]


def test_who_answers_while_the_letter_is_on_its_way_to_the_server_gets_nothing(
    pairing: Pairing, mentor: User, server: SmtpServer, bells: list[str], settings: Settings
) -> None:
    """They press the button after the worker has claimed the message, before the first byte of its content."""
    set_clock(settings, AFTER)
    tasks.tick()
    round = Round.objects.get(quarter_start=date(2026, 4, 1))

    def answered(command: str) -> str:
        if "noor" in command:
            Reflection.objects.create(
                person=mentor, round=round, role="mentor", status="submitted", submitted_at=timezone.now()
            )
            connection.close()
        return "250 ok"

    server.script.rcpt = answered
    outbox.send_owed()
    assert [one.recipient for one in server.taken()] == ["tomasz@harbor.example"]
    message = Message.objects.get(person=mentor)
    assert (message.state, message.last_error) == ("cancelled", "answered")


def test_the_reminder_goes_to_the_one_who_has_not_answered_in_the_thread_of_the_first(
    pairing: Pairing, mentor: User, mentee: User, server: SmtpServer, bells: list[str], settings: Settings
) -> None:
    for week in (0, 1):
        set_clock(settings, AFTER + timedelta(days=7 * week))
        tasks.tick()
        outbox.send_owed()
        Reflection.objects.get_or_create(
            person=mentee,
            round=Round.objects.get(quarter_start=date(2026, 4, 1)),
            defaults={"role": "mentee", "status": "declined", "declined_at": AFTER},
        )
    first, again = (one.message for one in server.taken() if one.recipient == "noor@harbor.example")
    assert len(server.taken()) == 3
    assert first["Subject"] == again["Subject"] == "What was your best stuff this quarter?"
    assert first["References"] == again["References"] == again["In-Reply-To"]
    assert first["Message-ID"] != again["Message-ID"]


def test_a_part_that_fails_does_not_hold_up_the_others_and_is_logged_without_its_words(
    pairing: Pairing,
    bells: list[str],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    private = "a line of somebody's"

    def fail(now: datetime) -> int:
        raise RuntimeError(private)

    set_clock(settings, AFTER)
    monkeypatch.setattr(tasks, "start_due_pairings", fail)
    tasks.tick()
    assert Message.objects.count() == 2
    assert len(bells) == settings.MAIL_WORKERS
    assert "could not do its part 'pairings begun': RuntimeError" in caplog.text
    assert private not in caplog.text


def test_a_broker_that_is_away_costs_nothing(
    pairing: Pairing, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kombu.exceptions import OperationalError

    def away(**options: object) -> None:
        raise OperationalError

    set_clock(settings, AFTER)
    monkeypatch.setattr(send_owed, "apply_async", away)
    tasks.tick()
    assert Message.objects.due().count() == 2


def test_a_pairing_whose_first_day_has_come_begins(
    pairing: Pairing, bells: list[str], settings: Settings
) -> None:
    Pairing.objects.update(status="accepted", starts_on=AFTER.date())
    set_clock(settings, AFTER)
    tasks.tick()
    pairing.refresh_from_db()
    assert pairing.status == Pairing.Status.ACTIVE


def test_beat_knows_the_tick_by_its_name(settings: Settings) -> None:
    assert settings.CELERY_BEAT_SCHEDULE["tick"]["task"] == tasks.tick.name


# --- By hand -------------------------------------------------------------------------------------------------------


def test_the_tick_can_be_had_by_hand_and_sends_nothing(pairing: Pairing, bells: list[str]) -> None:
    out = StringIO()
    call_command("tick", "--now", "2026-06-23T08:00+01:00", stdout=out)
    said = out.getvalue()
    assert "pairings begun: 0\npairings resumed: 0\npairings completed: 0\nends brought to mind: 0\n" in said
    assert "invitations brought to mind: 0\nnever came, forgotten: 0\n" in said
    assert f"rounds opened: 2\nnudges: {Planned(owed=2)}\n" in said
    assert f"accounts erased: 0\nretention: {Tended()}\n" in said
    assert "exports deleted: 0\nexports wanted: 0\n" in said
    assert bells == []
    assert Program.objects.get().rounds.count() == 2  # type: ignore[attr-defined]


def test_a_tick_by_hand_that_fails_says_so(pairing: Pairing, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(now: datetime) -> int:
        raise RuntimeError

    monkeypatch.setattr(tasks, "plan_nudges", fail)
    out = StringIO()
    with pytest.raises(CommandError, match="log"):
        call_command("tick", "--now", "2026-06-23T08:00", stdout=out)
    assert "nudges: failed" in out.getvalue()
    assert Questionnaire.objects.exists()
