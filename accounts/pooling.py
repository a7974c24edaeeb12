"""A pooler such as PgBouncer between us and PostgreSQL: whether one stands there, and locks that hold in spite of it.

A pooler that pools transactions gives a connection of ours another session of PostgreSQL for each transaction. What
belongs to a session (its advisory locks, the statements it has prepared) is then in another one a moment later.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection, connections

_found: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()


def stands_between() -> bool:
    """Whether a pooler does: it is said so (DATABASE_POOLER), or it is seen."""
    return bool(settings.DATABASE_POOLER) or is_seen()


def is_seen() -> bool:
    """Whether the session that answers is not the one that greeted us, whatever is set.

    PgBouncer greets with a number of its own instead of that of PostgreSQL's process. Asked once per connection.
    """
    connection.ensure_connection()
    raw = connection.connection
    if raw not in _found:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (answers,) = cursor.fetchone()
        _found[raw] = answers != raw.info.backend_pid
    return _found[raw]


@contextmanager
def first_free(locks: Sequence[tuple[int, ...]]) -> Iterator[bool]:
    """The first of these advisory locks (of one number, or of two) that nobody has; False when all are taken.

    PostgreSQL lets go of it by itself when this process dies. Behind a pooler it is held by a transaction, on a
    connection of its own that does nothing else: so it takes up one of the pooler's for as long as it is held.
    Raises what the database raises.
    """
    if stands_between():
        with closing(connections.create_connection(connection.alias)) as own:
            own.set_autocommit(False)
            with own.cursor() as cursor:
                is_ours = any(_tries(cursor, "pg_try_advisory_xact_lock", lock) for lock in locks)
            try:
                yield is_ours
            finally:
                if own.is_usable():
                    own.rollback()
        return
    with connection.cursor() as cursor:
        ours = next((lock for lock in locks if _tries(cursor, "pg_try_advisory_lock", lock)), None)
    try:
        yield ours is not None
    finally:
        if ours is not None and connection.is_usable():
            with connection.cursor() as cursor:
                _tries(cursor, "pg_advisory_unlock", ours)


def _tries(cursor: Any, function: str, lock: tuple[int, ...]) -> bool:
    cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(lock))})", lock)
    return bool(cursor.fetchone() == (True,))
