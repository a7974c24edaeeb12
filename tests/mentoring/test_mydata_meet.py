"""Agenda and notes in the copy that somebody takes along, and when they go: their own, and nobody else's."""

import io
import zipfile
from datetime import timedelta

import pytest

from accounts.models import User
from accounts.mydata import archive
from accounts.mydata.erasing import erase
from mentoring.models import AgendaItem, Meeting, Note, Pairing, Program
from mentoring.mydata import clear_program_words
from tests import tables
from tests.conftest import NOW, pair

pytestmark = pytest.mark.django_db
WORDS = {
    "mine": "cormorant-mine-alone",
    "shared": "puffin-for-the-two",
    "topic": "oystercatcher-to-talk-about",
}


@pytest.fixture
def said(pairing: Pairing, mentor: User, mentee: User) -> Meeting:
    """Both wrote the same three things, each with their name in it."""
    met = Meeting.objects.create(
        pairing=pairing, starts_at=NOW - timedelta(days=2), kind="came_along", took_place=True, said_at=NOW
    )
    for person in (mentor, mentee):
        name = person.first_name
        for key, is_shared in (("mine", False), ("shared", True)):
            Note.objects.create(
                pairing=pairing, meeting=met, author=person, text=f"{WORDS[key]}-{name}", is_shared=is_shared
            )
        AgendaItem.objects.create(pairing=pairing, author=person, text=f"{WORDS['topic']}-{name}")
    return met


def copy_of(person: User) -> str:
    file = io.BytesIO()
    archive.write(person, file, now=NOW)
    with zipfile.ZipFile(file) as found:
        return "\n".join(found.read(name).decode() for name in found.namelist())


def test_the_copy_holds_ones_own_words_and_nobody_elses(said: Meeting, mentor: User, mentee: User) -> None:
    copy = copy_of(mentee)
    for words in WORDS.values():
        assert f"{words}-Tomasz" in copy
        # What the other one shared is theirs to take along.
        assert f"{words}-Noor" not in copy
    assert "came_along" in copy


def test_erasing_somebody_deletes_what_they_wrote_and_leaves_the_others(
    said: Meeting, mentor: User, mentee: User
) -> None:
    assert erase(mentee, now=NOW)
    assert set(Note.objects.values_list("author", flat=True)) == {mentor.pk}
    assert set(AgendaItem.objects.values_list("author", flat=True)) == {mentor.pk}
    assert Note.objects.count() == 2
    said.refresh_from_db()
    # That they met stays with the other half of the pair.
    assert (said.took_place, said.kind) == (True, "came_along")
    assert {note.text for note in Note.objects.all()} == {f"{WORDS[key]}-Noor" for key in ("mine", "shared")}


def test_when_a_programs_words_are_cleared_those_of_another_stay(
    said: Meeting, program: Program, other_program: Program, mentor: User, mentee: User
) -> None:
    elsewhere = pair(other_program, mentor, mentee)
    Note.objects.create(pairing=elsewhere, author=mentee, text="elsewhere")
    AgendaItem.objects.create(pairing=elsewhere, author=mentee, text="elsewhere")
    clear_program_words(mentee, program)
    assert [note.text for note in Note.objects.filter(author=mentee)] == ["elsewhere"]
    assert [item.text for item in AgendaItem.objects.filter(author=mentee)] == ["elsewhere"]
    assert Note.objects.filter(author=mentor).count() == 2


def test_no_word_of_it_is_in_the_database_in_clear(said: Meeting) -> None:
    everything = "\n".join(rows for _table, rows in tables.contents())
    assert "came_along" in everything
    for words in WORDS.values():
        assert words not in everything
        assert words.encode().hex() not in everything
