"""`make demo`, as a person has it: it starts, says where to look, refuses in one line, and ends without a trace."""

import contextlib
import http.client
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dev.demo import seconds
from dev.minder import has_ended_within
from dev.processes import ROOT, CannotStart, free_port, holding


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a demo, forgotten at the end as `make demo-reset` does it."""
    yield tmp_path / "demo"
    demo(tmp_path / "demo", "--reset").wait(30)
    assert not (tmp_path / "demo").exists()


def demo(folder: Path, *argv: str) -> subprocess.Popen[str]:
    # Whatever installation the shell is set up for, the demo fills its own database and no other.
    set_up = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/real",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "dev.demo", "--folder", str(folder), *argv],
        cwd=ROOT,
        env=set_up,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": f"localhost:{port}"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_the_demo_starts_says_where_to_look_and_leaves_nothing_running(folder: Path) -> None:
    port, mail_port = free_port(), free_port()
    running = demo(folder, "--port", str(port), "--mail-port", str(mail_port))
    started: list[psutil.Process] = []
    try:
        assert running.stdout is not None
        said = ""
        for line in running.stdout:
            said += line
            if "Ctrl-C ends every process" in line:
                break
        else:
            pytest.fail(f"{said}\n{running.communicate()[1]}")
        started = psutil.Process(running.pid).children(recursive=True)

        assert f"http://localhost:{port}\n" in said
        assert f"http://localhost:{mail_port}" in said
        for what in ("program admin", "mentor", "mentee", "both"):
            assert re.search(rf"^    .*{what}.* +\S+@\S+ +\S+$", said, re.MULTILINE)
        joining = re.search(rf"^    http://localhost:{port}(/join/\S+/)$", said, re.MULTILINE)
        assert joining
        assert "Five Harbors Mentoring" in get(port, joining[1])[1]
        for log in re.findall(r"\S+\.log$", said, re.MULTILINE):
            assert Path(log).is_file()
        assert get(port, "/")[0] == 200
        assert get(mail_port, "/")[0] == 200
        assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
        assert (folder / "secret-key").read_text() not in said

        refused = demo(folder, "--port", str(free_port()), "--mail-port", str(free_port()))
        assert f"in use by another run (process {running.pid})" in refused.communicate(timeout=30)[1]
    finally:
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=60)
    assert all(has_ended_within(10, process) for process in started)
    with pytest.raises(OSError):  # noqa: PT011 (nobody listens any more)
        get(port, "/")


@pytest.mark.parametrize(("option", "name"), [("--port", "PORT"), ("--mail-port", "MAIL_PORT")])
def test_a_port_in_use_is_said_in_one_line_with_the_way_out(folder: Path, option: str, name: str) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        both = {"--port": str(free_port()), "--mail-port": str(free_port())} | {option: str(port)}
        refused = demo(folder, *(part for pair in both.items() for part in pair))
        said = refused.communicate(timeout=30)[1].strip()
    assert re.fullmatch(
        rf"The demo cannot start: port {port} is in use; give another: make demo {name}=\d+", said
    )
    assert refused.returncode == 1


def test_a_demo_that_runs_is_not_reset_under_its_feet(folder: Path) -> None:
    folder.mkdir()
    with holding(folder):
        refused = demo(folder, "--reset")
        assert "in use by another run" in refused.communicate(timeout=30)[1]
        assert refused.returncode == 1
    assert folder.exists()


@pytest.mark.parametrize(
    ("move", "meant"),
    [("", 0), ("+9d", 777_600), ("9d", 777_600), ("-12h", -43_200), ("+30m", 1_800), ("0s", 0)],
)
def test_a_rehearsal_is_a_span_of_time(move: str, meant: int) -> None:
    assert seconds(move) == meant


@pytest.mark.parametrize("move", ["soon", "9", "+9w", "1.5d", "--1d"])
def test_what_is_no_span_of_time_is_refused(move: str) -> None:
    with pytest.raises(CannotStart, match="write it like"):
        seconds(move)
