"""Locks and statements where a pooler stands before the database, and how one is noticed."""

import pytest
from django.db import connection, connections
from pytest_django.fixtures import Settings

from accounts import pooling
from mentoring.processes import kind_of_process

ONE, TWO = (8, 1), (8, 2)
pytestmark = pytest.mark.django_db(transaction=True)


def _holds(lock: tuple[int, int]) -> bool:
    """Whether somebody has it, asked on a connection of its own."""
    other = connections.create_connection(connection.alias)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
            return bool(cursor.fetchone() == (False,))
    finally:
        other.close()


@pytest.mark.parametrize("pooler", ["", "transaction"])
def test_each_lock_is_held_by_one_and_let_go(pooler: str, settings: Settings) -> None:
    settings.DATABASE_POOLER = pooler
    with pooling.first_free([ONE]) as is_ours:
        assert is_ours
        assert _holds(ONE)
        assert not _holds(TWO)
    assert not _holds(ONE)


def test_behind_a_pooler_a_second_sender_finds_the_second_lock_and_a_third_none(
    settings: Settings,
) -> None:
    settings.DATABASE_POOLER = "transaction"
    with pooling.first_free([ONE, TWO]) as first, pooling.first_free([ONE, TWO]) as second:
        assert (first, second) == (True, True)
        with pooling.first_free([ONE, TWO]) as third:
            assert not third
        assert _holds(ONE)
        assert _holds(TWO)


def test_what_is_said_inside_a_lock_can_be_committed(settings: Settings) -> None:
    settings.DATABASE_POOLER = "transaction"
    with pooling.first_free([ONE]):
        assert not connection.in_atomic_block


def test_no_pooler_is_seen_where_there_is_none() -> None:
    assert not pooling.stands_between()


@pytest.mark.parametrize(
    ("argv", "kind"),
    [
        (["/srv/.venv/bin/gunicorn"], "best-stuff web"),
        (["/srv/.venv/lib/gunicorn/__main__.py", "mentoring.wsgi"], "best-stuff web"),
        (["/srv/.venv/bin/celery", "-A", "mentoring", "worker"], "best-stuff worker"),
        (["/srv/celery/__main__.py", "-A", "mentoring", "beat"], "best-stuff beat"),
        (["manage.py", "outbox", "--loop", "60"], "best-stuff outbox"),
        ([], "best-stuff other"),
    ],
)
def test_each_kind_of_process_names_its_connections(argv: list[str], kind: str) -> None:
    assert kind_of_process(argv) == kind
