"""The door for a mail server that speaks to us: LMTP (RFC 2033), or SMTP, behind it and never before it.

Who an e-mail is from is told by headers that our own mail server writes, so nobody but it may reach this door. We take
mail for our own addresses, and pass none on.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import connection

from accounts.clock import now

from . import addresses, delivery
from .outcomes import Common

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 20
MOST_RECIPIENTS = 50
WORKERS = 4
SECONDS_PER_COMMAND = 300.0
SECONDS_PER_CONNECTION = 1800.0
# How long an ending waits for the e-mails at hand. What is not answered by then, the mail server hands over again.
GRACE = 60.0
LONGEST_LINE = 100_000
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

TAKEN = "250 2.0.0 taken"
TRY_AGAIN = "451 4.3.0 not now, try again"
NOBODY = "550 5.1.1 no such address here"
TOO_MANY = "452 4.5.3 too many recipients"
BUSY = b"421 4.3.2 too many connections, try again\r\n"
ANSWERS = {
    Common.TOO_BIG: f"552 5.3.4 more than {delivery.MOST_BYTES} bytes",
    Common.LOOP: "554 5.4.6 this has been here before",
}


class Place(NamedTuple):
    """Where to listen: a host and a port, or the path of a socket."""

    host: str
    port: int
    path: str = ""

    @classmethod
    def of(cls, words: str) -> "Place":
        """From "8024", "127.0.0.1:8024", "[::1]:8024" or "/run/best/lmtp". Raises ValueError."""
        if words.startswith("/"):
            return cls("", 0, words)
        host, _colon, port = words.rpartition(":")
        if not port.isdigit() or int(port) > 65535:
            raise ValueError(f"{words!r} is neither a port, nor a host and a port, nor a path")
        return cls(host.strip("[]") or "127.0.0.1", int(port))

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"

    @property
    def is_of_this_machine(self) -> bool:
        return bool(self.path) or self.host in LOOPBACK


class Listener:
    """Takes mail at one place until it is told to end."""

    def __init__(self, place: Place, *, speaks_lmtp: bool) -> None:
        self.place = place
        self._speaks_lmtp = speaks_lmtp
        self._open: set[Any] = set()
        self._under_way: set[asyncio.Task[str]] = set()
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="receive")

    async def serve(
        self, ending: asyncio.Event, ready: Callable[[Place], object] = lambda place: None
    ) -> None:
        """Until `ending` is set; then what is being taken is finished first. Raises OSError where it cannot listen."""
        # It would log the addresses of whoever writes, and those that have a token in them.
        logging.getLogger("mail").setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        server = await self._bind(loop)
        try:
            ready(self._bound(server))
            await ending.wait()
        finally:
            server.close()
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=GRACE)
            # The answers are on their way: give them a moment before the line is cut.
            await asyncio.sleep(0.1)
            for each in list(self._open):
                each.hang_up()
            self._workers.shutdown(wait=False, cancel_futures=True)
            if self.place.path:
                Path(self.place.path).unlink(missing_ok=True)

    async def _bind(self, loop: asyncio.AbstractEventLoop) -> asyncio.Server:
        if not self.place.path:
            return await loop.create_server(self._protocol, self.place.host, self.place.port)
        path = Path(self.place.path)
        if path.is_socket():  # left by one that was killed
            path.unlink()
        server = await loop.create_unix_server(self._protocol, self.place.path)
        path.chmod(0o660)
        return server

    def _bound(self, server: asyncio.Server) -> Place:
        """With the port that was given to us, where we asked for any."""
        if self.place.path:
            return self.place
        return self.place._replace(port=server.sockets[0].getsockname()[1])

    def _protocol(self) -> asyncio.Protocol:
        if len(self._open) >= MOST_CONNECTIONS:
            return _Busy()
        kind: Any = _Lmtp if self._speaks_lmtp else _Smtp
        return kind(  # type: ignore[no-any-return]
            self,
            self._open,
            data_size_limit=delivery.MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=settings.PUBLIC_HOST,
            ident="Best Stuff",
            timeout=SECONDS_PER_COMMAND,
            loop=asyncio.get_running_loop(),
        )

    # --- What aiosmtpd asks

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not addresses.is_ours(address):
            return NOBODY
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """By LMTP an answer for each recipient, by SMTP the one that loses nothing."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        # A task of its own: it is finished, and counted, even where the other side hangs up meanwhile.
        task = asyncio.create_task(self._take(content, list(envelope.rcpt_tos), envelope.mail_from))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def handle_exception(self, error: Exception) -> str:
        log.error("listen: %s", type(error).__name__)
        return TRY_AGAIN

    async def _take(self, content: bytes, recipients: list[str], sender: str | None) -> str:
        loop = asyncio.get_running_loop()
        answers = [
            await loop.run_in_executor(self._workers, _deliver, content, recipient, sender)
            for recipient in dict.fromkeys(recipients)
        ]
        by_recipient = dict(zip(dict.fromkeys(recipients), answers, strict=True))
        if self._speaks_lmtp:
            return "\r\n".join(by_recipient[recipient] for recipient in recipients)
        return max(answers, key=lambda answer: answer.startswith("4"))


def _deliver(content: bytes, recipient: str, sender: str | None) -> str:
    """In a thread of its own, with a connection of its own that is closed after it: between two e-mails lie hours."""
    try:
        outcomes = delivery.deliver_for_good(content, recipient, now(), sender=sender)
    except delivery.TryAgain:
        return TRY_AGAIN
    finally:
        connection.close()
    return next((ANSWERS[each] for each in outcomes if each in ANSWERS), TAKEN)  # type: ignore[index]


class _Session:
    """What we add to aiosmtpd's: it is counted, ends after half an hour, and can be ended."""

    line_length_limit = LONGEST_LINE
    transport: Any

    def __init__(self, handler: Listener, opened: set[Any], **options: Any) -> None:
        super().__init__(handler, **options)  # type: ignore[call-arg]
        self._opened = opened
        self._last_moment: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        self._opened.add(self)
        self._last_moment = asyncio.get_running_loop().call_later(SECONDS_PER_CONNECTION, self.hang_up)
        super().connection_made(transport)  # type: ignore[misc]

    def connection_lost(self, error: Exception | None) -> None:
        self._opened.discard(self)
        if self._last_moment is not None:
            self._last_moment.cancel()
        super().connection_lost(error)  # type: ignore[misc]

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()


class _Smtp(_Session, SMTP):
    """One answer for all recipients."""


class _Lmtp(_Session, LMTP):
    """An answer for each recipient, also where aiosmtpd refuses the content by itself, with one."""

    _recipients = 0

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        try:
            await super().smtp_DATA(arg)
        finally:
            self._recipients = 0

    async def push(self, status: Any) -> None:
        if self._recipients > 1 and "\r\n" not in status:
            status = "\r\n".join([status] * self._recipients)
        if status.startswith("354") and self.envelope is not None:
            self._recipients = len(self.envelope.rcpt_tos)
        await super().push(status)


class _Busy(asyncio.Protocol):
    """For whoever comes when all places are taken."""

    def connection_made(self, transport: Any) -> None:
        transport.write(BUSY)
        transport.close()
