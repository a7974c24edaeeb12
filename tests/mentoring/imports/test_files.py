"""Files that go out: templates, and the rows to mend, which come back and take the place of the bad ones."""

import csv
import io

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from mentoring.actions import Refused
from mentoring.cells import STARTS_A_FORMULA
from mentoring.imports import files, queue, requests
from mentoring.imports.columns import proposed
from mentoring.imports.reading import Unreadable, shape_of, table
from mentoring.models import EnrollmentQuestion, Import, Program
from tests.conftest import NOW

from .conftest import Importing, csv_of, figures, said, xlsx_of

ROWS = [
    ["E-mail", "Role", "Name"],
    ["a@new.example", "mentor", "A"],
    ["b(at)new.example", "mentor", "=HYPERLINK(1)"],
    ["c@new.example", "boss", "'C"],
    ["d@new.example", "mentee", "D"],
    ["nonsense", "none", "E"],
]


def rows_in(content: io.IOBase, format: str) -> list[list[str]]:
    if format == "csv":
        return list(csv.reader(io.StringIO(content.read().decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(content)
    return [
        ["" if cell.value is None else str(cell.value) for cell in row] for row in book.active.iter_rows()
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en-us", "de"])
@pytest.mark.parametrize("kind", Import.Kind.values)
def test_a_template_is_understood_when_it_comes_back_and_its_example_comes_in_never(
    kind: str, language: str, format: str, importing: Importing, program: Program
) -> None:
    EnrollmentQuestion.objects.create(program=program, code="why", text="Why do you come?")
    with translation.override(language):
        source = importing.sent(kind, io.BytesIO(files.template(program, kind, format).read()))
        columns = proposed(source)
        assert len(columns) == len(source.headings)
        source = importing.checked(kind, file=io.BytesIO(files.template(program, kind, format).read()))
    assert figures(source) == {"bad": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_rows_with_something_wrong_go_out_with_the_reason_and_come_back_mended(
    importing: Importing, format: str
) -> None:
    source = importing.checked("people", *ROWS)
    assert figures(source) == {"new": 2, "bad": 3}
    headings, *bad = rows_in(files.not_possible(source, format), format)
    assert headings == ["Row", "E-mail", "Role", "Name", "What was wrong"]
    assert [row[0] for row in bad] == ["3", "4", "6"]
    assert bad[0][3] == "'=HYPERLINK(1)"
    assert bad[0][4] == "E-mail: Write one address here, such as noor@example.org."
    assert bad[2][4].startswith("E-mail: ")
    assert "/ Role: " in bad[2][4]

    bad[0][1], bad[1][2], bad[2][1:] = "b@new.example", "both", ["", "", "", ""]
    file = files.written([headings, *[[cell.removeprefix("'") for cell in row] for row in bad]], format)
    number = requests.mend(source, files.mended(source, file), by=importing.admin, now=NOW)  # type: ignore[arg-type]
    queue.work(source.pk, now=NOW)
    again = importing.fresh(source)
    assert number == 3
    assert (figures(again), again.rows_total) == ({"new": 4}, 4)
    assert list(again.rows.values_list("number", flat=True)) == [2, 3, 4, 5]
    assert again.rows.get(number=3).cells[2] == "=HYPERLINK(1)"
    assert again.fingerprint != source.fingerprint
    with pytest.raises(Refused, match="meanwhile"):
        requests.confirm(again, source.fingerprint, by=importing.admin, now=NOW)
    assert importing.confirmed(again).state == Import.State.DONE


@pytest.mark.django_db
@pytest.mark.parametrize("format", files.FORMATS)
def test_a_formula_that_comes_back_as_it_went_out_is_still_one(importing: Importing, format: str) -> None:
    book = xlsx_of(["E-mail", "Name"], ["a@new.example", "=1+1"], ["b@new.example", "=2+2"])
    source = importing.checked("mentees", file=book)
    assert source.bad == 2
    headings, first, second = rows_in(files.not_possible(source, format), format)
    second[2] = "Bo"
    file = files.written([headings, [cell.removeprefix("'") for cell in first], second], format)
    requests.mend(source, files.mended(source, file), by=importing.admin, now=NOW)  # type: ignore[arg-type]
    queue.work(source.pk, now=NOW)
    again = importing.fresh(source)
    assert figures(again) == {"new": 1, "bad": 1}
    assert "This is a formula" in said(again)[2]


@pytest.mark.django_db
def test_a_file_that_is_not_that_of_the_bad_rows_is_refused_and_changes_nothing(importing: Importing) -> None:
    source = importing.checked("people", *ROWS)
    headings = ["Row", *ROWS[0], "What was wrong"]
    for rows, why in (
        ([ROWS[0], ROWS[1]], "not the headings"),
        ([headings, ["2", *ROWS[1], ""]], "Row 2 is not one of those"),
        ([headings, ["99", *ROWS[1], ""]], "Row 99 is not one of those"),
        ([headings, ["three", *ROWS[1], ""]], "has to be the number"),
        ([headings, ["3", *ROWS[1], ""], ["3", *ROWS[1], ""]], "Row 3 is there twice"),
        ([headings], "no row in this file"),
    ):
        lines = files.mended(source, csv_of(*rows))
        with pytest.raises(Refused, match=why):
            requests.mend(source, lines, by=importing.admin, now=NOW)
    with pytest.raises(Unreadable):
        list(files.mended(source, io.BytesIO(b"\x89PNG")))
    assert said(importing.fresh(source)) == said(source)
    assert importing.fresh(source).state == Import.State.CHECKED


@given(
    st.lists(
        st.tuples(
            *[st.sampled_from(["", *STARTS_A_FORMULA[:4], "＝", "'", "''="])] * 2, st.text(max_size=20)
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(files.FORMATS),
)
def test_what_goes_out_comes_back_as_it_was(cells: list[tuple[str, str, str]], format: str) -> None:
    texts = ["x" + "".join(c if c.isprintable() else "_" for c in "".join(cell)) for cell in cells]
    texts += ["".join(c if c.isprintable() else "_" for c in "".join(cell)) for cell in cells]
    rows = [["A", "B"], *[["x", text] for text in texts]]
    file = files.written(rows, format)
    shown = rows_in(io.BytesIO(file.read()), format)
    assert not any(cell.startswith(STARTS_A_FORMULA) for row in shown for cell in row)
    file.seek(0)
    found = table(file, shape_of(file))  # type: ignore[arg-type]
    assert [line.cells[1] for line in found.lines] == texts
