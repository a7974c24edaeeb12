"""`make demo`: the whole of Best Stuff on this machine, with a program in it that has been running for three quarters.

It starts PostgreSQL, Redis, the web server, a Celery worker, beat and a mail catcher, keeps all they write under
var/demo, and ends every one of them when it is ended itself. A second start finds the data of the first.
"""

import argparse
import contextlib
import http.client
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from dev.postgres import remembered_place, write_secret
from dev.processes import (
    ROOT,
    CannotStart,
    Child,
    Household,
    end_on_signals,
    free_port,
    holding,
    is_free,
    shown,
)
from dev.servers import key_file, start_servers

FOLDER = ROOT / "var" / "demo"
# The last two: to try how e-mails come in (docs/mail.md).
PASSED_ON = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "INBOUND_ADDRESS", "INBOUND_AUTHSERV_ID")
SECONDS_TO_START = 90.0
SECONDS_IN = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dev.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the pages")
    parser.add_argument("--mail-port", type=int, default=8025, help="of the page that shows the e-mails")
    parser.add_argument("--rehearsal", default="", help="move its clock: +9d, -12h, +30m")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where all that it writes is kept")
    parser.add_argument("--reset", action="store_true", help="forget the demo's data")
    given = parser.parse_args()
    end_on_signals()
    try:
        if given.reset:
            return reset(given.folder.resolve())
        return Demo(given.folder.resolve(), given.port, given.mail_port, seconds(given.rehearsal)).run()
    except CannotStart as problem:
        print(f"\nThe demo cannot start: {problem}", file=sys.stderr)
    except PermissionError as problem:
        print(f"\nThe demo cannot start: {problem.filename} belongs to another account", file=sys.stderr)
    except KeyboardInterrupt:
        return 0  # The way to end it.
    return 1


class Steps:
    """Says what is being done, and how long it took."""

    def __init__(self) -> None:
        self._began: float | None = None

    def begin(self, name: str) -> None:
        self.end()
        print(f"  {name:<50}", end="", flush=True)
        self._began = time.monotonic()

    def end(self) -> None:
        if self._began is not None:
            print(f"{time.monotonic() - self._began:6.1f} s", flush=True)
        self._began = None


class Demo:
    """One run of the demo, from the first step to the end of its last process."""

    def __init__(self, folder: Path, port: int, mail_port: int, offset: int) -> None:
        self.folder = folder
        self.port = port
        self.mail_port = mail_port
        self.smtp_port = free_port()
        self.offset = offset
        self.address = f"http://localhost:{port}"
        self.steps = Steps()
        self.log = folder / "log"

    def run(self) -> int:
        began = time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        with holding(self.folder), Household() as house:
            self.check_ports()
            print("Best Stuff, a demo on this machine\n")
            self.start_fresh_logs()
            self.steps.begin("PostgreSQL and Redis")
            addresses = start_servers(house, self.folder, throwaway=False, environment={})
            environment = self.environment(addresses)
            sign_ins, joining = self.prepare(house, environment)
            self.start_programs(house, environment)
            self.steps.end()
            self.say_where_to_look(house, sign_ins, joining, time.monotonic() - began)
            try:
                return self.watch(house)
            finally:
                print("\nEnding every process", flush=True)

    def check_ports(self) -> None:
        """Raises CannotStart with the way out."""
        for name, port in (("PORT", self.port), ("MAIL_PORT", self.mail_port)):
            if not is_free(port):
                other = next(n for n in range(port + 10, port + 1000, 10) if is_free(n))
                raise CannotStart(f"port {port} is in use; give another: make demo {name}={other}")

    def start_fresh_logs(self) -> None:
        shutil.rmtree(self.log, ignore_errors=True)
        self.log.mkdir(mode=0o700)

    def environment(self, addresses: dict[str, str]) -> dict[str, str]:
        """The settings of a production-like installation; nothing of the caller's own settings gets in."""
        key = self.folder / "secret-key"
        if not key.exists():
            write_secret(key, secrets.token_urlsafe(64))
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        if sys.platform == "darwin":
            environment["OBJC_DISABLE_INITIALIZE_FORK_SAFETY"] = (
                "YES"  # gunicorn and Celery fork after they load.
            )
        return environment | {
            "DEBUG": "0",
            "SECRET_KEY": key.read_text(),
            "KEY_FILE": key_file(self.folder),
            "PUBLIC_BASE_URL": self.address,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            **addresses,
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.smtp_port),
            "MAIL_PER_SECOND": "20",
            "REQUIRE_ADMIN_SECOND_FACTOR": "0",
            "TICK_SECONDS": "15",
            "REHEARSAL_OFFSET_SECONDS": str(self.offset),
            "STATIC_ROOT": str(self.folder / "static"),
            "BEAT_SCHEDULE_FILE": str(self.folder / "beat-schedule"),
            "PYTHONUNBUFFERED": "1",
        }

    def prepare(
        self, house: Household, environment: dict[str, str]
    ) -> tuple[list[tuple[str, str, str]], str]:
        """Tables, files, translations, people; what to sign in as, and a link to join the program by, if any."""
        log = self.log / "prepare.log"
        told = self.folder / "ways-in.json"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "dev.prepare", str(told)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        house.mind(process, leads_group=False)
        try:
            for line in process.stdout or ():
                self.steps.begin(line.strip())
        finally:
            if process.poll() is None and sys.exc_info()[0]:
                process.terminate()
            process.wait()
        if process.returncode:
            raise CannotStart(f"{last_line(log)} (all of it: {shown(log)})")
        ways = json.loads(told.read_text())
        return [tuple(one) for one in ways["sign_ins"]], ways["join"]

    def start_programs(self, house: Household, environment: dict[str, str]) -> None:
        def start(name: str, *argv: str, grace: float = 15.0) -> Child:
            return house.start(
                name,
                [sys.executable, "-m", *argv],
                log=self.log / f"{name}.log",
                env=environment,
                grace=grace,
            )

        self.steps.begin("Web server, worker, beat, mail catcher")
        ports = ("--smtp-port", str(self.smtp_port), "--port", str(self.mail_port))
        mail = start("mail", "dev.mailcatcher", "--folder", str(self.folder / "mail"), *ports)
        web = start("web", "gunicorn", "--bind", f"127.0.0.1:{self.port}")
        worker = start("worker", "celery", "-A", "mentoring", "worker", "-l", "INFO", "-c", "2", grace=40.0)
        beat = start("beat", "celery", "-A", "mentoring", "beat", "-l", "INFO", "--pidfile=")
        wait_for(mail, lambda: "read it at" in mail.log.read_text())
        wait_for(web, lambda: answers(self.port))
        wait_for(worker, lambda: " ready." in worker.log.read_text())
        wait_for(beat, lambda: "beat: Starting" in beat.log.read_text())

    def say_where_to_look(
        self, house: Household, sign_ins: list[tuple[str, str, str]], joining: str, took: float
    ) -> None:
        widths = [max(len(row[column]) for row in sign_ins) for column in (0, 1)]
        lines = [
            f"\nBest Stuff runs, after {took:.0f} seconds.\n",
            f"  Pages     {self.address}",
            f"  E-mails   http://localhost:{self.mail_port}  (all that it sends ends there)\n",
            "  Sign in as",
            *(
                f"    {what:<{widths[0]}}   {email:<{widths[1]}}   {password}"
                for what, email, password in sign_ins
            ),
            *([f"\n  Or join the program as somebody new\n    {joining}"] if joining else []),
            "\n  Its program admins need no second factor, which REQUIRE_ADMIN_SECOND_FACTOR=0 switches off here only.",
            "\n  Logs",
            *(f"    {child.name:<10}   {shown(child.log)}" for child in house.children),
            "\nCtrl-C ends every process and keeps the data; `make demo-reset` forgets them.",
        ]
        if self.offset:
            moved = str(timedelta(seconds=self.offset)).removesuffix(", 0:00:00")
            lines.insert(1, f"  A rehearsal: its clock is moved by {moved}.\n")
        print("\n".join(lines), flush=True)

    def watch(self, house: Household) -> int:
        """Until one of the processes ends, which none should; its log is named then."""
        while True:
            for child in house.children:
                if child.has_ended:
                    print(
                        f"\n{child.name} has ended by itself; its log is {shown(child.log)}", file=sys.stderr
                    )
                    return 1
            time.sleep(0.3)


def wait_for(child: Child, is_ready: Callable[[], bool]) -> None:
    """Raises CannotStart when the process ends, or takes too long, before it is ready."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not is_ready():
        if child.has_ended:
            raise CannotStart(f"{child.name}: {last_line(child.log)} (all of it: {shown(child.log)})")
        if time.monotonic() > deadline:
            raise CannotStart(
                f"{child.name} is not ready after {SECONDS_TO_START:.0f} s; its log is {shown(child.log)}"
            )
        time.sleep(0.1)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/livez", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def last_line(log: Path) -> str:
    with contextlib.suppress(OSError, IndexError):
        return [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()][-1]
    return "it ended without a word"


def seconds(move: str) -> int:
    """`+9d` as seconds. Raises CannotStart for what is not such a span."""
    if not move:
        return 0
    found = re.fullmatch(r"([+-]?)(\d+)([dhms])", move)
    if not found:
        raise CannotStart(f"REHEARSAL={move} is no span of time; write it like +9d, -12h or +30m")
    return int(f"{found[1]}{found[2]}") * SECONDS_IN[found[3]]


def reset(folder: Path) -> int:
    """Remove all that the demo keeps."""
    if folder.exists():
        with holding(folder):
            # When root made it, the database may lie outside.
            shutil.rmtree(remembered_place(folder), ignore_errors=True)
            shutil.rmtree(folder)
    print("The demo's data are gone; `make demo` begins anew.")
    if os.environ.get("DATABASE_URL"):
        print("The database that DATABASE_URL names is left as it is.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
