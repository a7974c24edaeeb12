"""Files for spreadsheets: nothing in them runs, and what is read back is what went out."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from mentoring.cells import STARTS_A_FORMULA, unguarded
from mentoring.sheets import FORMATS, NOT_IN_XML

# Any text that can be written at all; some of it looks like what spreadsheets run, or like our guard.
PIECES = [*STARTS_A_FORMULA, "'", '"', ";", ",", "|", "#N/A", "a", "ß", "\x01"]
TEXT = st.text() | st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
ROWS = st.lists(st.lists(TEXT, min_size=2, max_size=2), min_size=1, max_size=4)


def made(kind: str, rows: list[list[str]], title: str = "People") -> bytes:
    file = io.BytesIO()
    FORMATS[kind].write(file, iter(rows), title)
    return file.getvalue()


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


@given(ROWS)
@example([["=1+1", "'=1+1"], ["''", "'"]])
def test_a_csv_is_read_back_as_it_went_out(rows: list[list[str]]) -> None:
    read = read_csv(made("csv", rows))
    assert [[unguarded(cell) for cell in row] for row in read] == rows


@given(ROWS)
def test_no_cell_of_a_csv_starts_a_formula(rows: list[list[str]]) -> None:
    for row in read_csv(made("csv", rows)):
        assert not any(cell.startswith(STARTS_A_FORMULA) for cell in row)


@example([["\x00=1", "\x00"], ["\r\n=1", "'\r"]])
@given(st.lists(st.lists(TEXT.filter(bool), min_size=2, max_size=2), min_size=1, max_size=3))
def test_an_xlsx_is_read_back_but_for_what_xml_cannot_hold(rows: list[list[str]]) -> None:
    read = read_xlsx(made("xlsx", rows))
    assert [[unguarded(cell) for cell in row] for row in read] == [
        [shown(cell) for cell in row] for row in rows
    ]


def shown(text: str) -> str:
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", re.sub("\r\n?", "\n", text))


@given(ROWS)
@example([["=1+1", "#N/A"], ["=cmd|' /C calc'!A0", "+1"]])
def test_every_cell_of_an_xlsx_is_text(rows: list[list[str]]) -> None:
    sheet = load_workbook(io.BytesIO(made("xlsx", rows))).active
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.value is None or cell.data_type == "s"
            assert not str(cell.value or "").startswith(STARTS_A_FORMULA)


def test_every_cell_of_a_csv_is_in_quotes_behind_the_mark_that_excel_wants() -> None:
    assert made("csv", [["a", 'b"c'], ["", "Zoë"]]) == b'\xef\xbb\xbf"a","b""c"\r\n"","Zo\xc3\xab"\r\n'


def test_the_first_row_of_a_sheet_stays_in_sight_and_its_name_is_one_that_spreadsheets_take() -> None:
    content = made("xlsx", [["a"], ["b"]], title="People: a/b [old] and so on and on and on")
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.freeze_panes == "A2"
    assert sheet.title == "People  a b  old  and so on and"


@pytest.mark.parametrize("kind", FORMATS)
def test_rows_are_written_as_they_come(kind: str) -> None:
    """Neither kind asks for a second row before it has taken the first."""
    asked: list[int] = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield [str(number)]

    file = io.BytesIO()
    FORMATS[kind].write(file, rows(), "Numbers")
    assert asked == [0, 1, 2]


def test_an_xlsx_holds_its_rows_and_no_table_of_shared_words() -> None:
    """A shared table would have to be kept whole until the end."""
    with zipfile.ZipFile(io.BytesIO(made("xlsx", [["a"], ["b"]]))) as parts:
        assert b"inlineStr" in parts.read("xl/worksheets/sheet1.xml")
