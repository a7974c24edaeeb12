"""The search in one's own words: what it finds, whose, and that nobody learns what was looked for."""

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.vault import remembered
from mentoring.models import Note, Pairing, Program
from reflections import search
from reflections.models import Answer, Moment, MutedWriter, Round, Thanks
from reflections.story.entries import entry_of
from reflections.story.words import Words
from tests.conftest import NOW, TODAY, make_person, signed_in
from tests.reflections.conftest import AGAIN, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def keep(person: User, text: str, day: date = TODAY, **values: object) -> Moment:
    return Moment.objects.create(person=person, text=text, happened_on=day, **values)


def found(person: User, query: str) -> str:
    return signed_in(person).post(reverse("moments:search"), {"query": query}).content.decode()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Zoë’s Café in Łódź", "cafe"),
        ("Zoë’s Café in Łódź", "lodz ZOE"),
        ("Zoë’s Café in Łódź", "Zoë's"),
        ("die große Straße", "STRASSE"),
        ("ein Gespra\u0308ch", "gespräch"),
        ("She said no, and meant it.", "meant no"),
        ("She said no, and meant it.", "mean"),
        ("İstanbul by night", "istanbul"),
    ],
)
def test_capitals_accents_and_order_make_no_difference(mentor: User, text: str, query: str) -> None:
    keep(mentor, text)

    assert "Found, the newest first" in found(mentor, query)


def test_every_word_has_to_be_there(mentor: User) -> None:
    keep(mentor, "She said no, and meant it.")

    assert "Nothing found." in found(mentor, "meant yes")


def test_all_that_is_ones_own_is_looked_through(mentor: User, pairing: Pairing, quarter_round: Round) -> None:
    keep(mentor, "first", gave="a kittiwake at the window")
    write(mentor, quarter_round, "M1", "kittiwake in an answer")
    Note.objects.create(pairing=pairing, author=mentor, text="kittiwake in a note")
    Thanks.objects.create(writer=mentor, text="kittiwake in a thank-you")
    page = found(mentor, "Kittiwake")

    assert page.count("<mark>kittiwake</mark>") == 4
    assert f'href="{reverse("thanks:note", args=[Thanks.objects.get().pk])}"' in page
    for said in ("A moment", "What was your best stuff?", "A note in a pairing’s room", "A note of thanks"):
        assert said in page


def test_a_second_piece_is_found_where_it_is_written(mentor: User, quarter_round: Round) -> None:
    answer = write(mentor, quarter_round, AGAIN, "a kittiwake")
    Answer.objects.filter(pk=answer.pk).update(piece=Answer.Piece.SECOND)
    url = reverse("reflections:question", args=[quarter_round.pk, AGAIN, "second"])

    assert f'href="{url}"' in found(mentor, "kittiwake")
    answer = Answer.objects.select_related("reflection__round", "question").get()
    assert entry_of(mentor, answer, Words(mentor, 1)).url == url


def test_the_words_may_stand_in_what_happened_and_in_what_it_gave(mentor: User) -> None:
    keep(mentor, "We walked to the pier.", gave="A kittiwake.")

    assert "Found" in found(mentor, "kittiwake pier")


def test_nobody_finds_what_another_one_wrote(
    mentor: User, mentee: User, superuser: User, pairing: Pairing, quarter_round: Round
) -> None:
    keep(mentor, "kittiwake shared", audience="pairing", pairing=pairing)
    write(
        mentor, quarter_round, "M1", "kittiwake", audience="pairing", pairings=(pairing,), status="submitted"
    )
    Note.objects.create(pairing=pairing, author=mentor, text="kittiwake", is_shared=True)
    for person in (mentee, superuser):
        assert "Nothing found." in found(person, "kittiwake")


def test_what_is_looked_for_stands_in_no_address_and_in_no_log(
    mentor: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keep(mentor, "kittiwake")
    client = signed_in(mentor)
    page = client.get(reverse("moments:search"), {"query": "kittiwake"})
    assert "Found" not in page.content.decode()
    reply = client.post(reverse("moments:search"), {"query": "kittiwake"})

    assert 'method="post"' in reply.content.decode()
    assert "no-store" in reply["Cache-Control"]
    assert reply.wsgi_request.sensitive_post_parameters == "__ALL__"  # type: ignore[attr-defined]
    assert not any(
        "kittiwake" in record.getMessage() for record in caplog.records if record.name != "django.db"
    )


def test_markup_in_the_words_is_shown_as_it_was_written(mentor: User) -> None:
    keep(mentor, "<b>kittiwake</b> & co")
    page = found(mentor, "kittiwake")

    assert "&lt;b&gt;<mark>kittiwake</mark>&lt;/b&gt; &amp; co" in page


def test_what_is_shown_is_the_part_around_the_first_word() -> None:
    text = "gull " * 200 + "KITTIWAKE " + "tern " * 200
    shown = search.snippet(text, ["kittiwake"])

    assert "<mark>KITTIWAKE</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 400


@pytest.mark.parametrize(
    ("text", "word", "marked"), [("Straße", "strasse", "Straße"), ("Café x", "cafe", "Café")]
)
def test_the_mark_stands_around_the_letters_as_they_were_written(text: str, word: str, marked: str) -> None:
    assert f"<mark>{marked}</mark>" in search.snippet(text, [word])


@pytest.mark.parametrize("query", ["", "   ", "\x00", "x" * 201])
def test_what_cannot_be_looked_for_is_said_beside_the_field(mentor: User, query: str) -> None:
    assert 'id="id_query_error"' in found(mentor, query)


def test_a_query_of_marks_alone_finds_nothing(mentor: User) -> None:
    keep(mentor, "anything")

    assert "Nothing found." in found(mentor, "\u0301")


def test_more_than_a_page_goes_on_by_a_button(mentor: User) -> None:
    for n in range(51):
        keep(mentor, f"kittiwake {n:02}.", date(2026, 1, 1 + n % 28))
    client, url = signed_in(mentor), reverse("moments:search")
    first = client.post(url, {"query": "kittiwake"}).content.decode()
    second = client.post(url, {"query": "kittiwake", "page": "2"}).content.decode()

    assert (first.count("<mark>"), second.count("<mark>")) == (50, 1)
    assert "Older ones" in first
    assert "Newer ones" in second


def test_it_asks_as_much_for_many_as_for_few(mentor: User, quarter_round: Round) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, url, asked = signed_in(mentor), reverse("moments:search"), []
    for rows in (2, 40):
        for n in range(rows):
            keep(mentor, f"kittiwake {rows} {n}")
        client.post(url, {"query": "kittiwake"})
        with CaptureQueriesContext(connection) as queries:
            client.post(url, {"query": "kittiwake"})
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_words_that_cannot_be_opened_are_not_found_and_hinder_nothing(mentor: User) -> None:
    broken, _good = keep(mentor, "kittiwake one"), keep(mentor, "kittiwake two")
    from uuid import uuid4

    Moment.objects.filter(pk=broken.pk).update(seal_id=uuid4())
    page = found(mentor, "kittiwake")

    assert page.count("<mark>") == 1


def test_notes_that_one_was_given_are_found_by_whoever_can_read_them(
    mentor: User, mentee: User, member: User, pairing: Pairing
) -> None:
    note = Thanks.objects.create(
        writer=mentee, recipient=mentor, text="a kittiwake, for you", way=Thanks.Way.HERE, sent_at=NOW
    )
    page = found(mentor, "kittiwake")
    assert f'href="{reverse("thanks:received_note", args=[note.pk])}"' in page
    assert f"A note to you, from {mentee.name}" in page
    assert "Nothing found." in found(member, "kittiwake")
    assert found(mentee, "kittiwake").count("<mark>kittiwake</mark>") == 1


def test_a_draft_to_somebody_and_the_note_of_somebody_muted_are_not_found(mentor: User, mentee: User) -> None:
    Thanks.objects.create(writer=mentee, recipient=mentor, text="a kittiwake, not sent")
    assert "Nothing found." in found(mentor, "kittiwake")
    Thanks.objects.create(
        writer=mentee, recipient=mentor, text="a kittiwake, sent", way=Thanks.Way.HERE, sent_at=NOW
    )
    assert "Nothing found." not in found(mentor, "kittiwake")
    MutedWriter.objects.create(person=mentor, writer=mentee)
    assert "Nothing found." in found(mentor, "kittiwake")


def test_notes_of_many_writers_take_as_many_questions_as_that_of_one(
    mentor: User, program: Program, django_assert_num_queries: Callable[..., Any]
) -> None:
    client, url = signed_in(mentor), reverse("moments:search")

    def note_from(number: int) -> None:
        writer = make_person(f"writer-{number}@harbor.example", f"Writer {number}")
        Thanks.objects.create(
            writer=writer, recipient=mentor, text="a kittiwake", way=Thanks.Way.HERE, sent_at=NOW
        )

    note_from(0)
    client.post(url, {"query": "kittiwake"})
    remembered.forget()
    with CaptureQueriesContext(connection) as before:
        client.post(url, {"query": "kittiwake"})
    for number in range(1, 6):
        note_from(number)
    remembered.forget()
    with django_assert_num_queries(len(before)):
        client.post(url, {"query": "kittiwake"})
