"""Notes by those who run a program, on a place and on a pair: who reads them, who takes them back, where they are
not."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.mydata import erasing
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import AdminNote, Enrollment, Pairing, Program, ProgramAdmin
from mentoring.mydata import clear_program_words
from tests.conftest import NOW, make_person, signed_in

from .conftest import World

NOTED = "dunnock, she asked for a mentor abroad"


def url(kind: str, name: str, *args: object) -> str:
    return reverse(f"admin:mentoring_{kind}_{name}", args=args)


def place_of(person: User) -> Enrollment:
    return Enrollment.objects.get(person=person)


def write(client: Client, kind: str, pk: int, text: str = NOTED) -> str:
    return client.post(url(kind, "notes", pk), {"text": text}, follow=True).content.decode()


@pytest.fixture
def colleague(program: Program) -> User:
    person = make_person("cora@harbor.example", "Cora Colleague")
    ProgramAdmin.objects.create(program=program, person=person)
    return person


@pytest.mark.parametrize("kind", ["enrollment", "pairing"])
def test_all_who_run_the_program_read_a_note(
    program: Program, own: World, admin: User, colleague: User, superuser: User, kind: str
) -> None:
    about = own.rows[Enrollment if kind == "enrollment" else Pairing]
    page = signed_in(admin).get(url(kind, "change", about.pk)).content.decode()
    assert "in the file of their own data" in page.replace("\n", " ")
    write(signed_in(admin), kind, about.pk)
    note = AdminNote.objects.get()
    assert (note.author, note.program, note.text) == (admin, program, NOTED)
    for person in (admin, colleague, superuser):
        page = signed_in(person).get(url(kind, "change", about.pk)).content.decode()
        assert NOTED in page
        assert str(admin) in page
        assert ("Take this note back" in page) == (person == admin)


def test_the_two_and_others_do_not_find_it(own: World, other_admin: User, mentor: User, mentee: User) -> None:
    for kind, about in (("enrollment", own.rows[Enrollment]), ("pairing", own.pairing)):
        for person in (other_admin, mentor, mentee):
            client = signed_in(person)
            assert client.get(url(kind, "notes", about.pk)).status_code == 404
            assert client.post(url(kind, "notes", about.pk), {"text": NOTED}).status_code == 404
    assert not AdminNote.objects.exists()


def test_only_its_author_takes_it_back(own: World, admin: User, colleague: User) -> None:
    write(signed_in(admin), "pairing", own.pairing.pk)
    note = AdminNote.objects.get()
    back = url("pairing", "note_back", own.pairing.pk, note.pk)
    assert (
        "Only whoever wrote it takes it back."
        in signed_in(colleague).post(back, follow=True).content.decode()
    )
    assert AdminNote.objects.exists()
    assert signed_in(admin).get(back).status_code == 405
    assert "gone for good" in signed_in(admin).post(back, follow=True).content.decode()
    assert not AdminNote.objects.exists()


def test_a_note_of_another_thing_is_not_taken_back_by_its_number(
    own: World, foreign: World, admin: User
) -> None:
    theirs = AdminNote(program=foreign.program, person=foreign.mentor, author=admin, text=NOTED)
    theirs.pairing = foreign.pairing
    theirs.save()
    for pairing in (own.pairing.pk, foreign.pairing.pk):
        assert signed_in(admin).post(url("pairing", "note_back", pairing, theirs.pk)).status_code == 404


@pytest.mark.parametrize(("text", "said"), [("  ", "Write something first."), ("x" * 2001, "2000")])
def test_what_cannot_be_kept_is_said_beside_the_field(own: World, admin: User, text: str, said: str) -> None:
    page = write(signed_in(admin), "pairing", own.pairing.pk, text)
    assert said in page
    assert text.strip() in page
    assert not AdminNote.objects.exists()


def test_the_log_and_the_lists_and_the_files_know_nothing_of_it(own: World, admin: User) -> None:
    client = signed_in(admin)
    for kind, about in (("enrollment", own.rows[Enrollment]), ("pairing", own.pairing)):
        write(client, kind, about.pk)
        entry = LogEntry.objects.latest("pk")
        assert "dunnock" not in entry.change_message + entry.object_repr
        for at in ("changelist", "export"):
            assert "dunnock" not in client.get(url(kind, at)).content.decode()
        assert "dunnock" not in client.get(url(kind, "history", about.pk)).content.decode()
        assert not client.get(url(kind, "changelist"), {"q": "dunnock"}).context["cl"].result_list
        file = client.post(url(kind, "export"), {"format": "csv", "rows": ""})
        assert b"dunnock" not in b"".join(file)  # type: ignore[arg-type]


def test_it_is_sealed(own: World, admin: User) -> None:
    from django.db import connection

    actions.write_admin_note(own.pairing, text=NOTED, by=admin, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mentoring_adminnote")
        assert "dunnock" not in json.dumps(
            cursor.fetchall(),
            default=lambda value: str(bytes(value)) if isinstance(value, memoryview) else str(value),
        )


def test_whoever_does_not_run_the_program_writes_none(own: World, other_admin: User, mentor: User) -> None:
    for person in (other_admin, mentor):
        with pytest.raises(Refused):
            actions.write_admin_note(own.pairing, text=NOTED, by=person, now=NOW)


def test_notes_go_with_whom_they_are_about(
    own: World, admin: User, mentor: User, mentee: User, colleague: User
) -> None:
    actions.write_admin_note(own.pairing, text=NOTED, by=admin, now=NOW)
    actions.write_admin_note(place_of(mentor), text=NOTED, by=admin, now=NOW)
    staying = actions.write_admin_note(place_of(mentee), text=NOTED, by=colleague, now=NOW)
    erasing.erase(mentor, now=NOW)
    assert list(AdminNote.objects.all()) == [staying]
    with pytest.raises(Refused):
        actions.write_admin_note(place_of(mentor), text=NOTED, by=admin, now=NOW)
    erasing.erase(colleague, now=NOW)
    staying.refresh_from_db()
    assert staying.author is None
    assert staying.text == NOTED


def test_they_go_when_the_words_of_a_place_go(own: World, admin: User, mentor: User, mentee: User) -> None:
    for person in (mentor, mentee):
        actions.write_admin_note(place_of(person), text=NOTED, by=admin, now=NOW)
    clear_program_words(mentor, own.program)
    assert [note.person for note in AdminNote.objects.all()] == [mentee]


def test_past_fifty_they_are_paged_with_as_many_queries(
    own: World, admin: User, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, at = signed_in(admin), url("pairing", "notes", own.pairing.pk)
    counts = []
    for first, last in ((0, 3), (3, 60)):
        for number in range(first, last):
            actions.write_admin_note(own.pairing, text=f"Note {number:03}", by=admin, now=NOW)
        client.get(at)
        with CaptureQueriesContext(connection) as found:
            client.get(at)
        counts.append(len(found))
    assert counts[0] == counts[1]
    assert client.get(at).content.decode().count("Note 0") == 50
    assert "Note 000" in client.get(f"{at}?page=2").content.decode()
    beside = client.get(url("pairing", "change", own.pairing.pk)).content.decode()
    assert beside.count("Note 0") == 5
    assert "All notes" in beside
