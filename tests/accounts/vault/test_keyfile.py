"""The key file: what it holds is recognised, and what is wrong with it is said plainly, without what it says."""

import errno
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from accounts.vault import keyfile
from accounts.vault.keyfile import FileKey, KeyFileTrouble
from tests.test_settings import start

KNOWN = FileKey(7, date(2026, 11, 30), bytes(range(32)))
LINE = "key 7 2026-11-30 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 c19204c59d667fda"
OTHER = keyfile.new_key(8, date(2026, 12, 1))
THIRD = keyfile.new_key(9, date(2026, 12, 2))
HEAD = keyfile.FIRST_LINE
DAMAGED = {
    "an empty file": ("", "names a file that is no key file"),
    "something else": ("SECRET_KEY=abc\n", "names a file that is no key file"),
    "another kind of file": ("\x00\xff\x00", "names a file that is no key file"),
    "a line that lost its end": (
        f"{HEAD}\n{LINE[:60]}\n",
        "names a damaged file: line 2 is no line of a key file",
    ),
    "a letter that is another": (
        f"{HEAD}\n{LINE.replace('AAECA', 'AAECB')}\n",
        "names a damaged file: line 2 does not fit its check value",
    ),
    "a version that is another": (
        f"# ours\n{HEAD}\n{LINE.replace('key 7', 'key 6')}\n",
        "names a damaged file: line 3 does not fit its check value",
    ),
    "a day that is none": (
        f"{HEAD}\n{LINE.replace('11-30', '11-31')}\n",
        "names a damaged file: line 2 is no line of a key file",
    ),
    "no key": (f"{HEAD}\n", "names a file without a key"),
    "one key twice": (f"{HEAD}\n{LINE}\n{LINE}\n", "names a file in which two keys have one version"),
    "three keys": (
        f"{HEAD}\n{LINE}\n{OTHER.line}\n{THIRD.line}\n",
        "names a file with 3 keys; two can live at once",
    ),
}


def test_a_line_is_written_and_read_as_it_always_was() -> None:
    assert KNOWN.line == LINE
    assert keyfile.key_of(LINE) == KNOWN
    assert keyfile.key_of(f"  {LINE}\n") == KNOWN


def test_a_file_comes_back_with_the_newest_key_first(tmp_path: Path) -> None:
    keyfile.write_new(tmp_path / "keys", [KNOWN, OTHER])
    assert keyfile.read(tmp_path / "keys") == (OTHER, KNOWN)


def test_a_disk_that_is_full_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keyfile.write_new(tmp_path / "keys", [KNOWN])
    assert list(tmp_path.iterdir()) == []


def test_keys_are_random_and_long(tmp_path: Path) -> None:
    made = {keyfile.new_key(1, date(2026, 1, 1)).secret for _ in range(20)}
    assert len(made) == 20
    assert {len(secret) for secret in made} == {32}


def test_no_key_is_in_a_repr() -> None:
    assert repr(KNOWN) == "FileKey(version=7, made_on=datetime.date(2026, 11, 30))"


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_file_is_told_from_a_whole_one(case: str) -> None:
    text, said = DAMAGED[case]
    with pytest.raises(KeyFileTrouble) as caught:
        keyfile.keys_of(text)
    assert str(caught.value) == said
    assert caught.value.__cause__ is None


def test_a_new_file_is_for_its_owner_alone_whatever_the_umask_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    before = os.umask(0)
    try:
        keyfile.write_new(path, [KNOWN])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    with pytest.raises(FileExistsError):
        keyfile.write_new(path, [OTHER])
    assert keyfile.read(path) == (KNOWN,)


def test_a_replaced_file_is_for_its_owner_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.write_new(path, [KNOWN])
    keyfile.replace(path, [OTHER, KNOWN])
    assert keyfile.read(path) == (OTHER, KNOWN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert [each.name for each in tmp_path.iterdir()] == ["keys"]


def test_two_changes_at_once_are_one_change_and_a_refusal(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.write_new(path, [KNOWN])
    (tmp_path / "keys.new").touch()
    with pytest.raises(KeyFileTrouble, match="is being changed, or was left half-way"):
        keyfile.replace(path, [OTHER, KNOWN])
    assert keyfile.read(path) == (KNOWN,)


@pytest.mark.parametrize("mode", [0o404, 0o440, 0o444, 0o600 | 0o040, 0o420, 0o401])
def test_a_file_that_others_can_open_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.write_new(path, [KNOWN])
    path.chmod(mode)
    with pytest.raises(KeyFileTrouble, match=rf"chmod 400 it \(it is {mode:o}\)"):
        keyfile.read(path)


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_a_file_that_only_its_owner_can_open_is_read(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.write_new(path, [KNOWN])
    path.chmod(mode)
    assert keyfile.read(path) == (KNOWN,)


def test_a_place_that_browsers_reach_is_refused_by_whatever_way_it_is_named(tmp_path: Path) -> None:
    served = tmp_path / "static"
    (served / "css").mkdir(parents=True)
    (tmp_path / "link").symlink_to(served)
    for path in (
        served / "keys",
        served / "css" / "keys",
        tmp_path / "link" / "keys",
        served / ".." / "static" / "k",
    ):
        with pytest.raises(KeyFileTrouble, match="whose files are served"):
            keyfile.place_of(str(path), [served])
    assert keyfile.place_of(str(tmp_path / "static-keys"), [served]) == tmp_path / "static-keys"


# --- The start -----------------------------------------------------------------------------------------------------


def refusal(how: str = "manage.py", **changed: str) -> str:
    """The one line with which it does not start."""
    refused = start(how, **changed)
    assert refused.returncode != 0
    [line] = refused.stderr.splitlines()
    return line


def test_production_does_not_start_with_a_file_that_others_can_open(key_file: Path) -> None:
    key_file.chmod(0o440)
    assert refusal(KEY_FILE=str(key_file)) == (
        "Best Stuff does not start: KEY_FILE is open to others than its owner: chmod 400 it (it is 440)"
        " (see docs/operations.md)"
    )


def test_production_does_not_start_with_a_damaged_file(key_file: Path) -> None:
    key_file.chmod(0o600)
    key_file.write_text(key_file.read_text().replace("key 1", "key 2"))
    line = refusal(KEY_FILE=str(key_file))
    assert "KEY_FILE names a damaged file: line 3 does not fit its check value" in line


def test_production_does_not_start_with_a_file_among_those_it_serves(key_file: Path) -> None:
    line = refusal(KEY_FILE=str(key_file), STATIC_ROOT=str(key_file.parent))
    assert "KEY_FILE lies in a folder whose files are served to everybody" in line


def test_production_does_not_start_with_a_place_that_depends_on_the_folder() -> None:
    assert "KEY_FILE must be a whole path such as" in refusal(KEY_FILE="keys")


@pytest.mark.parametrize("how", ["gunicorn", "worker", "beat"])
def test_no_process_starts_without_a_key_file(how: str) -> None:
    refused = start(how, KEY_FILE="/nowhere/keys")
    assert refused.returncode != 0
    assert (
        refused.stderr.count("KEY_FILE names a file that is not there; `manage.py keys init` makes it") == 1
    )
    assert "Traceback" not in refused.stderr + refused.stdout
