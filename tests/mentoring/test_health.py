"""What a machine is told."""

import json
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from accounts.clock import now
from accounts.mail import outbox
from accounts.models import User
from tests.conftest import signed_in


def ready(client: Client) -> tuple[int, dict[str, object]]:
    response = client.get("/readyz")
    return response.status_code, json.loads(response.content)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_living_process_says_so_without_the_database(client: Client) -> None:
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_an_installation_that_works_is_ready(client: Client) -> None:
    status, parts = ready(client)
    assert (status, parts["ready"], parts["database"]) == (200, True, "ok")


@pytest.mark.django_db
def test_it_is_ready_without_redis_and_mail_and_says_that_they_are_away(
    client: Client, settings: LazySettings
) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port()}/0"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed_port()
    status, parts = ready(client)
    assert (status, parts["redis"], parts["mail"]) == (200, "does not answer", "does not answer")


@pytest.mark.django_db
def test_e_mail_that_is_late_is_told_to_machines_and_on_the_admins_first_page(
    client: Client, mentee: User, admin: User
) -> None:
    assert ready(client)[1]["outbox"] == "ok"
    first_page = reverse("admin:index")
    assert "E-mail is late" not in signed_in(admin).get(first_page).content.decode()
    due_at = now() - timedelta(minutes=37, seconds=5)
    outbox.owe("pairing_made", mentee.pk, 1, due_at=due_at, expires_at=due_at + timedelta(days=1))
    status, parts = ready(client)
    assert (status, parts["outbox"]) == (200, "the oldest e-mail has been due for 37 minutes")
    assert "the oldest has been due for 37 minutes" in signed_in(admin).get(first_page).content.decode()


@pytest.mark.django_db
def test_it_is_not_ready_without_the_key_of_peoples_words(
    client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.KEY_FILE = str(tmp_path / "secret-place")
    status, parts = ready(client)
    assert (status, parts["database"], parts["key file"]) == (503, "ok", "cannot be used")
    assert "secret-place" not in json.dumps(parts)


@pytest.mark.django_db
def test_it_is_not_ready_while_migrations_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_args: ["one"])
    status, parts = ready(client)
    assert (status, parts["database"]) == (503, "migrations are waiting")


def test_it_is_not_ready_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("could not connect to server at secret-host")

    monkeypatch.setattr(MigrationExecutor, "__init__", away)
    status, parts = ready(client)
    assert (status, parts["ready"], parts["database"]) == (503, False, "does not answer")
    assert "secret-host" not in json.dumps(parts)


@pytest.mark.parametrize("url", ["/livez", "/readyz"])
def test_neither_is_kept_nor_posted_to(client: Client, url: str, db: None) -> None:
    assert "no-cache" in client.get(url)["Cache-Control"]
    assert client.post(url).status_code == 405
