"""A mail catcher: takes every e-mail over real SMTP, delivers none, and shows them on a page of this machine.

    python -m dev.mailcatcher --folder var/demo/mail --smtp-port 1025 --port 8025

Each e-mail is one .eml file, as it came, under the lines that a server adds on delivery (Return-Path, Delivered-To).
In a test: `with MailCatcher(tmp_path) as catcher:` and then `catcher.port` and `catcher.messages()`.
"""

import argparse
import asyncio
import contextlib
import email
import email.policy
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from dev.mailpages import handler_for
from dev.processes import end_on_signals, is_free

MOST_BYTES = 25 * 1024 * 1024
Answer = Callable[[Envelope], str]


@dataclass(frozen=True)
class Caught:
    """One e-mail that was taken."""

    path: Path
    raw: bytes

    @property
    def key(self) -> str:
        """Its name on the pages; later e-mails have greater ones."""
        return self.path.stem

    @property
    def caught_at(self) -> datetime:
        return datetime.fromtimestamp(int(self.key.partition("-")[0]) / 1e9, UTC)

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def envelope_from(self) -> str:
        """Where a bounce would go: SMTP's MAIL FROM, which need not be the From line."""
        return str(self.message["Return-Path"] or "").strip("<> ")

    @property
    def recipients(self) -> list[str]:
        """SMTP's RCPT TO, all of them."""
        return [str(one) for one in self.message.get_all("Delivered-To", [])]

    def body(self, kind: str) -> str | None:
        """The text of the part that is `plain` or `html`."""
        part = self.message.get_body(preferencelist=(kind,))
        return None if part is None else str(part.get_content()).replace("\r\n", "\n")


class Folder:
    """The e-mails kept in one folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._last = 0
        self._lock = threading.Lock()

    def add(self, envelope: Envelope) -> None:
        """Keep an e-mail; it is whole on the disk when this returns."""
        content = envelope.original_content or b""
        lines = [f"Return-Path: <{envelope.mail_from or ''}>"] + [
            f"Delivered-To: {to}" for to in envelope.rcpt_tos
        ]
        with self._lock:
            self._last = max(self._last + 1, time.time_ns())
            name = f"{self._last:020}-{os.getpid()}"
        unfinished = self.path / f"{name}.part"
        unfinished.write_bytes("".join(f"{line}\r\n" for line in lines).encode() + content)
        unfinished.replace(self.path / f"{name}.eml")

    def messages(self) -> list[Caught]:
        """All of them, oldest first."""
        return [Caught(path, path.read_bytes()) for path in self.paths()]

    def paths(self) -> list[Path]:
        return sorted(self.path.glob("*.eml"))

    def get(self, key: str) -> Caught | None:
        """The e-mail by that name."""
        path = self.path / f"{key}.eml"
        return Caught(path, path.read_bytes()) if path.is_file() else None


class Receiver:
    """What the SMTP server calls with each e-mail."""

    def __init__(self, folder: Folder, answer: Answer | None) -> None:
        self.folder = folder
        self.answer = answer

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        reply = self.answer(envelope) if self.answer else "250 OK"
        if reply.startswith("2"):
            self.folder.add(envelope)
        return reply


class MailCatcher:
    """An SMTP server on a loopback port, and with `web_port` the pages too, for as long as the `with` block lasts.

    `smtp_port` 0 takes a free one (`port` says which), `web_port` None serves no pages. `answer` may refuse: it gets
    the envelope and returns SMTP's reply, such as "451 Try later"; only what is answered with 2xx is kept.
    """

    def __init__(
        self, folder: Path, smtp_port: int = 0, web_port: int | None = None, *, answer: Answer | None = None
    ) -> None:
        self.folder = Folder(folder)
        self._receiver = Receiver(self.folder, answer)
        self._stack = contextlib.ExitStack()
        self._wanted = smtp_port
        self._web_wanted = web_port
        self.port = 0
        self.web_port = 0

    def messages(self) -> list[Caught]:
        """What was caught so far, oldest first."""
        return self.folder.messages()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self._start_smtp(stack)
            if self._web_wanted is not None:
                self._start_pages(stack, self._web_wanted)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start_smtp(self, stack: contextlib.ExitStack) -> None:
        listener = socket.create_server(("127.0.0.1", self._wanted))
        self.port = listener.getsockname()[1]
        loop = asyncio.new_event_loop()
        loop.run_until_complete(loop.create_server(self._protocol, sock=listener))
        thread = threading.Thread(target=loop.run_forever, name="smtp", daemon=True)
        thread.start()

        def stop() -> None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            listener.close()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0))
            loop.close()

        stack.callback(stop)

    def _protocol(self) -> SMTP:
        return SMTP(
            self._receiver,
            hostname="localhost",
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            decode_data=False,
        )

    def _start_pages(self, stack: contextlib.ExitStack, port: int) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler_for(self.folder))
        server.daemon_threads = True
        self.web_port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="pages", daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            thread.join()
            server.server_close()

        stack.callback(stop)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dev.mailcatcher", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--folder", type=Path, required=True, help="where the e-mails are kept")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--port", type=int, default=8025, help="of the pages")
    given = parser.parse_args()
    end_on_signals()
    for port in (given.smtp_port, given.port):
        if not is_free(port):
            print(f"Cannot start: port {port} is in use", file=sys.stderr)
            return 1
    with MailCatcher(given.folder, given.smtp_port, given.port) as catcher:
        print(
            f"Taking e-mail on port {catcher.port}; read it at http://localhost:{catcher.web_port}",
            flush=True,
        )
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
