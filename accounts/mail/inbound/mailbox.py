"""The door for those who have no more than a mailbox: what is new in it is fetched by IMAP (RFC 3501), over TLS.

An e-mail is deleted there once what it says is committed here, and not before: ended at any moment, the next run finds
it again. One that we cannot read goes into a folder of its own, where a person finds it, and holds up no other.
"""

import contextlib
import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from accounts import pooling
from accounts.clock import now
from accounts.mail import home

from . import addresses, delivery, reading
from .outcomes import Common

log = logging.getLogger(__name__)

TIMEOUT = 60
AT_ONCE = 200
# The advisory lock that keeps two from fetching at once; sending has 8.
LOCK = 8_080_143
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Unreachable(Exception):
    """No conversation came about, or it broke off. What was not deleted there is fetched by the next run."""


def is_on() -> bool:
    return bool(settings.INBOUND_IMAP_HOST)


def fetch() -> Counter[str]:
    """Take what is new in the mailbox: how many were "taken", put "aside", or are "left" for the next run.

    Where another run is at it, nothing; nor in a copy of the database, which would take the original's mail. Raises
    Unreachable, and delivery.TryAgain while the database is away.
    """
    with _alone() as is_alone:
        if not is_alone:
            return Counter()
        if home.look(now()).waits:
            log.warning(
                "fetch: mail waits, since this database was copied from another server (`manage.py mail`)"
            )
            return Counter()
        try:
            with contextlib.closing(_Mailbox()) as mailbox:
                return _empty(mailbox)
        except (imaplib.IMAP4.error, OSError) as problem:
            # Its words may be the server's, which names the user.
            raise Unreachable(type(problem).__name__) from None


def _empty(mailbox: "_Mailbox") -> Counter[str]:
    counts: Counter[str] = Counter()
    for uid in mailbox.new():
        try:
            counts[_take(mailbox, uid)] += 1
        except delivery.Defect:
            mailbox.put_aside(uid)
            counts["aside"] += 1
        except delivery.TryAgain:
            counts["left"] += 1
            break
    if counts:
        log.info("fetch: %s", ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))
    return counts


def _take(mailbox: "_Mailbox", uid: str) -> str:
    size = mailbox.size(uid)
    if size is None:
        return "gone"
    if size > delivery.MOST_BYTES:
        log.info("receive: %s (%s bytes)", Common.TOO_BIG, size)
    elif (content := mailbox.content(uid)) is not None:
        for recipient in _recipients(content):
            delivery.deliver(content, recipient, now())
    mailbox.delete(uid)
    return "taken"


def _recipients(content: bytes) -> list[str]:
    """Raises Defect where they cannot be read: whatever an e-mail has in it, it ends no run, and holds up no other."""
    try:
        return addresses.found_in(reading.headers_of(content)) or [""]
    except Exception as defect:
        raise delivery.found(defect, content) from None


@contextlib.contextmanager
def _alone() -> Iterator[bool]:
    """Held by the database, so that it ends with the run however that ends."""
    with contextlib.ExitStack() as held:
        try:
            is_alone = held.enter_context(pooling.first_free([(LOCK,)]))
        except (OperationalError, InterfaceError):
            connection.close()
            raise delivery.TryAgain("the database is away") from None
        yield is_alone


class _Mailbox:
    """One conversation. Every step raises imaplib.IMAP4.error or OSError where it does not come about."""

    def __init__(self) -> None:
        self._imap = imaplib.IMAP4_SSL(
            settings.INBOUND_IMAP_HOST,
            settings.INBOUND_IMAP_PORT,
            ssl_context=ssl.create_default_context(),
            timeout=TIMEOUT,
        )
        try:
            self._imap.login(settings.INBOUND_IMAP_USER, settings.INBOUND_IMAP_PASSWORD)
            self._ok(self._imap.select(_quoted(settings.INBOUND_IMAP_FOLDER)))
        except BaseException:
            self._imap.shutdown()
            raise
        self._has_move = "MOVE" in self._imap.capabilities
        self._has_uids = "UIDPLUS" in self._imap.capabilities

    def close(self) -> None:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._imap.logout()

    def new(self) -> list[str]:
        """Oldest first, and no more than one run may well take."""
        (found,) = self._ok(self._imap.uid("SEARCH", "UNSEEN", "UNDELETED"))[:1] or [b""]
        return [uid.decode() for uid in (found or b"").split()][:AT_ONCE]

    def size(self, uid: str) -> int | None:
        """None for what somebody else has deleted meanwhile."""
        for part in self._ok(self._imap.uid("FETCH", uid, "(RFC822.SIZE)")):
            found = SIZE.search(part if isinstance(part, bytes) else (part or (b"",))[0])
            if found:
                return int(found[1])
        return None

    def content(self, uid: str) -> bytes | None:
        """Without marking it as read: that would hide it from the next run, should this one end here."""
        for part in self._ok(self._imap.uid("FETCH", uid, "(BODY.PEEK[])")):
            if isinstance(part, tuple):
                return bytes(part[1])
        return None

    def delete(self, uid: str) -> None:
        self._ok(self._imap.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)"))
        if self._has_uids:
            self._ok(self._imap.uid("EXPUNGE", uid))
        else:
            self._ok(self._imap.expunge())

    def put_aside(self, uid: str) -> None:
        folder = _quoted(settings.INBOUND_IMAP_ASIDE)
        self._imap.create(folder)  # A no means that it is there.
        if self._has_move:
            self._ok(self._imap.uid("MOVE", uid, folder))
        else:
            self._ok(self._imap.uid("COPY", uid, folder))
            self.delete(uid)

    @staticmethod
    def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
        if answer[0] != "OK":
            raise imaplib.IMAP4.error("the server said no")
        return answer[1]


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
