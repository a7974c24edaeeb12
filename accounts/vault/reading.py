"""Sealed words for pages and searches."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BinaryField, Func, QuerySet

from .data_keys import key_for_reading
from .errors import Unreadable
from .fields import Sealed, SealedText

ROWS = 2000


def words(row: Sealed, name: str) -> str:
    """The words, or the sentence that they cannot be read any more: for a page, never for a form's field, since what
    that shows is saved again."""
    try:
        return str(getattr(row, name))
    except Unreadable as closed:
        return str(closed)


def each(rows: QuerySet[Any], name: str) -> Iterator[tuple[Any, str | None]]:
    """The primary key of each row and its words, for looking through all that somebody wrote: None where they cannot be
    read. Makes no rows and remembers nothing."""
    model = rows.model
    field = model._meta.get_field(name)
    if not isinstance(field, SealedText):
        raise TypeError(f"{field} is not sealed")
    table, column = model._meta.db_table, field.column
    # As bytes: a UUID for each row costs more than opening it does.
    seal_id = Func("seal_id", function="uuid_send", output_field=BinaryField())
    columns = rows.values_list("pk", seal_id, model.sealed_by, name)
    opener, known = None, None
    for pk, row, person, sealed in columns.iterator(chunk_size=ROWS):
        if not sealed:
            yield pk, ""
            continue
        try:
            if opener is None or known != (person, sealed.number):
                opener = key_for_reading(person, sealed.number).opener(person, table, column)
                known = person, sealed.number
            yield pk, opener(sealed, bytes(row))
        except Unreadable:
            yield pk, None
