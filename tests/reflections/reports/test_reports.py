"""What a report shows, to whom, and how it is taken along."""

import csv
import io
import re
import zlib
from collections.abc import Mapping
from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.http import HttpResponse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from accounts.audit_words import deed_of
from accounts.models import AuditEntry, User
from mentoring.charts import Columns
from mentoring.models import Program, ProgramAdmin
from reflections.keepsake import pdf
from reflections.models import QuarterFigure
from reflections.reports.figures import Measure
from reflections.reports.tables import Report
from tests.conftest import enroll, make_person, signed_in
from tests.reflections.conftest import queries_of

from .conftest import FIRST

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

PAGE, TAKE = "/admin/reports/", "/admin/reports/take/"
AUTUMN = date(2025, 10, 1)


def say(program: Program, start: date, **figures: int) -> None:
    for measure in QuarterFigure.Measure:
        QuarterFigure.objects.create(
            program=program,
            quarter_start=start,
            measure=measure,
            at_least=figures.get(measure.value, 0),
        )


def choice(*programs: Program, first: date = FIRST, last: date = FIRST, **more: object) -> dict[str, object]:
    return {
        "program": [program.pk for program in programs],
        "first": first.isoformat(),
        "last": last.isoformat(),
        **more,
    }


@pytest.fixture
def both(program: Program, other_program: Program, admin: User) -> tuple[Program, Program]:
    """Two programs that the admin runs, with one quarter counted of each."""
    ProgramAdmin.objects.create(program=other_program, person=admin)
    say(program, FIRST, enrolled=15, matched=10)
    say(other_program, FIRST, enrolled=5)
    return program, other_program


def test_whoever_runs_one_program_finds_its_last_quarters_at_once(counted: Program, admin: User) -> None:
    page = signed_in(admin).get(PAGE).text
    assert "FY26 Q4" in page
    assert "10 to 14" in page
    assert "fewer than five" in page
    shown = page.split("<main")[1].split("take")[0]
    told = strip_tags(shown) + " ".join(re.findall(r'aria-label="([^"]*)"', shown))
    assert "13" not in re.findall(r"\d+", told)


def test_before_anything_is_counted_the_page_says_when(program: Program, admin: User) -> None:
    page = signed_in(admin).get(PAGE).text
    assert "No quarter has been counted yet" in page
    assert "<fieldset" not in page


def test_nobody_has_a_report_of_a_program_that_they_do_not_run(
    both: tuple[Program, Program], other_admin: User, member: User, mentor: User
) -> None:
    ours, theirs = both
    for programs in ([ours], [ours, theirs]):
        asked = choice(*programs)
        assert signed_in(other_admin).get(PAGE, asked).status_code == 404
        assert signed_in(other_admin).post(TAKE, {**asked, "format": "csv"}).status_code == 404
    assert signed_in(other_admin).get(PAGE, choice(theirs)).status_code == 200
    assert signed_in(other_admin).get(PAGE, {"program": "x"}).status_code == 404
    for person in (member, mentor):
        assert signed_in(person).get(PAGE).status_code == 404
        assert signed_in(person).post(TAKE, choice(theirs)).status_code == 404
    assert not LogEntry.objects.exists()


def test_a_right_that_ended_ends_here_too(both: tuple[Program, Program], admin: User) -> None:
    client = signed_in(admin)
    assert client.get(PAGE, choice(*both)).status_code == 200
    ProgramAdmin.objects.filter(person=admin, program=both[1]).delete()
    assert client.get(PAGE, choice(*both)).status_code == 404


def test_several_programs_stand_side_by_side_and_what_is_told_of_them_is_added_up(
    both: tuple[Program, Program], admin: User
) -> None:
    """The two have 15 to 19 and 5 to 9 people; 20 at least, and no more is said of the two together."""
    client = signed_in(admin)
    page = client.get(PAGE, choice(*both)).text
    assert "at least 20" in page
    assert "Jan 2026 to Mar 2026" in page  # their years begin in different months
    file = rows_of(client.post(TAKE, choice(*both, format="csv")))
    assert {row["Program"] for row in file} == {"Harbor Mentors", "Hill Mentors"}


def test_programs_after_each_other_stand_side_by_side_by_their_age(
    program: Program, other_program: Program, admin: User
) -> None:
    ProgramAdmin.objects.create(program=other_program, person=admin)
    Program.objects.filter(pk=other_program.pk).update(starts_on=date(2025, 10, 3), fiscal_first_month=4)
    say(other_program, AUTUMN, enrolled=20)
    say(other_program, FIRST, enrolled=25)
    say(program, FIRST, enrolled=10)
    page = signed_in(admin).get(PAGE, choice(program, other_program, first=AUTUMN, by="age")).text
    assert "Quarter 1" in page
    assert "at least 30" in page  # 10 and 20, the first of each
    page = signed_in(admin).get(PAGE, choice(program, other_program, first=AUTUMN, by="calendar")).text
    assert "at least 35" in page  # 10 and 25, of the same quarter


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"first": "2026-01-01", "last": "2025-10-01"}, "not before the first one"),
        ({"first": "2022-01-01", "last": "2026-01-01"}, "three years at most"),
        ({"first": "1999-01-01", "last": "2026-01-01"}, "Select a valid choice"),
        ({"first": "", "last": ""}, "This field is required"),
    ],
)
def test_a_range_that_cannot_be_is_said_beside_its_field(
    program: Program, admin: User, asked: Mapping[str, str], said: str
) -> None:
    for start in (FIRST, AUTUMN, date(2022, 1, 1)):
        say(program, start)
    page = signed_in(admin).get(PAGE, {"program": program.pk, **asked})
    assert page.status_code == 200
    assert said in page.text


def test_seven_programs_are_too_many_for_one_page(program: Program, superuser: User) -> None:
    say(program, FIRST)
    more = [
        Program.objects.create(name=f"P{number}", slug=f"p{number}", starts_on=date(2026, 1, 1))
        for number in range(6)
    ]
    page = signed_in(superuser).get(PAGE, choice(program, *more))
    assert "Choose six programs at most." in page.text


def test_a_superuser_who_has_chosen_nothing_is_told_of_no_mistake(
    both: tuple[Program, Program], superuser: User
) -> None:
    page = signed_in(superuser).get(PAGE).text
    assert "Choose a program" not in page
    assert "<legend" in page or "Programs" in page


# --- Files ----------------------------------------------------------------------------------------------------------


def rows_of(response: HttpResponse) -> list[dict[str, str]]:
    content = b"".join(response) if response.streaming else response.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def take(person: User, program: Program, kind: str, **more: object) -> HttpResponse:
    return signed_in(person).post(TAKE, choice(program, format=kind, **more))  # type: ignore[return-value]


def test_a_csv_says_what_the_page_says(counted: Program, admin: User) -> None:
    response = take(admin, counted, "csv")
    said = response["Content-Disposition"]
    assert said == 'attachment; filename="harbor-report-2026-01-01-to-2026-03-31.csv"'
    rows = rows_of(response)
    assert len(rows) == len(Measure)
    assert rows[0] == {
        "Program": "Harbor Mentors",
        "Quarter": "FY26 Q4",
        "From": "2026-01-01",
        "Until": "2026-03-31",
        "What": "Enrolled",
        "People": "10 to 14",
        "At least": "10",
    }
    assert rows[-1]["People"] == "fewer than five"
    assert rows[-1]["At least"] == ""


def test_no_cell_of_a_file_runs_as_a_formula(counted: Program, admin: User) -> None:
    Program.objects.filter(pk=counted.pk).update(name="=HYPERLINK(1)")
    assert rows_of(take(admin, counted, "csv"))[0]["Program"] == "'=HYPERLINK(1)"
    content = b"".join(take(admin, counted, "xlsx"))  # type: ignore[arg-type]
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["A2"].value == "'=HYPERLINK(1)"
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_a_page_to_print_stands_alone_and_holds_the_content_security_policy(
    counted: Program, admin: User
) -> None:
    response = take(admin, counted, "page")
    assert response.status_code == 200
    assert "10 to 14" in response.text
    assert "<style" not in response.text
    assert "style=" not in response.text


def test_a_pdf_is_made_of_the_same_page(counted: Program, admin: User) -> None:
    response = take(admin, counted, "pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_the_pictures_in_a_pdf_have_the_colors_of_ink_and_line(counted: Program, admin: User) -> None:
    content = take(admin, counted, "pdf").content
    drawn = b"".join(
        zlib.decompressobj().decompress(each)
        for each in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
        if each.startswith(b"x")
    )
    assert re.search(rb"0\.137255 0\.121569 0\.105882 rg[^q]*? re\n", drawn)
    assert re.search(rb"0\.894118 0\.866667 0\.815686 RG[^q]*? l\n", drawn)


def test_where_no_pdf_can_be_made_none_is_offered(
    counted: Program, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    assert 'value="pdf"' not in signed_in(admin).get(PAGE).text
    response = take(admin, counted, "pdf")
    assert "Choose one of the kinds of file." in response.text


def test_each_report_that_is_taken_along_stands_in_the_history_of_its_programs(
    both: tuple[Program, Program], admin: User
) -> None:
    client = signed_in(admin)
    client.post(TAKE, choice(*both, format="xlsx"))
    client.post(TAKE, choice(both[0], format="page"))
    client.post(TAKE, choice(both[0], format="exe"))
    client.get(PAGE, choice(both[0]))
    assert client.get(TAKE, choice(both[0])).status_code == 405
    notes = LogEntry.objects.order_by("pk").values_list("object_id", "change_message")
    file = "Made a report: programs-report-2026-01-01-to-2026-03-31.xlsx."
    assert list(notes) == [
        (str(both[0].pk), file),
        (str(both[1].pk), file),
        (str(both[0].pk), "Made a report: a page to print."),
    ]


def test_the_audit_log_says_of_which_programs_a_report_was_made(
    both: tuple[Program, Program], admin: User
) -> None:
    client = signed_in(admin)
    client.post(TAKE, choice(*both, format="csv"))
    client.post(TAKE, choice(*both, format="page"))
    entries = AuditEntry.objects.filter(actor_id=admin.pk)
    assert sorted(entries.values_list("program_id", flat=True)) == sorted([each.pk for each in both] * 2)
    assert {deed_of(each) for each in entries} == {"Program: report made"}
    assert not any(each.subject_ids for each in entries)


def test_more_quarters_and_more_people_cost_no_more_questions(
    program: Program, other_program: Program, admin: User
) -> None:
    say(program, FIRST)
    client = signed_in(admin)
    before = queries_of(client, PAGE)
    for number in range(3):
        person = make_person(f"q{number}@harbor.example", "Q")
        enroll(program, person, "mentor")
    for start in (AUTUMN, date(2025, 7, 1), date(2025, 4, 1)):
        say(program, start, enrolled=30)
    assert queries_of(client, PAGE) == before


# --- Without a database ---------------------------------------------------------------------------------------------


def test_charts_are_as_low_as_what_is_told_and_say_it_in_words() -> None:
    harbor = Program(pk=1, name="Harbor", starts_on=AUTUMN, fiscal_first_month=1)
    figures = {
        (1, AUTUMN, Measure.ENROLLED): 10,
        (1, FIRST, Measure.ENROLLED): 0,
        (1, FIRST, Measure.MET): 0,
    }
    report = Report([harbor], AUTUMN, FIRST, figures)
    ((name, chart),) = report.charts
    assert name == "Enrolled"
    assert isinstance(chart, Columns)
    assert [column.total for column in chart.columns] == [10, None]
    assert "Q4 2025: at least 10, Q1 2026: not told" in chart.said
    (table,) = report.tables
    assert list(table.rows[0].cells) == ["10 to 14", "fewer than five"]
    assert list(table.rows[1].cells) == ["–", "–"]
