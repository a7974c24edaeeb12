"""A mail server that does as it is told: answers with any code at any step, is slow, hangs up, says nonsense.

with SmtpServer(tmp_path / "taken") as server:
    server.script.rcpt = "450 later"
    ...
server.taken()      what it took, read from the log, which is written before the server answers to the dot
"""

import contextlib
import json
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

DROP = "DROP"  # hang up instead of answering


@dataclass
class Script:
    """What is answered at each step: a line, DROP, or a function of the command (for `dot`: of the content)."""

    hello: Any = "220 ready"
    ehlo: Any = "250-here\r\n250-SIZE 35882577\r\n250 8BITMIME"
    mail: Any = "250 ok"
    rcpt: Any = "250 ok"
    data: Any = "354 go on"
    dot: Any = "250 taken"
    rset: Any = "250 ok"
    delay: float = 0.0  # seconds before the answer to the dot
    commands: list[str] = field(default_factory=list)  # what was said to the server, in order


@dataclass(frozen=True)
class Taken:
    """A message for which the server wrote down that it took it."""

    recipient: str
    sender: str
    raw: str
    at: float

    @property
    def message(self) -> EmailMessage:
        return message_from_string(self.raw, policy=policy.default)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        with contextlib.suppress(OSError), self.server.owner.open_session():
            self._converse()

    def _converse(self) -> None:
        script = self.server.owner.script
        sender = recipient = ""
        if not self._answer(script.hello, ""):
            return
        while line := self.rfile.readline():
            command = line.decode("utf-8", "replace").strip()
            script.commands.append(command)
            verb = command[:4].upper()
            if verb == "QUIT":
                self._answer("221 bye", command)
                return
            if verb == "MAIL":
                sender = command[command.find("<") + 1 : command.find(">")]
            if verb == "RCPT":
                recipient = command[command.find("<") + 1 : command.find(">")]
            if verb == "DATA":
                if not self._data(script, sender, recipient):
                    return
                continue
            steps = {
                "EHLO": script.ehlo,
                "HELO": script.ehlo,
                "MAIL": script.mail,
                "RCPT": script.rcpt,
                "RSET": script.rset,
            }
            if not self._answer(steps.get(verb, "502 what"), command):
                return

    def _data(self, script: Script, sender: str, recipient: str) -> bool:
        answer = script.data(recipient) if callable(script.data) else script.data
        if not self._answer(answer, "DATA"):
            return False
        if not answer.startswith("354"):
            return True
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        raw = b"".join(lines).decode("ascii")
        answer = script.dot(raw) if callable(script.dot) else script.dot
        if answer.startswith(("250", "TAKE ")):
            self.server.owner.take(Taken(recipient, sender, raw, time.time()))
        time.sleep(script.delay)
        return self._answer(answer.removeprefix("TAKE "), "the dot")

    def _answer(self, answer: str | Callable[[str], str], command: str) -> bool:
        line = answer(command) if callable(answer) else answer
        if line == DROP:
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        self.wfile.write(line.encode() + b"\r\n")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 50
    owner: "SmtpServer"


class SmtpServer:
    def __init__(self, log: Path) -> None:
        self.log = log
        self.script = Script()
        self.sessions = self.most_sessions = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.owner = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextlib.contextmanager
    def open_session(self) -> Any:
        with self._lock:
            self.sessions += 1
            self.most_sessions = max(self.most_sessions, self.sessions)
        try:
            yield
        finally:
            with self._lock:
                self.sessions -= 1

    def take(self, taken: Taken) -> None:
        with self._lock, self.log.open("a") as log:
            log.write(json.dumps(vars(taken)) + "\n")

    def taken(self) -> list[Taken]:
        if not self.log.exists():
            return []
        return [Taken(**json.loads(line)) for line in self.log.read_text().splitlines()]
