"""`manage.py backup` and `restore`: what is in a backup, what is not, and the way back (promise P44)."""

import json
import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.backup import making
from accounts.backup import programs as postgres
from accounts.clock import now
from accounts.house import records
from accounts.mail.models import Home, MailLink
from accounts.models import AuditEntry, DataKey, HouseRun, MailAside, User
from accounts.vault import keyfile, remembered
from reflections.actions.moments import keep_moment
from reflections.models import Moment
from tests import tables
from tests.conftest import NOW, TODAY, make_person, signed_in
from tests.databases import empty, programs, reached

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "curlew in the reeds"


@pytest.fixture
def writer() -> User:
    person = make_person("noor@harbor.example", "Noor Haddad")
    keep_moment(person, text=CANARY, happened_on=TODAY, now=NOW)
    return person


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """An empty database, reached in place of the tests' own in a block with `reached`."""
    with empty() as name:
        yield name


def run(command: str, *words: str | Path) -> str:
    out = StringIO()
    call_command(command, *map(str, words), *programs(), stdout=out)
    return out.getvalue()


def back_up(tmp_path: Path, *words: str) -> Path:
    run("backup", tmp_path / "backups", "--keys", tmp_path / "keys", *words)
    return max((tmp_path / "backups").iterdir())


def key_backup(tmp_path: Path) -> Path:
    return max((tmp_path / "keys").iterdir())


def test_a_backup_is_for_its_owner_alone_and_says_what_is_in_it(writer: User, tmp_path: Path) -> None:
    made = back_up(tmp_path)
    assert making.NAMED.fullmatch(made.name)
    private = [made, made / "database.dump", made / "manifest.json", tmp_path / "keys", key_backup(tmp_path)]
    modes = [stat.S_IMODE(each.stat().st_mode) for each in [tmp_path / "backups", *private]]
    assert modes == [0o700, 0o700, 0o600, 0o600, 0o700, 0o600]
    told = json.loads((made / "manifest.json").read_text())
    assert told["tables"]["accounts_user"][0] == 1
    assert told["tables"]["reflections_moment"][0] == 1
    assert told["rows_left_out"] == [
        "accounts_datakey",
        "accounts_mailaside",
        "django_session",
        "usersessions_usersession",
    ]
    assert "0100_home" in told["migrations"]["mail"]
    assert told["files"]["database.dump"]["bytes"] == (made / "database.dump").stat().st_size
    assert HouseRun.objects.filter(name=records.BACKUP, rows__gte=1).exists()


def test_neither_keys_nor_sessions_nor_the_key_file_are_in_it(
    writer: User, tmp_path: Path, settings: Settings
) -> None:
    cookie = str(signed_in(writer).session.session_key)
    UserSession.objects.create(user=writer, session_key=cookie, ip="127.0.0.1")
    aside = MailAside.objects.create(file_key=1, wrapped=b"wrapped by it", sealed=b"sealed words", size=12)
    made = back_up(tmp_path)
    wrapped = bytes(DataKey.objects.get().wrapped)
    secret = keyfile.read(Path(settings.KEY_FILE))[0].line.split()[3]
    with empty() as name, reached(name):
        run("restore", made)
        rows = "".join(rows for _table, rows in tables.contents())
        assert wrapped.hex() not in rows
        assert cookie not in rows
        assert aside.wrapped.hex() not in rows
        assert not DataKey.objects.exists()
        assert not Session.objects.exists()
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert secret.encode() not in held
    assert CANARY.encode() not in held


def test_what_was_there_is_there_again_and_its_words_open_with_their_keys(
    writer: User, tmp_path: Path, elsewhere: str
) -> None:
    browser = signed_in(writer)
    UserSession.objects.create(user=writer, session_key=browser.session.session_key, ip="127.0.0.1")
    token = MailLink.objects.issue(writer.pk, MailLink.Purpose.REPLY, now=now())
    entries = AuditEntry.objects.count()
    made = back_up(tmp_path)
    with reached(elsewhere):
        remembered.forget()
        said = run("restore", made, "--keys", key_backup(tmp_path))
        assert "all as they were in the backup" in said
        assert "The key file opens all 1 of them" in said
        assert User.objects.get().name == "Noor Haddad"
        assert Moment.objects.get().text == CANARY
        assert AuditEntry.objects.count() == entries
        assert MailLink.objects.find(token, MailLink.Purpose.REPLY, now=now()) is None
        assert not UserSession.objects.exists()
        assert Home.objects.get().waits_since is not None
    remembered.forget()
    assert MailLink.objects.find(token, MailLink.Purpose.REPLY, now=now()) is not None


def test_a_wrong_key_file_is_told_of_and_all_else_is_there(
    writer: User, tmp_path: Path, elsewhere: str, settings: Settings
) -> None:
    made = back_up(tmp_path)
    settings.KEY_FILE = str(tmp_path / "another")
    keyfile.write_new(Path(settings.KEY_FILE), [keyfile.new_key(1, NOW.date())])
    out = StringIO()
    with reached(elsewhere):
        remembered.forget()
        with pytest.raises(CommandError, match="opens 0 of them, and 1 not"):
            call_command("restore", str(made), "--keys", str(key_backup(tmp_path)), *programs(), stdout=out)
        assert "KEY_FILE is not the one of this backup" in out.getvalue()
        assert User.objects.count() == 1
    remembered.forget()


def test_nothing_that_is_there_is_overwritten(writer: User, tmp_path: Path) -> None:
    made = back_up(tmp_path)
    with pytest.raises(CommandError, match="is not empty"):
        run("restore", made)
    assert Moment.objects.get().text == CANARY


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_backup_is_not_brought_back(
    writer: User, tmp_path: Path, elsewhere: str, damage: str
) -> None:
    made = back_up(tmp_path)
    dump = made / "database.dump"
    content = bytearray(dump.read_bytes())
    if damage == "cut":
        dump.write_bytes(content[:-10])
    elif damage == "changed":
        content[len(content) // 2] ^= 1
        dump.write_bytes(content)
    else:
        dump.unlink()
    with reached(elsewhere):
        with pytest.raises(CommandError, match=r"is damaged|cannot be read"):
            run("restore", made)
        assert not connection.introspection.table_names()


def test_what_is_not_as_the_manifest_says_is_told_by_the_table(
    writer: User, tmp_path: Path, elsewhere: str
) -> None:
    made = back_up(tmp_path)
    manifest = made / "manifest.json"
    told = json.loads(manifest.read_text())
    told["tables"]["accounts_user"] = [2, "77"]
    manifest.write_text(json.dumps(told))
    with reached(elsewhere), pytest.raises(CommandError, match=r"accounts_user: 1 rows .* 2 rows \(77\)"):
        run("restore", made)


def test_a_backup_of_a_newer_version_is_not_brought_back(
    writer: User, tmp_path: Path, elsewhere: str
) -> None:
    made = back_up(tmp_path)
    manifest = made / "manifest.json"
    told = json.loads(manifest.read_text())
    told["migrations"]["mail"].append("0999_from_the_future")
    manifest.write_text(json.dumps(told))
    with reached(elsewhere), pytest.raises(CommandError, match="of a newer version"):
        run("restore", made)


def test_a_folder_that_is_no_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no backup"):
        run("restore", tmp_path)


# --- Making one ------------------------------------------------------------------------------------------------------


def test_older_ones_are_deleted_and_keys_of_more_than_seven_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (9, 8, 1, 0):
        at = now() - timedelta(days=day)
        monkeypatch.setattr("accounts.clock.now", lambda at=at: at)
        back_up(tmp_path, "--keep", "2")
    stamps = [making.stamp(now() - timedelta(days=day))[:10] for day in (1, 0)]
    assert sorted(path.name[:10] for path in (tmp_path / "backups").iterdir()) == stamps
    assert sorted(path.name[5:15] for path in (tmp_path / "keys").iterdir()) == stamps


def test_with_keep_0_none_is_deleted_and_what_is_no_backup_never_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups = tmp_path / "backups"
    (backups / "notes").mkdir(parents=True)
    for day in (2, 1):
        at = now() - timedelta(days=day)
        monkeypatch.setattr("accounts.clock.now", lambda at=at: at)
        run("backup", backups, "--without-keys", "--keep", "0")
    monkeypatch.undo()
    run("backup", backups, "--without-keys", "--keep", "1")
    assert len(list(backups.iterdir())) == 2
    assert (backups / "notes").is_dir()


def test_a_pg_dump_that_is_too_old_is_refused_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "old" / "pg_dump"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    with pytest.raises(CommandError, match=r"of version 9, and \d+ is needed: install postgresql-client-\d+"):
        call_command("backup", str(tmp_path / "b"), "--without-keys", "--programs", str(old.parent))
    assert not (tmp_path / "b").exists()


def test_without_any_pg_dump_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no pg_dump in"):
        call_command("backup", str(tmp_path / "b"), "--without-keys", "--programs", str(tmp_path))


def test_a_dump_that_fails_leaves_nothing(tmp_path: Path) -> None:
    failing = tmp_path / "failing" / "pg_dump"
    failing.parent.mkdir()
    failing.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump (PostgreSQL) {postgres.server_version()}.1' && exit\n"
        "echo half; echo 'pg_dump: error: the disk is full' >&2; exit 1\n"
    )
    failing.chmod(0o755)
    with pytest.raises(CommandError, match="pg_dump failed: pg_dump: error: the disk is full") as failed:
        call_command("backup", str(tmp_path / "b"), "--without-keys", "--programs", str(failing.parent))
    assert failed.value.returncode == 1
    assert not list((tmp_path / "b").iterdir())


def test_when_the_keys_cannot_be_written_the_dump_stays_and_the_end_says_so(
    writer: User, tmp_path: Path
) -> None:
    (tmp_path / "keys").write_text("a file, not a folder")
    with pytest.raises(CommandError, match="The dump is made, the rest is not") as failed:
        back_up(tmp_path)
    assert failed.value.returncode == 3
    assert len(list((tmp_path / "backups").iterdir())) == 1


@pytest.mark.parametrize(("dumps", "keys"), [("b", "b"), ("b", "b/keys"), ("b/dumps", "b")])
def test_dumps_and_keys_are_kept_apart(tmp_path: Path, dumps: str, keys: str) -> None:
    with pytest.raises(CommandError, match="apart from the dumps"):
        run("backup", tmp_path / dumps, "--keys", tmp_path / keys)


def test_neither_goes_beside_the_key_file(tmp_path: Path, settings: Settings) -> None:
    beside = Path(settings.KEY_FILE).parent
    with pytest.raises(CommandError, match="not beside the key file"):
        run("backup", tmp_path / "b", "--keys", beside)
    with pytest.raises(CommandError, match="not beside the key file"):
        run("backup", beside, "--without-keys")


def test_a_pg_dump_newer_than_the_server_makes_nothing_that_could_not_be_restored(tmp_path: Path) -> None:
    newer = postgres.Program(Path("pg_dump"), postgres.server_version() + 1)
    newer = newer._replace(version=max(newer.version, 17))
    with pytest.raises(making.Failed, match="newer than the server"):
        making.make(tmp_path / "backups", now(), pg_dump=newer)
    assert not (tmp_path / "backups").exists()


def test_what_a_killed_backup_left_is_gone_a_day_later(writer: User, tmp_path: Path) -> None:
    left = [tmp_path / "backups" / ".making-abc", tmp_path / "keys" / ".making-keys-x.txt"]
    young = tmp_path / "backups" / ".making-def"
    for folder in (left[0], left[1].parent, young):
        folder.mkdir(parents=True)
    (left[0] / "database.dump").write_bytes(b"words")
    left[1].write_bytes(b"keys")
    old = (now() - timedelta(days=2)).timestamp()
    for each in left:
        os.utime(each, (old, old))
    back_up(tmp_path)
    assert not any(each.exists() for each in left)
    assert young.exists()


def test_the_programs_of_postgresql_are_told_how_our_connection_was_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGPASSFILE", "/srv/pgpass")
    monkeypatch.setenv("ANOTHER_SECRET", "ours")
    told = postgres.environment()
    assert told["PGPASSFILE"] == "/srv/pgpass"
    assert "ANOTHER_SECRET" not in told
