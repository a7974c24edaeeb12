"""Lines of the log: what they say of an error, and whose words are never in them."""

import json
import logging
import smtplib
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from accounts import defects
from accounts.discretion import Discreet
from accounts.models import User
from accounts.monitoring import at_hand
from accounts.monitoring.logs import Json, Plain

WORDS = "dotterel-what-she-wrote"
PLAIN = Plain("{levelname} {name}: {message}", style="{")


def caught(act: Callable[[], object]) -> BaseException:
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def written(
    error: BaseException | None,
    message: str = "it broke",
    *args: object,
    name: str = "accounts.x",
    **extra: object,
) -> tuple[str, dict[str, object]]:
    """The line as it is logged, plain and as JSON."""
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, args, info)
    record.__dict__ |= extra
    Discreet().filter(record)
    return PLAIN.format(record), json.loads(Json().format(record))


def chained() -> None:
    held = WORDS  # In a local variable, too.
    try:
        raise ValidationError({"text": [held]})
    except ValidationError as error:
        raise KeyError(held) from error


def decoded() -> None:
    f"{WORDS}\xff".encode("latin-1").decode()


def deep() -> None:
    error = OSError(13, WORDS, WORDS)
    error.add_note(WORDS)
    raise error


@pytest.mark.parametrize("act", [chained, decoded, deep, lambda: int(WORDS), lambda: {}[WORDS]])
def test_what_an_error_says_is_in_no_line(act: Callable[[], object]) -> None:
    error = caught(act)
    plain, line = written(error, "it broke on %s, %r", error, str(error), request=WORDS, data={"x": WORDS})
    assert WORDS not in plain
    assert WORDS not in json.dumps(line)
    assert type(error).__name__ in plain
    assert type(error).__name__ in str(line["error"])
    assert 'test_logs.py", line' in plain
    assert 'test_logs.py", line' in str(line["traceback"])


def test_an_error_is_told_with_what_brought_it_about() -> None:
    told = defects.told(caught(chained))
    assert told.startswith("KeyError\n")
    assert "\ncaused by ValidationError\n" in told
    assert "in chained" in told


def test_an_error_that_is_its_own_cause_is_told_once() -> None:
    error = caught(chained)
    assert error.__cause__ is not None
    error.__cause__.__cause__ = error
    assert defects.told(error).count("caused by") == 1


def test_codes_of_machines_are_told() -> None:
    assert defects.named(PermissionError(13, WORDS)) == "PermissionError (EACCES)"
    assert defects.named(smtplib.SMTPDataError(550, WORDS.encode())) == "SMTPDataError (550)"


@pytest.mark.django_db
def test_the_database_says_which_rule_and_not_which_row(outsider: User) -> None:
    def twice() -> None:
        User.objects.create(email=outsider.email, name=WORDS)

    error = caught(twice)
    assert isinstance(error, IntegrityError)
    assert outsider.email in str(error)
    connection.needs_rollback = False
    plain, line = written(error, "it broke: %s", error)
    assert "UniqueViolation (23505, accounts_user" in plain
    assert outsider.email not in plain + json.dumps(line)


def test_celery_says_which_task_failed_and_neither_what_it_was_given_nor_what_the_error_said() -> None:
    error = caught(chained)
    context = {
        "name": "accounts.tasks.x", "id": "7", "description": "raised unexpected", "exc": repr(error),
        "args": f"['{WORDS}']", "kwargs": "{}", "traceback": WORDS,
    }  # fmt: skip
    message = "Task %(name)s[%(id)s] %(description)s: %(exc)s"
    plain, line = written(error, message, context, name="celery.app.trace", data=context)
    assert plain.startswith("ERROR celery.app.trace: Task accounts.tasks.x[7] raised unexpected: KeyError\n")
    assert WORDS not in plain + json.dumps(line)


def test_gunicorn_says_where_it_broke_without_the_query() -> None:
    plain, line = written(
        caught(chained), "Error handling request %s", f"/join/{WORDS}/?q={WORDS}", name="gunicorn.error"
    )
    assert plain.startswith("ERROR gunicorn.error: Error handling request /join/.../\n")
    assert WORDS not in plain + json.dumps(line)
    plain, line = written(
        None,
        f"Invalid request from ip=::1: Invalid HTTP request line: 'GET /x?q={WORDS}'",
        name="gunicorn.error",
    )
    assert WORDS not in plain + json.dumps(line)


def test_our_own_errors_say_what_they_were_made_to_say() -> None:
    from accounts.mail.inbound.mailbox import Unreachable

    assert written(None, "fetch: %s", Unreachable("no answer"))[0] == "ERROR accounts.x: fetch: no answer"


def test_a_line_is_an_object_with_the_time_in_utc_and_the_number_of_the_request() -> None:
    work = at_hand.Work("0123456789ab", "POST", "accounts:profile", "/profile/")
    with at_hand.working_on(work):
        plain, line = written(None, "a line\nand another, “quoted”", request=WORDS, user=WORDS)
    at = datetime.fromisoformat(str(line.pop("time")))
    assert at.utcoffset() == datetime.now(UTC).utcoffset()
    assert line == {
        "level": "ERROR",
        "logger": "accounts.x",
        "message": "a line\nand another, “quoted”",
        "request_id": "0123456789ab",
        "view": "accounts:profile",
    }
    assert plain.endswith(" [0123456789ab]")
    assert at_hand.current() is None


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text()))
def test_whatever_a_library_attaches_is_left_out_and_each_record_is_one_line(
    message: str, extra: dict[str, str]
) -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "%s", (message,), None)
    for name, value in extra.items():
        record.__dict__.setdefault(name, value)
    line = Json().format(record)
    assert "\n" not in line
    assert set(json.loads(line)) == {"time", "level", "logger", "message"}


def test_what_ends_a_command_is_logged_and_not_printed_with_its_words() -> None:
    import subprocess

    from dev.processes import ROOT
    from tests.test_settings import SAFE

    break_it = f"import logging, threading; x = '{WORDS[:8]}' + '{WORDS[8:]}'\ndef f(): raise ValueError(x)\n"
    both = "t = threading.Thread(target=f); t.start(); t.join(); f()"
    ended = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", break_it + both],
        cwd=ROOT,
        env=SAFE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "a thread ended by an error" in ended.stderr
    assert "ended by an error" in ended.stderr
    assert ended.stderr.count("ValueError") == 2
    assert WORDS not in ended.stderr
