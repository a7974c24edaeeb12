"""The rows of an XLSX file, read as a stream by openpyxl, behind limits that are asked before anything is unpacked.

Nothing in it is run or fetched: formulas come out as formulas and not as values, links to other files are left alone,
and XML that declares a document type, by which parts could name others or themselves, is refused.
"""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from .reading import (
    CELL_TOO_LONG,
    DAMAGED,
    LONGEST_CELL,
    NOT_A_TABLE,
    WIDEST,
    Cell,
    Fault,
    Unreadable,
    is_blank,
    row_of,
    too_wide,
)

MOST_UNPACKED = 40 * 1024 * 1024
# Of all parts together: an element takes much more memory than the few letters it is written with.
MOST_ELEMENTS = 2_000_000
# Letters in all cells together: a text that stands in the file once may be named by each of them.
MOST_LETTERS = 20_000_000
MOST_FILES = 500
MOST_SHEETS = 50
# A sheet of Excel has no more rows.
LAST_ROW = 1_048_576
CHUNK = 256 * 1024
TOO_MUCH = _("There is too much in this file. Put the list alone on a sheet, and send that.")
# What no spreadsheet writes, in each way in which the reader of XML would understand it.
DECLARED = [
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
]
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"


def rows_of(file: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
    """Each row of the first sheet that is shown, without blank ones. Raises Unreadable, in the middle too."""
    try:
        yield from _rows(file)
    except (Unreadable, GeneratorExit):
        raise
    except Exception as error:
        # openpyxl says anything about a file that does not hold what it should: missing keys, wrong types, bad XML.
        raise Unreadable(DAMAGED) from error


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
    # Here and below, since every process would load it, and few read such a file.
    from openpyxl import load_workbook
    from openpyxl.worksheet._reader import WorkSheetParser

    _check(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(file, read_only=True, keep_links=False)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Unreadable(_("This file has no sheet that is shown."))
    sheet = sheets[0]
    # Row by row, below openpyxl's own sheet, which would skip rows that are not in their order.
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        last = letters = 0
        for element in _elements(source):
            number, found = parser.parse_row(element)
            if not last < number <= LAST_ROW:
                raise Unreadable(DAMAGED)
            last = number
            cells = _cells(found, number)
            letters += sum(len(cell.text) for cell in cells)
            if letters > MOST_LETTERS:
                raise Unreadable(TOO_MUCH)
            if not is_blank(cells):
                yield number, cells


def _elements(source: Any) -> Iterator[Any]:
    """Each row of a sheet, which is gone when the next is asked for: openpyxl would keep an empty element of each."""
    from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG
    from openpyxl.xml.functions import iterparse

    rows, is_in_row = None, False
    for event, element in iterparse(source, events=("start", "end")):
        if event == "start":
            rows = element if element.tag == DATA_TAG else rows
            is_in_row = is_in_row or element.tag == ROW_TAG
        elif element.tag == ROW_TAG:
            is_in_row = False
            yield element
            (element if rows is None else rows).clear()
        elif not is_in_row:
            element.clear()


def _cells(found: list[dict[str, Any]], number: int) -> list[Cell]:
    filled = {cell["column"]: cell for cell in found if cell["value"] is not None}
    if filled and max(filled) > WIDEST:
        raise too_wide()
    cells = [Cell("")] * max(filled, default=0)
    for column, cell in filled.items():
        cells[column - 1] = _cell(cell)
        if len(cells[column - 1].text) > LONGEST_CELL:
            raise Unreadable(CELL_TOO_LONG % {"row": number})
    return cells


def _cell(cell: dict[str, Any]) -> Cell:
    value = cell["value"]
    if cell["data_type"] == "f":
        return Cell(value if isinstance(value, str) else "=", Fault.FORMULA)
    if isinstance(value, bool):
        return Cell(str(_("yes")) if value else str(_("no")))
    if isinstance(value, datetime):
        return Cell(value.date().isoformat() if value.time() == time() else value.isoformat(" "))
    if isinstance(value, date | time):
        return Cell(value.isoformat())
    if isinstance(value, float) and value.is_integer():
        return Cell(f"{value:.0f}")
    return row_of([str(value)])[0]


def _check(file: BinaryIO) -> None:
    """Raises Unreadable for what would be too large once it is unpacked, or could lead elsewhere."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if "[Content_Types].xml" not in archive.namelist():
            raise Unreadable(NOT_A_TABLE)
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unreadable(_("This file is locked by a password. Save it without one, and send that."))
        # What an entry says of its own size is what zipfile reads of it at most.
        is_too_large = sum(entry.file_size for entry in entries) > MOST_UNPACKED or len(entries) > MOST_FILES
        if is_too_large or sum("worksheets/" in entry.filename for entry in entries) > MOST_SHEETS:
            raise Unreadable(TOO_MUCH)
        # All of them, pictures too: any part may be named as a sheet, whatever it is called.
        if sum(_elements_in(archive, entry) for entry in entries) > MOST_ELEMENTS:
            raise Unreadable(TOO_MUCH)


def _elements_in(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """How many elements there are at most. Raises Unreadable for what would declare a document type."""
    number, before, is_first = 0, b"", True
    with archive.open(entry) as content:
        while chunk := content.read(CHUNK):
            if is_first and _is_wide_xml(chunk):
                raise Unreadable(DAMAGED)
            if any(word in before + chunk for word in DECLARED):
                raise Unreadable(DAMAGED)
            number += chunk.count(b"<") - chunk.count(b"</")
            before, is_first = chunk[-32:], False
    return number


def _is_wide_xml(beginning: bytes) -> bool:
    """In UTF-16 or UTF-32, as no spreadsheet writes it; what a printer left in a file begins otherwise."""
    letters = beginning.replace(b"\0", b"").lstrip(BEFORE_XML)
    return b"\0" in beginning[:4] and letters.startswith(b"<")
