"""`manage.py init`: from nothing to settings, keys, tables and a first superuser, and never over what is there."""

import errno
import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts.models import User
from accounts.setup import begin, envfile, starting
from accounts.vault import keyfile

GIVEN = {
    "PUBLIC_BASE_URL": "https://mentoring.example.org",
    "DATABASE_URL": "postgres://best:s3cr3t-word@127.0.0.1:1/best",
    "REDIS_URL": "redis://:s3cr3t-word@127.0.0.1:1/0",
    "EMAIL_PORT": "1",
    "INIT_ADMIN_EMAIL": "you@example.org",
    "INIT_ADMIN_PASSWORD": "s3cr3t-word-of-you",
}


def init(folder: Path, *more: str, **changed: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in (GIVEN | changed).items() if value}
    return subprocess.run(
        [sys.executable, "manage.py", "init", "--no-input", "--env-file", str(folder / "env"), *more],
        cwd=settings.BASE_DIR,
        env=environment | {"PATH": os.environ["PATH"], "HOME": str(folder.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_writes_secrets_for_their_owner_alone_prints_none_and_keeps_what_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "best-stuff"
    first = init(folder)
    assert first.returncode == 1  # Neither server is there, which is said.
    assert "BAD   The database does not let us in" in first.stdout
    assert "BAD   Redis does not answer" in first.stdout
    assert (mode(folder), mode(folder / "env"), mode(folder / "keys")) == (0o700, 0o600, 0o400)
    said = envfile.read(folder / "env")
    assert said["DATABASE_URL"] == GIVEN["DATABASE_URL"]
    assert said["KEY_FILE"] == str(folder / "keys")
    assert not {name for name in said if name.startswith("INIT_")}
    assert len(keyfile.read(folder / "keys")) == 1
    before = (folder / "env").read_bytes(), (folder / "keys").read_bytes()
    second = init(folder, SECRET_KEY="", PUBLIC_BASE_URL="https://other.example.org")
    assert f"{folder / 'env'} is there already and stays as it is." in second.stdout
    assert ((folder / "env").read_bytes(), (folder / "keys").read_bytes()) == before
    printed = first.stdout + first.stderr + second.stdout + second.stderr
    assert "s3cr3t" not in printed
    assert said["SECRET_KEY"] not in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL is not set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"INIT_ADMIN_EMAIL": ""}, "INIT_ADMIN_EMAIL is not set"),
        ({"PUBLIC_BASE_URL": "http://mentoring.example.org"}, "PUBLIC_BASE_URL must begin with https://"),
        ({"DATABASE_URL": "postgres://a@db/b"}, "DATABASE_URL has no password"),
        ({"EMAIL_PORT": "many"}, "EMAIL_PORT must be a number"),
    ],
)
def test_without_an_answer_it_says_which_and_writes_nothing(
    tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    folder = tmp_path / "best-stuff"
    refused = init(folder, **changed)
    assert refused.returncode != 0
    [line] = refused.stderr.splitlines()
    assert line.startswith(words)
    assert not folder.exists()


def test_asked_again_after_a_bad_answer_and_stopped_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["mentoring.example.org", "https://mentoring.example.org"])

    def answer(words: str) -> str:
        if (said := next(answers, None)) is None:
            raise KeyboardInterrupt
        return said

    monkeypatch.setattr("builtins.input", answer)
    with pytest.raises(SystemExit, match="Nothing was written"):
        begin.begin(["--env-file", str(tmp_path / "env")], {})
    assert "PUBLIC_BASE_URL must be a whole address" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_after_the_key_file_leaves_that_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(begin, "begun", begin.Begun())
    monkeypatch.setattr(envfile, "write_new", full)
    folder = tmp_path / "best-stuff"
    given = ["--no-input", "--env-file", str(folder / "env")]
    with pytest.raises(SystemExit) as stopped:
        begin.begin(given, dict(GIVEN))
    words = f"{folder / 'env'} cannot be made: No space left on device. Written and kept: {folder / 'keys'}."
    assert str(stopped.value).startswith(words)
    assert [path.name for path in folder.iterdir()] == ["keys"]
    monkeypatch.undo()
    kept = (folder / "keys").read_bytes()
    begin.begin(given, dict(GIVEN))
    assert (folder / "keys").read_bytes() == kept
    assert (folder / "env").is_file()


def test_the_second_half_ends_plainly_where_nobody_answers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.filter(is_superuser=True).update(is_superuser=False)
    monkeypatch.setattr("builtins.input", Mock(side_effect=EOFError))
    with pytest.raises(CommandError, match="What is done is whole"):
        call_command("init", no_migrate=True)


def test_tables_of_another_role_are_one_reason_and_no_traceback(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # The test's own transaction is in it.
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE newcomer; SET LOCAL ROLE newcomer")
        *_of_the_settings, reason = starting.reasons()
        transaction.set_rollback(True)
    assert "its tables cannot be read (ProgrammingError); the role of DATABASE_URL has to own them" in reason


def test_a_line_ends_at_a_line_break_and_nowhere_else(tmp_path: Path) -> None:
    said = {"ONE": "a\u2028b\u0085c", "TWO": "d"}
    envfile.write_new(tmp_path / "env", said, "about")
    assert envfile.read(tmp_path / "env") == said
    assert envfile.values_of("ONE=a\r\nTWO='d'\r\n") == {"ONE": "a", "TWO": "d"}


@pytest.mark.parametrize(
    "value", ["plain", "two words", 'a#b $c `d` "e"', "p?q=1&r=2", "Best Stuff <a@b.example>"]
)
def test_a_shell_reads_a_value_as_we_do(tmp_path: Path, value: str) -> None:
    path = tmp_path / "env"
    envfile.write_new(path, {"SAID": value}, "about")
    assert envfile.read(path) == {"SAID": value}
    shell = ["sh", "-c", '. "$0"; printf %s "$SAID"', str(path)]
    assert subprocess.run(shell, capture_output=True, text=True, check=True).stdout == value


def test_the_first_superuser_has_a_confirmed_address_and_is_made_once(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.filter(is_superuser=True).update(is_superuser=False)
    monkeypatch.setattr(begin.begun, "admin_password", "low-tide-at-noon")
    for _time in range(2):
        # The tests sign in to the database as a superuser, which is said; all the rest goes on.
        with suppress(CommandError):
            call_command("init", no_input=True, no_migrate=True, admin_email="First@Example.org")
    person = User.objects.get(is_superuser=True)
    assert person.email == "first@example.org"
    assert person.check_password("low-tide-at-noon")
    assert EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()
    assert "A superuser is there already" in capsys.readouterr().out


def test_a_role_that_may_more_than_it_needs_is_refused_and_an_ordinary_one_is_not(
    db: None, settings: Any
) -> None:
    settings.IS_LOCAL = False
    assert "as a superuser" in next(starting.of_the_database())
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE sees_all BYPASSRLS; CREATE ROLE ordinary")
        cursor.execute("GRANT SELECT ON django_migrations TO sees_all, ordinary; SET LOCAL ROLE sees_all")
        assert "BYPASSRLS" in next(starting.of_the_database())
        cursor.execute("SET LOCAL ROLE ordinary")
        assert list(starting.of_the_database()) == []
        cursor.execute("RESET ROLE")


def test_migrations_that_are_not_applied_are_refused(db: None) -> None:
    assert list(starting.of_the_database()) == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    assert "migrations are not applied" in next(starting.of_the_database())
