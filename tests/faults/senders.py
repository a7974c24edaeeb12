"""Sender processes that can be killed: `python -m tests.faults.senders`, one command per line on its input.

It loads everything once and forks for each "start", so that all senders of a file cost one start of Python. Each child
is its own process with its own connections and runs `manage.py outbox --loop`, with a kind of message added.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

PAUSE = "0.05"


class Nursery:
    """The far side of this module: the process that senders are forked from."""

    def __init__(self, database: str, workers: int, *, server: str = "") -> None:
        """`server` is the address of any database of another server than that of the tests."""
        address = urlsplit(server or os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
        environment = os.environ | {
            "DATABASE_URL": address,
            "EMAIL_HOST": "127.0.0.1",
            "MAIL_PER_SECOND": "0",
            "MAIL_WORKERS": str(workers),
            "LOG_LEVEL": "CRITICAL",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.senders"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def say(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        return self._process.stdout.readline()

    def close(self) -> None:
        self._process.communicate()


class Senders:
    """Those of one test, which send to this port: `start()` gives the id of a new sender process."""

    def __init__(self, nursery: Nursery, smtp_port: int) -> None:
        self._nursery = nursery
        self._port = smtp_port
        self.alive: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in list(self.alive):
            self.end(process, signal.SIGKILL)

    def start(self, *, without: str = "") -> int:
        """`without` names a safeguard that this sender lacks (WITHOUT), to show that a test misses it."""
        process = int(self._nursery.say(f"start {self._port} {without}"))
        self.alive.append(process)
        return process

    def end(self, process: int, how: signal.Signals) -> None:
        """Send the signal, and wait until the process is gone."""
        self.alive.remove(process)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, how)
        self._nursery.say(f"await {process}")


def without_the_fence() -> None:
    """Between the claim and the content nobody writes down, or asks, whose the message is."""
    from accounts.mail import claims

    claims.pass_fence = lambda message, **_tokens: None


def without_the_recheck() -> None:
    """Whether it is still wanted is asked when it is claimed, and not again before its content goes out."""
    from accounts.mail import claims

    passes, rules = claims.pass_fence, claims._rules

    def pass_unasked(*given: Any, **named: Any) -> Any:
        claims._rules = lambda message: []
        try:
            return passes(*given, **named)
        finally:
            claims._rules = rules

    claims.pass_fence = pass_unasked


WITHOUT: Mapping[str, Callable[[], None]] = {"fence": without_the_fence, "recheck": without_the_recheck}


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from accounts.mail import kinds
    from tests.accounts.mail.conftest import TEA_NOTE

    kinds.register(TEA_NOTE)
    while words := sys.stdin.readline().split():
        if words[0] == "await":
            os.waitpid(int(words[1]), 0)
            print("gone", flush=True)
            continue
        child = os.fork()
        if child == 0:
            os.close(0)
            settings.EMAIL_PORT = int(words[1])
            for lacking in words[2:]:
                WITHOUT[lacking]()
            call_command("outbox", "--loop", PAUSE)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
