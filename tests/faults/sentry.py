"""The far side: a server that takes what is reported to a Sentry, and keeps it as it came."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import brotli


class FakeSentry:
    """Listens on a port of 127.0.0.1 for as long as its `with` block lasts."""

    def __init__(self) -> None:
        self.envelopes: list[bytes] = []
        self.headers: list[str] = []
        kept = self

        class Taking(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
                kept.headers.append(str(self.headers))
                kept.envelopes.append(unpack.get(self.headers.get("Content-Encoding"), bytes)(body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def dsn(self) -> str:
        return f"http://a-public-key@127.0.0.1:{self._server.server_port}/1"

    @property
    def everything(self) -> str:
        return "\n".join([*self.headers, *(each.decode() for each in self.envelopes)])

    @property
    def events(self) -> list[dict[str, Any]]:
        """An envelope is lines: a header, then for each item its header and itself."""
        found = []
        for envelope in self.envelopes:
            _header, *items = envelope.splitlines()
            for of, item in zip(items[::2], items[1::2], strict=False):
                if json.loads(of)["type"] == "event":
                    found.append(json.loads(item))
        return found
