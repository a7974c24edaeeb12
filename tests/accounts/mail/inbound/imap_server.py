"""A mailbox at the other end of a real connection, over TLS: the part of IMAP (RFC 3501) that is spoken to it."""

import contextlib
import ipaddress
import re
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "post@in.harbor.example", "a password of the mailbox"


@dataclass
class Mail:
    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class ImapServer:
    folder: Path
    capabilities: str = "IMAP4rev1 UIDPLUS MOVE"
    mails: dict[int, Mail] = field(default_factory=dict)
    other_folders: dict[str, list[bytes]] = field(default_factory=dict)
    # Hang up instead of answering the first command that holds these words.
    hangs_up_at: str = ""
    commands: list[str] = field(default_factory=list)

    def put(self, content: bytes, *flags: str) -> int:
        uid = max(self.mails, default=100) + 1
        self.mails[uid] = Mail(content, set(flags))
        return uid

    def __enter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate = _certificate(self.folder)
        context.load_cert_chain(self.certificate)
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.owner, self._server.context = self, context
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    owner: ImapServer
    context: ssl.SSLContext

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever does not trust our certificate hangs up: that is what is tested."""


class _Session(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._line = self.server.context.wrap_socket(self.request, server_side=True)
            self._file = self._line.makefile("rb")
            self._converse()

    def _converse(self) -> None:
        box = self.server.owner
        self._say(f"* OK [CAPABILITY {box.capabilities}] ready")
        while line := self._file.readline():
            tag, _space, command = line.decode().strip().partition(" ")
            box.commands.append(command)
            if box.hangs_up_at and box.hangs_up_at in command:
                box.hangs_up_at = ""
                self._line.close()
                return
            self._say(f"{tag} {self._do(box, command)}")
            if command == "LOGOUT":
                return

    def _do(self, box: ImapServer, command: str) -> str:
        verb, _space, rest = command.removeprefix("UID ").partition(" ")
        if verb == "CAPABILITY":
            self._say(f"* CAPABILITY {box.capabilities}")
        elif verb == "LOGIN":
            if rest != f'{USER} "{PASSWORD}"':
                return f"NO there is no such user as {USER}"
        elif verb == "SELECT":
            if rest != '"INBOX"':
                return "NO there is no such folder"
            self._say(f"* {len(box.mails)} EXISTS")
        elif verb == "SEARCH":
            new = [uid for uid, mail in box.mails.items() if not mail.flags & {r"\Seen", r"\Deleted"}]
            self._say("* SEARCH " + " ".join(map(str, new)))
        elif verb == "FETCH":
            self._fetch(box, *rest.split(" ", 1))
        elif verb == "STORE":
            uid, flags = int(rest.split()[0]), re.findall(r"\\\w+", rest)
            box.mails[uid].flags |= set(flags)
        elif verb in ("EXPUNGE", "MOVE", "COPY", "CREATE", "LOGOUT"):
            return self._change(box, verb, rest)
        else:
            return "BAD what"
        return "OK done"

    def _change(self, box: ImapServer, verb: str, rest: str) -> str:
        uid, _space, folder = rest.partition(" ")
        if verb == "CREATE":
            if rest in box.other_folders:
                return "NO it is there"
            box.other_folders[rest] = []
        elif verb in ("MOVE", "COPY"):
            if folder not in box.other_folders:
                return "NO [TRYCREATE]"
            box.other_folders[folder].append(box.mails[int(uid)].content)
            if verb == "MOVE":
                del box.mails[int(uid)]
        elif verb == "EXPUNGE":
            wanted = [int(uid)] if uid else list(box.mails)
            for each in wanted:
                if r"\Deleted" in box.mails[each].flags:
                    del box.mails[each]
        return "OK done"

    def _fetch(self, box: ImapServer, uid: str, what: str) -> None:
        mail = box.mails.get(int(uid))
        if mail is None:
            return
        if "RFC822.SIZE" in what:
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mail.content)})")
        else:
            if "PEEK" not in what:
                mail.flags.add(r"\Seen")
            head = f"* 1 FETCH (UID {uid} BODY[] {{{len(mail.content)}}}\r\n".encode()
            self._line.sendall(head + mail.content + b")\r\n")

    def _say(self, line: str) -> None:
        self._line.sendall(line.encode() + b"\r\n")


def _certificate(folder: Path) -> Path:
    """Of 127.0.0.1, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mailbox")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
