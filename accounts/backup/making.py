"""One backup: a folder of its own with the dump and a manifest, whole or not there at all."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from accounts.house.version import commit_here, version_here
from accounts.models import DataKey, MailAside
from accounts.vault import apart, keyfile

from . import prints, programs

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"
NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
KEYS_NAMED = re.compile(r"keys-(\d{4}-\d\d-\d\dT\d{6}Z)\.txt")
BEGUN = ".making-"
# For so long the words of somebody who was erased can still be opened from a backup (docs/privacy.md).
KEYS_KEPT = timedelta(days=7)
CHUNK = 1 << 20


class Failed(Exception):
    """One sentence: nothing was made, and what was begun is cleared away."""


def left_out() -> list[str]:
    """Tables whose rows are in no dump: the wrapped keys, which are kept apart from the words; e-mails put aside, since
    each row has its wrapped key in it; and the sessions and what is known of their browsers, since either holds what
    is in the cookie, by which whoever has the dump could come in."""
    return sorted(model._meta.db_table for model in (DataKey, MailAside, Session, UserSession))


def make(folder: Path, now: datetime, *, pg_dump: programs.Program) -> Path:
    """The folder of the new backup below `folder`, which is made if need be. Raises Failed, and OSError.

    What it says of each table is of the very moment of the dump: both look at one snapshot.
    """
    if pg_dump.version > max(programs.server_version(), 16):
        # It sets transaction_timeout, which PostgreSQL does not know before 17.
        raise Failed(
            f"{pg_dump} is newer than the server ({programs.server_version()}), which could not read such a backup:"
            f" install postgresql-client-{programs.server_version()}."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_begun(folder, now)
    target = folder / stamp(now)
    if target.exists():
        raise Failed(f"{target} is there already.")
    begun = Path(tempfile.mkdtemp(prefix=BEGUN, dir=folder))  # For its owner alone.
    try:
        with transaction.atomic():
            snapshot = _snapshot()
            file = _dump(pg_dump, begun / DUMP, snapshot)
            told = _manifest(now, pg_dump) | {"files": {DUMP: file}}
        _write(begun / MANIFEST, (json.dumps(told, indent=1, sort_keys=True) + "\n").encode())
        _sync(begun)
        begun.rename(target)
        _sync(folder)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    return target


def make_keys(folder: Path, now: datetime) -> tuple[Path, int]:
    """The wrapped keys of all people in a file of their own: which, and how many. Those of more than seven days ago
    are deleted."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_begun(folder, now)
    path = folder / f"keys-{stamp(now)}.txt"
    begun = folder / f"{BEGUN}{path.name}"
    begun.unlink(missing_ok=True)
    number = apart.write_new(begun)
    begun.rename(path)
    _sync(folder)
    for each in folder.iterdir():
        found = KEYS_NAMED.fullmatch(each.name)
        if found and each != path and found[1] < stamp(now - KEYS_KEPT):
            each.unlink()
    return path, number


def clear_away(folder: Path, keep: int) -> list[Path]:
    """All but the newest `keep` backups, which are deleted; with 0 none is."""
    there = sorted(
        each for each in folder.iterdir() if NAMED.fullmatch(each.name) and (each / MANIFEST).exists()
    )
    gone = there[:-keep] if keep else []
    for each in gone:
        shutil.rmtree(each)
    return gone


def _clear_begun(folder: Path, now: datetime) -> None:
    """What a backup left behind that was killed a day ago or earlier: it too has words, or keys, in it."""
    for each in folder.glob(f"{BEGUN}*"):
        if each.stat().st_mtime < (now - timedelta(days=1)).timestamp():
            if each.is_dir():
                shutil.rmtree(each)
            else:
                each.unlink()


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H%M%SZ}"


# --- The parts -----------------------------------------------------------------------------------------------------


def _snapshot() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def _dump(pg_dump: programs.Program, path: Path, snapshot: str) -> dict[str, object]:
    """Written by us, so that the file is ours alone from its first byte on; counted and summed on the way."""
    argv: list[str | Path] = [pg_dump.path, "--format=custom", f"--snapshot={snapshot}", "--no-password"]
    argv += [f"--exclude-table-data=public.{table}" for table in left_out()]
    argv += [f"--dbname={programs.database()}"]
    digest, size = hashlib.sha256(), 0
    with (
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
        tempfile.TemporaryFile() as said,
        subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=said, env=programs.environment()) as process,  # noqa: S603
    ):
        if process.stdout is None:
            raise Failed("pg_dump has no output.")
        try:
            while chunk := process.stdout.read(CHUNK):
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        except BaseException:
            process.kill()
            raise
        out.flush()
        os.fsync(out.fileno())
        if process.wait():
            said.seek(0)
            raise Failed(f"pg_dump failed: {last_words(said.read())}")
    return {"bytes": size, "sha256": digest.hexdigest()}


def _manifest(now: datetime, pg_dump: programs.Program) -> dict[str, object]:
    migrations: dict[str, list[str]] = defaultdict(list)
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        migrations[app].append(name)
    names = [name for name in prints.tables() if name not in left_out()]
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "version": version_here(),
        "commit": commit_here(),
        "postgresql": programs.server_version(),
        "pg_dump": pg_dump.version,
        "migrations": migrations,
        "tables": {name: list(each) for name, each in prints.of(names).items()},
        "rows_left_out": left_out(),
        # By these one sees whether a key file is the right one. They open nothing.
        "key_file": [{"version": key.version, "check": key.check} for key in _keys()],
    }


def _keys() -> tuple[keyfile.FileKey, ...]:
    """Of none that can be read, none: the dump is as good without."""
    try:
        return keyfile.read(Path(settings.KEY_FILE))
    except (keyfile.KeyFileTrouble, OSError):
        return ()


def read_manifest(backup: Path) -> Mapping[str, Any]:
    """Raises Failed."""
    try:
        told: Mapping[str, Any] = json.loads((backup / MANIFEST).read_bytes())
        form = told["format"]
    except (OSError, ValueError, KeyError, TypeError):
        raise Failed(f"{backup} is no backup: it has no {MANIFEST} that can be read.") from None
    if form != FORMAT:
        raise Failed(f"{backup} was made by a version whose backups this one does not know.")
    return told


def last_words(said: bytes) -> str:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    """So that names, too, are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
