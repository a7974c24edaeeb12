"""Notes: private or shared, and never in doubt which."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import DataKey, User
from accounts.vault import remembered
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Meeting, Note, Pairing, Program
from tests.conftest import NOW, pair, signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECRET = "cormorant-for-me-alone"
SAID = "puffin-for-us-both"


def write(pairing: Pairing, by: User, text: str = SECRET, *, shared: bool = False, **fields: Any) -> Note:
    return actions.write_note(pairing, by=by, text=text, is_shared=shared, now=NOW, **fields)


def url(name: str, *args: object) -> str:
    return reverse(f"pairings:{name}", args=args)


def get(client: Client, name: str, *args: object) -> str:
    answer = client.get(url(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def is_shared(note: Note) -> bool:
    return Note.objects.values_list("is_shared", flat=True).get(pk=note.pk)


# --- Written


@pytest.mark.parametrize(("name", "shared"), [("note_private", False), ("note_shared", True)])
def test_the_address_says_which_it_is_whatever_the_form_says(
    pairing: Pairing, mentor: User, name: str, shared: bool
) -> None:
    client = signed_in(mentor)
    for claim in ("True", "False", ""):
        client.post(url(name, pairing.pk), {"text": SECRET, "was_shared": claim, "is_shared": claim})
    assert set(Note.objects.values_list("is_shared", flat=True)) == {shared}
    assert Note.objects.count() == 3


def test_the_page_says_who_reads_it_before_a_word_is_written(pairing: Pairing, mentor: User) -> None:
    client = signed_in(mentor)
    private, shared = get(client, "note_private", pairing.pk), get(client, "note_shared", pairing.pk)
    assert "Private: only you read this" in private
    assert 'class="note note-private' in private
    assert "Shared: you and Tomasz read this" not in private
    assert "Shared: you and Tomasz read this" in shared
    assert 'class="note note-shared' in shared
    assert "Private: only you read this" not in shared


@pytest.mark.parametrize("name", ["note_private", "note_shared"])
def test_what_cannot_be_kept_stays_typed_on_the_page_of_its_kind(
    pairing: Pairing, mentor: User, name: str
) -> None:
    answer = signed_in(mentor).post(url(name, pairing.pk), {"text": "x" * 8001})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "x" * 8001 in text
    assert 'id="id_text_error"' in text
    assert ("note-private" in text) is (name == "note_private")
    assert not Note.objects.exists()


def test_from_the_pairs_page_one_comes_back_to_it(pairing: Pairing, mentor: User) -> None:
    there = signed_in(mentor).post(url("note_private", pairing.pk), {"text": SECRET, "from": "pair"})
    assert there["Location"] == url("detail", pairing.pk) + "#notes"


def test_a_note_of_a_meeting_stands_on_its_page(pairing: Pairing, mentor: User, mentee: User) -> None:
    met = Meeting.objects.create(pairing=pairing, starts_at=NOW - DAY)
    client = signed_in(mentor)
    answer = client.post(url("note_shared", pairing.pk), {"text": SAID, "meeting": met.pk})
    assert answer["Location"] == url("past_one", pairing.pk, met.pk) + "#notes"
    assert SAID in get(signed_in(mentee), "past_one", pairing.pk, met.pk)
    assert "Meeting of" in get(client, "notes", pairing.pk)


def test_a_note_is_not_put_down_to_the_meeting_of_others(
    pairing: Pairing, program: Program, mentor: User, member: User
) -> None:
    theirs = Meeting.objects.create(pairing=pair(program, mentor, member), starts_at=NOW - DAY)
    answer = signed_in(mentor).post(url("note_private", pairing.pk), {"text": SECRET, "meeting": theirs.pk})
    assert "This meeting is not one of yours together." in answer.content.decode()
    with pytest.raises(Refused):
        write(pairing, mentor, meeting=theirs)
    assert not Note.objects.exists()


# --- Read


def test_a_private_note_is_read_by_its_writer_alone(
    pairing: Pairing, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    met = Meeting.objects.create(pairing=pairing, starts_at=NOW - DAY)
    note = write(pairing, mentor, meeting=met)
    for name, args in (
        ("detail", [pairing.pk]),
        ("notes", [pairing.pk]),
        ("past_one", [pairing.pk, met.pk]),
    ):
        assert SECRET in get(signed_in(mentor), name, *args)
        text = get(signed_in(mentee), name, *args)
        assert SECRET not in text
        # Not even that there is one.
        assert f"note-{note.pk}" not in text
    assert "one note" in get(signed_in(mentor), "past", pairing.pk)
    assert "one note" not in get(signed_in(mentee), "past", pairing.pk)
    assert signed_in(mentee).get(url("note", pairing.pk, note.pk)).status_code == 404
    for person in (mentee, admin, superuser):
        assert not Note.objects.visible_to(person).exists()


def test_a_shared_note_is_read_by_both_and_by_nobody_else(
    pairing: Pairing, mentor: User, mentee: User, member: User, outsider: User, admin: User, superuser: User
) -> None:
    note = write(pairing, mentor, SAID, shared=True)
    text = get(signed_in(mentee), "notes", pairing.pk)
    assert SAID in text
    assert "Shared: you and Noor read this" in text
    for person in (member, outsider, admin, superuser):
        client = signed_in(person)
        for name in ("notes", "note_private", "note_shared"):
            assert client.get(url(name, pairing.pk)).status_code == 404
        for name in ("note", "note_share", "note_take_back", "note_delete"):
            assert client.post(url(name, pairing.pk, note.pk)).status_code == 404
        assert not Note.objects.visible_to(person).exists()


def test_somebody_else_whom_the_mentor_has_reads_nothing_of_it(
    pairing: Pairing, program: Program, mentor: User, member: User
) -> None:
    """As an earlier mentee would."""
    pair(program, mentor, member, status="completed", ended_on=NOW.date())
    write(pairing, mentor, SAID, shared=True)
    assert not Note.objects.visible_to(member).exists()


def test_the_other_one_changes_nothing_of_a_shared_note(pairing: Pairing, mentor: User, mentee: User) -> None:
    note = write(pairing, mentor, SAID, shared=True)
    client = signed_in(mentee)
    assert url("note", pairing.pk, note.pk) not in get(client, "notes", pairing.pk)
    for name in ("note", "note_share", "note_take_back", "note_delete"):
        assert client.post(url(name, pairing.pk, note.pk), {"text": "mine"}).status_code == 404
    for act in (
        lambda: actions.rewrite_note(note, by=mentee, text="mine", is_shared=True, now=NOW),
        lambda: actions.take_back_note(note, by=mentee, now=NOW),
        lambda: actions.delete_note(note, by=mentee),
    ):
        with pytest.raises(Refused):
            act()
    assert Note.objects.get().text == SAID


# --- Changed


def test_it_is_edited_and_keeps_its_kind(pairing: Pairing, mentor: User) -> None:
    for shared in (False, True):
        note = write(pairing, mentor, shared=shared)
        client = signed_in(mentor)
        text = get(client, "note", pairing.pk, note.pk)
        assert SECRET in text
        assert ("note-shared" in text) is shared
        client.post(url("note", pairing.pk, note.pk), {"text": "Otherwise", "was_shared": str(shared)})
        note = Note.objects.get(pk=note.pk)
        assert (note.text, note.is_shared) == ("Otherwise", shared)


@pytest.mark.parametrize("was", [False, True])
def test_words_that_were_written_for_one_kind_are_not_kept_in_the_other(
    pairing: Pairing, mentor: User, was: bool
) -> None:
    """A second window: private words must not come before the other one by it."""
    note = write(pairing, mentor, "Before", shared=was)
    change = actions.take_back_note if was else actions.share_note
    change(note, by=mentor, now=NOW)
    client = signed_in(mentor)
    answer = client.post(url("note", pairing.pk, note.pk), {"text": "In a hurry", "was_shared": str(was)})
    text = answer.content.decode()
    assert "Nothing was kept; look once more." in text
    assert "In a hurry" in text
    assert ("note-shared" in text) is not was
    assert f'name="was_shared" value="{not was}"' in text
    assert Note.objects.get().text == "Before"
    client.post(url("note", pairing.pk, note.pk), {"text": "Meant", "was_shared": str(not was)})
    assert Note.objects.get().text == "Meant"


def test_it_is_shared_later_and_taken_back(pairing: Pairing, mentor: User, mentee: User) -> None:
    note = write(pairing, mentor)
    client = signed_in(mentor)
    client.post(url("note_share", pairing.pk, note.pk))
    assert is_shared(note)
    assert SECRET in get(signed_in(mentee), "notes", pairing.pk)
    client.post(url("note_take_back", pairing.pk, note.pk))
    assert not is_shared(note)
    assert SECRET not in get(signed_in(mentee), "notes", pairing.pk)


def test_looking_shares_nothing(pairing: Pairing, mentor: User) -> None:
    note = write(pairing, mentor)
    client = signed_in(mentor)
    for name in ("note_share", "note_take_back", "note_delete"):
        assert client.get(url(name, pairing.pk, note.pk)).status_code == 405
    assert not is_shared(note)


def test_it_is_deleted_for_good(pairing: Pairing, mentor: User) -> None:
    note = write(pairing, mentor, shared=True)
    signed_in(mentor).post(url("note_delete", pairing.pk, note.pk))
    assert not Note.objects.exists()


# --- When


@pytest.mark.parametrize("status", [*Pairing.MADE, *Pairing.OVER])
def test_notes_are_written_while_there_is_a_pair_and_read_for_good(
    pairing: Pairing, mentor: User, mentee: User, status: str
) -> None:
    shared, private = write(pairing, mentor, SAID, shared=True), write(pairing, mentor)
    is_over = status in Pairing.OVER
    Pairing.objects.update(status=status, ended_on=NOW.date() if is_over else None)
    pairing.refresh_from_db()
    assert SAID in get(signed_in(mentee), "notes", pairing.pk)
    assert SAID in get(signed_in(mentee), "detail", pairing.pk)
    if not is_over:
        write(pairing, mentee)
        return
    for act in (
        lambda: write(pairing, mentor),
        lambda: actions.rewrite_note(private, by=mentor, text="x", is_shared=False, now=NOW),
        lambda: actions.share_note(private, by=mentor, now=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert "No notes are written here any more." in get(signed_in(mentor), "note_private", pairing.pk)
    # What somebody wrote stays theirs: it may be taken back, and go.
    actions.take_back_note(shared, by=mentor, now=NOW)
    assert SAID not in get(signed_in(mentee), "notes", pairing.pk)
    actions.delete_note(private, by=mentor)
    assert Note.objects.count() == 1


def test_what_is_typed_when_the_pairing_ends_is_not_lost(pairing: Pairing, mentor: User) -> None:
    Pairing.objects.update(status="ended", ended_on=NOW.date())
    answer = signed_in(mentor).post(url("note_private", pairing.pk), {"text": SECRET})
    text = answer.content.decode()
    assert "No notes are written here any more." in text
    assert SECRET in text
    assert not Note.objects.exists()


@pytest.mark.parametrize("status", ["proposed", "declined"])
def test_there_are_no_notes_before_there_is_a_pair(pairing: Pairing, mentor: User, status: str) -> None:
    Pairing.objects.update(status=status)
    assert signed_in(mentor).get(url("notes", pairing.pk)).status_code == 404


def test_words_that_cannot_be_read_any_more_say_so_and_are_not_edited(pairing: Pairing, mentor: User) -> None:
    note = write(pairing, mentor)
    DataKey.objects.filter(pk=mentor.pk).delete()
    remembered.forget()
    assert "These words cannot be read any more." in get(signed_in(mentor), "notes", pairing.pk)
    answer = signed_in(mentor).get(url("note", pairing.pk, note.pk))
    assert answer.status_code == 302


def test_the_list_holds_past_a_page_with_the_same_number_of_questions(
    pairing: Pairing, mentor: User, mentee: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(mentor)
    met = Meeting.objects.create(pairing=pairing, starts_at=NOW - DAY)
    write(pairing, mentor, "One", meeting=met)
    write(pairing, mentee, "Two", shared=True)
    client.get(url("notes", pairing.pk))
    with django_assert_max_num_queries(30) as few:
        client.get(url("notes", pairing.pk))
    for number in range(60):
        write(pairing, (mentor, mentee)[number % 2], f"Note {number:02}", shared=True, meeting=met)
    with django_assert_max_num_queries(len(few)):
        text = get(client, "notes", pairing.pk)
    assert "Note 59" in text
    assert "Note 05" not in text
    assert "Note 05" in client.get(url("notes", pairing.pk) + "?page=2").content.decode()
