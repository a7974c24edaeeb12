"""What an admin asks for: a file is kept, its columns chosen, its rows mended, all of it confirmed, or left.

Each verb checks its rule and moves the row by a conditional update; what it will not do it says with `Refused`.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring import rules
from mentoring.actions import Refused
from mentoring.models import Import, ImportPart, ImportRow, Program

from . import queue
from .columns import Columns, print_of, wanting
from .fields import all_fields
from .reading import MOST_BYTES, Line, Shape, Unreadable, counted, shape_of
from .running import OVER

PART = 1024 * 1024
State = Import.State
MOVED = _("Somebody has gone on with this import meanwhile. Look once more.")


@transaction.atomic
def take_file(program: Program, kind: str, file: BinaryIO, name: str, *, by: User, now: datetime) -> Import:
    """Keep a file whose columns are to be chosen next. Raises Unreadable for one that cannot be read to its end."""
    _check(program, by, now)
    size = file.seek(0, 2)
    if size > MOST_BYTES:
        said = _("This file is larger than %(most)d megabytes. Send it in parts.")
        raise Unreadable(said % {"most": MOST_BYTES // PART})
    shape = shape_of(file)
    table, samples, number = counted(file, shape)
    source: Import = Import.objects.create(
        program=program,
        kind=kind,
        created_by=by,
        acting=by,
        created_at=now,
        file_name="".join(letter for letter in name if letter.isprintable())[-200:],
        format=shape.format,
        encoding=shape.encoding,
        separator=shape.separator,
        fingerprint="",
        headings=table.headings,
        headings_print=print_of(table.headings),
        samples=samples,
        rows_total=number,
    )
    _keep(source, file)
    return source


def _keep(source: Import, file: BinaryIO) -> None:
    fingerprint = hashlib.sha256()
    file.seek(0)
    for number, content in enumerate(iter(lambda: file.read(PART), b"")):
        fingerprint.update(content)
        ImportPart.objects.create(source=source, number=number, content=content)
    source.fingerprint = fingerprint.hexdigest()
    Import.objects.filter(pk=source.pk).update(fingerprint=source.fingerprint)


@transaction.atomic
def read_again(source: Import, *, encoding: str, separator: str, by: User, now: datetime) -> None:
    """With another encoding or separator than was guessed. Raises Unreadable when it cannot be read so."""
    _check(source.program, by, now)
    if source.format != "csv" or source.state != State.COLUMNS or not source.parts.exists():
        raise Refused(MOVED)
    with queue.file_of(source) as file:
        table, samples, number = counted(file, Shape("csv", encoding, separator))
    Import.objects.filter(pk=source.pk, state=State.COLUMNS).update(
        encoding=encoding,
        separator=separator,
        headings=table.headings,
        headings_print=print_of(table.headings),
        samples=samples,
        rows_total=number,
    )


@transaction.atomic
def choose_columns(
    source: Import, columns: Columns, *, how: str, days: int, ask_first: bool, by: User, now: datetime
) -> None:
    """Have the rows looked through, with these columns. Raises Refused when one is there twice or one is missing."""
    _check(source.program, by, now)
    fields = all_fields(source.program, source.kind)
    chosen = list(columns.values())
    for code in chosen:
        if code not in fields or chosen.count(code) > 1:
            raise Refused(_("Each field can be one column only."))
    if missing := wanting(source.program, source.kind, columns):
        said = _("Say which column is: %(fields)s.")
        raise Refused(said % {"fields": ", ".join(str(field.label) for field in missing)})
    options = {
        "columns": {str(number): code for number, code in columns.items()},
        "how": how,
        "days": days,
        "ask_first": ask_first,
    }
    # Whoever confirms has seen the same rows, with the same columns, on their way to the same end.
    fingerprint = hashlib.sha256(f"{source.fingerprint} {options}".encode()).hexdigest()
    _begin(
        source,
        (State.COLUMNS, State.CHECKED),
        State.CHECKING,
        by=by,
        fingerprint=fingerprint,
        **options,
    )


@transaction.atomic
def confirm(source: Import, fingerprint: str, *, by: User, now: datetime) -> None:
    """Import what was shown: all of it, or nothing. Raises Refused when something else was shown, or is wrong in it.

    Of two who confirm at once, one does.
    """
    _check(source.program, by, now)
    if source.bad:
        raise Refused(_("Nothing is imported as long as something is wrong with a row."))
    if fingerprint != source.fingerprint:
        raise Refused(MOVED)
    _begin(source, (State.CHECKED,), State.IMPORTING, by=by, fingerprint=fingerprint)


@transaction.atomic
def mend(source: Import, lines: Iterable[tuple[int, Line | None]], *, by: User, now: datetime) -> int:
    """Put these rows in the place of those with the same numbers, and look through all of them again: how many.

    None takes a row out. Raises Refused when one of them is not a row with something wrong.
    """
    _check(source.program, by, now)
    held = Import.objects.select_for_update().get(pk=source.pk)
    if held.state != State.CHECKED:
        raise Refused(MOVED)
    mended = dict(lines)
    if not mended:
        raise Refused(_("There is no row in this file."))
    rows = {row.number: row for row in held.rows.bad().filter(number__in=mended)}
    print_ = hashlib.sha256(held.fingerprint.encode())
    for number, line in mended.items():
        if number not in rows:
            said = _("Row %(number)d is not one of those with something wrong.")
            raise Refused(said % {"number": number})
        if line is not None:
            rows[number].faults = _faults(rows[number], line)
            rows[number].cells = line.cells
        print_.update(repr((number, line and line.cells)).encode("utf-8", "surrogatepass"))
    gone = [number for number, line in mended.items() if line is None]
    held.rows.filter(number__in=gone).delete()
    kept = [row for number, row in rows.items() if number not in gone]
    ImportRow.objects.bulk_update(kept, ["cells", "faults"], batch_size=500)
    left = held.rows.count()
    if not left:
        raise Refused(_("That would leave no row at all."))
    _begin(held, (State.CHECKED,), State.CHECKING, by=by, fingerprint=print_.hexdigest(), rows_total=left)
    return len(mended)


def _faults(row: ImportRow, line: Line) -> dict[str, str]:
    """A formula comes back as the text that we wrote for it, and is one until somebody has changed it."""
    unchanged = {
        column: fault
        for column, fault in row.faults.items()
        if column and row.cells[int(column)].split() == line.cells[int(column)].split()
    }
    return unchanged | line.faults


@transaction.atomic
def leave(source: Import, *, by: User, now: datetime) -> None:
    """Nothing of it is imported, and its rows are deleted. Raises Refused once it is, or is being, imported."""
    if not rules.may_administer(by, source.program):
        raise Refused(_("Only those who run a program import into it."))
    if not queue.close(
        Import.objects.filter(pk=source.pk, state__in=(State.COLUMNS, State.CHECKED)), State.LEFT, now
    ):
        raise Refused(MOVED)


def _check(program: Program, by: User, now: datetime) -> None:
    if not rules.may_administer(by, program):
        raise Refused(_("Only those who run a program import into it."))
    if not rules.takes_people(program, now):
        raise Refused(OVER)


def _begin(source: Import, states: tuple[str, ...], state: str, *, by: User, **fields: object) -> None:
    """A worker is called once this is committed; whoever moved the row first has moved it."""
    waiting = Import.objects.filter(pk=source.pk, state__in=states)
    if state == State.IMPORTING:
        waiting = waiting.filter(bad=0, fingerprint=fields["fingerprint"])
    moved = waiting.update(
        state=state, acting=by, rows_done=0, attempts=0, problem="", claim=None, claimed_until=None, **fields
    )
    if not moved:
        raise Refused(MOVED)
    transaction.on_commit(lambda: queue.ring(source.pk))
