"""Errors, told to a Sentry or what speaks its protocol, where SENTRY_DSN names one; else nothing of it is loaded.

Nothing collects: no request, no body, no cookie, no header, no local variable, no breadcrumb, no user. An event is made
here, from a line of the log, of what is on the list below; and what is not on it is left out once more before it goes.
"""

import logging
import traceback
from functools import cache
from pathlib import Path
from typing import Any, cast

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration

from accounts import defects

from . import at_hand
from .logs import error_of, message_of

ROOT = Path(__file__).resolve().parent.parent.parent
TAGS = ("request_id", "view", "method", "task", "task_id")
ALLOWED: dict[str, Any] = {
    "event_id": str,
    "timestamp": str,
    "platform": str,
    "level": str,
    "logger": str,
    "message": str,
    "transaction": str,
    "release": str,
    "environment": str,
    "tags": dict.fromkeys(TAGS, str),
    "sdk": {"name": str, "version": str},
    "exception": {
        "values": [
            {
                "type": str,
                "module": str,
                "value": str,
                "stacktrace": {
                    "frames": [
                        {"filename": str, "function": str, "lineno": int, "context_line": str, "in_app": bool}
                    ]
                },
            }
        ]
    },
}
LONGEST_MESSAGE = 2000
# Their own troubles would ring for ever.
NOT_THEIRS = ("sentry_sdk", "urllib3")


class Reports(logging.Handler):
    """Sends what is logged as an error. It waits for nobody: another thread sends, and what cannot go is dropped."""

    def __init__(self, dsn: str) -> None:
        super().__init__(logging.ERROR)
        sentry_sdk.init(
            dsn=dsn,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[AtexitIntegration(callback=lambda *_: None)],
            send_default_pii=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_breadcrumb=lambda *_: None,
            before_send=lambda event, _hint: allowed(event),
            traces_sample_rate=None,
            auto_session_tracking=False,
            send_client_reports=False,
            spotlight=False,
            environment="production",
            release="",
            server_name="",
            shutdown_timeout=2,
        )

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(NOT_THEIRS):
            return
        try:
            sentry_sdk.capture_event(cast(Any, event_of(record)))
        except Exception:  # It is what tells of errors, and must not be one.
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Nothing, where others print the record with all that it was given."""


def event_of(record: logging.LogRecord) -> dict[str, Any]:
    """What is told of a line of the log."""
    work = at_hand.current() or at_hand.Work()
    event: dict[str, Any] = {
        "level": "fatal" if record.levelno >= logging.CRITICAL else "error",
        "logger": record.name,
        "message": _message(record, work)[:LONGEST_MESSAGE],
        "transaction": work.view or work.task,
        "release": _release(),
        "tags": {name: value for name in TAGS if (value := getattr(work, _FIELDS.get(name, name)))},
    }
    if error := error_of(record):
        # The last one in the list is the one that was met.
        event["exception"] = {"values": [_exception(each) for each in reversed(list(defects.chain(error)))]}
    return event


_FIELDS = {"request_id": "number"}


def _message(record: logging.LogRecord, work: at_hand.Work) -> str:
    """Django says which address broke: here it is the name of the view, which has no number of anybody's row. What it
    refused as suspicious it quotes, and that is left out likewise."""
    if record.name.startswith(("django.request", "django.security")):
        return f"{getattr(record, 'status_code', '')} {work.method} {work.view}".strip()
    return message_of(record)


def _exception(error: BaseException) -> dict[str, Any]:
    frames = [
        {
            "filename": _from_here(frame.filename),
            "function": frame.name,
            "lineno": frame.lineno,
            "context_line": frame.line or "",
            "in_app": _is_ours(frame.filename),
        }
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return {
        "type": type(error).__name__,
        "module": type(error).__module__,
        "value": ", ".join(defects.codes_of(error)),
        "stacktrace": {"frames": frames},
    }


def _is_ours(filename: str) -> bool:
    return Path(filename).is_relative_to(ROOT) and "site-packages" not in filename


def _from_here(filename: str) -> str:
    """Below our own folder, or that of the packages: where these lie is nobody's business."""
    if _is_ours(filename):
        return str(Path(filename).relative_to(ROOT))
    _before, packages, path = filename.rpartition("site-packages/")
    return path if packages else Path(filename).name


@cache
def _release() -> str:
    from accounts.house.version import commit_here, version_here

    return f"best-stuff@{version_here()}+{commit_here()[:12]}".rstrip("+")


def allowed(event: Any) -> Any:
    """The parts of an event that are on the list, and of these only what is of the kind named there."""
    return _only(event, ALLOWED)


def _only(value: Any, kind: Any) -> Any:
    fits = isinstance(value, kind if isinstance(kind, type) else type(kind))
    if not fits:
        return None
    if isinstance(kind, dict):
        parts = {name: _only(value[name], kind[name]) for name in kind if name in value}
        return {name: part for name, part in parts.items() if part is not None}
    if isinstance(kind, list):
        return [part for each in value if (part := _only(each, kind[0])) is not None]
    return value
