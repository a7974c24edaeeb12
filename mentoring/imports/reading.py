"""From the bytes of a file to its rows, one at a time. What it is, and how its letters and columns are written, is
guessed; what cannot be read is said in a sentence.

A row that holds anything comes out exactly once, with the number that a spreadsheet gives it.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from charset_normalizer import from_bytes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.refused import Refused
from mentoring.cells import unguarded

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 100
# Some columns more than there may be headings, so that it can be said that there are too many.
WIDEST = 4 * MOST_COLUMNS
LONGEST_HEADING = 200
LONGEST_CELL = csv.field_size_limit()
LONGEST_LINE = 4 * LONGEST_CELL
# Of a cell of the first rows, for the page on which the columns are chosen.
SHOWN = 80
SEPARATORS = (",", ";", "\t", "|")
# Those that spreadsheets have written, in the order in which they are taken for it when nothing tells them apart.
EIGHT_BIT = ("cp1252", "cp1250", "cp1251", "mac_roman", "cp850")
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *EIGHT_BIT, "latin-1")
CHUNK = 64 * 1024
SAMPLE = 256 * 1024
# What no cell holds, and PostgreSQL could not keep in part: control characters, and halves of characters.
UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

NOT_A_TABLE = _("This is not a table that we can read. Save it as CSV or as XLSX, and send that.")
DAMAGED = _("This file is damaged, or not what its name says. Save it once more, and send that.")
CELL_TOO_LONG = _("A cell in row %(row)d, or below, is longer than we can read.")


class Unreadable(Refused):
    """This file cannot be read, or not to its end; the text says why."""


def too_wide() -> Unreadable:
    said = _("This file has more than %(most)d columns. Leave out those that are not needed.")
    return Unreadable(said % {"most": MOST_COLUMNS})


@dataclass(frozen=True)
class Shape:
    """How a file is to be read. `format` is csv or xlsx; the others are for CSV only."""

    format: str
    encoding: str = ""
    separator: str = ""


class Fault:
    """Why a cell has no value at all; for a whole row, under an empty name."""

    FORMULA = "formula"
    CHARACTERS = "characters"
    MORE = "more"


FAULTS: dict[str, str | Promise] = {
    Fault.FORMULA: _("This is a formula. Put the value itself there."),
    Fault.CHARACTERS: _("This holds characters that cannot be kept."),
    Fault.MORE: _("This row has more cells than there are headings."),
}


class Cell(NamedTuple):
    text: str
    fault: str = ""


@dataclass
class Line:
    """A row of the file; `cells` are as many as there are headings, `faults` by the number of the column."""

    number: int
    cells: list[str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass
class Table:
    """`lines` can be read once."""

    headings: list[str]
    lines: Iterator[Line]


def shape_of(file: BinaryIO) -> Shape:
    """What this file is. Raises Unreadable for what is no table at all."""
    file.seek(0)
    beginning = file.read(8)
    if not beginning:
        raise Unreadable(_("This file is empty."))
    if beginning.startswith(b"PK\x03\x04"):
        return Shape("xlsx")
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("This is an old Excel file. Save it as XLSX or CSV, and send that."))
    if beginning.startswith((b"%PDF", b"PK", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf")):
        raise Unreadable(NOT_A_TABLE)
    encoding = encoding_of(file)
    return Shape("csv", encoding, separator_of(_beginning(file, encoding)))


def table(file: BinaryIO, shape: Shape) -> Table:
    """The headings, and the rows as they are asked for. Raises Unreadable, in the middle of the rows too."""
    file.seek(0)
    if shape.format == "xlsx":
        from .workbooks import rows_of

        rows = rows_of(file)
    else:
        rows = _rows_of_text(file, shape)
    for _number, cells in rows:
        headings = _headings([cell.text for cell in cells])
        return Table(headings, _lines(rows, len(headings)))
    raise Unreadable(_("This file is empty."))


def counted(file: BinaryIO, shape: Shape) -> tuple[Table, list[list[str]], int]:
    """Once through the whole file: its headings, how its first three rows begin, and how many there are.

    Raises Unreadable when there are none, or more than we take at one time.
    """
    found = table(file, shape)
    samples: list[list[str]] = []
    number = 0
    for line in found.lines:
        number += 1
        if number > MOST_ROWS:
            said = _("This file has more than %(most)s rows. Send it in parts.")
            raise Unreadable(said % {"most": f"{MOST_ROWS:,}"})
        if len(samples) < 3:
            samples.append([text[:SHOWN] for text in line.cells])
    if not number:
        raise Unreadable(_("There are headings in this file, and no rows below them."))
    return found, samples, number


def _headings(cells: list[str]) -> list[str]:
    headings = [" ".join(text.split()) for text in cells]
    while headings and not headings[-1]:
        headings.pop()
    if any(UNKEEPABLE.search(text) for text in headings) or any("\ufffd" in text for text in headings):
        raise Unreadable(NOT_A_TABLE)
    if len(headings) > MOST_COLUMNS:
        raise too_wide()
    if any(len(text) > LONGEST_HEADING for text in headings):
        raise Unreadable(_("The first row has to hold the headings, and they are too long for that here."))
    if any(re.fullmatch(r"\S+@\S+\.\S+", text) for text in headings):
        raise Unreadable(_("The first row has to hold the headings. Here it seems to be a person already."))
    return headings


def _lines(rows: Iterator[tuple[int, list[Cell]]], width: int) -> Iterator[Line]:
    for number, cells in rows:
        line = Line(number, [])
        for column, (text, fault) in enumerate(cells[:width]):
            clean = UNKEEPABLE.sub("\ufffd", text)
            line.cells.append(clean)
            if fault or clean != text:
                line.faults[str(column)] = fault or Fault.CHARACTERS
        line.cells += [""] * (width - len(line.cells))
        beyond = [cell.text for cell in cells[width:] if cell.text.strip()]
        if beyond:
            line.faults[""] = Fault.MORE
        yield line


def row_of(texts: Iterable[str]) -> list[Cell]:
    """Cells as they were before we guarded them against being run as formulas."""
    return [Cell(unguarded(text)) for text in texts]


def is_blank(cells: Iterable[Cell]) -> bool:
    return not any(cell.text.strip() or cell.fault for cell in cells)


# --- Text ----------------------------------------------------------------------------------------------------------


def _rows_of_text(file: BinaryIO, shape: Shape) -> Iterator[tuple[int, list[Cell]]]:
    text = _text(file, shape.encoding)
    # Strictly: a quotation mark that is never closed would make one cell of all the rows behind it.
    reader = csv.reader(_after_hint(_short(text)), delimiter=shape.separator, strict=True)
    number = 0
    try:
        for texts in reader:
            number += 1
            if len(texts) > WIDEST:
                raise too_wide()
            cells = row_of(texts)
            if not is_blank(cells):
                yield number, cells
    except UnicodeError as error:
        raise Unreadable(DAMAGED) from error
    except _TooLong as error:
        said = _("Row %(row)d, or one below, is longer than we can read.")
        raise Unreadable(said % {"row": number + 1}) from error
    except csv.Error as error:
        if "limit" in str(error):
            said = CELL_TOO_LONG
        else:
            said = _("From row %(row)d on, a quotation mark stands where it should not, or is never closed.")
        raise Unreadable(said % {"row": number + 1}) from error
    finally:
        text.detach()


def _text(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    return io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")


class _TooLong(Exception):
    """A line of which thousands of cells could be made."""


def _short(text: io.TextIOWrapper) -> Iterator[str]:
    """Its lines, without reading one to an end that may be that of the file."""
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise _TooLong
        yield line


HINT = re.compile(r"sep=(.)\s*")


def _after_hint(lines: Iterable[str]) -> Iterator[str]:
    """Without the line by which Excel is told the separator."""
    for position, line in enumerate(lines):
        if position or not HINT.fullmatch(line):
            yield line


def encoding_of(file: BinaryIO) -> str:
    """A name of ENCODINGS by which the whole file can be read."""
    file.seek(0)
    beginning = file.read(SAMPLE)
    if beginning.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable(NOT_A_TABLE)
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd, half = beginning[::2].count(0), beginning[1::2].count(0), max(len(beginning) // 2, 1)
    if odd / half > 0.3 and even / half < 0.1:
        return "utf-16-le"
    if even / half > 0.3 and odd / half < 0.1:
        return "utf-16-be"
    if _decodes(file, "utf-8-sig"):
        return "utf-8-sig"
    likely = _likely(beginning)
    fitting = [likely, *(each for each in EIGHT_BIT if each != likely)]
    # Latin-1 reads everything.
    return next((each for each in fitting if _decodes(file, each)), "latin-1")


def _likely(beginning: bytes) -> str:
    """Told by the lines in which there is anything to tell by: which reading of them looks most like names."""
    telling = b"\n".join(line for line in beginning.splitlines() if not line.isascii())[: 16 * 1024]
    readings = {each: telling.decode(each, "replace") for each in EIGHT_BIT}
    looks = {each: _looks(text) for each, text in readings.items()}
    best = [each for each in EIGHT_BIT if looks[each] == max(looks.values())]
    if len({readings[each] for each in best}) > 1:
        guess = from_bytes(telling, cp_isolation=best, threshold=0.5).best()
        if guess is not None and guess.encoding in best:
            return guess.encoding
    return best[0]


# Beyond ASCII: what names in Western Europe are written with, and what is added further east.
WESTERN = frozenset("äöüßéèêëàáâãåæçíîïìñóòôõøúùûœ")
EASTERN = frozenset("ąćęłńśźżčďěňřšťůžýőűășşțţđľĺŕ")


def _looks(text: str) -> int:
    """More for letters that are common, each where it may stand; less for signs and for capitals within a word."""
    looks = 0
    for before, letter, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if letter.isascii():
            continue
        if "\u0400" <= letter <= "\u04ff":
            looks += 3 if "\u0400" <= before <= "\u04ff" or "\u0400" <= after <= "\u04ff" else -6
        elif letter.lower() in WESTERN:
            looks += 3
        elif letter.lower() in EASTERN:
            looks += 2
        else:
            looks -= 4
        if letter.isupper() and before.islower():
            looks -= 6
    return looks


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _beginning(file: BinaryIO, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    file.seek(0)
    return decoder.decode(file.read(CHUNK))


def separator_of(beginning: str) -> str:
    """Which of SEPARATORS makes the same number of cells, and the most, of each of the first rows."""
    lines = beginning.splitlines(keepends=True)
    if lines and (hint := HINT.fullmatch(lines[0])) and hint[1] in SEPARATORS:
        return hint[1]
    widths = {}
    for separator in SEPARATORS:
        found = []
        reader = csv.reader(iter(lines), delimiter=separator)
        try:
            for row in reader:
                if any(text.strip() for text in row):
                    found.append(len(row))
                if len(found) == 20:
                    break
        except csv.Error:
            pass
        alike = sum(width == found[0] for width in found) / len(found) if found else 0
        widths[separator] = (found[0] if found else 0, alike)
    fitting = [each for each in SEPARATORS if widths[each][0] > 1] or [SEPARATORS[0]]
    return max(fitting, key=lambda each: (round(widths[each][1], 1), widths[each][0]))
