"""Files that go out and may come back: templates to fill in, and the rows that are not possible, to be mended.

Every cell is guarded against being run as a formula, and the guard comes off, exactly, on the way in.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, BinaryIO

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mentoring.actions import Refused
from mentoring.cells import guarded
from mentoring.models import Import, Program

from .columns import plain
from .fields import all_fields
from .reading import MOST_BYTES, Line, Unreadable, shape_of, table

FORMATS = ("csv", "xlsx")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IN_MEMORY = 1024 * 1024
# A cell of Excel holds no more.
LONGEST_CELL = 32_767
ROW = gettext_lazy("Row")
WRONG = gettext_lazy("What was wrong")


def template(program: Program, kind: str, format: str) -> IO[bytes]:
    """The headings, and one row that nobody can take for a person."""
    fields = all_fields(program, kind).values()
    # Of three ways to write a name one is enough.
    shown = [field for field in fields if field.code not in ("first_name", "last_name")]
    return written([[str(field.label) for field in shown], [str(field.example) for field in shown]], format)


def not_possible(source: Import, format: str) -> IO[bytes]:
    """The rows with something wrong, as they were sent: first the number of each, last what is wrong with it."""
    return written(_with_reasons(source), format)


def _with_reasons(source: Import) -> Iterator[Sequence[str]]:
    yield [str(ROW), *source.headings, str(WRONG)]
    for row in source.rows.bad().order_by("number").iterator(chunk_size=500):
        yield [str(row.number), *row.cells, reasons(source.headings, row.errors)]


def reasons(headings: Sequence[str], errors: dict[str, list[str]]) -> str:
    said = []
    for number, texts in sorted(errors.items()):
        where = (
            headings[int(number)] or _("Column %(number)d") % {"number": int(number) + 1} if number else ""
        )
        said.append(f"{where}: {' '.join(texts)}" if where else " ".join(texts))
    return " / ".join(said)


def written(rows: Iterable[Sequence[str]], format: str) -> IO[bytes]:
    """A file of these rows, at its beginning. It may be long: it lies on the disk, not in memory."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    if format == "csv":
        # With a mark by which Excel knows UTF-8, and with what it takes for a separator in that language.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True, errors="replace")
        separator = ";" if (get_language() or "").startswith("de") else ","
        writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
        writer.writerows([guarded(cell) for cell in row] for row in rows)
        text.detach()
    else:
        # Here and below, since every process would load it, and few write such a file.
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet(_("List"))
        for row in rows:
            sheet.append([_cell(sheet, guarded(cell)) for cell in row])
        book.save(file)
    file.seek(0)
    return file


def _cell(sheet: object, text: str) -> Any:
    """As text, whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    try:
        cell = WriteOnlyCell(sheet, text[:LONGEST_CELL])
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, "".join(letter for letter in text if letter.isprintable())[:LONGEST_CELL])
    cell.data_type = "s"
    return cell


def mended(source: Import, file: BinaryIO) -> Iterator[tuple[int, Line | None]]:
    """The rows of such a file when it comes back; None for one that was emptied. Raises Refused for any other file."""
    if file.seek(0, 2) > MOST_BYTES:
        raise Unreadable(
            _("This file is larger than %(most)d megabytes.") % {"most": MOST_BYTES // 1024 // 1024}
        )
    found = table(file, shape_of(file))
    width = len(source.headings)
    expected = [plain(heading) for heading in source.headings]
    if [plain(heading) for heading in found.headings[1 : width + 1]] != expected:
        raise Refused(_("These are not the headings of the file with the rows to mend."))
    numbers: set[int] = set()
    for line in found.lines:
        first = line.cells[0].strip()
        if not (first.isascii() and first.isdigit() and len(first) < 9):
            said = _("In row %(row)d of this file, the first cell has to be the number that was there.")
            raise Refused(said % {"row": line.number})
        number = int(first)
        if number in numbers:
            raise Refused(_("Row %(number)d is there twice.") % {"number": number})
        numbers.add(number)
        cells = line.cells[1 : width + 1]
        faults = {
            str(int(column) - 1): fault
            for column, fault in line.faults.items()
            if column and 1 <= int(column) <= width
        }
        yield number, Line(number, cells, faults) if any(cell.strip() for cell in cells) or faults else None
