"""What the tests of importing share: files as people send them, and the way from a file to the program."""

import csv
import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from accounts.models import User
from mentoring.imports import queue, requests
from mentoring.imports.columns import proposed
from mentoring.models import Import, ImportRow, Program
from tests.conftest import NOW

Rows = Sequence[Sequence[object]]


def csv_of(*rows: Sequence[object], encoding: str = "utf-8", separator: str = ",") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_of(*rows: Sequence[object]) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


class Importing:
    """From a file to a preview to a program, in as many steps as a test wants."""

    def __init__(self, program: Program, admin: User) -> None:
        self.program, self.admin = program, admin

    def sent(self, kind: str, file: io.BytesIO, name: str = "people.csv") -> Import:
        return requests.take_file(self.program, kind, file, name, by=self.admin, now=NOW)

    def checked(
        self, kind: str, *rows: Sequence[object], file: io.BytesIO | None = None, **options: object
    ) -> Import:
        source = self.sent(kind, file or csv_of(*rows))
        self.choose(source, **options)
        assert queue.work(source.pk, now=NOW)
        return self.fresh(source)

    def choose(self, source: Import, **options: object) -> None:
        chosen = {"columns": proposed(source), "how": "invite", "days": 7, "ask_first": True} | options
        requests.choose_columns(source, by=self.admin, now=NOW, **chosen)  # type: ignore[arg-type]

    def confirmed(self, source: Import) -> Import:
        requests.confirm(source, source.fingerprint, by=self.admin, now=NOW)
        queue.work(source.pk, now=NOW)
        return self.fresh(source)

    def done(self, kind: str, *rows: Sequence[object], **options: object) -> Import:
        source = self.confirmed(self.checked(kind, *rows, **options))  # type: ignore[arg-type]
        assert source.state == Import.State.DONE, source.problem
        return source

    def fresh(self, source: Import) -> Import:
        return Import.objects.select_related("program").get(pk=source.pk)


@pytest.fixture
def importing(program: Program, admin: User) -> Importing:
    return Importing(program, admin)


def figures(source: Import) -> dict[str, int]:
    found = {name: getattr(source, name) for name in ("new", "changed", "unchanged", "bad")}
    return {name: number for name, number in found.items() if number}


def said(source: Import) -> dict[int, str]:
    """What is said of each row, its errors with the heading they stand at."""
    lines = {}
    for row in source.rows.order_by("number"):
        errors = [
            f"{source.headings[int(number)] if number else 'row'}: {' '.join(texts)}"
            for number, texts in sorted(row.errors.items())
        ]
        lines[row.number] = " / ".join([*row.said, *errors])
    return lines


def outcomes(source: Import) -> list[str]:
    return list(ImportRow.objects.filter(source=source).order_by("number").values_list("outcome", flat=True))
