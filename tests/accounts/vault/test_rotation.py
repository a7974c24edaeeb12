"""Keys change while the site runs: no word is lost whatever is killed, and nothing needed is taken away."""

import threading
from datetime import date
from pathlib import Path

import pytest
from django.db import connection, transaction

from accounts.models import DataKey, User
from accounts.refused import Refused
from accounts.vault import data_keys, keyfile, remembered, rotation
from accounts.vault.errors import NotHere, Sealed
from tests.conftest import make_person

from .notebook import MODELS, Line, Note, raw

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 23)
CANARY = "curlew in the reeds"


@pytest.fixture
def notes(notebook: None) -> list[Note]:
    people = [make_person(f"p{number}@harbor.example", f"Person {number}") for number in range(12)]
    return [Note.objects.create(writer=person, text=f"{CANARY} {person.pk}") for person in people]


def all_open(notes: list[Note]) -> bool:
    remembered.forget()
    return [note.text for note in Note.objects.order_by("pk")] == [note.text for note in notes]


def versions() -> set[int]:
    return set(DataKey.objects.values_list("file_key", flat=True))


def test_a_rotation_from_the_first_step_to_the_last(notes: list[Note], key_file: Path) -> None:
    assert rotation.rotate(key_file, TODAY).version == 2
    assert all_open(notes)
    late = make_person("late@harbor.example", "Late")
    notes.append(Note.objects.create(writer=late, text="by the second version at once"))
    assert versions() == {1, 2}
    with pytest.raises(Refused, match="12 data keys"):
        rotation.retire(key_file)
    with pytest.raises(Refused, match="two versions already"):
        rotation.rotate(key_file, TODAY)
    told: list[tuple[int, int]] = []
    assert rotation.rewrap(lambda done, of: told.append((done, of)), batch=5) == (12, 0)
    assert told == [(5, 12), (10, 12), (12, 12)]
    assert versions() == {2}
    assert rotation.retire(key_file) == [1]
    assert [key.version for key in keyfile.read(key_file)] == [2]
    assert all_open(notes)
    assert rotation.rewrap() == (0, 0)
    with pytest.raises(Refused, match="nothing to retire"):
        rotation.retire(key_file)


def test_words_are_not_touched_by_it(notes: list[Note], key_file: Path) -> None:
    before = [raw(note) for note in notes]
    rotation.rotate(key_file, TODAY)
    rotation.rewrap()
    assert [raw(note) for note in notes] == before


class Killed(BaseException):
    """Nobody catches it."""


@pytest.mark.django_db(transaction=True)
def test_a_rewrapping_that_was_killed_half_way_goes_on_where_it_was(
    notes: list[Note], key_file: Path
) -> None:
    rotation.rotate(key_file, TODAY)

    def die(done: int, of: int) -> None:
        if done >= 8:
            raise Killed

    with pytest.raises(Killed):
        rotation.rewrap(die, batch=4)
    assert rotation.status().under == {1: 4, 2: 8}
    assert all_open(notes)
    assert rotation.rewrap(batch=4) == (4, 0)
    assert rotation.status() == rotation.Status(rotation.Counter({2: 12}), 12, 0)
    assert all_open(notes)


@pytest.mark.django_db(transaction=True)
def test_it_may_run_while_people_write_and_while_it_runs_twice(notes: list[Note], key_file: Path) -> None:
    rotation.rotate(key_file, TODAY)
    newcomers = [make_person(f"n{number}@harbor.example", f"New {number}") for number in range(6)]
    failures: list[str] = []

    def run(act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except Exception as error:
            failures.append(repr(error))
        finally:
            connection.close()

    def write() -> None:
        for person in newcomers:
            Note.objects.create(writer=person, text="while it runs")
            assert Note.objects.get(writer=person).text == "while it runs"

    acts = [write, lambda: rotation.rewrap(batch=2), lambda: rotation.rewrap(batch=3)]
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert failures == []
    assert versions() == {2}
    assert rotation.status().closed == 0


@pytest.mark.django_db(transaction=True)
def test_no_version_is_retired_under_the_hands_of_whoever_is_writing(ana: User, key_file: Path) -> None:
    """A key is being made under the first version, and its transaction is open still."""
    with transaction.atomic():
        note = Note.objects.create(writer=ana, text=CANARY)
        rotation.rotate(key_file, TODAY)
        ends: list[str] = []

        def retire() -> None:
            try:
                rotation.retire(key_file)
            except Refused as no:
                ends.append(str(no))
            finally:
                connection.close()

        retiring = threading.Thread(target=retire)
        retiring.start()
        retiring.join(1)
        assert retiring.is_alive()
    retiring.join(20)
    assert ends == ["1 data keys are under an earlier version: `keys rewrap` first."]
    assert Note.objects.get(pk=note.pk).text == CANARY


def test_keys_that_do_not_open_are_counted_left_alone_and_given_up_only_when_told(
    notes: list[Note], key_file: Path
) -> None:
    DataKey.objects.filter(pk__in=[notes[1].writer_id, notes[5].writer_id]).update(wrapped=b"\x01" * 65)
    rotation.rotate(key_file, TODAY)
    found = rotation.status()
    assert (found.opened, found.closed) == (10, 2)
    assert rotation.rewrap(batch=3) == (10, 2)
    with pytest.raises(Refused, match="2 data keys"):
        rotation.retire(key_file)
    with pytest.raises(Sealed), transaction.atomic():
        Note.objects.create(writer_id=notes[1].writer_id, text="not yet")
    assert rotation.abandon() == 2
    assert rotation.retire(key_file) == [1]
    Note.objects.create(writer_id=notes[1].writer_id, text="again")
    assert Note.objects.filter(writer=notes[1].writer_id).latest("pk").text == "again"
    with pytest.raises(Sealed):
        _ = Note.objects.get(pk=notes[1].pk).text


# --- One person's data key -----------------------------------------------------------------------------------------


@pytest.fixture
def many(ana: User, ben: User) -> list[Note]:
    notes = [
        Note.objects.create(writer=ana, text=f"{CANARY} {n}", aside="" if n % 2 else "aside")
        for n in range(7)
    ]
    Line.objects.bulk_create(Line(note=notes[0], text=f"line {number}") for number in range(3))
    Note.objects.create(writer=ben, text="Ben’s")
    return notes


def seals(model: type[Note] | type[Line], person: User) -> set[bytes]:
    return {raw(row)[1:5] for row in model._default_manager.filter(**{model.sealed_by: person.pk})}


def an_hour_later(person: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_datakey SET made_at = made_at - interval '1 hour' WHERE person_id = %s",
            [person.pk],
        )


def test_somebody_gets_another_key_and_all_their_words_with_it(
    many: list[Note], ana: User, ben: User
) -> None:
    before, bens = seals(Note, ana), seals(Note, ben)
    told: list[tuple[int, int]] = []
    assert not rotation.reseal(ana.pk, lambda done, of: told.append((done, of)), models=MODELS)
    assert told == [(7, 7), (3, 3)]
    assert seals(Note, ana) == seals(Line, ana) != before
    assert len(seals(Note, ana)) == 1
    assert seals(Note, ben) == bens
    assert DataKey.objects.get(pk=ana.pk).wrapped_before
    an_hour_later(ana)
    assert rotation.reseal(ana.pk, models=MODELS)
    assert not bytes(DataKey.objects.get(pk=ana.pk).wrapped_before)
    remembered.forget()
    assert [note.text for note in Note.objects.filter(writer=ana).order_by("pk")] == [n.text for n in many]
    assert {line.text for line in Line.objects.all()} == {"line 0", "line 1", "line 2"}
    assert {note.aside for note in Note.objects.filter(writer=ana)} == {"", "aside"}


@pytest.mark.django_db(transaction=True)
def test_sealing_anew_that_was_killed_goes_on_by_the_same_key(many: list[Note], ana: User) -> None:
    def die(done: int, of: int) -> None:
        raise Killed

    data_keys.renew(ana.pk)
    with pytest.raises(Killed):
        rotation.reseal_rows(Note, ana.pk, die, batch=3)
    assert len(seals(Note, ana)) == 2
    assert not rotation.reseal(ana.pk, models=MODELS)
    assert len(seals(Note, ana) | seals(Line, ana)) == 1


def test_a_file_key_that_changes_meanwhile_takes_both_of_them_along(
    many: list[Note], ana: User, key_file: Path
) -> None:
    data_keys.renew(ana.pk)
    rotation.rotate(key_file, TODAY)
    assert rotation.rewrap() == (2, 0)
    rotation.retire(key_file)
    remembered.forget()
    assert [note.text for note in Note.objects.filter(writer=ana).order_by("pk")] == [n.text for n in many]


def test_a_key_is_kept_as_long_as_a_word_needs_it(many: list[Note], ana: User) -> None:
    with connection.cursor() as cursor:  # A word that nobody can open: it must not be left behind in silence.
        cursor.execute("UPDATE notebook_note SET seal_id = gen_random_uuid() WHERE id = %s", [many[3].pk])
    data_keys.renew(ana.pk)
    an_hour_later(ana)
    with pytest.raises(NotHere), transaction.atomic():
        rotation.reseal(ana.pk, models=MODELS)
    assert DataKey.objects.get(pk=ana.pk).wrapped_before
