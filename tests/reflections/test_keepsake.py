"""The keepsake book: what stands in it, how it is made and kept, and who fetches it."""

import contextlib
import html
import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from PIL import ImageFile
from pytest_django import DjangoAssertNumQueries

from accounts.mail import kinds, letters
from accounts.mail.models import Message
from accounts.models import DataKey, User
from accounts.mydata.erasing import erase
from accounts.refused import Refused
from accounts.vault import remembered, rotation
from accounts.vault.errors import Sealed
from mentoring.models import Farewell, Note, Pairing, Program
from reflections import actions, mydata, tasks
from reflections.keepsake import making, pdf, writing
from reflections.keepsake.book import Book, gather, years_of
from reflections.models import (
    Answer,
    Keepsake,
    KeepsakePart,
    Moment,
    OwnMentor,
    Question,
    Reflection,
    Round,
    Thanks,
)
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, make_person, signed_in
from tests.markup import Markup

pytestmark = pytest.mark.django_db
ALL = Keepsake.Part.values
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
CAUGHT, GAVE, SAID, LOCKED = "dunlin-caught", "dunlin-gave", "greenfinch-said", "woodlark-aside"
WRITTEN, GIVEN, NOTED, KEPT = "siskin-thanks", "wren-for-me", "cormorant-note", "plover-kept"
THEIRS = "merlin-of-the-mentor"


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers for which a worker was called; nobody hears it."""
    heard: list[int] = []
    monkeypatch.setattr(making, "ring", heard.append)
    return heard


@pytest.fixture
def life(pairing: Pairing, quarter_round: Round, mentor: User, mentee: User) -> None:
    """A little of everything that the mentee wrote, in two years, and something of the mentor's beside it."""
    moment = Moment.objects.create(
        person=mentee,
        text=CAUGHT,
        gave=GAVE,
        kind="hard_call",
        for_whom="client",
        happened_on=date(2024, 5, 2),
    )
    Moment.objects.create(person=mentee, text="a quiet day", happened_on=date(2026, 5, 2))
    Moment.objects.create(person=mentor, text=THEIRS, happened_on=date(2026, 5, 2))
    reflection = Reflection.objects.create(person=mentee, round=quarter_round, role="mentee")
    questions = Question.objects.filter(round=quarter_round)
    for code, text in (("M1", SAID), ("M2", LOCKED)):
        question = questions.get(code=code)
        Answer.objects.create(
            reflection=reflection, question=question, text=text, is_locked=question.is_locked, saved_at=NOW
        )
    actions.values.show_value(mentee, "Candour", moment=moment, quote=CAUGHT, now=NOW)
    OwnMentor.objects.create(person=mentee, name="Ada Oduya", kept=KEPT)
    Thanks.objects.create(
        writer=mentee, recipient=mentor, text=WRITTEN, way="here", sent_at=NOW, saved_at=NOW
    )
    Thanks.objects.create(writer=mentor, recipient=mentee, text=GIVEN, way="here", sent_at=NOW, saved_at=NOW)
    Thanks.objects.create(writer=mentor, recipient=mentee, text=f"{THEIRS}, not sent", saved_at=NOW)
    Note.objects.create(pairing=pairing, author=mentee, text=NOTED, created_at=NOW)
    Note.objects.create(pairing=pairing, author=mentor, text=THEIRS, created_at=NOW, is_shared=True)
    Farewell.objects.create(pairing=pairing, person=mentee, keep="", hear="", asked_at=NOW, answered_at=NOW)


def bound(person: User, parts: list[str] = ALL, years: tuple[int, ...] = ()) -> Book:
    with timezone.override(person.zone):
        return gather(person, parts, years, now=NOW)


def text_of(book: Book) -> str:
    return writing.markdown(book).decode()


def ask(
    person: User, forms: tuple[str, ...] = ("html", "json"), now: datetime = NOW, **more: Any
) -> Keepsake:
    return making.ask(person, **{"parts": ALL, "years": [], "forms": forms, **more}, now=now)


def ready(person: User, *forms: str) -> Keepsake:
    keepsake = ask(person, forms or ("html", "json"))
    assert making.make(keepsake.pk, now=NOW)
    keepsake.refresh_from_db()
    return keepsake


def content(keepsake: Keepsake, form: str) -> bytes:
    return b"".join(making.content_of(keepsake, form))


# --- What stands in it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_everything_that_one_wrote_is_in_it_and_nothing_that_others_keep_to_themselves(
    life: None, mentee: User, form: str
) -> None:
    made = writing.FORMS[form](bound(mentee)).decode()
    for said in (CAUGHT, GAVE, SAID, LOCKED, WRITTEN, GIVEN, NOTED, KEPT, "Candour", "Ada Oduya"):
        assert said in made.replace("\\", ""), said
    assert THEIRS not in made.replace("\\", "")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("moments", {CAUGHT, GAVE}),
        ("reflections", {SAID}),
        ("thanks", {WRITTEN, GIVEN, KEPT}),
        ("values", {CAUGHT}),
        ("rooms", {NOTED}),
        ("locked", set()),
    ],
)
def test_each_part_can_be_chosen_by_itself(life: None, mentee: User, part: str, words: set[str]) -> None:
    book = bound(mentee, [part])
    said = {piece.text for piece in book.pieces()} | {more.text for p in book.pieces() for more in p.more}
    everything = {CAUGHT, GAVE, SAID, LOCKED, WRITTEN, GIVEN, NOTED, KEPT}
    assert said & everything == words


def test_what_is_locked_is_in_it_only_where_that_was_chosen(life: None, mentee: User) -> None:
    answer = Answer.objects.get(is_locked=True)
    actions.values.show_value(mentee, "Candour", answer=answer, now=NOW)
    assert LOCKED not in text_of(bound(mentee, [part for part in ALL if part != "locked"]))
    assert LOCKED in text_of(bound(mentee, ["reflections", "locked"]))


def test_the_years_are_chapters_in_their_order_and_others_are_left_out(life: None, mentee: User) -> None:
    assert years_of(mentee) == [2026, 2024]
    book = bound(mentee)
    titles = [chapter.title for chapter in book.chapters]
    assert titles == ["2024", "2026", "What you care about", "Who your mentors are"]
    assert (book.first, book.last, writing.span_of(book)) == (2024, 2026, "2024 to 2026")
    only = bound(mentee, years=(2026,))
    assert CAUGHT not in text_of(only)
    assert writing.span_of(only) == "2026"


def test_answers_stand_in_the_order_of_the_questions_under_their_wording(life: None, mentee: User) -> None:
    sections = [section for chapter in bound(mentee).chapters for section in chapter.sections]
    page = next(section for section in sections if section.pieces and section.pieces[0].kind == "answer")
    assert [piece.text for piece in page.pieces] == [SAID, LOCKED]
    assert page.pieces[0].heading == "What was your best stuff?"
    assert str(Program.objects.first()) in page.title


def test_a_book_of_somebody_who_wrote_nothing_says_so(mentee: User) -> None:
    book = bound(mentee)
    assert book.is_empty
    assert years_of(mentee) == []
    assert "There is nothing in these years" in writing.html(book).decode()


def test_the_queries_do_not_grow_with_what_is_in_it(life: None, mentee: User) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            bound(mentee)
        return len(queries)

    asked()  # whose words they are, and by which key, is remembered for seconds
    few = asked()
    for number in range(30):
        moment = Moment.objects.create(person=mentee, text="again", happened_on=date(2020 + number % 5, 5, 2))
        actions.values.show_value(mentee, f"value {number}", moment=moment, now=NOW)
        Thanks.objects.create(writer=mentee, text="thank you", saved_at=NOW)
    assert asked() == few


def test_it_is_in_the_language_of_whoever_it_is_for(life: None, mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(language="de")
    made = content(ready(mentee, "html"), "html").decode()
    assert '<html lang="de"' in made
    assert translation.get_language() != "de"


def test_words_of_a_key_that_is_gone_say_so_and_the_others_stand_there(life: None, mentee: User) -> None:
    DataKey.objects.filter(pk=mentee.pk).delete()
    remembered.forget()
    said = [piece.text for piece in bound(mentee).pieces()]
    assert CAUGHT not in said
    assert str(Sealed("")) in said
    assert GIVEN in said


def test_a_book_whose_key_is_gone_says_so_on_the_page(life: None, mentee: User) -> None:
    keepsake = ready(mentee, "json")
    DataKey.objects.filter(pk=mentee.pk).delete()
    remembered.forget()
    with time_machine.travel(NOW + HOUR):
        client = lately_seen(mentee, signed_in(mentee))
        page = client.get(reverse("keepsake:download", args=[keepsake.pk, "json"]), follow=True)
    assert str(Sealed("")) in html.unescape(page.content.decode())


# --- Its forms -----------------------------------------------------------------------------------------------------

HOSTILE = '<img src="https://elsewhere.example/x.png"> & "quotes" ’ * _ # [link](https://elsewhere.example)'


@pytest.fixture
def hostile(mentee: User) -> Book:
    Moment.objects.create(person=mentee, text=f"{HOSTILE}\n# one\n1. two", happened_on=date(2026, 5, 2))
    return bound(mentee)


def test_the_web_page_is_one_file_that_leads_nowhere_and_takes_nothing_for_markup(hostile: Book) -> None:
    page = writing.html(hostile).decode()
    markup = Markup(page)
    assert not markup.all("img")
    assert not markup.all("script")
    assert not markup.all("link")
    assert all(link.attributes["href"].startswith("#") for link in markup.all("a"))
    assert re.findall(r"url\((?!data:font/woff2;base64,)", page) == []
    assert "default-src 'none'" in page
    assert "&lt;img src=" in page


def test_markdown_shows_words_as_they_were_written(hostile: Book) -> None:
    said = text_of(hostile)
    assert "\\<img src=" in said
    assert "\n\\# one" in said
    assert "\n1\\. two" in said
    assert "\\[link\\]" in said


def test_json_holds_the_words_as_they_are(hostile: Book) -> None:
    data = json.loads(writing.as_json(hostile))
    assert data["made_on"] == "2026-06-23"
    piece = data["chapters"][0]["sections"][0]["pieces"][0]
    assert piece["text"].startswith(HOSTILE)
    assert (piece["kind"], piece["on"]) == ("moment", "2026-05-02")


def test_the_pdf_is_tagged_and_has_our_own_letters(hostile: Book) -> None:
    assert pdf.is_available()
    made = writing.as_pdf(hostile)
    assert made.startswith(b"%PDF-")
    inside = b"".join(_opened(made))
    assert b"Literata" in inside
    assert b"/StructTreeRoot" in inside
    assert b"/S /Document" in inside or b"/S/Document" in inside


def _opened(made: bytes) -> Iterator[bytes]:
    """What the streams of a PDF hold, where they are compressed as most are."""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(stream)


def test_where_pdfs_are_made_pictures_that_end_too_soon_are_still_refused() -> None:
    """WeasyPrint has Pillow take them, in the whole process: photos of people come in there, too."""
    assert pdf.is_available()
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_pdf_fetches_nothing_but_our_own_fonts() -> None:
    asked: list[str] = []

    def font(name: str) -> bytes:
        asked.append(name)
        raise LookupError(name)

    page = (
        '<html lang="en"><head><title>x</title><style>@font-face { font-family: A; src: url(best-stuff-font:ours) }'
        "@font-face { font-family: B; src: url(file:///etc/passwd) }"
        "@import url(http://127.0.0.1:9/x.css);</style></head>"
        '<body><img alt="x" src="file:///etc/passwd"><img alt="x" src="http://127.0.0.1:9/x.png">x</body></html>'
    )
    assert pdf.set_on_paper(page, font).startswith(b"%PDF-")
    assert asked == ["ours"]


@pytest.mark.parametrize("name", ["../mark.svg", "no.woff2", "../../settings.py"])
def test_no_other_file_is_a_font_of_ours(name: str) -> None:
    with pytest.raises(LookupError):
        writing.font(name)


# --- Asked for and made --------------------------------------------------------------------------------------------


def test_one_is_made_at_a_time_and_the_next_takes_its_place(life: None, mentee: User) -> None:
    keepsake = ask(mentee)
    with pytest.raises(Refused, match="being made"):
        ask(mentee, now=NOW + HOUR)
    assert making.make(keepsake.pk, now=NOW)
    with pytest.raises(Refused, match="a moment ago"):
        ask(mentee, now=NOW + timedelta(minutes=2))
    ask(mentee, now=NOW + HOUR)
    keepsake.refresh_from_db()
    assert keepsake.state == Keepsake.State.GONE
    assert not KeepsakePart.objects.exists()


def test_a_book_of_nothing_is_not_made(mentee: User) -> None:
    for none in ({"parts": []}, {"forms": []}):
        with pytest.raises(Refused, match="at least one"):
            ask(mentee, **none)
    assert not Keepsake.objects.exists()


def test_a_worker_is_called_once_it_is_written_down(
    mentee: User, rings: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        keepsake = ask(mentee)
        assert rings == []
    assert rings == [keepsake.pk]


def test_two_workers_make_one(life: None, mentee: User) -> None:
    keepsake = ask(mentee)
    assert [making.make(keepsake.pk, now=NOW) for _ in range(2)] == [True, False]
    assert Message.objects.of(making.KEEPSAKE_READY).count() == 1


def test_whoever_comes_back_late_finds_that_it_is_not_theirs(
    life: None, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keepsake = ask(mentee, ("json",))
    later = NOW + making.CLAIM + timedelta(seconds=1)

    def slowly(*args: Any, **kwargs: Any) -> Book:
        monkeypatch.setattr(making, "gather", gather)
        assert making.make(keepsake.pk, now=later)
        return gather(*args, **kwargs)

    monkeypatch.setattr(making, "gather", slowly)
    assert not making.make(keepsake.pk, now=NOW)
    assert Keepsake.objects.get().ready_at == later
    assert KeepsakePart.objects.filter(number=0).count() == 1


def test_how_far_it_is_is_said_in_words(life: None, mentee: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keepsake, seen = ask(mentee, ("json",)), []

    def stage() -> str:
        return Keepsake.objects.get(pk=keepsake.pk).stage

    def reading(*args: Any, **kwargs: Any) -> Book:
        seen.append(stage())
        return gather(*args, **kwargs)

    def setting(book: Book) -> bytes:
        seen.append(stage())
        return b"{}"

    seen.append(stage())
    monkeypatch.setattr(making, "gather", reading)
    monkeypatch.setitem(writing.FORMS, "json", setting)
    assert making.make(keepsake.pk, now=NOW)
    assert [*seen, stage()] == ["waiting", "reading", "pages", "keeping"]


def test_what_fails_is_tried_again_and_then_said_to_have_failed(
    mentee: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Book:
        raise RuntimeError("a private word")

    keepsake = ask(mentee)
    monkeypatch.setattr(making, "gather", fail)
    for attempt in range(making.ATTEMPTS):
        assert not making.make(keepsake.pk, now=NOW + timedelta(minutes=attempt))  # Each tick.
    keepsake.refresh_from_db()
    assert keepsake.state == Keepsake.State.FAILED
    assert "a private word" not in caplog.text
    ask(mentee, now=NOW + timedelta(minutes=1))  # At once, for it was not their fault.


def test_one_that_ends_its_worker_each_time_is_given_up(mentee: User) -> None:
    keepsake = ask(mentee)
    Keepsake.objects.update(attempts=making.ATTEMPTS, claimed_until=NOW)
    assert not making.make(keepsake.pk, now=NOW)
    assert Keepsake.objects.get().state == Keepsake.State.FAILED


def test_one_that_is_not_wanted_any_more_is_not_kept(
    life: None, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keepsake = ask(mentee, ("json",))

    def unwanted(*args: Any, **kwargs: Any) -> Book:
        assert making.delete(keepsake, by=mentee)
        return gather(*args, **kwargs)

    monkeypatch.setattr(making, "gather", unwanted)
    assert not making.make(keepsake.pk, now=NOW)
    assert not KeepsakePart.objects.exists()
    assert not Message.objects.of(making.KEEPSAKE_READY).exists()


def test_what_is_too_long_for_a_pdf_is_made_in_the_other_forms(
    life: None, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "LONGEST_PDF", 100)
    keepsake = ready(mentee, "pdf", "markdown")
    assert (keepsake.forms, keepsake.problem) == (["markdown"], "too_long")
    making.delete(keepsake, by=mentee)
    only = ask(mentee, ("pdf",), now=NOW + HOUR)
    assert not making.make(only.pk, now=NOW + HOUR)
    only.refresh_from_db()
    assert (only.state, only.problem) == (Keepsake.State.FAILED, "too_long")
    page = signed_in(mentee).get(reverse("keepsake:book")).content.decode()
    assert "more in these years than one PDF can hold" in page


def test_where_the_library_is_not_there_no_pdf_is_offered_and_the_page_says_so(
    life: None, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    page = signed_in(mentee).get(reverse("keepsake:book")).content.decode()
    assert 'value="pdf"' not in page
    assert "This installation cannot make PDFs" in page
    keepsake = ready(mentee, "pdf", "json")
    assert (keepsake.forms, keepsake.problem) == (["json"], "no_pdf")
    with pytest.raises(pdf.Unavailable):
        pdf.set_on_paper("", writing.font)


def test_without_celery_the_tick_makes_it_and_after_a_week_deletes_it(life: None, mentee: User) -> None:
    ask(mentee, ("json",))
    call_command("tick", "--now", NOW.isoformat())
    assert Keepsake.objects.get().state == Keepsake.State.READY
    call_command("tick", "--now", (NOW + WEEK).isoformat())
    assert Keepsake.objects.get().state == Keepsake.State.GONE
    assert not KeepsakePart.objects.exists()


def test_a_lost_task_is_called_for_again(mentee: User, rings: list[int]) -> None:
    keepsake = ask(mentee)
    assert making.ring_due(NOW) == 1
    Keepsake.objects.update(claimed_until=NOW + making.CLAIM)
    assert making.ring_due(NOW) == 0
    assert making.ring_due(NOW + making.CLAIM) == 1
    assert rings == [keepsake.pk, keepsake.pk]


def test_the_task_carries_a_number_and_nothing_else(life: None, mentee: User) -> None:
    keepsake = ask(mentee, ("json",))
    with time_machine.travel(NOW, tick=False):
        tasks.make_keepsake(keepsake.pk)
        tasks.make_keepsake(keepsake.pk)
    assert Keepsake.objects.get().state == Keepsake.State.READY
    tasks.make_keepsake(keepsake.pk + 1)  # One that is gone.


# --- Kept sealed ---------------------------------------------------------------------------------------------------


def test_no_book_lies_in_the_database_in_clear_in_any_spelling(life: None, mentee: User) -> None:
    keepsake = ready(mentee, "json", "markdown")
    plain = content(keepsake, "json")
    assert CAUGHT.encode() in plain
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM reflections_keepsakepart")
        kept = [bytes(row[0]) for row in cursor.fetchall()]
    assert kept
    assert not any(CAUGHT.encode() in each or b64encode(plain[:60])[:60] in each for each in kept)


def test_a_book_lies_there_in_pieces_and_comes_out_whole(
    life: None, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PIECE", 100)
    keepsake = ready(mentee, "json", "html")
    assert KeepsakePart.objects.filter(form="json").count() > 3
    assert content(keepsake, "json") == writing.as_json(bound(mentee))


def test_another_data_key_seals_it_anew(life: None, mentee: User) -> None:
    keepsake = ready(mentee, "json")
    before = content(keepsake, "json")
    rotation.reseal(mentee.pk)
    assert content(keepsake, "json") == before


def test_whoever_is_erased_leaves_no_book(life: None, mentee: User) -> None:
    ready(mentee)
    assert erase(mentee, now=NOW)
    assert not Keepsake.objects.exists()
    assert not KeepsakePart.objects.exists()


def test_a_program_that_forgets_what_they_wrote_leaves_no_book_of_it(
    life: None, mentee: User, program: Program
) -> None:
    ready(mentee)
    mydata.clear_words_of(mentee, program)
    assert Keepsake.objects.get().state == Keepsake.State.GONE
    assert not KeepsakePart.objects.exists()


# --- Told and fetched ----------------------------------------------------------------------------------------------


def test_the_e_mail_says_where_it_is_and_holds_nothing_of_it(life: None, mentee: User) -> None:
    ready(mentee)
    message = Message.objects.of(making.KEEPSAKE_READY).get()
    assert kinds.get(message.kind).stream is None
    letter = letters.compose(message)
    assert (letter.to, letter.subject) == ([mentee.email], "Your keepsake book is ready")
    assert reverse("keepsake:book") in letter.body
    assert not letter.attachments
    assert CAUGHT not in letter.body


def test_the_e_mail_is_not_sent_for_a_book_that_is_gone(life: None, mentee: User) -> None:
    keepsake = ready(mentee)
    making.delete(keepsake, by=mentee)
    message = Message.objects.of(making.KEEPSAKE_READY).get()
    with pytest.raises(kinds.Unrenderable):
        kinds.get(message.kind).render(message)


def test_only_its_owner_fetches_or_deletes_it(
    life: None, mentee: User, mentor: User, superuser: User, admin: User
) -> None:
    keepsake = ready(mentee, "json")
    url = reverse("keepsake:download", args=[keepsake.pk, "json"])
    with time_machine.travel(NOW + HOUR):
        for other in (mentor, superuser, admin):
            client = lately_seen(other, signed_in(other))
            assert client.get(url).status_code == 404
            assert client.post(reverse("keepsake:delete", args=[keepsake.pk])).status_code == 404
        assert Client().get(url)["Location"].startswith(reverse("account_login"))
        answer: Any = lately_seen(mentee, signed_in(mentee)).get(url)
    assert answer["Content-Disposition"] == 'attachment; filename="best-stuff-2026-06-23.json"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/json", "no-store")
    assert CAUGHT in b"".join(answer.streaming_content).decode()


def test_it_is_fetched_by_whoever_has_just_shown_who_they_are(life: None, mentee: User) -> None:
    url = reverse("keepsake:download", args=[ready(mentee).pk, "json"])
    with time_machine.travel(NOW + HOUR):
        answer = signed_in(mentee).get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_there_is_no_form_that_was_not_made_and_nothing_after_its_week(life: None, mentee: User) -> None:
    keepsake = ready(mentee, "json")
    client = signed_in(mentee)
    for form, at in (("html", NOW + HOUR), ("docx", NOW + HOUR), ("json", NOW + WEEK)):
        with time_machine.travel(at):
            url = reverse("keepsake:download", args=[keepsake.pk, form])
            assert lately_seen(mentee, client).get(url).status_code == 404


# --- Its page ------------------------------------------------------------------------------------------------------


def test_the_page_offers_the_years_there_are_and_all_but_what_is_locked(life: None, mentee: User) -> None:
    page = Markup(signed_in(mentee).get(reverse("keepsake:book")).content.decode())
    boxes = [each.attributes for each in page.all("input") if each.attributes.get("type") == "checkbox"]
    assert [box["value"] for box in boxes if box["name"] == "years"] == ["2026", "2024"]
    unticked = [box["value"] for box in boxes if box["name"] == "parts" and "checked" not in box]
    assert unticked == ["locked"]


def test_it_is_chosen_asked_for_watched_and_deleted_on_the_page(life: None, mentee: User) -> None:
    client, url = signed_in(mentee), reverse("keepsake:book")
    chosen = {"parts": ["moments"], "years": ["2024"], "to_get": ["json"]}
    with time_machine.travel(NOW):
        assert client.post(reverse("keepsake:make"), chosen)["Location"].startswith(
            reverse("account_reauthenticate")
        )
        assert not Keepsake.objects.exists()
        lately_seen(mentee, client)
        answer = client.post(reverse("keepsake:make"), chosen, follow=True)
        page = answer.content.decode()
        keepsake = Keepsake.objects.get()
        assert (keepsake.parts, keepsake.years, keepsake.forms) == (["moments"], [2024], ["json"])
        assert answer["Refresh"] == f"10; url={url}"
        assert "It waits for its turn." in page
        assert "Refresh" not in client.get(f"{url}?stay=1")
        making.make(keepsake.pk, now=NOW)
        answer = client.get(url)
        assert "Refresh" not in answer
        page = answer.content.decode()
        assert reverse("keepsake:download", args=[keepsake.pk, "json"]) in page
        page = client.post(reverse("keepsake:delete", args=[keepsake.pk]), follow=True).content.decode()
    assert "The book is deleted." in page
    assert Moment.objects.of(mentee).count() == 2


@pytest.mark.parametrize("missing", ["parts", "years", "to_get"])
def test_a_form_without_a_choice_says_so_beside_it(life: None, mentee: User, missing: str) -> None:
    chosen = {"parts": ["moments"], "years": ["2024"], "to_get": ["json"], missing: []}
    with time_machine.travel(NOW):
        client = lately_seen(mentee, signed_in(mentee))
        page = client.post(reverse("keepsake:make"), chosen).content.decode()
    assert f'id="id_{missing}_error"' in page
    assert not Keepsake.objects.exists()


def test_whoever_has_written_nothing_is_told_how_to_begin(db: None) -> None:
    nobody = make_person("new@harbor.example", "New Person")
    page = signed_in(nobody).get(reverse("keepsake:book")).content.decode()
    assert "Nothing to put in a book yet." in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


def test_the_page_asks_as_often_with_many_years_as_with_one(
    life: None, mentee: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(mentee)
    url = reverse("keepsake:book")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for year in range(2000, 2020):
        Moment.objects.create(person=mentee, text="again", happened_on=date(year, 5, 2))
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_the_data_page_and_the_menu_lead_to_it(mentee: User) -> None:
    page = Markup(signed_in(mentee).get(reverse("accounts:data")).content.decode())
    links = [link for link in page.all("a") if link.attributes.get("href") == reverse("keepsake:book")]
    assert len(links) == 2
