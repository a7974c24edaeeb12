"""Files of rows for a spreadsheet. Every cell is text, and none of it runs as a formula.

Rows are written as they come: what a file takes of memory does not grow with it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .cells import guarded

Rows = Iterable[Sequence[str]]

# What XML 1.0 cannot hold, section 2.2, and what spreadsheets do not allow in the name of a sheet.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\]")
LONGEST_TITLE = 31
LINE_BREAK = re.compile(r"\r\n?")


def write_csv(file: BinaryIO, rows: Rows, title: str) -> None:
    """UTF-8 with the mark at its beginning without which Excel takes it for something else; every cell in quotes."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    text.detach()


def write_xlsx(file: BinaryIO, rows: Rows, title: str) -> None:
    """One sheet whose first row stays in sight. What XML cannot hold is replaced by the sign for that; a line break is
    one character."""
    # Here, since every process would load it, and few write such a file.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(NOT_IN_A_TITLE.sub(" ", title)[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"

    def cell_of(text: str) -> Any:
        text = NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", LINE_BREAK.sub("\n", text))
        cell = WriteOnlyCell(sheet, guarded(text))
        cell.data_type = "s"  # Otherwise "#N/A" would be an error and "=" a formula.
        return cell

    for row in rows:
        sheet.append([cell_of(cell) for cell in row])
    book.save(file)


@dataclass(frozen=True)
class Format:
    """`suffix` is also its name; `most_rows`, the header among them, is None where there may be any number."""

    suffix: str
    label: str | Promise
    content_type: str
    write: Callable[[BinaryIO, Rows, str], None]
    most_rows: int | None = None


FORMATS = {
    one.suffix: one
    for one in (
        Format(
            "xlsx",
            _("XLSX, for a spreadsheet"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            write_xlsx,
            2**20,
        ),
        Format("csv", _("CSV, for everything else"), "text/csv; charset=utf-8", write_csv),
    )
}
