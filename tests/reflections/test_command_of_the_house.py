"""Command of the house: superusers alone, whatever is away, and nothing that is somebody's."""

import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.house import health, records, seen
from accounts.house.findings import State
from accounts.models import User
from accounts.setup import starting
from dev.processes import Household
from dev.redis_server import start_redis
from mentoring.celery import app
from mentoring.retention import Tended
from reflections import house
from reflections.tasks import run
from tests.conftest import NOW, signed_in

DOCS = (Path(django_settings.BASE_DIR) / "docs" / "operations.md").read_text()


@pytest.fixture
def house_of_redis(tmp_path: Path) -> Iterator[tuple[Household, Path]]:
    with Household() as household:
        yield household, tmp_path


def looked_at(superuser: User) -> str:
    page = signed_in(superuser).get(reverse("admin:house"))
    assert page.status_code == 200
    return str(page.content.decode())


def states() -> dict[str, State]:
    return {str(each.what): each.state for each in health.findings(NOW)}


# --- Who -----------------------------------------------------------------------------------------------------------


def test_superusers_alone_find_it(superuser: User, admin: User, mentor: User) -> None:
    assert "Command of the house" in looked_at(superuser)
    for person in (admin, mentor):
        assert signed_in(person).get(reverse("admin:house")).status_code == 404


def test_it_is_looked_at_and_nothing_else(superuser: User) -> None:
    assert signed_in(superuser).post(reverse("admin:house")).status_code == 405


# --- What is away --------------------------------------------------------------------------------------------------


def test_a_redis_that_is_stopped_is_said_and_holds_nobody_up(
    superuser: User, settings: Settings, house_of_redis: tuple[Household, Path]
) -> None:
    household, folder = house_of_redis
    settings.REDIS_URL = start_redis(household, folder)
    assert states()["Redis"] is State.GOOD
    (server,) = household.children
    server.end()
    looked_at(superuser)  # What is kept by the process is there.
    began = time.monotonic()
    page = looked_at(superuser)
    assert time.monotonic() - began < 2
    assert "Redis does not answer" in page


def test_so_is_one_that_takes_connections_and_says_nothing(superuser: User, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        looked_at(superuser)
        began = time.monotonic()
        page = looked_at(superuser)
        assert time.monotonic() - began < 2
    assert "Redis does not answer" in page


def test_without_a_worker_that_is_said(superuser: User) -> None:
    assert "No worker answers" in looked_at(superuser)
    assert states()["Workers"] is State.BAD


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_there_answers_by_its_name(settings: Settings) -> None:
    settings.EMAIL_BACKEND = starting.MAIL  # No worker starts with another.
    with start_worker(app, perform_ping_check=False, pool="solo", hostname="mill@harbor.example"):
        deadline = time.monotonic() + 20
        while states()["Workers"] is not State.GOOD and time.monotonic() < deadline:
            pass
        (found,) = [each for each in health.findings(NOW) if each.what == "Workers"]
    assert found.state is State.GOOD
    assert "mill@harbor.example" in found.words


# --- Connections ---------------------------------------------------------------------------------------------------


def test_how_many_connections_are_in_use_is_told_and_whose(superuser: User) -> None:
    (found,) = [each for each in health.findings(NOW) if each.what == "Connections"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('application_name'), current_setting('max_connections')::int")
        name, allowed = cursor.fetchone()
    used, of = re.match(r"(\d+) of (\d+) are in use", found.words).groups()  # type: ignore[union-attr]
    assert 1 <= int(used) <= int(of) <= allowed
    assert name in found.words
    assert "are in use" in looked_at(superuser)


@pytest.mark.parametrize(
    ("is_seen", "said", "state"),
    [
        (False, "", None),
        (True, "transaction", None),
        (True, "", State.BAD),
        (False, "transaction", State.LOOK),
    ],
)
def test_a_pooler_that_nobody_named_is_told_and_one_that_is_not_there(
    is_seen: bool,
    said: str,
    state: State | None,
    db: None,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accounts.pooling.is_seen", lambda: is_seen)
    settings.DATABASE_POOLER = said
    assert states().get("Pooler") is state


# --- The clock -----------------------------------------------------------------------------------------------------


def test_the_clock_is_well_after_a_tick_and_unwell_some_minutes_later(db: None) -> None:
    assert states()["Clock"] is State.BAD
    run(NOW)
    assert states()["Clock"] is State.GOOD
    later = {str(each.what): each.state for each in health.findings(NOW + timedelta(minutes=4))}
    assert later["Clock"] is State.BAD


def test_what_the_clock_deleted_is_told_with_its_day(
    superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reflections.tasks.retention.tend", lambda now: Tended(warned=4, cleared=2, erased=1))
    run(NOW)
    (told,) = [each for each in house.runs(NOW) if each.label == str(house.PARTS["retention"])]
    assert (told.rows, told.last_at, told.last_day) == (3, NOW, NOW.date())
    assert "Words in programs that were over long ago" in looked_at(superuser)


def test_every_part_that_is_shown_is_one_of_the_tick(db: None) -> None:
    done = run(NOW)
    assert set(house.PARTS) <= set(done)
    assert set(house.noted(done)) == set(house.PARTS)


def test_a_part_of_the_tick_that_fails_is_among_what_failed(
    superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(now: object) -> None:
        raise ValueError("what-somebody-told-in-confidence")

    monkeypatch.setattr("reflections.tasks.retention.tend", breaks)
    done = run(NOW)
    page = looked_at(superuser)
    assert "reflections.tasks.tick: retention" in page
    assert "ValueError" in page
    assert "in-confidence" not in page
    assert "retention" not in house.noted(done)


# --- Settings and secrets ------------------------------------------------------------------------------------------


def test_no_secret_is_on_the_page(superuser: User, settings: Settings) -> None:
    secrets = {
        "SECRET_KEY": "the-key-that-signs-links-and-sessions-of-everybody-here",
        "EMAIL_HOST_PASSWORD": "the-password-of-the-mail-server",
        "EMAIL_HOST_USER": "the-name-at-the-mail-server",
        "INBOUND_IMAP_PASSWORD": "the-password-of-the-mailbox",
        "INBOUND_IMAP_USER": "the-name-at-the-mailbox",
        "SECRET_KEY_FALLBACKS": ["an-earlier-key-that-signed-links"],
        "ANYMAIL": {"WEBHOOK_SECRET": "provider:what-they-show-that-it-is-them"},
    }
    for name, value in secrets.items():
        setattr(settings, name, value)
    page = looked_at(superuser)
    database = django_settings.DATABASES["default"]
    hidden = [*map(str, secrets.values()), str(database.get("PASSWORD") or "no password"), settings.KEY_FILE]
    hidden += [
        line.split()[3]
        for line in Path(settings.KEY_FILE).read_text().splitlines()
        if line.startswith("key ")
    ]
    for secret in hidden:
        assert secret.strip("[]'") not in page
    assert "the-key-that" not in page


def test_each_setting_that_is_shown_is_documented_where_it_says(superuser: User) -> None:
    rows = [row for part in seen.parts() for row in part.rows]
    assert len(rows) > 30
    for row in rows:
        assert f"`{row.variable}`" in DOCS, row
        assert re.search(rf"^##+ {re.escape(row.where)}$", DOCS, re.M), row
        assert row.value, row


# --- Speed ---------------------------------------------------------------------------------------------------------


def test_it_takes_the_same_queries_however_much_there_is(superuser: User) -> None:
    client = signed_in(superuser)
    address = reverse("admin:house")
    run(NOW)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for day in range(30):
        run(NOW - timedelta(days=day))
        records.failed(f"task.{day}", ValueError(), NOW)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few) < 45
