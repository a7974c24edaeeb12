"""The one way in: whichever door an e-mail came through, it is handed over here.

What became of it is said in words that hold nothing of it, and logged with its size alone.
"""

import logging
import re
import traceback
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import InterfaceError, OperationalError, connection
from django.views.decorators.debug import sensitive_variables

from . import aside, doors, inboxes
from .outcomes import Common

log = logging.getLogger(__name__)

MOST_BYTES = 25 * 1024 * 1024
# RFC 5321, section 6.3: who counts lines of Received for loops allows for at least a hundred.
MOST_HOPS = 100
RECEIVED = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)
DELIVERED_TO = re.compile(rb"^delivered-to:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
# "<>" is how it stands in the envelope.
NULL_SENDERS = ("", "<>")
END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


class TryAgain(Exception):
    """Nothing was written down, and later it may be: the door keeps the e-mail, or asks for it once more."""


class Defect(TryAgain):
    """Our own fault with this e-mail. A door does not throw it away: it keeps it, or puts it aside."""


@sensitive_variables("content", "recipient", "sender")
def deliver(
    content: bytes,
    recipient: str,
    now: datetime,
    *,
    sender: str | None = None,
    authserv_id: str | None = None,
) -> Sequence[StrEnum]:
    """What became of the e-mail, once that is committed. `recipient` is the envelope's, empty where nobody knows it;
    `sender` too, None where nobody knows it and empty for what was sent by a machine. `authserv_id`: the server whose
    Authentication-Results count, where it is another than INBOUND_AUTHSERV_ID; empty for a door that has none.

    Any number of times, it counts once: a door that got no answer may hand it over again. Raises TryAgain while it
    cannot be taken (the database is away, or INBOUND_AUTHSERV_ID is not set), and Defect where it never can.
    """
    if sender is not None and sender.strip() in NULL_SENDERS:
        # Whoever delivers an e-mail writes down the envelope's sender (RFC 5321, section 4.4).
        content = b"Return-Path: <>\r\n" + content
    with doors.vouched_for_by(authserv_id):
        outcomes = _too_much(content, recipient) or _taken(content, recipient, now)
    log.info("receive: %s (%s bytes)", "; ".join(outcomes), len(content))
    if set(outcomes) == {Common.OFF}:
        raise TryAgain(Common.OFF)
    return outcomes


@sensitive_variables("content", "recipient", "sender")
def deliver_for_good(
    content: bytes,
    recipient: str,
    now: datetime,
    *,
    sender: str | None = None,
    authserv_id: str | None = None,
) -> Sequence[StrEnum]:
    """As `deliver`, for a door that keeps nothing itself: what we trip over is put aside, and that is all right with
    whoever handed it over. Raises Defect only where there is no room for it."""
    try:
        return deliver(content, recipient, now, sender=sender, authserv_id=authserv_id)
    except Defect:
        if not aside.put(content, recipient, sender=sender, authserv_id=authserv_id):
            raise
    log.info("receive: %s (%s bytes)", Common.ASIDE, len(content))
    return [Common.ASIDE]


def _taken(content: bytes, recipient: str, now: datetime) -> Sequence[StrEnum]:
    try:
        outcomes = inboxes.take(content, recipient, now)
    except (OperationalError, InterfaceError):
        log.error("receive: the database is away")
        if not connection.in_atomic_block:
            connection.close()
        raise TryAgain("the database is away") from None
    except Exception as defect:
        raise found(defect, content) from None
    return [Common.NOBODYS] if outcomes is None else outcomes


def found(defect: Exception, content: bytes) -> Defect:
    """To be raised instead of it. Its own words may be the sender's, so they are not logged; where it happened is."""
    where = traceback.extract_tb(defect.__traceback__)[-1]
    log.error(
        "receive: %s in %s line %s (%s bytes)",
        type(defect).__name__, where.filename, where.lineno, len(content),
    )  # fmt: skip
    return Defect(type(defect).__name__)


def _too_much(content: bytes, recipient: str) -> Sequence[StrEnum]:
    """What is answered before anything is read: an e-mail that is too big, or that has been here before."""
    if len(content) > MOST_BYTES:
        return [Common.TOO_BIG]
    end = END_OF_HEADERS.search(content)
    headers = content[: end.start()] if end else content
    own = recipient.strip().strip("<>").lower().encode("utf-8", "replace")
    been_here = [found.strip().strip(b"<>").lower() for found in DELIVERED_TO.findall(headers)].count(own)
    if len(RECEIVED.findall(headers)) > MOST_HOPS or (own and been_here > 1):
        return [Common.LOOP]
    return []
