"""PostgreSQL's own pg_dump and pg_restore: which of them fit, and how they are told where the database is."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.db import connection

# Where Debian and Ubuntu keep those of each version.
DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
# What a program is told of our connection: all else, the password above all, stands in no list of processes.
TOLD = (
    "host", "hostaddr", "port", "user", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile",
)  # fmt: skip


class NoneFits(Exception):
    """One sentence for whoever runs the command."""


class Program(NamedTuple):
    path: Path
    version: int

    def __str__(self) -> str:
        return f"{self.path} ({self.version})"


def server_version() -> int:
    connection.ensure_connection()
    number: int = connection.connection.server_version
    return number // 10000


def find(name: str, at_least: int, folder: Path | None) -> Program:
    """The oldest one here that is no older than `at_least`: a newer one may say what an older server does not know.

    In that folder, where one is named. Raises NoneFits.
    """
    there = sorted(
        {each for each in map(_asked, _candidates(name, folder)) if each}, key=lambda one: one.version
    )
    fitting = [each for each in there if each.version >= at_least]
    if fitting:
        return fitting[0]
    where = f"in {folder}" if folder else "on PATH or below /usr/lib/postgresql"
    if not there:
        raise NoneFits(
            f"There is no {name} {where}: install PostgreSQL's client programs (postgresql-client-{at_least} on"
            " Debian), or name their folder with --programs."
        )
    raise NoneFits(
        f"{name} {where} is of version {there[-1].version}, and {at_least} is needed: install"
        f" postgresql-client-{at_least}, or name the folder of a newer one with --programs."
    )


def _candidates(name: str, folder: Path | None) -> Iterable[Path]:
    if folder is not None:
        return [folder / name]
    on_path = shutil.which(name)
    return [*([Path(on_path)] if on_path else []), *sorted(DEBIAN.glob(f"*/bin/{name}"))]


def _asked(path: Path) -> Program | None:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    found = VERSION.search(said.stdout)
    return Program(path, int(found[1])) if found else None


def database() -> str:
    """The database of the settings, for `--dbname`; without its password."""
    connection.ensure_connection()
    said = connection.connection.get_dsn_parameters()
    return " ".join(f"{name}={_quoted(said[name])}" for name in TOLD if said.get(name))


def environment() -> dict[str, str]:
    """Of the program: how PostgreSQL is reached (the password, or the PG variables that our own connection was made
    by), and nothing else of ours. The rest it finds by the account that it runs as."""
    password = str(connection.settings_dict.get("PASSWORD") or "")
    ours = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    ours |= {"PATH": os.defpath, "LC_ALL": "C", "PGAPPNAME": "best-stuff backup"}
    return ours | ({"PGPASSWORD": password} if password else {})


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
