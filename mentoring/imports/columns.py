"""Which column of a file is which: as it was chosen last for the same headings, or guessed by what they are called."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from mentoring.models import Import, Program

from .fields import Field, all_fields, fields_of

# {number of the column: code of the field}; a column that is left out is not there.
Columns = dict[int, str]


def plain(heading: str) -> str:
    """Letters and figures only, without case: “E-Mail:” is “email”."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading).casefold())


def print_of(headings: Sequence[str]) -> str:
    """A hash of the headings: what is kept of them once the file is gone."""
    return hashlib.sha256(json.dumps([plain(heading) for heading in headings]).encode()).hexdigest()


def proposed(source: Import) -> Columns:
    """What is proposed for this file."""
    fields = all_fields(source.program, source.kind)
    return _chosen_last(source, fields) or guessed(fields, source.headings, source.samples)


def _chosen_last(source: Import, fields: Mapping[str, Field]) -> Columns:
    alike = Import.objects.filter(
        program=source.program, kind=source.kind, headings_print=source.headings_print
    )
    last = alike.exclude(pk=source.pk).exclude(columns={}).order_by("-pk").first()
    columns = {int(number): code for number, code in last.columns.items()} if last else {}
    # A question may have gone meanwhile.
    return {number: code for number, code in columns.items() if code in fields}


def guessed(
    fields: Mapping[str, Field], headings: Sequence[str], samples: Sequence[Sequence[str]] = ()
) -> Columns:
    """By the headings; each field once, and for the address by what stands below them if need be."""
    known = {
        plain(str(name)): field.code
        for field in reversed(list(fields.values()))
        for name in (*field.also, field.label)
    }
    columns: Columns = {}
    for number, heading in enumerate(headings):
        code = known.get(plain(heading))
        if code and code not in columns.values():
            columns[number] = code
    if "email" in fields and "email" not in columns.values():
        for number in range(len(headings)):
            cells = [row[number] for row in samples if number < len(row)]
            if (
                number not in columns
                and cells
                and all(re.fullmatch(r"\S+@\S+", cell.strip()) for cell in cells)
            ):
                columns[number] = "email"
                break
    return columns


def wanting(program: Program, kind: str, columns: Columns) -> list[Field]:
    """Fields that a file has to have, and no column is."""
    return [field for field in fields_of(kind) if field.is_required and field.code not in columns.values()]


def code_of(source: Import) -> Columns:
    """As they were chosen."""
    return {int(number): code for number, code in source.columns.items()}
