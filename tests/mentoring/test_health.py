"""What a machine is told."""

import json
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from accounts.clock import now
from accounts.mail import manners, outbox
from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata.letters import EXPORT_READY
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


def owe(person: User, minutes: int, **changes: object) -> None:
    due_at = now() - timedelta(minutes=minutes)
    outbox.owe(EXPORT_READY, person.pk, minutes, due_at=due_at, expires_at=now() + timedelta(days=1))
    Message.objects.filter(subject_id=minutes).update(**changes)


def health(client: Client) -> tuple[int, dict[str, object]]:
    response = client.get("/healthz")
    return response.status_code, json.loads(response.content)


@pytest.mark.django_db(transaction=True)
def test_how_long_the_oldest_owed_e_mail_waits_is_told_without_a_word_about_people(
    client: Client, outsider: User
) -> None:
    assert health(client) == (200, {"database": "ok", "oldest_owed_seconds": 0, "uncertain": 0})
    owe(outsider, 1)
    owe(outsider, 20, next_attempt_at=now() + timedelta(hours=1), attempts=3)  # the mail server said: later
    owe(outsider, 30, last_error="calm hours", next_attempt_at=now() + timedelta(hours=1))
    owe(outsider, 35, last_error=manners.ASLEEP, next_attempt_at=now() + timedelta(hours=9))
    owe(outsider, 40, state="sent", sending_at=now(), sent_at=now())
    owe(outsider, 50, state="uncertain", sending_at=now())
    owe(outsider, -10)
    status, said = health(client)
    assert (status, said["database"], said["uncertain"]) == (200, "ok", 1)
    assert said["oldest_owed_seconds"] == pytest.approx(20 * 60, abs=20)
    assert set(said) == {"database", "oldest_owed_seconds", "uncertain"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reason", [manners.ASLEEP, manners.WEEKLY])
def test_what_was_to_rest_until_now_is_late_from_then_on(client: Client, outsider: User, reason: str) -> None:
    owe(outsider, 600, last_error=reason, next_attempt_at=now() - timedelta(minutes=25))
    assert health(client)[1]["oldest_owed_seconds"] == pytest.approx(25 * 60, abs=20)


@pytest.mark.django_db(transaction=True)
def test_without_a_database_its_health_is_bad(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        away.setitem(connection.settings_dict, "PORT", "1")
        assert health(client) == (503, {"database": "does not answer"})
    assert health(client)[0] == 200


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (None, "No e-mail waits to go out."),
        (3, "E-mail is going out; the oldest that is owed has waited for 3 minutes."),
        (90, "E-mail is not going out: the oldest that is owed has waited for 1 hour, 30 minutes."),
    ],
)
def test_the_first_page_of_the_admin_says_it_too(admin: User, minutes: int | None, says: str) -> None:
    if minutes is not None:
        owe(admin, minutes)
    page = signed_in(admin).get("/admin/").content.decode().replace("\xa0", " ")
    assert says in page


@pytest.mark.parametrize("url", ["/livez", "/readyz", "/healthz"])
def test_neither_is_kept_nor_posted_to(client: Client, url: str, db: None) -> None:
    assert "no-cache" in client.get(url)["Cache-Control"]
    assert client.post(url).status_code == 405
