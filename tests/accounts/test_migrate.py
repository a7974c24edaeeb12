"""`manage.py migrate` waits for a lock for two seconds at most, and says what was in the way (promise P45)."""

import threading
import time
from collections.abc import Iterator
from io import StringIO

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.databases import copied, reached

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_is_waiting() -> Iterator[None]:
    """A database of one's own, of which the last migration of the outbox is not applied."""
    connection.close()
    with copied(connection.settings_dict["NAME"]) as name, reached(name):
        call_command("migrate", "mail", "0090", verbosity=0)
        yield


def another() -> "psycopg2.extensions.connection":
    of = connection.settings_dict
    return psycopg2.connect(
        dbname=of["NAME"], user=of["USER"], password=of["PASSWORD"], host=of["HOST"], port=of["PORT"]
    )


def lock_timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return str(cursor.fetchone()[0])


def test_who_holds_a_lock_is_told_and_the_migration_goes_through_once_it_is_free(
    one_is_waiting: None,
) -> None:
    other = another()
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE django_migrations IN EXCLUSIVE MODE")
    timer = threading.Timer(3.0, other.commit)
    timer.start()
    out = StringIO()
    began = time.monotonic()
    call_command("migrate", "mail", "--lock-seconds", "0.3", stdout=out)
    timer.join()
    said = out.getvalue()
    assert f"The table django_migrations is in the way: process {other.info.backend_pid}" in said
    assert "idle in transaction" in said
    assert "Trying again in 1 s (1 of 30)" in said
    assert time.monotonic() - began < 30
    assert "mail_home" in connection.introspection.table_names()
    assert lock_timeout() == "0"
    other.close()


def test_after_its_tries_it_gives_up_with_one_sentence(one_is_waiting: None) -> None:
    other = another()
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE django_migrations IN EXCLUSIVE MODE")
    with pytest.raises(CommandError, match="Gave up after 1 tries"):
        call_command("migrate", "mail", "--lock-seconds", "0.2", "--tries", "1", verbosity=0)
    assert lock_timeout() == "0"
    other.rollback()
    other.close()
    assert "mail_home" not in connection.introspection.table_names()


def test_other_errors_are_not_tried_again(one_is_waiting: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE mail_home ()")
    with pytest.raises(Exception, match="already exists"):
        call_command("migrate", "mail", verbosity=0)
