"""gunicorn with nothing in its environment but ENV_FILE, as in a container: all that the file says counts for it."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from accounts.setup import envfile
from dev.processes import ROOT, Household, free_port
from tests.browser.stack import eventually
from tests.faults.sentry import FakeSentry
from tests.test_settings import SAFE, start

TOKEN = "t" * 40
STRANGE = "garganey-asked.example"


@dataclass
class Served:
    port: int
    env_file: Path
    log: Path
    sentry: FakeSentry

    def answered(self, path: str, host: str = "localhost", **headers: str) -> tuple[int, str]:
        """The status, 0 where nobody answers, and the text."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(asking):
            try:
                asking.request("GET", path, headers={"Host": host, **headers})
                answer = asking.getresponse()
                return answer.status, answer.read().decode()
            except OSError:
                return 0, ""

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    with FakeSentry() as sentry, Household() as house:
        said = SAFE | {
            "PUBLIC_BASE_URL": "http://localhost",
            "METRICS_TOKEN": TOKEN,
            "LOG_FORMAT": "json",
            "WEB_CONCURRENCY": "3",
            "SENTRY_DSN": sentry.dsn,
            "STATIC_ROOT": str(folder / "static"),
        }
        assert start("collectstatic", **said).returncode == 0  # Pages that refuse name styles.
        envfile.write_new(folder / "env", said, "about")
        served = Served(port, folder / "env", folder / "log", sentry)
        house.start(
            "web",
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"],
            log=served.log,
            env={"ENV_FILE": str(served.env_file), "PATH": os.environ["PATH"], "TMPDIR": str(folder)},
        )
        eventually(lambda: served.answered("/livez")[0] == 200, "it answers")
        yield served


def test_it_counts_over_as_many_processes_as_the_file_says_and_logs_in_its_form(served: Served) -> None:
    eventually(lambda: sum("Booting worker" in line for line in served.lines()) == 3, "three come up")
    assert len(list(served.env_file.parent.glob("best-stuff-counts-*"))) == 1
    for _time in range(20):
        assert served.answered("/livez")[0] == 200
    status, text = served.answered("/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    [counted] = [
        line
        for line in text.splitlines()
        if line.startswith("django_http_requests_before_middlewares_total ")
    ]
    assert float(counted.split()[1]) >= 20
    assert served.lines()
    for line in served.lines():
        assert json.loads(line)["time"]


def test_a_wrong_host_name_is_refused_logged_as_no_error_and_reported_to_nobody(served: Served) -> None:
    status, text = served.answered("/livez", host=STRANGE)
    assert status == 400
    assert STRANGE not in text
    eventually(lambda: any(json.loads(line).get("status") == 400 for line in served.lines()), "it is logged")
    assert STRANGE not in served.log.read_text()
    assert not [line for line in served.lines() if json.loads(line)["level"] in {"ERROR", "CRITICAL"}]
    assert served.sentry.everything == ""


def test_the_health_check_of_the_image_asks_by_the_name_that_the_file_says(served: Served) -> None:
    def check(env_file: Path) -> int:
        asks = [sys.executable, "deploy/image/alive.py", str(served.port)]
        return subprocess.run(
            asks, cwd=ROOT, env={"ENV_FILE": str(env_file)}, capture_output=True, check=False
        ).returncode

    other = served.env_file.with_name("other")
    envfile.write_new(other, {"PUBLIC_BASE_URL": f"https://{STRANGE}"}, "about")
    assert check(served.env_file) == 0
    assert check(other) == 1
