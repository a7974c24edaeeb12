"""Files as people have them: encodings, separators, workbooks, and what cannot be read is said in a sentence."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from mentoring.imports import reading
from mentoring.imports.reading import Fault, Line, Shape, Unreadable, counted, shape_of, table

from .conftest import csv_of, xlsx_of

GERMAN = (["Name", "E-Mail", "Führungskraft"], ["Jürgen Groß", "j@new.example", "Größe; 20 €"])
POLISH = (["Imię", "E-mail"], ["Łukasz Zieliński", "l@new.example"], ["Żaneta Wójcik", "z@new.example"])
FRENCH = (["Prénom", "E-mail"], ["Élodie Lefèvre", "e@new.example"], ["François Côté", "f@new.example"])
RUSSIAN = (["Имя", "E-mail"], ["Иван Петров", "i@new.example"])


def read(file: io.BytesIO) -> tuple[list[str], list[Line]]:
    found = table(file, shape_of(file))
    return found.headings, list(found.lines)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("rows", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "cp1252"),
        (GERMAN, "mac_roman"),
        (FRENCH, "cp1252"),
        (FRENCH, "mac_roman"),
        (FRENCH, "cp850"),
        (POLISH, "cp1250"),
        (POLISH, "utf-8"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "utf-16-le"),
    ],
)
def test_encoding_and_separator_are_guessed(
    rows: tuple[list[str], ...], encoding: str, separator: str
) -> None:
    headings, lines = read(csv_of(*rows, encoding=encoding, separator=separator))
    assert [headings, *[line.cells for line in lines]] == [list(row) for row in rows]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do_and_a_cell_may_have_several_lines(end: str) -> None:
    text = end.join(["Name,E-mail", '"A', 'B",a@new.example', "", ",", "C,c@new.example"])
    headings, lines = read(io.BytesIO(text.encode()))
    assert headings == ["Name", "E-mail"]
    assert [(line.number, line.cells[1]) for line in lines] == [(2, "a@new.example"), (5, "c@new.example")]


def test_line_ends_may_be_mixed() -> None:
    _headings, lines = read(io.BytesIO(b"Name,E-mail\r\nA,a@x.example\nB,b@x.example\rC,c@x.example"))
    assert [line.cells[0] for line in lines] == ["A", "B", "C"]


def test_the_hint_that_excel_takes_is_taken() -> None:
    headings, lines = read(io.BytesIO(b"sep=|\r\nName|E-mail\r\nA, B; C|a@new.example\r\n"))
    assert (headings, lines[0].cells, lines[0].number) == (
        ["Name", "E-mail"],
        ["A, B; C", "a@new.example"],
        2,
    )


def test_a_list_may_have_one_column() -> None:
    assert read(io.BytesIO(b"E-mail\na@new.example\n"))[1][0].cells == ["a@new.example"]


def test_short_rows_are_filled_and_long_ones_are_faults() -> None:
    _headings, lines = read(io.BytesIO(b"A,B\n1\n1,2,,\n1,2,3\n"))
    assert [(line.cells, line.faults) for line in lines] == [
        (["1", ""], {}),
        (["1", "2"], {}),
        (["1", "2"], {"": Fault.MORE}),
    ]


def test_our_guard_comes_off_exactly_and_nothing_else_does() -> None:
    cells = ["'=1+1", "'+49 30 1", "'plain", "''=x", "'", "=1+1"]
    _headings, lines = read(csv_of(list("ABCDEF"), cells))
    assert lines[0].cells == ["=1+1", "+49 30 1", "'plain", "'=x", "'", "=1+1"]
    _headings, lines = read(xlsx_of(list("ABCDE"), cells[:5]))
    assert lines[0].cells == ["=1+1", "+49 30 1", "'plain", "'=x", "'"]


def test_a_workbook_is_read_without_running_anything() -> None:
    book = Workbook()
    book.active.append(["Name", "Day", "Count", "Share", "Yes", "Formula", "When"])
    book.active.append([None])
    book.active.append(
        [
            "Jürgen",
            date(2026, 3, 1),
            3,
            2.0,
            True,
            '=HYPERLINK("http://x")',
            datetime.fromisoformat("2026-03-01 09:30"),
        ]
    )
    book.create_sheet("Other").append(["nothing"])
    file = io.BytesIO()
    book.save(file)
    headings, lines = read(file)
    assert headings[0] == "Name"
    assert [line.number for line in lines] == [3]
    assert lines[0].cells == [
        "Jürgen", "2026-03-01", "3", "2", "yes", '=HYPERLINK("http://x")', "2026-03-01 09:30:00"
    ]  # fmt: skip
    assert lines[0].faults == {"5": Fault.FORMULA}


def test_characters_that_cannot_be_kept_are_faults_of_their_cell() -> None:
    _headings, lines = read(io.BytesIO(b"A,B,C\nx\0y,b\x07,c\n"))
    assert (lines[0].cells, lines[0].faults) == (
        ["x\ufffdy", "b\ufffd", "c"],
        {"0": Fault.CHARACTERS, "1": Fault.CHARACTERS},
    )
    half = "A,B\nx\ud800,y\n".encode("utf-16-le", "surrogatepass")
    with pytest.raises(Unreadable):
        read(io.BytesIO(b"\xff\xfe" + half))


def rezipped(change: Callable[[str, bytes], bytes | None], **more: bytes) -> io.BytesIO:
    """A workbook of which each part is what `change` makes of it."""
    before, after = xlsx_of(["Name", "E-mail"], ["A", "a@new.example"], ["B", "b@new.example"]), io.BytesIO()
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
        for name, content in more.items():
            new.writestr(name, content)
    return after


def sheet(change: Callable[[bytes], bytes]) -> io.BytesIO:
    return rezipped(lambda name, content: change(content) if "sheet1.xml" in name else content)


def shared(*, without: bool = False) -> io.BytesIO:
    """As Excel itself writes it: each text once, in a table of its own."""
    strings: list[bytes] = []

    def number(found: re.Match[bytes]) -> bytes:
        strings.append(found[1])
        return b't="s"><v>%d</v>' % (len(strings) - 1)

    def change(name: str, content: bytes) -> bytes:
        if name.endswith("sheet1.xml"):
            return re.sub(rb't="inlineStr"><is>(.*?)</is>', number, content)
        part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        part += b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
        return content.replace(b"</Types>", part) if "Content_Types" in name else content

    book = rezipped(change)
    if not without:
        table = b"<si>" + b"</si><si>".join(strings) + b"</si>"
        space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        with zipfile.ZipFile(book, "a") as archive:
            archive.writestr("xl/sharedStrings.xml", b"<sst " + space + b">" + table + b"</sst>")
    return book


def test_a_workbook_as_excel_writes_it_is_read() -> None:
    headings, lines = read(shared())
    assert headings == ["Name", "E-mail"]
    assert [line.cells for line in lines] == [["A", "a@new.example"], ["B", "b@new.example"]]


def renamed(name: str, change: Callable[[bytes], bytes]) -> io.BytesIO:
    """The sheet lies under another name, and the other parts name it so."""
    parts = sheet(change)
    after = io.BytesIO()
    with zipfile.ZipFile(parts) as old, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = old.read(each).replace(b"sheet1.xml", name.encode())
            new.writestr(each.replace("sheet1.xml", name), content)
    return after


def filled(text: bytes, times: int) -> io.BytesIO:
    """A workbook in which each of many cells names the same text."""
    book = xlsx_of(["Name"], *[["A"]] * times)
    after = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(after, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            content = old.read(each)
            if each.endswith("sheet1.xml"):
                content = re.sub(rb't="inlineStr"><is><t>A</t></is>', b't="s"><v>0</v>', content)
            if "Content_Types" in each:
                part = (
                    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
                )
                part += b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
                content = content.replace(b"</Types>", part)
            if not each.endswith("sharedStrings.xml"):
                new.writestr(each, content)
        space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        new.writestr("xl/sharedStrings.xml", b"<sst " + space + b"><si><t>" + text + b"</t></si></sst>")
    return after


def bombs() -> dict[str, io.BytesIO]:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    doctype = sheet(lambda xml: xml.replace(b"<worksheet", entity + b"<worksheet", 1))
    late = sheet(lambda xml: b"<!-- " + b"x" * 600_000 + b" -->" + entity + xml)
    return {
        "an entity": doctype,
        "an entity far down": late,
        "an entity in a part of another name": renamed(
            "sheet1.XML", lambda xml: xml.replace(b"<worksheet", entity + b"<worksheet", 1)
        ),
        "an entity in what is called a picture": renamed(
            "sheet1.png", lambda xml: xml.replace(b"<worksheet", entity + b"<worksheet", 1)
        ),
        "UTF-16 behind spaces": renamed("sheet1.bin", lambda xml: ("  " + xml.decode()).encode("utf-16")),
        "a long cell": sheet(lambda xml: xml.replace(b"<t>A</t>", b"<t>" + b"x" * 131_073 + b"</t>")),
        "a long text in many cells": filled(b"x" * 131_000, 200),
        "many elements": rezipped(
            lambda name, content: (
                content.replace(b"</styleSheet>", b"<x/>" * 2_000_000 + b"</styleSheet>")
                if "styles" in name
                else content
            )
        ),
        "UTF-16": sheet(lambda xml: xml.decode().encode("utf-16")),
        "too much": rezipped(lambda name, content: content, filler=b"\0" * (41 * 1024 * 1024)),
        "many files": rezipped(lambda name, content: content, **{f"f{n}": b"" for n in range(501)}),
        "a row twice": sheet(lambda xml: xml.replace(b'<row r="3"', b'<row r="2"')),
        "a row far beyond": sheet(lambda xml: xml.replace(b'<row r="3"', b'<row r="999999999"')),
        "a column far beyond": sheet(lambda xml: xml.replace(b'r="A3"', b'r="XFD3"')),
        "no sheet": rezipped(lambda name, content: None if "sheet1" in name else content),
        "no strings": shared(without=True),
        "broken XML": sheet(lambda xml: xml[: len(xml) // 2]),
        "another zip": rezipped(lambda name, content: None if "Content_Types" in name else content),
    }


@pytest.mark.parametrize("name", ["too much", "many files", "a long text in many cells", "many elements"])
def test_a_workbook_that_would_take_too_much_memory_says_so(name: str) -> None:
    file = bombs()[name]
    with pytest.raises(Unreadable, match="too much in this file"):
        counted(file, shape_of(file))


@pytest.mark.parametrize("name", bombs())
def test_a_workbook_that_would_do_harm_or_lose_rows_is_refused(name: str) -> None:
    file = bombs()[name]
    with pytest.raises(Unreadable):
        counted(file, shape_of(file))


def test_what_a_printer_and_a_picture_left_in_a_workbook_does_not_matter() -> None:
    left = {
        "xl/printerSettings1.bin": "HP LaserJet".encode("utf-16-le"),
        "xl/media/image1.png": b"\x89PNG<\0",
    }
    file = rezipped(lambda name, content: content, **left)
    assert counted(file, shape_of(file))[2] == 2


def test_of_the_first_rows_no_more_is_kept_than_is_shown() -> None:
    file = csv_of(["A", "B"], ["x" * 100_000, "y"])
    assert counted(file, shape_of(file))[1] == [["x" * 80, "y"]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n , \n", "is empty"),
        (b"Name,E-mail\n", "no rows below"),
        (b"Name,E-mail\n,\n", "no rows below"),
        (b"a@new.example,A\nb@new.example,B\n", "seems to be a person"),
        (b"Name,E-mail\n\"A,a@new.example\nB,b@new.example\n", "row 2 on, a quotation mark"),
        (b"Name,E-mail\nA,a@new.example\n\"B\"b,b@new.example\n", "row 3 on, a quotation mark"),
        (b"A," * 101 + b"B\n1\n", "more than 100 columns"),
        (b"A,B\n" + b"1,2\n" * 10_001, "more than 10,000 rows"),
        (b"A,B\n" + b"x" * 200_000 + b",2\n", "longer than we can read"),
        (b"A,B\n1,2\n" + b"," * 600_000 + b"\n", "Row 3, or one below, is longer than we can read"),
        (b"A,B\n1,2\n" + b"," * 401 + b"\n", "more than 100 columns"),
        (b"A,B\n1,2\n" + b'"\n",' * 5000 + b"\n", "more than 100 columns"),
        (b"A" * 500 + b",B\n1,2\n", "too long for that"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Excel"),
        (b"%PDF-1.7\n1 0 obj", "not a table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table"),
        (b"PK\x05\x06" + b"\0" * 18, "not a table"),
        (bytes(range(256)) * 4, "not a table"),
        ("A,B\n1,2\n".encode("utf-32"), "not a table"),
        (b"\xff\xfeA", "damaged|not a table|is empty"),
        (b"PK\x03\x04 and nothing else", "damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_a_sentence(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        once_through(io.BytesIO(content))


def once_through(file: io.BytesIO) -> int:
    return counted(file, shape_of(file))[2]


def test_a_wrong_guess_can_be_overruled() -> None:
    file = csv_of(["Name;x", "E-mail"], ["A;b", "a@new.example"])
    found = table(file, Shape("csv", "cp1250", ";"))
    assert found.headings == ["Name", "x,E-mail"]
    assert reading.MOST_ROWS == 10_000
