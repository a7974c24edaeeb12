"""Asking what may never answer: a database behind a line that is cut, a mail server that takes a call and is silent."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from typing import Any, Generic, TypeVar

from django.db import connection

T = TypeVar("T")


class NoAnswer(Exception):
    """Not in time. The question is dropped."""


class Question(Generic[T]):
    """Asked in a thread of its own, one at a time: whoever asks while it is out waits for the same answer, so that no
    threads pile up behind something that hangs."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._out: Future[T] | None = None
        self._line: Any = None

    def begin(self) -> "Asked[T]":
        """Ask, and go on: several questions are begun before the first answer is waited for."""
        with self._lock:
            if self._out is None or self._out.done():
                self._out = Future()
                threading.Thread(target=self._run, args=[self._out], daemon=True).start()
            return Asked(self, self._out)

    def _run(self, out: "Future[T]") -> None:
        try:
            with self._lock:
                # This thread's own, which other threads may not use, but may hang up.
                self._line = connection._connections[connection._alias]  # type: ignore[attr-defined]
            answer = self._ask()
        except BaseException as error:
            self._close()
            out.set_exception(error)
        else:
            self._close()
            out.set_result(answer)

    def _close(self) -> None:
        with self._lock:
            self._line = None
            with contextlib.suppress(Exception):
                connection.close()

    def hang_up(self) -> None:
        """End a call to the database that nobody waits for any more: its thread finds the line cut, and ends."""
        with self._lock, contextlib.suppress(Exception):
            if self._line is not None and self._line.connection is not None:
                with socket.socket(fileno=os.dup(self._line.connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)


class Asked(Generic[T]):
    def __init__(self, question: Question[T], out: "Future[T]") -> None:
        self._question = question
        self._out = out

    def answer(self, until: float) -> T:
        """What it was, at latest when `time.monotonic()` is `until`. Raises NoAnswer, or what the asking raised."""
        try:
            return self._out.result(max(until - time.monotonic(), 0))
        except NotInTime:
            if self._out.done():  # It is what the asking raised.
                raise
            self._question.hang_up()
            raise NoAnswer from None
