"""A line to a server, which can be cut, or fall silent like one that a firewall forgot: nothing comes, nothing ends."""

import contextlib
import socket
import threading
from typing import Self


class Line:
    """Listens on `port` of 127.0.0.1 and passes on to that other port, as long as its `with` block lasts."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._flows = threading.Event()
        self._flows.set()
        self._is_cut = False
        self._open: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self._hang_up()

    def cut(self) -> None:
        """Whoever calls is hung up on, and so are those who talk."""
        self._is_cut = True
        self._hang_up()

    def silence(self) -> None:
        """Calls are taken, and what is sent is swallowed: on lines that were open already, too."""
        self._flows.clear()

    def restore(self) -> None:
        """For new calls. Those that fell silent never come back, as when the other end has forgotten them."""
        self._open.clear()
        self._is_cut = False
        self._flows = threading.Event()
        self._flows.set()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _address = self._door.accept()
                if self._is_cut:
                    here.close()
                    continue
                there = socket.create_connection(("127.0.0.1", self._to))
                self._open += [here, there]
                for ends in ((here, there), (there, here)):
                    threading.Thread(target=self._pass_on, args=[*ends, self._flows], daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, flows: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while sent := one.recv(65536):
                if flows.is_set():
                    other.sendall(sent)
            if flows.is_set():
                other.shutdown(socket.SHUT_WR)

    def _hang_up(self) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.clear()
