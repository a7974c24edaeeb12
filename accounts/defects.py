"""What may be said in a log about a defect: where it was and of which type. Its own words may hold a person's: a form's
refusal repeats what was sent, a database's names the row ("Key (email)=(...)"), a decoder shows the bytes."""

import errno
import smtplib
import traceback
from collections.abc import Iterator
from typing import Any

# A chain of errors that is longer goes round in a circle.
LONGEST_CHAIN = 10


def told(error: BaseException) -> str:
    """Its type and its place, line by line of the code, and those of what brought it about. Nothing of what it says."""
    return "caused by ".join(
        f"{named(each)}\n{''.join(traceback.format_tb(each.__traceback__))}" for each in chain(error)
    )


def named(error: BaseException) -> str:
    """Its type, with what a machine said of it in a word of its own: a code, the name of a constraint."""
    codes = ", ".join(codes_of(error))
    return f"{type(error).__name__} ({codes})" if codes else type(error).__name__


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on."""
    each: BaseException | None = error
    known: set[int] = set()
    while each is not None and id(each) not in known and len(known) < LONGEST_CHAIN:
        known.add(id(each))
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def codes_of(error: BaseException) -> list[str]:
    """SQLSTATE and what PostgreSQL names (a constraint, a column, a table); the name of an errno; an SMTP code."""
    if isinstance(error, OSError) and (name := errno.errorcode.get(error.errno or 0)):
        return [name]
    if isinstance(error, smtplib.SMTPResponseException):
        return [str(error.smtp_code)]
    state, diagnosis = getattr(error, "pgcode", None), getattr(error, "diag", None)
    if not state or diagnosis is None:
        return []
    return [str(state), *_names(diagnosis)]


def _names(diagnosis: Any) -> Iterator[str]:
    for name in ("table_name", "column_name", "constraint_name"):
        if found := getattr(diagnosis, name, None):
            yield str(found)
