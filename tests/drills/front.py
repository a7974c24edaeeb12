"""A TLS end before a web server that speaks plain HTTP, as a proxy would be it in an installation.

One port takes both: what is no TLS is passed on as http, which the site answers with the way to https.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TLS_HANDSHAKE = b"\x16"
# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1, and what the front says of its own.
OWN = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class Certificate:
    certificate: Path
    key: Path

    @classmethod
    def new(cls, folder: Path) -> "Certificate":
        """For localhost, for a day, signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        ours = cls(folder / "localhost.pem", folder / "localhost.key")
        ours.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        ours.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return ours


class Front(ThreadingHTTPServer):
    """Passes requests on to a port of this machine; with `cookie`, as the browser that has it."""

    daemon_threads = True

    def __init__(self, certificate: Certificate, to: int) -> None:
        self.to = to
        self.certificate = certificate
        self.cookie = ""
        self.without: set[str] = set()  # Headers of answers that are not passed on.
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate.certificate, certificate.key)
        super().__init__(("127.0.0.1", 0), _Passing)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def answers(self, path: str) -> bool:
        """Whether somebody who trusts our certificate gets a page there."""
        trusting = ssl.create_default_context(cafile=str(self.certificate.certificate))
        asking = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=trusting)
        with contextlib.closing(asking), contextlib.suppress(OSError, http.client.HTTPException):
            asking.request("GET", path)
            return asking.getresponse().status == 200
        return False

    @contextlib.contextmanager
    def open(self) -> Iterator["Front"]:
        thread = threading.Thread(target=self.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join()

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(20)
        with contextlib.suppress(OSError):
            if request.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
                request = self.tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
            request.close()


class _Passing(BaseHTTPRequestHandler):
    server: Front

    def _pass_on(self) -> None:
        scheme = "https" if isinstance(self.request, ssl.SSLSocket) else "http"
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN}
        headers |= {"X-Forwarded-Proto": scheme, "X-Forwarded-For": self.client_address[0]}
        if self.server.cookie:
            headers["Cookie"] = self.server.cookie
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asking = http.client.HTTPConnection("127.0.0.1", self.server.to, timeout=20)
        with contextlib.closing(asking):
            asking.request(self.command, self.path, body or None, headers)
            answer = asking.getresponse()
            content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OWN | self.server.without:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_HEAD = do_OPTIONS = do_POST = _pass_on  # noqa: N815  # the names that http.server asks for

    def log_message(self, *_: object) -> None:
        pass
