"""Keeps out of our logs what is nobody else's: the tokens of links in e-mail, since whoever has one may use it, and
what an error says, which may be somebody's words (accounts/defects.py).

gunicorn.conf.py does the same for the log of requests.
"""

import logging
import re
from typing import Any

from . import defects

TOKEN = re.compile(
    r"(/(?:mail/(?:stop|not-now|another-time|keep-asking)|join|calendar|thanks/never|pairings/(?:answer|met|times|silence|postcards))/)[^/\s?]+"
)
QUERY = re.compile(r"(?<=\S)\?\S*")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
OURS = ("accounts.", "mentoring.", "reflections.")
# Anything shorter stands in other words too.
A_WORD = 4


class Discreet(logging.Filter):
    """Django names the whole path of each request that came to nothing, or was refused; Celery what a task's error
    said; gunicorn the address with its query."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, BaseException):
            record.msg = _argument(record.msg)
        if isinstance(record.msg, str):
            record.msg = TOKEN.sub(r"\1...", record.msg)
            if record.name == "gunicorn.error":  # It puts what was sent into the message itself.
                record.msg = QUOTED.sub("...", QUERY.sub("", record.msg))
        if isinstance(record.args, tuple):
            record.args = tuple(_argument(each) for each in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: _argument(each) for name, each in record.args.items()} | _of_a_task(record)
        return True


def _argument(value: Any) -> Any:
    if isinstance(value, BaseException):
        # Our own say nothing that is not ours: they are raised to be read.
        is_ours = type(value).__module__.startswith(OURS)
        return str(value) if is_ours else defects.named(value)
    if isinstance(value, str):
        value = TOKEN.sub(r"\1...", value)
        return QUERY.sub("", value) if value.startswith("/") else value
    return value


def _of_a_task(record: logging.LogRecord) -> dict[str, Any]:
    """What Celery says of a task that failed, without what the error said and what the task was given."""
    if not record.name.startswith("celery.") or not isinstance(record.args, dict) or "exc" not in record.args:
        return {}
    error = record.exc_info[1] if record.exc_info else None
    name = defects.named(error) if error else re.split(r"\W", str(record.args["exc"]), maxsplit=1)[0]
    hidden = {"exc": name, "traceback": "", "args": "...", "kwargs": "..."}
    return {key: value for key, value in hidden.items() if key in record.args}


def without_words_of(error: BaseException | None, message: str) -> str:
    """A message, with the name of an error where it repeats what that says."""
    for each in defects.chain(error) if error else ():
        said = [repr(each), str(each), *(arg for arg in each.args if isinstance(arg, str))]
        for words in sorted(filter(None, said), key=len, reverse=True):
            if len(words) >= A_WORD:
                message = message.replace(words, defects.named(each))
    return message
