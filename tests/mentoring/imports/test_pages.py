"""The pages of an import, as an admin goes through them; what one must not learn there; and files that are broken."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from pytest_django import DjangoAssertNumQueries

from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import registry
from accounts.mydata.erasing import erase
from mentoring import actions
from mentoring.imports import queue, reading
from mentoring.models import Enrollment, Import, ImportPart, ImportRow, Invitation, Program
from tests.conftest import NOW, enroll, signed_in
from tests.markup import Markup

from .conftest import Importing, csv_of, figures, xlsx_of

pytestmark = pytest.mark.django_db
ADD = "/admin/mentoring/import/add/"
ROWS = [["E-mail", "Name", "Role"], ["a@new.example", "Ada", "mentor"], ["b@new.example", "Bo", "boss"]]


@pytest.fixture(autouse=True)
def _then() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def at(source: Import, name: str, **more: object) -> str:
    key = "object_id" if name == "change" else "pk"
    return reverse(f"admin:mentoring_import_{name}", kwargs={key: source.pk, **more})


def upload(content: bytes, name: str = "people.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def send(browser: Client, program: Program, content: bytes, kind: str = "people") -> Any:
    data = {"program": program.pk, "kind": kind, "file": upload(content)}
    return browser.post(ADD, data, follow=True)


def texts(response: Any) -> str:
    return " ".join(Markup(response.content.decode()).texts)


def test_from_a_file_to_the_program_with_a_bad_row_mended(browser: Client, program: Program) -> None:
    page = send(browser, program, csv_of(*ROWS).getvalue())
    source = Import.objects.get()
    assert page.redirect_chain == [(at(source, "columns"), 302)]
    assert "There are 2 rows in this file" in texts(page)
    form = page.context["form"]
    assert [form[f"column_{n}"].value() for n in range(3)] == ["email", "name", "role"]

    chosen = {"column_0": "email", "column_1": "name", "column_2": "role", "how": "invite", "days": "7"}
    page = browser.post(at(source, "columns"), chosen, follow=True)
    assert page.redirect_chain == [(at(source, "change"), 302)]
    assert "Something is wrong with 1 row" in texts(page)
    assert "Write mentor, mentee or both." in texts(page)
    assert "Import all" not in texts(page)
    only = browser.get(at(source, "change"), {"only": "bad"})
    assert "b@new.example" in texts(only)
    assert "a@new.example" not in texts(only)

    file = browser.get(at(source, "not_possible", format="csv"))
    assert file["Content-Disposition"].startswith("attachment")
    assert "no-store" in file["Cache-Control"]
    mended = b"".join(file.streaming_content).replace(b"boss", b"mentee")  # type: ignore[attr-defined]
    page = browser.post(at(source, "mend"), {"mended": upload(mended)}, follow=True)
    assert "Everything can be imported" in texts(page)
    assert not Message.objects.exists()

    fingerprint = page.context["source"].fingerprint
    page = browser.post(at(source, "confirm"), {"fingerprint": fingerprint}, follow=True)
    assert "All rows of the file are in." in texts(page)
    assert Invitation.objects.count() == Message.objects.filter(kind="invitation").count() == 2
    page = browser.post(at(source, "confirm"), {"fingerprint": fingerprint}, follow=True)
    assert "gone on with this import meanwhile" in texts(page)
    assert Invitation.objects.count() == 2
    assert "imported" in texts(browser.get(reverse("admin:mentoring_import_changelist")))


def test_pairs_are_asked_or_made(browser: Client, program: Program, mentor: User, mentee: User) -> None:
    send(browser, program, csv_of(["Mentor", "Mentee"], [mentor.email, mentee.email]).getvalue(), "pairs")
    source = Import.objects.get()
    page = browser.get(at(source, "columns"))
    assert {field.name for field in page.context["form"].options} == {"ask_first"}
    chosen = {"column_0": "mentor", "column_1": "mentee", "ask_first": "no"}
    page = browser.post(at(source, "columns"), chosen, follow=True)
    assert "become a pair" in texts(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty."),
        (b"E-mail\n", "no rows below them"),
        (b"x" * (reading.MOST_BYTES + 1), "larger than 5 megabytes"),
        (b"E-mail\n" + b"a@x.example\n" * 10_001, "more than 10,000 rows"),
        (b"\0" * (9 * 1024 * 1024), "larger than 5 megabytes"),
        (b"PK\x03\x04 broken", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_beside_the_field(
    browser: Client, program: Program, content: bytes, said: str
) -> None:
    page = send(browser, program, content)
    assert said in " ".join(page.context["form"].errors["file"])
    assert said in texts(page)
    assert page.context["form"]["kind"].value() == "people"
    assert not Import.objects.exists()


def test_what_is_chosen_wrong_is_said_beside_the_column_and_kept(browser: Client, program: Program) -> None:
    send(browser, program, csv_of(*ROWS).getvalue())
    source = Import.objects.get()
    twice = {"column_0": "email", "column_1": "email", "column_2": "role", "how": "enroll", "days": "14"}
    page = browser.post(at(source, "columns"), twice)
    assert "“E-mail” is that already." in texts(page)
    assert page.context["form"]["how"].value() == "enroll"
    page = browser.post(at(source, "columns"), twice | {"column_1": "", "column_2": ""})
    assert "Say which column is: Role." in texts(page)


def test_a_wrong_guess_of_letters_is_put_right(browser: Client, program: Program) -> None:
    send(browser, program, csv_of(["Name;x", "E-mail"], ["A;b", "a@new.example"]).getvalue(), "mentors")
    source = Import.objects.get()
    page = browser.post(at(source, "read_again"), {"encoding": "utf-8-sig", "separator": ";"}, follow=True)
    assert Import.objects.get().headings == ["Name", "x,E-mail"]
    page = browser.post(at(source, "read_again"), {"encoding": "utf-16", "separator": ";"}, follow=True)
    assert "damaged" in texts(page)
    assert Import.objects.get().headings == ["Name", "x,E-mail"]


def test_a_long_list_is_left_to_a_worker_and_the_page_says_how_far_it_is(
    browser: Client, program: Program
) -> None:
    rows = [[f"p{n}@new.example", "mentor"] for n in range(queue.AT_ONCE + 1)]
    send(browser, program, csv_of(["E-mail", "Role"], *rows).getvalue())
    source = Import.objects.get()
    chosen = {"column_0": "email", "column_1": "role", "how": "invite", "days": "7"}
    page = browser.post(at(source, "columns"), chosen, follow=True)
    assert "The rows are being looked through" in texts(page)
    assert f"0 of {queue.AT_ONCE + 1} rows." in texts(page)
    assert "It waits for a worker." in texts(page)
    assert b'data-progress="' + at(source, "progress").encode() in page.content
    assert browser.get(at(source, "progress")).status_code == 200
    assert queue.work(source.pk, now=NOW)
    assert browser.get(at(source, "progress")).status_code == 204
    assert "Everything can be imported" in texts(browser.get(at(source, "change")))


def test_the_preview_pages_and_keeps_its_queries(
    browser: Client, importing: Importing, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    source = importing.checked("mentors", ["E-mail"], *[[f"p{n}@new.example"] for n in range(120)])
    browser.get(at(source, "change"))
    with django_assert_max_num_queries(14):
        page = browser.get(at(source, "change"), {"page": 2})
    assert len(page.context["rows"]) == 50
    assert page.context["rows"][0][0].number == 52


def test_an_import_can_be_left(browser: Client, importing: Importing) -> None:
    source = importing.checked("people", *ROWS)
    page = browser.post(at(source, "leave"), follow=True)
    assert "Nothing of it was imported" in texts(page)
    assert not ImportRow.objects.exists()
    assert "Not imported" in texts(browser.get(at(source, "change")))


def test_a_list_in_german_is_answered_in_german(browser: Client, admin: User, importing: Importing) -> None:
    User.objects.filter(pk=admin.pk).update(language="de")
    importing.admin.refresh_from_db()
    source = importing.checked("people", *ROWS)
    (row,) = source.rows.bad()
    assert row.errors != {"2": ["Write mentor, mentee or both."]}
    assert "Write mentor" not in texts(browser.get(at(source, "change")))


# --- What one must not learn ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["invite", "enroll"])
def test_a_known_address_and_an_unknown_one_look_alike(
    how: str, browser: Client, importing: Importing, outsider: User
) -> None:
    rows = [["E-mail", "Name"], [outsider.email, "As written"], ["zoe@unknown.example", "As written"]]
    source = importing.checked("mentors", *rows, how=how)
    page = browser.get(at(source, "change")).content.decode()
    assert outsider.name not in page
    first, second = (
        re.sub(r'row-\d+|<th scope="row" class="num">\d+</th>|\S+@\S+\.example', "", row)
        for row in re.findall(r"<tr id=.*?</tr>", page, re.DOTALL)
    )
    assert first.split() == second.split()
    importing.confirmed(source)
    outsider.refresh_from_db()
    assert outsider.name == "Otto Berg"


def test_others_programs_are_not_there(
    browser: Client, importing: Importing, other_program: Program, other_admin: User
) -> None:
    source = importing.checked("people", *ROWS)
    theirs = signed_in(other_admin)
    for name, more in (("change", {}), ("columns", {}), ("not_possible", {"format": "csv"})):
        assert theirs.get(at(source, name, **more)).status_code == 404
    for name in ("confirm", "leave", "mend", "columns", "read_again"):
        assert theirs.post(at(source, name)).status_code == 404
    page = send(browser, other_program, csv_of(*ROWS).getvalue())
    assert "program" in page.context["form"].errors
    assert Import.objects.count() == 1


def test_a_row_is_its_persons_in_their_export_and_goes_with_them(
    importing: Importing, program: Program, mentor: User, mentee: User, outsider: User
) -> None:
    enroll(program, outsider, "mentee", status="invited", joined_on=None)
    people = importing.checked("people", ["E-mail", "Role", "Department"], [mentor.email, "mentor", "Sales"])
    named = importing.checked("mentors", ["E-mail", "Manager"], ["x@new.example", mentor.email])
    pairs = importing.checked("pairs", ["Mentor", "Mentee"], [mentor.email, mentee.email])
    other = importing.checked("mentors", ["E-mail"], ["y@new.example"])
    holdings = {holding.model: holding for holding in registry.holdings()}
    found = list(holdings[ImportRow].of(mentor).order_by("source_id"))
    assert [row.source_id for row in found] == [people.pk, pairs.pk]
    told = [holdings[ImportRow].values["cells"](row) for row in found]
    assert told == [[mentor.email, "mentor", "Sales"], []]

    erasure: Any = holdings[Import].erasure
    erasure.act(mentor, NOW)
    states = {source.pk: importing.fresh(source).state for source in (people, named, pairs, other)}
    assert states == {people.pk: "left", named.pk: "left", pairs.pk: "left", other.pk: "checked"}
    assert set(ImportRow.objects.values_list("source", flat=True)) == {other.pk}

    erasure.act(importing.admin, NOW)
    gone = importing.fresh(other)
    assert (gone.state, gone.created_by, gone.acting, gone.file_name) == ("left", None, None, "")


def hidden(address: str) -> io.BytesIO:
    """A workbook with an address on a sheet that is not the first, half of it in bold type."""
    book = Workbook()
    book.active.append(["E-mail"])
    book.active.append(["x@new.example"])
    halves = [address[:3], TextBlock(InlineFont(b=True), address[3:].upper())]
    book.create_sheet("Notes").append([CellRichText(halves)])
    file = io.BytesIO()
    book.save(file)
    return file


def test_a_file_that_nobody_has_looked_through_goes_with_whoever_stands_in_it(
    importing: Importing, mentor: User, mentee: User
) -> None:
    headings, address = ["E-mail", "Note"], mentor.email.upper()
    rows = [[f"p{n}@new.example", ""] for n in range(5)]
    named = [
        importing.sent("mentors", csv_of(headings, *rows, ["x@new.example", f"asks {address}"])),
        importing.sent("mentors", csv_of(headings, *rows, [address, "Jürgen"], encoding="utf-16")),
        importing.sent("mentors", csv_of(headings, *rows, [address, "Jürgen"], encoding="cp1252")),
        importing.sent("mentors", xlsx_of(headings, *rows, [address, ""])),
        importing.sent("mentors", hidden(mentor.email)),
    ]
    mended = importing.checked("mentors", headings, [address, "=1", "more"], *rows)
    ImportRow.objects.filter(source=mended).bad().delete()
    other = importing.sent("mentors", csv_of(headings, *rows, [mentee.email, ""]))
    erase(mentor, now=NOW)
    for source in (*named, mended):
        left = importing.fresh(source)
        assert (left.state, left.headings, left.samples) == ("left", [], [])
    assert importing.fresh(other).state == "columns"
    assert set(ImportPart.objects.values_list("source", flat=True)) == {other.pk}


def test_a_file_that_cannot_be_read_any_more_is_left_when_somebody_goes(
    importing: Importing, mentor: User
) -> None:
    source = importing.sent("mentors", xlsx_of(["E-mail"], ["x@new.example"]))
    ImportPart.objects.update(content=b"PK")
    erase(mentor, now=NOW)
    assert importing.fresh(source).state == "left"


@pytest.mark.parametrize("number", ["²", "٣", "9" * 30, "x"])
def test_what_only_looks_like_a_number_is_nobodys(browser: Client, number: str) -> None:
    assert browser.get(f"/admin/mentoring/import/{number}/change/").status_code == 404
    assert browser.get(ADD, {"program": number}).status_code == 200
    assert browser.post(ADD, {"program": number, "kind": "people"}).status_code == 200


def test_logs_and_tasks_carry_numbers_only(
    importing: Importing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = importing.checked("mentors", ["E-mail"], ["canary@new.example"])

    def fails(*given: object) -> None:
        raise ValueError("canary@new.example")

    monkeypatch.setattr("mentoring.imports.people.apply", fails)
    Import.objects.filter(pk=source.pk).update(state="checking")
    assert not queue.work(source.pk, now=NOW)
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_what_is_imported_ends_with_its_invitation(importing: Importing, program: Program) -> None:
    """As for anybody invited: who never comes is forgotten, with what the list said of them."""
    importing.done("mentors", ["E-mail", "Department", "Offers"], ["a@new.example", "Sales", "Go"])
    actions.forget_those_who_never_came(NOW + timedelta(days=60))
    assert not User.objects.filter(email="a@new.example").exists()
    assert not Enrollment.objects.filter(person__email="a@new.example").exists()


# --- Broken files --------------------------------------------------------------------------------------------------

CSV = csv_of(*ROWS, ["c@new.example", "Cé", "both"], encoding="utf-8").getvalue()
XLSX = xlsx_of(*ROWS, ["c@new.example", "Cé", "both"]).getvalue()


def mangled(whole: bytes) -> st.SearchStrategy[bytes]:
    """The file with a piece cut out, another put in, or its end gone."""
    places = st.integers(0, len(whole))
    return st.tuples(places, places, st.binary(max_size=40)).map(
        lambda cut: whole[: min(cut[:2])] + cut[2] + whole[max(cut[:2]) :]
    ) | places.map(lambda end: whole[:end])


signs = st.sampled_from(
    ['"', ",", ";", "\n", "\r", "\t", "'", "=", "@", "\0", "\ud800", "e-mail", "role", "é"]
)
tables = st.lists(st.lists(st.text(max_size=8) | signs, max_size=6), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.binary(max_size=400)
    | mangled(CSV)
    | mangled(XLSX)
    | st.lists(signs | st.text(max_size=5)).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"))
    | tables.map(
        lambda rows: csv_of(ROWS[0], ROWS[1], *rows, encoding="utf-8-sig").getvalue() if _clean(rows) else CSV
    )
)
def test_no_file_breaks_a_page_or_comes_in_by_half_or_loses_a_row(
    browser: Client, program: Program, content: bytes
) -> None:
    Import.objects.all().delete()
    before = (Enrollment.objects.count(), Invitation.objects.count())
    page = send(browser, program, content)
    assert page.status_code == 200
    source = Import.objects.first()
    if source is None:
        assert page.context["form"].errors["file"]
        return
    shape = reading.Shape(source.format, source.encoding, source.separator)
    numbers = [line.number for line in reading.table(io.BytesIO(content), shape).lines]
    width = len(source.headings)
    codes = ["email", "role", "name", "offers", "joined_on", "capacity"]
    chosen = {f"column_{n}": codes[n] if n < len(codes) else "" for n in range(width)}
    page = browser.post(at(source, "columns"), chosen | {"how": "invite", "days": "7"}, follow=True)
    assert page.status_code == 200
    if width < 2:
        assert page.context["form"].errors
        return
    assert list(source.rows.order_by("number").values_list("number", flat=True)) == numbers
    source.refresh_from_db()
    assert sum(figures(source).values()) == len(numbers)
    for format in ("csv", "xlsx"):
        if source.bad:
            file = browser.get(at(source, "not_possible", format=format))
            assert b"".join(file.streaming_content)  # type: ignore[attr-defined]
    browser.post(at(source, "confirm"), {"fingerprint": source.fingerprint})
    source.refresh_from_db()
    came = Invitation.objects.count() - before[1]
    assert came == (len(numbers) if source.state == "done" and not source.unchanged else 0)
    assert Enrollment.objects.count() - before[0] == came
    Invitation.objects.all().delete()
    Enrollment.objects.filter(status="invited").delete()


def _clean(rows: list[list[str]]) -> bool:
    """Whether it can be written as text at all."""
    try:
        return bool("".join(map("".join, rows)).encode()) or not rows
    except UnicodeEncodeError:
        return False
