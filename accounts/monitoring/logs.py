"""How a line of the log is written. Of an error it says its type and its place, and never what the error says."""

import copy
import logging
import sys
import threading
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from accounts import defects
from accounts.discretion import without_words_of

from . import at_hand

log = logging.getLogger(__name__)


def error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def message_of(record: logging.LogRecord) -> str:
    return without_words_of(error_of(record), record.getMessage())


class Plain(logging.Formatter):
    """A line as people read it, times in UTC, with the number of the request at its end.

    `in_full` is for development: there what an error says is shown to whoever made it.
    """

    converter = time.gmtime  # type: ignore[assignment]  # as the docs of `logging` say

    def __init__(self, *args: Any, in_full: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.in_full = in_full

    def format(self, record: logging.LogRecord) -> str:
        if self.in_full:
            return super().format(record)
        error, record = error_of(record), copy.copy(record)
        record.msg, record.args = message_of(record), None
        record.exc_info, record.exc_text = None, defects.told(error).rstrip() if error else None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        number = at_hand.reference()
        return f"{super().formatMessage(record)} [{number}]" if number else super().formatMessage(record)


class Json(JsonFormatter):
    """One object a line. Its names are these and no others, whatever a library attaches to a record."""

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        error, work = error_of(record), at_hand.current()
        at = datetime.fromtimestamp(record.created, UTC)
        log_data["time"] = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        log_data["message"] = message_of(record)
        if work is not None:
            about = {"request_id": work.number, "view": work.view, "task": work.task, "task_id": work.task_id}
            log_data.update({name: value for name, value in about.items() if value})
        if error is not None:
            log_data["error"] = defects.named(error)
            log_data["traceback"] = defects.told(error)
        # What gunicorn.conf.py says of a request.
        log_data.update(getattr(record, "of_request", {}))


def tell_of_what_ends_us() -> None:
    """What ends a command or a thread is logged like any other error, and not printed with all that it says. A person
    at a terminal sees what it says as well: they are who it was for."""

    def ended(kind: type[BaseException], error: BaseException, place: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, place)
            return
        log.critical("ended by an error", exc_info=(kind, error, place))
        if sys.stderr is not None and sys.stderr.isatty():
            sys.__excepthook__(kind, error, place)

    def thread_ended(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None and issubclass(what.exc_type, Exception):
            error = (what.exc_type, what.exc_value, what.exc_traceback)
            log.error("a thread ended by an error", exc_info=error)

    sys.excepthook = ended
    threading.excepthook = thread_ended
