"""Keeps the tokens of links in e-mail out of our logs: whoever has one may use it.

gunicorn.conf.py does the same for the log of requests.
"""

import logging
import re

TOKEN = re.compile(
    r"(/(?:mail/(?:stop|not-now|another-time|keep-asking)|join|calendar|thanks/never|pairings/(?:answer|met|times|silence|postcards))/)[^/\s?]+"
)


class Discreet(logging.Filter):
    """Django names the whole path of each request that came to nothing, or was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = TOKEN.sub(r"\1...", record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(
                TOKEN.sub(r"\1...", each) if isinstance(each, str) else each for each in record.args
            )
        return True
