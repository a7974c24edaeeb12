"""`manage.py keys`, as whoever runs the site has it."""

import io
import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import DataKey, User
from accounts.vault import keyfile, remembered
from tests.test_settings import start

from .notebook import Note

CANARY = "curlew in the reeds"


def keys(*arguments: str) -> str:
    out = io.StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def test_the_file_is_made_once_and_says_what_losing_it_means(key_file: Path) -> None:
    key_file.unlink()
    said = keys("init")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o400
    assert "Without it NOBODY can read them any more" in said
    assert "Put a copy away now" in said
    [key] = keyfile.read(key_file)
    assert key.line.split()[3] not in said
    with pytest.raises(CommandError, match="is there already and stays as it is"):
        keys("init")
    assert keyfile.read(key_file) == (key,)


def test_a_real_installation_makes_its_file_before_it_can_start(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    refused = start("manage.py", KEY_FILE=str(path))
    assert "`manage.py keys init` makes it" in refused.stderr
    made = start("keys", "init", KEY_FILE=str(path))
    assert made.returncode == 0, made.stderr
    assert "NOBODY" in made.stdout
    assert start("manage.py", KEY_FILE=str(path)).returncode == 0


def test_keys_are_shown_only_when_asked_for(key_file: Path) -> None:
    [key] = keyfile.read(key_file)
    said = keys("show")
    assert f"version 1, made on 2026-06-01, check {key.check}, wraps" in said
    assert key.line.split()[3] not in said
    revealed = keys("show", "--reveal")
    assert key.line in revealed.splitlines()
    assert "can read all private words" in revealed


def test_a_copy_on_paper_makes_the_file_anew(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys("rotate")
    before = keyfile.read(key_file)
    lines = [line for line in keys("show", "--reveal").splitlines() if line.startswith("key ")]
    key_file.unlink()
    for line in lines:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))
        keys("add")
    assert keyfile.read(key_file) == before
    for line, said in ((lines[0], "holds version 2 already"), ("key 3", "KEY_FILE is no line of a key file")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))
        with pytest.raises(CommandError, match=said):
            keys("add")
    monkeypatch.setattr("sys.stdin", io.StringIO(keyfile.new_key(9, date(2026, 1, 1)).line))
    with pytest.raises(CommandError, match="holds two versions already"):
        keys("add")


@pytest.mark.django_db
def test_a_year_of_keys(ana: User, ben: User, key_file: Path, tmp_path: Path) -> None:
    for writer in (ana, ben):
        Note.objects.create(writer=writer, text=CANARY)
    assert "The file opens 2 of them, and 0 not." in keys("status")
    assert "Version 2 is in the file" in keys("rotate")
    with pytest.raises(CommandError, match="2 data keys are under an earlier version"):
        keys("retire")
    said = keys("rewrap")
    assert "  2 of 2" in said
    assert "2 keys were wrapped anew" in said
    assert "Version 1 is out of the file" in keys("retire")
    with pytest.raises(CommandError, match="has no key"):
        keys("reseal", "0")
    assert "Run this again in a quarter of an hour" in keys("reseal", str(ana.pk))
    backup = tmp_path / "data-keys"
    assert f"2 keys are in {backup}" in keys("backup", str(backup))
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="cannot be made: File exists"):
        keys("backup", str(backup))
    with pytest.raises(CommandError, match="not beside the key file"):
        keys("backup", str(key_file.parent / "data-keys"))
    DataKey.objects.all().delete()
    assert "2 keys are back; 0 were there" in keys("restore", str(backup))
    assert {note.text for note in Note.objects.all()} == {CANARY}
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        keys("restore", str(tmp_path / "none"))


@pytest.mark.django_db
def test_the_wrong_file_is_found_and_given_up_only_after_a_yes(ana: User, key_file: Path) -> None:
    Note.objects.create(writer=ana, text=CANARY)
    key_file.unlink()
    keys("init")
    remembered.forget()
    with pytest.raises(CommandError, match="Bring back the right key file"):
        keys("status")
    with pytest.raises(CommandError, match="1 people’s private words would be lost"):
        keys("abandon")
    assert DataKey.objects.exists()
    assert "1 keys that did not open are deleted" in keys("abandon", "--yes")
    assert "The file opens 0 of them, and 0 not" in keys("status")


@pytest.mark.parametrize("act", ["show", "status", "rotate", "rewrap", "retire"])
@pytest.mark.django_db
def test_without_the_file_each_says_so_in_a_line(act: str, key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(CommandError, match=r"KEY_FILE (names a file that is not there|cannot be read)"):
        keys(act)
