"""A kind of message of our own, and a mail server of our own that the settings lead to."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.clock import now
from accounts.mail import kinds, outbox
from accounts.mail.kinds import Kind, Letter, Stream
from accounts.mail.models import Message
from accounts.models import User
from tests.accounts.mail.smtp_server import SmtpServer

TEA = Stream("tea", "Notes about tea", "A line when the tea is ready.")


def write(message: Message) -> Letter:
    name, stop = message.person.first_name, message.stop_url
    return Letter(
        subject="The tea is ready",
        text=f"Dear {name},\n\nthe tea is ready.\n\nStop: {stop}",
        html=f"<p class='x'>Dear {name}, the tea is ready. <a href='{stop}'>Stop</a></p>",
        from_name="Harbor Mentors",
        thread=f"tea/{message.subject_id}",
        list_id="tea.harbor",
    )


TEA_NOTE = Kind("tea_note", TEA, "A note about tea", write)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Nobody signs in here; the real hasher takes longer than the rest of a test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Kind]:
    """Only this kind is known; a test may register others, which are forgotten after it."""
    known = {TEA_NOTE.name: TEA_NOTE}
    monkeypatch.setattr(kinds, "_kinds", known)
    return known


@pytest.fixture
def server(tmp_path: Path, settings: Settings, registry: dict[str, Kind]) -> Iterator[SmtpServer]:
    with SmtpServer(tmp_path / "taken") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 2
        settings.MAIL_PER_SECOND = 0
        yield server


def owed(person: User, subject_id: int = 1, kind: str = "tea_note", **changes: object) -> Message:
    """A message that has been due for a minute."""
    due_at = now() - timedelta(minutes=1)
    outbox.owe(kind, person.pk, subject_id, due_at=due_at, expires_at=due_at + timedelta(days=14))
    rows = Message.objects.filter(person=person, kind=kind, subject_id=subject_id)
    if changes:
        rows.update(**changes)
    return rows.get()


def people(count: int) -> list[User]:
    """Many people, quickly: nobody signs in as them."""
    return User.objects.bulk_create(
        User(email=f"p{number}@harbor.example", name=f"Person {number}", password="!")
        for number in range(count)
    )


def settled(message: Message) -> Message:
    """The message as the database has it now."""
    message.refresh_from_db()
    return message
