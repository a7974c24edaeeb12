"""For whom a moment was, in the words of a program."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mentoring import following
from mentoring.models import Enrollment, Program
from reflections import whom
from reflections.emails import _line
from reflections.keepsake.book import gather
from reflections.models import Moment
from reflections.mydata import chapters
from tests.conftest import TODAY, enroll, signed_in
from tests.mentoring.admin.test_programs import errors_of, settings_of

PATIENT = "A patient"


@pytest.fixture
def renamed(program: Program) -> Program:
    Program.objects.filter(pk=program.pk).update(whom_client=PATIENT, whom_colleague="Somebody on the ward")
    program.refresh_from_db()
    return program


def kept_for_a_client(person: User) -> Moment:
    return Moment.objects.create(person=person, text="Held the line.", happened_on=TODAY, for_whom="client")


@pytest.mark.parametrize("name", ["home", "moments:new", "moments:list", "story:index"])
def test_pages_say_for_whom_in_the_words_of_the_program(mentor: User, renamed: Program, name: str) -> None:
    kept_for_a_client(mentor)
    client = signed_in(mentor)
    said = client.get(reverse(name)).content.decode()
    assert PATIENT in said
    assert "A client" not in said
    assert "For a client" not in said
    Program.objects.update(whom_client="")
    said = client.get(reverse(name)).content.decode()
    assert PATIENT not in said
    assert "A client" in said or "For a client" in said


def test_the_page_of_a_moment_offers_the_words_and_keeps_what_was_chosen(
    mentor: User, renamed: Program
) -> None:
    moment = kept_for_a_client(mentor)
    client = signed_in(mentor)
    page = client.get(reverse("moments:edit", args=[moment.pk])).content.decode()
    assert PATIENT in page
    assert "Somebody on the ward" in page
    assert "My mentee" in page
    client.post(reverse("moments:keep"), {"text": "Another one.", "for_whom": "colleague", "seen_by": "me"})
    assert Moment.objects.filter(for_whom="colleague").count() == 1


def test_letters_the_export_and_the_book_say_the_same(mentor: User, renamed: Program) -> None:
    moment = kept_for_a_client(mentor)
    line = _line(moment, whom.of_person(mentor))
    assert line is not None
    assert PATIENT in line.about
    exported = [note for chapter in chapters(mentor) for entry in chapter.entries for note in entry.notes]
    assert "For: A patient" in exported
    book = gather(mentor, ["moments"], [], now=datetime(2026, 6, 23, 12, tzinfo=UTC))
    assert any("For: A patient" in piece.notes for piece in book.pieces())


def test_in_two_programs_a_word_is_used_where_both_say_it(
    mentor: User, renamed: Program, other_program: Program
) -> None:
    enroll(other_program, mentor, "mentor")
    assert whom.of_person(mentor).word("client") == "A client"
    Program.objects.filter(pk=other_program.pk).update(whom_client=PATIENT)
    words = whom.of_person(mentor)
    assert words.word("client") == PATIENT
    assert words.word("colleague") == "A colleague"


@pytest.mark.parametrize("status", [Program.Status.CLOSED, Program.Status.ARCHIVED])
def test_a_program_that_is_over_renames_nothing(
    mentor: User, renamed: Program, other_program: Program, status: str
) -> None:
    enroll(other_program, mentor, "mentor")
    Program.objects.filter(pk=other_program.pk).update(status=status, whom_client="A guest")
    assert whom.of_person(mentor).word("client") == PATIENT


def test_whoever_only_asked_for_a_place_reads_the_usual_words(mentor: User, renamed: Program) -> None:
    place = Enrollment.objects.get(person=mentor, program=renamed)
    Enrollment.objects.filter(pk=place.pk).update(
        status=Enrollment.Status.APPLIED, applied_at=datetime(2026, 6, 1, tzinfo=UTC), joined_on=None
    )
    assert whom.of_person(mentor).word("client") == "A client"


def test_a_page_of_moments_asks_for_the_words_once(
    mentor: User, renamed: Program, django_assert_num_queries: Callable[..., Any]
) -> None:
    kept_for_a_client(mentor)
    client = signed_in(mentor)
    url = reverse("moments:list")
    client.get(url)
    with CaptureQueriesContext(connection) as before:
        client.get(url)
    for _each in range(5):
        kept_for_a_client(mentor)
    with django_assert_num_queries(len(before)):
        client.get(url)


def test_who_runs_the_program_says_the_words(admin: User, program: Program) -> None:
    client = signed_in(admin)
    url = reverse("admin:mentoring_program_change", args=[program.pk])
    assert "Usually “A client”." in client.get(url).content.decode()
    client.post(url, settings_of(program, whom_client="  A patient "))
    program.refresh_from_db()
    assert program.whom_client == PATIENT


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"whom_client": "x" * 41}, "whom_client"),
        ({"whom_client": "A COLLEAGUE"}, "whom_client"),
        ({"whom_client": "A guest", "whom_mentor": "a guest"}, "whom_mentor"),
    ],
)
def test_a_word_that_is_too_long_or_taken_is_refused_beside_it(
    admin: User, program: Program, said: dict[str, str], field: str
) -> None:
    client = signed_in(admin)
    url = reverse("admin:mentoring_program_change", args=[program.pk])
    response = client.post(url, settings_of(program, **said))
    assert list(errors_of(response)) == [field]
    assert said[field] in response.content.decode()
    program.refresh_from_db()
    assert program.whom_client == ""
    assert program.whom_mentor == ""


def test_the_next_program_begins_with_the_words(renamed: Program) -> None:
    assert following.after(renamed, today=TODAY)["whom_client"] == PATIENT
