"""A person's data key: made once, never remembered for longer than is safe, and gone with its person."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import DataKey, User
from accounts.mydata.erasing import erase
from accounts.vault import data_keys, keyfile, reading, remembered
from accounts.vault.errors import Sealed
from tests.conftest import NOW
from tests.mentoring.test_races import at_once

from .notebook import Note, raw

pytestmark = pytest.mark.django_db
CANARY = "curlew in the reeds"


def other_file(path: Path, *versions: int) -> None:
    """As when the file of another installation stands there."""
    path.unlink()
    keys = [keyfile.new_key(version, date(2026, 7, 1)) for version in versions]
    keyfile.write_new(path, keys)
    remembered.forget()


def test_a_key_is_made_when_somebody_first_writes_and_never_again(ana: User, ben: User) -> None:
    Note.objects.create(writer=ana, text="one")
    first = bytes(DataKey.objects.get().wrapped)
    Note.objects.create(writer=ana, text="two")
    assert bytes(DataKey.objects.get().wrapped) == first
    Note.objects.create(writer=ben, text="three")
    assert set(DataKey.objects.values_list("person", flat=True)) == {ana.pk, ben.pk}


@pytest.mark.django_db(transaction=True)
def test_who_writes_in_five_windows_at_once_has_one_key_and_loses_nothing(ana: User) -> None:
    for number in range(5):
        DataKey.objects.all().delete()
        Note.objects.all().delete()

        def write(number: int = number) -> None:
            with transaction.atomic():
                Note.objects.create(writer_id=ana.pk, text=f"{CANARY} {number}")

        assert at_once([write] * 5) == ["done"] * 5
        assert [note.text for note in Note.objects.all()] == [f"{CANARY} {number}"] * 5
        assert DataKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_whose_making_was_rolled_back_seals_nothing_more(ana: User) -> None:
    with transaction.atomic():
        lost = Note.objects.create(writer=ana, text=CANARY)
        assert Note.objects.get(pk=lost.pk).text == CANARY  # And so it is remembered.
        transaction.set_rollback(True)
    kept = Note.objects.create(writer=ana, text=CANARY)
    remembered.forget()
    assert Note.objects.get(pk=kept.pk).text == CANARY


def test_a_remembered_key_that_is_out_of_date_is_looked_up_anew(ana: User) -> None:
    Note.objects.create(writer=ana, text="one")
    earlier = remembered.keys_of(ana.pk) or {1: data_keys.key_for_writing(ana.pk)}
    DataKey.objects.all().delete()
    note = Note.objects.create(writer=ana, text=CANARY)
    remembered.keep(ana.pk, earlier)
    assert Note.objects.get(pk=note.pk).text == CANARY


def test_a_key_is_remembered_for_a_few_seconds_and_of_so_many_people(
    monkeypatch: pytest.MonkeyPatch, ana: User, django_assert_num_queries: Any
) -> None:
    Note.objects.create(writer=ana, text=CANARY)
    note = Note.objects.get()
    with django_assert_num_queries(1):
        assert note.text == note.text == CANARY
    later = time.monotonic() + remembered.SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    with django_assert_num_queries(1):
        assert note.text == CANARY
    key = data_keys.key_for_writing(ana.pk)
    for person in range(1, remembered.MOST + 50):
        remembered.keep(person, {key.number: key})
    assert len(remembered._kept) == remembered.MOST


def test_whoever_is_erased_takes_the_key_of_old_copies_along(ana: User, ben: User) -> None:
    note = Note.objects.create(writer=ana, text=CANARY)
    Note.objects.create(writer=ben, text="Ben’s")
    copy = raw(note)
    assert Note.objects.get(pk=note.pk).text == CANARY
    assert erase(ana, now=NOW)
    assert set(DataKey.objects.values_list("person", flat=True)) == {ben.pk}
    # As when an old backup of the table is brought back: her words are there, and say nothing any more.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notebook_note SET text = %s WHERE id = %s", [copy, note.pk])
    old = Note.objects.get(pk=note.pk)
    with pytest.raises(Sealed) as caught:
        _ = old.text
    assert str(caught.value) == "These words cannot be read any more."
    assert reading.words(old, "text") == "These words cannot be read any more."
    assert Note.objects.get(writer=ben).text == "Ben’s"


def test_under_the_wrong_file_nothing_opens_and_no_key_is_made(ana: User, ben: User, key_file: Path) -> None:
    right = keyfile.read(key_file)
    note = Note.objects.create(writer=ana, text=CANARY)
    for versions in ((1,), (2,), (2, 1)):
        other_file(key_file, *versions)
        with pytest.raises(Sealed):
            _ = Note.objects.get(pk=note.pk).text
        for writer in (ana, ben):
            with pytest.raises(Sealed), transaction.atomic():
                Note.objects.create(writer=writer, text="lost, if it were kept")
    assert DataKey.objects.count() == 1
    key_file.unlink()
    keyfile.write_new(key_file, right)
    assert Note.objects.get(pk=note.pk).text == CANARY
    Note.objects.create(writer=ben, text="written at last")


@pytest.mark.parametrize("mode", ["missing", "torn", "open to others"])
def test_a_file_that_goes_bad_while_the_site_runs_closes_the_words_and_nothing_else(
    mode: str, ana: User, key_file: Path
) -> None:
    note = Note.objects.create(writer=ana, text=CANARY)
    remembered.forget()
    if mode == "open to others":
        key_file.chmod(0o444)
    else:
        key_file.unlink()
    if mode == "torn":
        key_file.touch(0o400)
    with pytest.raises(Sealed) as caught:
        _ = Note.objects.get(pk=note.pk).text
    assert "KEY_FILE" in caught.value.why
    assert "KEY_FILE" not in str(caught.value)
    note.color = "blue"
    note.save(update_fields=["color"])


def test_one_with_another_key_still_reads_what_was_before(ana: User) -> None:
    old = Note.objects.create(writer=ana, text=CANARY)
    assert data_keys.renew(ana.pk)
    assert not data_keys.renew(ana.pk)
    new = Note.objects.create(writer=ana, text="by the new one")
    assert raw(old)[1:5] != raw(new)[1:5]
    assert {note.text for note in Note.objects.all()} == {CANARY, "by the new one"}
    assert not data_keys.renew(0)


def test_nobody_deletes_all_keys_by_a_slip() -> None:
    assert not hasattr(DataKey.objects, "delete")


def test_the_database_shows_no_key_in_an_admin_line(ana: User) -> None:
    Note.objects.create(writer=ana, text=CANARY)
    key = DataKey.objects.get()
    assert (str(key), repr(key)) == (f"Data key #{ana.pk}", f"<DataKey: Data key #{ana.pk}>")
