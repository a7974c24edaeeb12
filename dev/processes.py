"""Processes that we start, each with its log, and their certain end."""

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Self

import psutil

ROOT = Path(__file__).resolve().parent.parent
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(Exception):
    """Something a person can put right; the text is one plain line for them."""


@dataclass(frozen=True)
class Account:
    """An account of this machine that a process can be run as."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> Self:
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def popen_options(self) -> dict[str, Any]:
        """What makes `subprocess` give up root for good before the program starts."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}


class Child:
    """One process we started, leader of a session of its own."""

    def __init__(
        self,
        name: str,
        process: subprocess.Popen[bytes],
        log: Path,
        *,
        stop: int,
        grace: float,
        is_server: bool,
    ) -> None:
        self.name = name
        self.process = process
        self.log = log
        self.stop_signal = stop
        self.grace = grace
        self.is_server = is_server

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_end(self) -> None:
        if not self.has_ended:
            self.process.send_signal(self.stop_signal)

    def end(self) -> None:
        """Ask it to end; when it has not within its grace, kill it and what it started."""
        self.ask_to_end()
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            # Not yet waited for, so the number is still its own: this reaches no stranger.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Household:
    """The processes and throw-away folders of one run: `with Household() as house:` leaves none of them behind."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        minder = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("minder.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        if minder.stdin is None:
            raise RuntimeError("the minder has no pipe")
        self._minder, self._pipe = minder, minder.stdin
        return self

    def __exit__(self, *_: object) -> None:
        with without_signals():
            self._end([child for child in self.children if not child.is_server])
            self._end([child for child in self.children if child.is_server])
            self._stack.close()
            with contextlib.suppress(BrokenPipeError):
                self._pipe.close()
            self._minder.wait()

    def _end(self, children: list[Child]) -> None:
        for child in reversed(children):
            child.ask_to_end()
        for child in reversed(children):
            child.end()
            self._tell(say="forget", pid=child.process.pid)

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        account: Account | None = None,
        stop: int = signal.SIGTERM,
        grace: float = 20.0,
        is_server: bool = False,
        sockets: Sequence[int] = (),
    ) -> Child:
        """Start a process that writes to `log` and is ended by `stop`, or after `grace` seconds by SIGKILL. It has
        `sockets`, open files of ours, by the same numbers.

        A server (`is_server`) is ended after all that may still be using it.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                cwd=cwd,
                start_new_session=True,
                pass_fds=sockets,
                **(account.popen_options() if account else {}),
            )
        self.mind(process, stop=stop, grace=grace, leads_group=True)
        child = Child(name, process, log, stop=stop, grace=grace, is_server=is_server)
        self.children.append(child)
        return child

    def mind(
        self,
        process: subprocess.Popen[Any],
        *,
        stop: int = signal.SIGTERM,
        grace: float = 20.0,
        leads_group: bool,
    ) -> None:
        """Have the minder end this process should we die first."""
        with contextlib.suppress(psutil.NoSuchProcess):
            started = psutil.Process(process.pid).create_time()
            self._tell(
                say="watch",
                pid=process.pid,
                started=started,
                signal=int(stop),
                grace=grace,
                leads_group=leads_group,
            )

    def throw_away(self, folder: Path) -> None:
        """Remove this folder at the end, whatever the end is."""
        self._stack.callback(remove_folder, folder)
        self._tell(say="remove", path=str(folder))

    def _tell(self, **message: Any) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._pipe.write(json.dumps(message).encode() + b"\n")
            self._pipe.flush()


def remove_folder(folder: Path) -> None:
    """Remove a folder of ours with all that is in it; no trouble when it is gone already."""
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def without_signals() -> Iterator[None]:
    """Let no second Ctrl-C interrupt an orderly end; only the main thread gets signals, and needs such care."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in ENDING_SIGNALS]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def end_on_signals() -> None:
    """From now on SIGTERM and SIGHUP end this program as Ctrl-C does: through its `finally` and `with` blocks."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run_in_foreground(house: Household, argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Run a command on our own terminal; its exit code, as a shell gives it. A SIGTERM to us is passed on to it."""
    try:
        process = subprocess.Popen(argv, env=dict(env))
    except OSError as error:
        raise CannotStart(f"{argv[0]} cannot be run: {error.strerror}") from error
    house.mind(process, leads_group=False)

    def pass_on(*_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The terminal sends it to the command as well: its matter.
    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGHUP, pass_on)
    code = process.wait()
    end_on_signals()
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; the kernel lets go of it however we end.

    Raises CannotStart when another process holds it.
    """
    with (folder / "lock").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.seek(0)
            raise CannotStart(
                f"{shown(folder)} is in use by another run (process {held.read().strip()})"
            ) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether one can listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def shown(path: Path) -> str:
    """A path as a person would type it from the checkout."""
    try:
        return str(path.resolve().relative_to(ROOT))
    except ValueError:
        return str(path)
