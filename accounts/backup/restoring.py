"""The way back: into an empty database, looked at before and after."""

import hashlib
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from accounts.mail import home
from accounts.mail.models import Home, MailLink

from . import prints, programs
from .making import CHUNK, DUMP, Failed, last_words

# Written to by `close`, which comes before all rows are compared: that takes minutes, in which nothing may be sent.
CLOSED = {Home._meta.db_table, MailLink._meta.db_table}


def check_files(backup: Path, told: Mapping[str, Any]) -> None:
    """Whether they are as they were written. Raises Failed."""
    for name, of in told["files"].items():
        digest, size = hashlib.sha256(), 0
        try:
            with (backup / name).open("rb") as file:
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
        except OSError as problem:
            raise Failed(f"{backup / name} cannot be read: {problem.strerror}.") from None
        if (size, digest.hexdigest()) != (of["bytes"], of["sha256"]):
            raise Failed(
                f"{backup / name} is damaged: it is not what was written ({size} of {of['bytes']} bytes)."
            )


def check_version(told: Mapping[str, Any]) -> bool:
    """Whether this version knows all that the backup has; True when it has migrations besides. Raises Failed."""
    known = set(MigrationLoader(None).disk_migrations or ())
    ours = {app for app, _name in known}
    had = {(app, name) for app, names in told["migrations"].items() for name in names}
    newer = sorted((app, name) for app, name in had - known if app in ours)
    if newer:
        raise Failed(
            f"The backup is of a newer version ({told['version']}): this one does not know {' '.join(newer[0])}."
            " Install that version first."
        )
    return bool(known - had)


def check_empty() -> None:
    """Raises Failed where the database holds a table."""
    there = prints.tables()
    if there:
        name = connection.settings_dict["NAME"]
        raise Failed(
            f"The database “{name}” is not empty: it has {len(there)} tables. Make a new one (`createdb`) and set"
            " DATABASE_URL to it; nothing that is there is ever overwritten."
        )


def restore(backup: Path, *, pg_restore: programs.Program) -> None:
    """All of it or nothing. Raises Failed."""
    argv: list[str | Path] = [
        pg_restore.path,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        f"--dbname={programs.database()}",
        backup / DUMP,
    ]
    done = subprocess.run(argv, capture_output=True, env=programs.environment(), check=False)  # noqa: S603
    if done.returncode:
        raise Failed(f"pg_restore failed, and the database is empty still: {last_words(done.stderr)}")


def differences(told: Mapping[str, Any]) -> list[str]:
    """A line for each table that is not as the manifest says. What `close` has changed is only counted."""
    with transaction.atomic():
        there = prints.of([name for name in prints.tables() if name not in told["rows_left_out"]])
    wanted = {name: prints.Print(*each) for name, each in told["tables"].items()}
    for name in CLOSED & wanted.keys() & there.keys():
        there[name] = prints.Print(there[name].rows, wanted[name].sum)
    return [
        f"{name}: {_said(there.get(name))}, and {_said(wanted.get(name))} in the backup"
        for name in sorted(wanted.keys() | there.keys())
        if there.get(name) != wanted.get(name)
    ]


def _said(each: prints.Print | None) -> str:
    return "not there" if each is None else f"{each.rows} rows ({each.sum})"


def close(now: datetime) -> None:
    """Mail waits, nobody is signed in, and links in e-mails are dead; and PostgreSQL learns what there is."""
    home.close(now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
