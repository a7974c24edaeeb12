"""A file of each list of the admin: the list's rows, no column that this table does not name, and a line in the log."""

import csv
import io
import re
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from openpyxl import load_workbook

from accounts.mail import outbox
from accounts.mail.models import Message
from accounts.models import User
from mentoring.admin.exporting import ExportedList
from mentoring.models import (
    Announcement,
    ConversationStarter,
    Enrollment,
    EnrollmentQuestion,
    FitCheck,
    Import,
    Invitation,
    MatchingRun,
    Meeting,
    Pairing,
    PairingRequest,
    Program,
    ProgramAdmin,
    Resource,
    RuledOut,
    Skill,
)
from reflections.models import NoteReport, NudgeWords, OutsideStop, Questionnaire, Round, Survey
from tests import tables
from tests.conftest import NOW, enroll, in_state, make_person, pair, signed_in

from .conftest import CANARY, World
from .test_scope import MODELS, per_model, url
from .worlds import *  # noqa: F403 (fixtures, which stand in for those of the same names)

# What a file may hold, by its list. Whoever adds a column to a list says here that it may leave with a file.
MAY_LEAVE: dict[type[Model], set[str]] = {
    Program: {"name", "status", "starts_on", "ends_on", "contact_name", "good_pair"},
    ProgramAdmin: {"person", "program", "created_at"},
    Enrollment: {
        "known_as",
        "address",
        "program",
        "role",
        "state",
        "capacity",
        "department",
        "applied_at",
        "waitlisted_at",
        "joined_on",
        "paused_until",
    },
    EnrollmentQuestion: {"text", "position", "kind", "asked_of", "read_by", "state", "program"},
    ConversationStarter: {"text", "stage", "position", "is_offered", "program"},
    Import: {"__str__", "kind", "state", "rows_total", "created_by", "created_at", "program"},
    MatchingRun: {"made_at", "state", "matched_of", "told", "told_by", "created_by", "program"},
    Announcement: {"__str__", "to_whom", "state_in_words", "goes", "people", "author", "program"},
    Resource: {"title", "position", "is_offered", "for_role", "stage", "leads_to", "program"},
    Skill: {"name", "state", "used", "merged_into", "program"},
    User: {"__str__", "email", "mail", "state", "second_step", "signed_in_on"},
    Invitation: {"to_whom", "state", "role", "came_in", "opens_until", "program"},
    Pairing: {"pair", "mentor_address", "mentee_address", "program", "status", "starts_on", "ended_on"},
    Meeting: {"pairing", "starts_at", "minutes", "cancelled_at"},
    PairingRequest: {"mentee", "mentor", "state_in_words", "since", "until", "program"},
    Questionnaire: {"name", "program"},
    Round: {"label", "program", "opens_on", "due_on", "closes_on", "held_at"},
    NudgeWords: {"__str__", "program", "language", "changed_at"},
    Survey: {"stage", "program", "is_on", "results_on"},
    # Not who said it, nor what.
    FitCheck: {"pair", "answered_at", "program"},
    RuledOut: {"pair", "because", "created_at", "program"},
    # Not against whom.
    NoteReport: {"why", "way_in_words", "reported_at", "settled_at", "program"},
    OutsideStop: {"person", "created_by", "created_at", "program"},
    Message: {"kind_label", "outcome", "to_whom", "due_at", "went_at", "what_happened"},
}
# What no table may ever name: words, addresses that are shown to nobody, where two meet, links that open doors.
NEVER = re.compile(
    r"learned|line_manager|decision_note|agreed_to|place$|^(text|typed|chosen|answers?)$|nonce|token|password|photo"
    r"|department_note|last_login$"
)


def request_of(person: User) -> Any:
    request = RequestFactory().get("/")
    request.user = person
    return request


def export(client: Client, model: type[Model], kind: str = "csv", rows: str = "") -> Any:
    return client.post(url(model, "export"), {"format": kind, "rows": rows})


def content(response: Any) -> bytes:
    assert response.status_code == 200
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response.streaming_content)


def lines(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"), newline="")))


# --- Every list, and no other column -------------------------------------------------------------------------------


def test_every_list_of_the_admin_has_an_export(superuser: User) -> None:
    for model, page in django_admin.site._registry.items():
        assert isinstance(page, ExportedList), f"{model.__name__} has no export"
        assert f'href="{url(model, "export")}' in _list(superuser, model)


def _list(person: User, model: type[Model], query: str = "") -> str:
    return signed_in(person).get(url(model, "changelist") + query).content.decode()


def test_no_column_leaves_that_the_table_does_not_name(superuser: User, admin: User) -> None:
    for model, page in django_admin.site._registry.items():
        assert isinstance(page, ExportedList)
        assert model in MAY_LEAVE, f"say which columns of {model.__name__} may leave"
        for person in (superuser, admin):
            columns = page.get_export_columns(request_of(person))
            assert set(columns) <= MAY_LEAVE[model], model.__name__
            assert len(columns) == len(set(columns))


def test_the_table_names_nothing_private() -> None:
    # The text of a question is what those who run the program ask.
    theirs = (EnrollmentQuestion, ConversationStarter)
    named = {name for model, names in MAY_LEAVE.items() if model not in theirs for name in names}
    assert not {name for name in named if NEVER.search(name)}


@per_model
def test_a_file_holds_the_rows_of_the_list_under_its_headings(
    own: World, foreign: World, admin: User, superuser: User, model: type[Model]
) -> None:
    for person in (admin, superuser):
        client = signed_in(person)
        listed = client.get(url(model, "changelist")).context["cl"]
        header, *rows = lines(export(client, model))
        assert len(rows) == listed.result_count
        page = django_admin.site._registry[model]
        assert isinstance(page, ExportedList)
        assert len(header) == len(page.get_export_columns(request_of(person)))
        assert all(header)
        assert {len(row) for row in rows} <= {len(header)}
        shown = client.get(url(model, "export")).content.decode()
        assert all(f"<li>{heading}</li>" in shown for heading in header)


@per_model
def test_a_file_holds_nothing_of_another_program(
    own: World, foreign: World, admin: User, model: type[Model]
) -> None:
    client = signed_in(admin)
    for rows in ("", f"program={foreign.program.pk}", "q=Vera", "q=hill.example"):
        answer = export(client, model, rows=rows)
        if answer.status_code == 400:  # a list without this filter
            continue
        text = content(answer).decode()
        for words in ("Hill Mentors", "Vera", "Wilhelmina", "Hugo", "hill.example"):
            assert words not in text


@per_model
def test_a_file_holds_nothing_of_what_people_wrote(own: World, superuser: User, model: type[Model]) -> None:
    FitCheck.objects.update(learned=CANARY)
    Enrollment.objects.update(
        line_manager="manager@canary-5e1f.example",
        decision_note=CANARY,
        agreed_to=CANARY,
        agreed_at=NOW,
    )
    assert CANARY not in content(export(signed_in(superuser), model)).decode()


@per_model
def test_both_kinds_say_the_same(own: World, superuser: User, model: type[Model]) -> None:
    client = signed_in(superuser)
    book = io.BytesIO(content(export(client, model, "xlsx")))
    sheet = load_workbook(book).active
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert cells == lines(export(client, model, "csv"))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@per_model
def test_a_file_of_many_rows_takes_no_more_questions_than_one_of_few(
    own: World,
    foreign: World,
    superuser: User,
    model: type[Model],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(superuser)
    narrow = {Program: "q=harbor", Questionnaire: "q=Harbor", User: "q=tomasz"}.get(model, "q=Noor")
    lines(export(client, model))  # What is remembered between requests is by now.
    with CaptureQueriesContext(connection) as few:
        lines(export(client, model, rows=narrow if django_admin.site._registry[model].search_fields else ""))
    _grow(own)
    with django_assert_num_queries(len(few)):
        assert len(lines(export(client, model))) > 1


def _grow(world: World) -> None:
    for number in range(6):
        mentor = make_person(f"mentor{number}@harbor.example", f"Mentor {number}")
        mentee = make_person(f"mentee{number}@harbor.example", f"Mentee {number}")
        enroll(world.program, mentor, "mentor")
        enroll(world.program, mentee, "mentee")
        pairing = pair(world.program, mentor, mentee)
        Meeting.objects.create(pairing=pairing, starts_at=NOW)
        outbox.owe("pairing_made", mentee.pk, pairing.pk, due_at=NOW, expires_at=NOW + timedelta(days=1))
        FitCheck.objects.create(pairing=pairing, person=mentee, answer="good", answered_at=NOW)
        RuledOut.objects.create(program=world.program, mentor=mentor, mentee=mentee)
        ProgramAdmin.objects.create(program=world.program, person=mentor)
        Questionnaire.objects.create(name=f"More {number}", program=Program.objects.create(
            name=f"More {number}", slug=f"more-{number}", starts_on=date(2026, 1, 1)
        ))  # fmt: skip


# --- What the list shows now ---------------------------------------------------------------------------------------


def test_a_file_follows_the_search_the_filters_and_the_order_on_all_pages(own: World, admin: User) -> None:
    for number in range(60):
        person = make_person(f"p{number:02}@harbor.example", f"Paula {number:02}")
        enroll(own.program, person, "mentee", **in_state("waitlisted" if number % 2 else "active"))
    client = signed_in(admin)
    header, *rows = lines(export(client, Enrollment, rows="status=active&q=Paula&o=-1&p=7"))
    assert header[:2] == ["Person", "Role"]
    assert [row[0] for row in rows] == [f"Paula {number:02}" for number in range(58, -1, -2)]
    assert len(lines(export(client, Enrollment))) == 1 + 62
    assert lines(export(client, Enrollment, rows="q=nobody+at+all")) == [header]


def test_the_link_leads_on_with_what_the_list_was_asked(own: World, admin: User) -> None:
    page = _list(admin, Enrollment, "?status=active&q=Noor&p=1")
    link = f"{url(Enrollment, 'export')}?q=Noor&amp;status=active"
    assert f'href="{link}"' in page
    asked = signed_in(admin).get(link.replace("&amp;", "&")).content.decode()
    assert "1 row: what the list shows now" in asked
    assert '<input type="hidden" name="rows" value="q=Noor&amp;status=active">' in asked
    assert "E-mail address" in asked


def test_a_query_that_the_list_refuses_the_export_refuses_too(
    own: World, foreign: World, admin: User, superuser: User
) -> None:
    client = signed_in(admin)
    for lookup in ("person__password__startswith=p", "line_manager__contains=a", "decision_note__contains=a"):
        assert export(client, Enrollment, rows=lookup).status_code == 400
        assert client.get(f"{url(Enrollment, 'export')}?{lookup}").status_code == 400
    client, odd = signed_in(superuser), "is_active__exact=perhaps"
    for answer in (export(client, User, rows=odd), client.get(f"{url(User, 'export')}?{odd}")):
        assert answer["Location"] == f"{url(User, 'changelist')}?e=1"
    nothing = client.get(f"{url(Round, 'export')}?program=nonsense")
    assert "0 rows: what the list shows now" in nothing.content.decode()
    assert not LogEntry.objects.exists()


def test_another_kind_of_file_is_refused_in_words(own: World, admin: User) -> None:
    client = signed_in(admin)
    for kind in ("", "pdf"):
        answer = export(client, Enrollment, kind, "q=Noor")
        assert "Choose one of the two kinds of file." in answer.content.decode()
        assert 'value="q=Noor"' in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_more_rows_than_a_sheet_can_hold_are_refused_in_words(
    own: World, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mentoring import sheets

    monkeypatch.setitem(
        sheets.FORMATS, "xlsx", sheets.Format("xlsx", "XLSX", "", sheets.write_xlsx, most_rows=2)
    )
    answer = export(signed_in(admin), Enrollment, "xlsx")
    assert "That is more than this kind of file can hold." in answer.content.decode()
    assert len(lines(export(signed_in(admin), Enrollment, "csv"))) == 3


# --- Who, and what stays ------------------------------------------------------------------------------------------


def test_looking_changes_nothing_and_a_file_leaves_one_line_in_the_log(own: World, admin: User) -> None:
    client = signed_in(admin)
    before = tables.prints()
    client.get(url(Enrollment, "export"))
    client.head(url(Enrollment, "export"))
    assert tables.prints() == before
    with time_machine.travel(NOW, tick=False):
        lines(export(client, Enrollment, rows="q=Noor"))
    after = tables.prints()
    changed = [table for table in before if before[table] != after[table]]
    assert changed == ["accounts_auditentry", "django_admin_log"]
    entry = LogEntry.objects.get()
    assert (entry.user, entry.content_type.model_class()) == (admin, Enrollment)
    assert entry.change_message == "Exported 1 row to harbor-enrollments-2026-06-23.csv."
    assert entry.object_repr == "enrollments"
    assert "Noor" not in f"{entry.object_repr}{entry.change_message}"


def test_a_file_comes_to_be_kept_nowhere_but_where_it_is_saved(own: World, admin: User) -> None:
    for kind, content_type in (
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        with time_machine.travel(NOW, tick=False):
            answer = export(signed_in(admin), Pairing, kind)
        assert answer["Content-Type"] == content_type
        assert answer["Content-Disposition"] == f'attachment; filename="harbor-pairings-2026-06-23.{kind}"'
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert int(answer["Content-Length"]) == len(content(answer))


def test_a_file_of_several_programs_is_named_after_none_but_the_one_chosen(
    own: World, foreign: World, superuser: User
) -> None:
    client = signed_in(superuser)
    with time_machine.travel(NOW, tick=False):
        of_all = export(client, Round)["Content-Disposition"]
        of_one = export(client, Round, rows=f"program={foreign.program.pk}")["Content-Disposition"]
    assert "best-stuff-rounds-2026-06-23.csv" in of_all
    assert "hill-rounds-2026-06-23.csv" in of_one


def test_whoever_may_not_see_the_list_finds_no_export(own: World, mentee: User, outsider: User) -> None:
    for person in (mentee, outsider):
        for model in MODELS:
            assert signed_in(person).get(url(model, "export")).status_code == 404
            assert export(signed_in(person), model).status_code == 404
    assert not LogEntry.objects.exists()


def test_a_right_that_ended_opens_no_export(own: World, admin: User) -> None:
    client = signed_in(admin)
    assert client.get(url(Enrollment, "export")).status_code == 200
    ProgramAdmin.objects.filter(person=admin).delete()
    assert export(client, Enrollment).status_code == 404


# --- What the cells say -------------------------------------------------------------------------------------------


def test_whoever_has_not_said_yes_is_known_by_the_address_alone(own: World, admin: User) -> None:
    person = make_person("quiet@elsewhere.example", "Canary Nameless")
    place = enroll(own.program, person, "mentee", status="invited", joined_on=None)
    Invitation.objects.bulk_create([Invitation.made(
        program=own.program, role="mentee", person=person, created_by=admin, created_at=NOW,
        expires_at=NOW + timedelta(days=7), most_uses=1,
    )])  # fmt: skip
    client = signed_in(admin)
    for status in ("invited", "declined"):
        Enrollment.objects.filter(pk=place.pk).update(status=status)
        for model in MODELS:
            assert "Nameless" not in content(export(client, model)).decode(), model
    assert "quiet@elsewhere.example" in content(export(client, Enrollment)).decode()
    found = [row[0] for row in lines(export(client, Enrollment, rows="q=Nameless"))]
    assert found == ["Person"]


def test_whoever_left_has_no_address(own: World, admin: User) -> None:
    own.mentor.__class__.objects.filter(pk=own.mentor.pk).update(
        email="gone-1@erased.invalid", name="", is_active=False, erased_at=NOW
    )
    client = signed_in(admin)
    for model in (Enrollment, Pairing):
        text = content(export(client, model)).decode()
        assert "Somebody who left" in text
        assert "erased.invalid" not in text


def test_nobody_is_named_for_silence(own: World, admin: User) -> None:
    """Neither by a reminder on its way nor by a column: of a round there are totals."""
    outbox.owe("reminder", own.mentee.pk, own.rows[Round].pk, due_at=NOW, expires_at=NOW + timedelta(days=1))
    client = signed_in(admin)
    assert own.mentee.name not in content(export(client, Message)).decode()
    assert own.mentee.name not in content(export(client, Round)).decode()


def test_a_link_is_in_no_file(own: World, admin: User) -> None:
    text = content(export(signed_in(admin), Invitation)).decode()
    token = own.rows[Invitation].token  # type: ignore[attr-defined]
    assert token
    assert token not in text
    assert "/join/" not in text


def test_dates_are_those_of_iso_and_words_those_of_the_reader(own: World, admin: User) -> None:
    User.objects.filter(pk=admin.pk).update(language="de", time_zone="Europe/Warsaw")
    admin.refresh_from_db()
    client = signed_in(admin)
    header, row, *_rest = lines(export(client, Meeting))
    assert row[1] == "2026-06-24T14:00+02:00"
    assert "Minuten" in header
    header, *rows = lines(export(client, Enrollment))
    assert "Status" in header
    assert {row[header.index("Status")] for row in rows} == {"Aktiv"}
    assert {row[header.index("Dabei seit")] for row in rows} == {"2026-01-05"}
    opens_until = lines(export(client, Invitation))[1][4]
    assert re.fullmatch(r"2026-07-23", opens_until)


def test_what_would_run_in_a_spreadsheet_does_not(own: World, admin: User) -> None:
    User.objects.filter(pk=own.mentor.pk).update(name='=HYPERLINK("https://evil.example";"Noor")')
    names = {row[0] for row in lines(export(signed_in(admin), Enrollment))}
    assert '\'=HYPERLINK("https://evil.example";"Noor")' in names


def test_a_file_that_cannot_be_made_is_not_half_made(
    own: World, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_self: Enrollment) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(Enrollment, "known_as", property(breaks))
    client = signed_in(admin)
    client.raise_request_exception = False
    assert export(client, Enrollment).status_code == 500
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_file(
    own: World, admin: User, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five times the rows, and the memory of as many as are fetched at a time."""
    monkeypatch.setattr("mentoring.admin.exporting.AT_A_TIME", 100)

    def peak(rows: int) -> int:
        have = Enrollment.objects.count()
        people = [
            User(email=f"n{number}@harbor.example", name=f"N {number}", password="")
            for number in range(have, rows)
        ]
        User.objects.bulk_create(people, 5000)
        Enrollment.objects.bulk_create(
            [
                Enrollment(program=own.program, person=person, role="mentee", joined_on=date(2026, 1, 5))
                for person in people
            ],
            5000,
        )
        del people
        client = signed_in(admin)
        content(export(client, Enrollment, kind))  # What is made once is made by now.
        tracemalloc.start()
        try:
            size = sum(map(len, export(client, Enrollment, kind).streaming_content))
            assert size > 10 * rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(300), peak(1500)
    assert many < 1.5 * few
