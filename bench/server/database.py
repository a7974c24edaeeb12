"""A database of a benchmark's own, on the server that DATABASE_URL names, with the demo program in it.

Where BENCH_TEMPLATE names a migrated database there that nobody is using, it is a copy of that one, and not migrated.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


@contextlib.contextmanager
def seeded(size: int) -> Iterator[str]:
    """The address of a new database in which the demo program has `size` people; it is dropped at the end.

    Django's connection leads to it for as long as the `with` block lasts.
    """
    from django.core.management import call_command
    from django.db import connection

    from accounts.clock import now
    from reflections.demo.build import build

    server = os.environ["DATABASE_URL"]
    name = f"best_stuff_bench_{os.getpid()}_{size}"
    before = connection.settings_dict["NAME"]
    migrated = os.environ.get("BENCH_TEMPLATE")
    _run(server, "CREATE DATABASE {} TEMPLATE {}", name, migrated or "template1")
    try:
        connection.close()
        connection.settings_dict["NAME"] = name
        if not migrated:
            call_command("migrate", verbosity=0)
        build(size, now())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        _run(server, "DROP DATABASE {} WITH (FORCE)", name)


def copied(name: str, size: int) -> None:
    """A new database of that name in which the demo program has `size` people; Django's connection leads to it."""
    from django.core.management import call_command
    from django.db import connection

    from accounts.clock import now
    from reflections.demo.build import build

    migrated = os.environ.get("BENCH_TEMPLATE")
    _run(os.environ["DATABASE_URL"], "CREATE DATABASE {} TEMPLATE {}", name, migrated or "template1")
    connection.close()
    connection.settings_dict["NAME"] = name
    if not migrated:
        call_command("migrate", verbosity=0)
    build(size, now())


def stands(name: str) -> bool:
    """Whether there is one of that name."""
    connection: Any = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            return cursor.fetchone() is not None
    finally:
        connection.close()


def dropped(name: str) -> None:
    """Its end."""
    from django.db import connection

    connection.close()
    _run(os.environ["DATABASE_URL"], "DROP DATABASE {} WITH (FORCE)", name)


def _run(server: str, statement: str, *names: str) -> None:
    connection: Any = psycopg2.connect(server)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    finally:
        connection.close()
