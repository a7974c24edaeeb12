"""A copy of everything that is somebody's: asked for, made, told, fetched by its owner alone, and gone after a week."""

import gc
import io
import json
import tempfile
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import tasks
from accounts.mail import kinds, letters
from accounts.mail.models import MailLink, Message
from accounts.models import Export, ExportPart, User
from accounts.mydata import archive, exports, registry
from accounts.refused import Refused
from mentoring.models import Enrollment, Meeting, Pairing, Program
from reflections.models import Audience, Moment
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, TODAY, make_person, pair, signed_in
from tests.markup import Markup
from tests.world import AGREED_ON, CAUGHT, DRAFTED, LOCKED, ONLY_MINE, SHARED, SHOWN, things_of_the_pair

pytestmark = pytest.mark.django_db
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


@pytest.fixture
def world(pairing: Pairing, mentee: User, admin: User) -> dict[str, Any]:
    with time_machine.travel(NOW, tick=False):
        return things_of_the_pair(pairing, mentee, admin)


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers for which a worker was called; nobody hears it."""
    heard: list[int] = []
    monkeypatch.setattr(exports, "ring", heard.append)
    return heard


def made(person: User) -> zipfile.ZipFile:
    """The ZIP that this person gets now."""
    content = io.BytesIO()
    archive.write(person, content, now=NOW)
    return zipfile.ZipFile(content)


def data_of(person: User) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(made(person).read("data.json"))["data"]
    return found


def ready(person: User) -> Export:
    export = exports.ask(person, now=NOW)
    assert exports.make(export.pk, now=NOW)
    export.refresh_from_db()
    return export


# --- What is in it -------------------------------------------------------------------------------------------------


def test_the_copy_has_a_page_to_read_the_same_for_a_machine_and_what_each_thing_is(mentee: User) -> None:
    archive_ = made(mentee)
    assert archive_.testzip() is None
    assert archive_.namelist() == ["index.html", "data.json", "README.txt"]
    readme = archive_.read("README.txt").decode()
    for holding in registry.holdings():
        if holding.exported:
            assert f"{holding.key}: {holding.title}" in readme
    assert "accounts.user.password: a secret that opens your account" in readme
    assert "accounts.user.id" not in readme  # Nobody misses it.


def test_every_field_of_the_map_is_in_it(mentee: User, world: dict[str, Any]) -> None:
    """Of each kind of row that this person has, and of no other."""
    data = data_of(mentee)
    assert set(data) == {holding.key for holding in registry.holdings() if holding.exported}
    for holding in registry.holdings():
        for row in data.get(holding.key, []):
            assert set(row) == set(holding.exported)
    for label in ("accounts.user", "mentoring.enrollment", "mentoring.pairing", "mentoring.meeting"):
        assert data[label], label
    for label in ("reflections.moment", "reflections.answer", "reflections.answer_pairings", "mail.message"):
        assert data[label], label


def test_all_of_ones_own_words_are_in_it_and_nobody_elses(
    mentor: User, mentee: User, world: dict[str, Any]
) -> None:
    Moment.objects.create(
        person=mentor,
        text="a wren of the mentor’s",
        happened_on=TODAY,
        audience=Audience.PAIRING,
        pairing_id=world["pairing"],
    )
    own = (AGREED_ON, CAUGHT, DRAFTED, LOCKED, ONLY_MINE, SHARED, SHOWN)
    for name in ("index.html", "data.json"):
        mine, theirs = (made(person).read(name).decode() for person in (mentee, mentor))
        assert all(word in mine for word in own)
        assert "a wren of the mentor" not in mine
        assert "a wren of the mentor" in theirs
        assert not any(word in theirs for word in own)


def test_of_a_pairing_one_takes_along_who_the_other_was_and_when(
    mentee: User, pairing: Pairing, world: dict[str, Any]
) -> None:
    row = data_of(mentee)["mentoring.pairing"][0]
    assert (row["mentor"], row["mentee"]) == ("Noor Haddad", "Tomasz Zielinski")
    assert row["starts_on"] == "2026-01-05"
    assert "noor@harbor.example" not in made(mentee).read("data.json").decode()


def test_the_other_ones_address_is_not_in_it_even_where_they_gave_no_name(
    program: Program, mentee: User
) -> None:
    nameless = make_person("secret@harbor.example", "")
    pairing = pair(program, nameless, mentee)
    Meeting.objects.create(pairing=pairing, starts_at=NOW)
    archive_ = made(mentee)
    for name in archive_.namelist():
        assert "secret@" not in archive_.read(name).decode()


def test_no_secret_is_in_it(mentee: User, world: dict[str, Any]) -> None:
    hashes = MailLink.objects.filter(person=mentee).values_list("token_hash", flat=True)
    assert hashes
    archive_ = made(mentee)
    for name in archive_.namelist():
        content = archive_.read(name)
        for secret in (mentee.password, world["token"], *hashes):
            assert secret.encode() not in content


def test_times_are_iso_for_the_machine_and_the_readers_own_on_the_page(
    mentee: User, pairing: Pairing
) -> None:
    Meeting.objects.create(pairing=pairing, starts_at=NOW)
    assert data_of(mentee)["mentoring.meeting"][0]["starts_at"] == "2026-06-23T12:00:00+00:00"
    assert "Tuesday, June 23, 2026, 14:00" in made(mentee).read("index.html").decode()  # In Warsaw.


def test_a_list_stays_a_list_for_the_machine() -> None:
    assert archive.plain(["de", TODAY]) == ["de", "2026-06-23"]


def test_a_file_that_somebody_gave_us_is_in_it_and_on_the_page(
    mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = next(each for each in registry.holdings() if each.model is User)
    with_photo = replace(mine, files=lambda person: [("photo of me.webp", b"a picture")])
    monkeypatch.setitem(registry._holdings, User, with_photo)
    archive_ = made(mentee)
    assert archive_.read("photo of me.webp") == b"a picture"
    assert '<img src="photo%20of%20me.webp"' in archive_.read("index.html").decode()
    assert "photo of me.webp" in archive_.read("README.txt").decode()


def test_the_page_is_in_the_language_of_its_reader(mentee: User) -> None:
    User.objects.filter(pk=mentee.pk).update(language="de")
    mentee.refresh_from_db()
    page = made(mentee).read("index.html").decode()
    assert '<html lang="de"' in page
    assert "Dein Konto" in page


def test_the_page_escapes_whatever_was_written_and_loads_nothing(mentee: User) -> None:
    evil = "<script>alert(1)</script><img src=https://evil.example/x>"
    User.objects.filter(pk=mentee.pk).update(name=evil)
    Enrollment.objects.filter(person=mentee).update(decision_note=evil)
    Moment.objects.create(person=mentee, text=f"</p>{evil}<!--more-->", happened_on=TODAY)
    mentee.refresh_from_db()
    page = Markup(made(mentee).read("index.html").decode())
    names = {element.name for element in page.elements}
    assert not names & {"script", "img", "link", "iframe"}
    assert any(evil in text for text in page.texts)


def test_words_come_first_by_program_and_quarter(mentee: User, world: dict[str, Any]) -> None:
    page = made(mentee).read("index.html").decode()
    places = [
        page.index(words)
        for words in (
            "Harbor Mentors, FY26 Q4",
            SHARED,
            "Harbor Mentors, FY27 Q1",
            DRAFTED,
            CAUGHT,
            "The facts",
        )
    ]
    assert places == sorted(places)
    assert "Moments of FY27 Q1" in page
    assert "Read by: You and Noor" in page


def test_what_a_moment_gave_is_read_with_it(mentee: User, world: dict[str, Any]) -> None:
    moment = Moment.objects.create(
        person=mentee, text="Noor waited.", gave="A quiet evening.", happened_on=TODAY
    )
    texts = "\n".join(Markup(made(moment.person).read("index.html").decode()).texts)
    readable = texts[: texts.index("The facts")]

    assert "What did it give you?" in readable
    assert "A quiet evening." in readable


def test_thousands_of_moments_need_no_more_memory_or_questions_than_a_few(
    mentee: User, pairing: Pairing
) -> None:
    def kept(count: int) -> None:
        Moment.objects.bulk_create(
            Moment(
                person=mentee,
                text=f"moment {number} " + "x" * 1500,
                happened_on=TODAY - timedelta(days=number % 300),
                audience=Audience.PAIRING,
                pairing=pairing,
            )
            for number in range(count)
        )

    def cost() -> tuple[int, int]:
        gc.collect()
        tracemalloc.start()
        with CaptureQueriesContext(connection) as asked, tempfile.TemporaryFile() as target:
            archive.write(mentee, target, now=NOW)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return len(asked), peak

    kept(600)
    cost()  # whose words they are, and by which key, is remembered for seconds
    few, small = cost()
    kept(2400)
    many, large = cost()
    # Rows come by the 500, each time with those who are named in them.
    assert many <= few + 2 * 2400 // 500
    assert large < small * 2  # All of them at once would be several times as much.


# --- Asked for and made --------------------------------------------------------------------------------------------


def test_one_is_made_at_a_time_and_one_in_an_hour(mentee: User) -> None:
    export = exports.ask(mentee, now=NOW)
    with pytest.raises(Refused, match="being made"):
        exports.ask(mentee, now=NOW + 2 * HOUR)
    exports.make(export.pk, now=NOW)
    with pytest.raises(Refused, match="last hour"):
        exports.ask(mentee, now=NOW + HOUR / 2)
    exports.ask(mentee, now=NOW + 2 * HOUR)
    export.refresh_from_db()
    assert export.state == Export.State.GONE
    assert not export.parts.exists()  # type: ignore[attr-defined]


def test_a_worker_is_called_once_it_is_written_down(
    mentee: User, rings: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        export = exports.ask(mentee, now=NOW)
        assert rings == []
    assert rings == [export.pk]


def test_two_workers_make_one(mentee: User) -> None:
    export = exports.ask(mentee, now=NOW)
    assert [exports.make(export.pk, now=NOW) for _ in range(2)] == [True, False]
    assert Message.objects.of(exports.EXPORT_READY).count() == 1


def test_whoever_comes_back_late_finds_that_it_is_not_theirs(
    mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that stood still for longer than its claim; meanwhile another has made it."""
    export = exports.ask(mentee, now=NOW)
    write, later = archive.write, NOW + exports.CLAIM + timedelta(seconds=1)

    def slowly(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(archive, "write", write)
        assert exports.make(export.pk, now=later)
        write(*args, **kwargs)

    monkeypatch.setattr(archive, "write", slowly)
    assert not exports.make(export.pk, now=NOW)
    assert ExportPart.objects.filter(export=export).count() == 1
    assert Export.objects.get().ready_at == later


def test_a_lost_task_is_called_for_again(mentee: User, rings: list[int]) -> None:
    export = exports.ask(mentee, now=NOW)
    assert exports.ring_due(NOW) == 1
    Export.objects.update(claimed_until=NOW + exports.CLAIM)  # Somebody is at it...
    assert exports.ring_due(NOW) == 0
    assert exports.ring_due(NOW + exports.CLAIM) == 1  # ... and was, but ended.
    assert rings == [export.pk, export.pk]


def test_what_fails_is_tried_again_and_then_said_to_have_failed(
    mentee: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a private word")

    export = exports.ask(mentee, now=NOW)
    monkeypatch.setattr(archive, "write", fail)
    for attempt in range(exports.ATTEMPTS):
        assert not exports.make(export.pk, now=NOW + attempt * exports.CLAIM)
    export.refresh_from_db()
    assert export.state == Export.State.FAILED
    assert "a private word" not in caplog.text
    exports.ask(mentee, now=NOW + timedelta(minutes=46))  # At once, for it was not their fault.


def test_one_that_ends_its_worker_each_time_is_given_up(mentee: User) -> None:
    export = exports.ask(mentee, now=NOW)
    Export.objects.update(attempts=exports.ATTEMPTS, claimed_until=NOW)
    assert not exports.make(export.pk, now=NOW)
    export.refresh_from_db()
    assert export.state == Export.State.FAILED


def test_without_celery_the_tick_makes_it(mentee: User) -> None:
    exports.ask(mentee, now=NOW)
    call_command("tick", "--now", NOW.isoformat())
    assert Export.objects.get().state == Export.State.READY


def test_the_task_carries_a_number_and_nothing_else(mentee: User) -> None:
    export = exports.ask(mentee, now=NOW)
    with time_machine.travel(NOW, tick=False):
        tasks.make_export(export.pk)
        tasks.make_export(export.pk)
    assert Export.objects.get().state == Export.State.READY
    tasks.make_export(export.pk + 1)  # One that is gone.


def test_after_a_week_it_is_gone_and_its_row_says_so(mentee: User) -> None:
    export = ready(mentee)
    assert exports.tidy(NOW + WEEK - HOUR) == 0
    assert exports.tidy(NOW + WEEK) == 1
    export.refresh_from_db()
    assert export.state == Export.State.GONE
    assert not ExportPart.objects.exists()
    assert exports.tidy(NOW + WEEK) == 0


# --- Told and fetched ----------------------------------------------------------------------------------------------


def test_the_e_mail_says_where_it_is_and_holds_nothing_of_it(mentee: User, world: dict[str, Any]) -> None:
    Export.objects.all().delete()
    ready(mentee)
    message = Message.objects.of(exports.EXPORT_READY).get()
    assert kinds.get(message.kind).stream is None
    letter = letters.compose(message)
    assert letter.to == [mentee.email]
    assert letter.subject == "Your export is ready"
    assert reverse("accounts:data") in letter.body
    assert "Tuesday, June 30, 2026" in letter.body
    assert "It cannot be stopped" in letter.body
    assert not letter.attachments
    assert CAUGHT not in letter.body


def test_only_its_owner_fetches_it(mentee: User, mentor: User, superuser: User) -> None:
    url = reverse("accounts:export_download", args=[ready(mentee).pk])
    with time_machine.travel(NOW + HOUR):
        assert lately_seen(mentee, signed_in(mentee)).get(url).status_code == 200
        for other in (mentor, superuser):
            assert lately_seen(other, signed_in(other)).get(url).status_code == 404
        assert Client().get(url)["Location"].startswith(reverse("account_login"))


def test_it_is_fetched_by_whoever_has_just_shown_who_they_are(mentee: User) -> None:
    url = reverse("accounts:export_download", args=[ready(mentee).pk])
    with time_machine.travel(NOW + HOUR):
        answer = signed_in(mentee).get(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_it_comes_as_a_file_that_nobody_keeps_a_copy_of(
    mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART", 1000)  # So that it comes in several parts.
    url = reverse("accounts:export_download", args=[ready(mentee).pk])
    assert ExportPart.objects.count() > 1
    with time_machine.travel(NOW + HOUR):
        answer: Any = lately_seen(mentee, signed_in(mentee)).get(url)
    assert answer["Content-Disposition"] == 'attachment; filename="best-stuff-2026-06-23.zip"'
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    fetched = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert fetched.testzip() is None


def test_after_its_week_it_is_not_found_even_before_the_clock_has_tidied(mentee: User) -> None:
    url = reverse("accounts:export_download", args=[ready(mentee).pk])
    with time_machine.travel(NOW + WEEK):
        assert lately_seen(mentee, signed_in(mentee)).get(url).status_code == 404
        page = signed_in(mentee).get(reverse("accounts:data")).content.decode()
    assert "Download it" not in page
    assert "Make a copy" in page


def test_asking_on_the_page_comes_after_showing_who_one_is(mentee: User) -> None:
    client, url = signed_in(mentee), reverse("accounts:export")
    with time_machine.travel(NOW):
        assert client.post(url)["Location"].startswith(reverse("account_reauthenticate"))
        assert not Export.objects.exists()
        lately_seen(mentee, client)
        answer = client.post(url, follow=True)
        assert "It is being made" in answer.content.decode()
        again = client.post(url, follow=True)
    assert "You get an e-mail when it is ready." in again.content.decode()
    assert Export.objects.count() == 1


def test_the_page_says_how_the_last_one_stands(mentee: User) -> None:
    def said() -> str:
        with time_machine.travel(NOW):
            return signed_in(mentee).get(reverse("accounts:data")).content.decode()

    assert "Make a copy" in said()
    export = exports.ask(mentee, now=NOW)
    assert "It is being made" in said()
    assert "Make a copy" not in said()
    exports.make(export.pk, now=NOW)
    assert "Download it" in said()
    Export.objects.update(state=Export.State.FAILED)
    assert "could not be made" in said()
    Export.objects.update(state=Export.State.GONE)
    assert "is deleted" in said()
