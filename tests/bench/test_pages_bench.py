"""The benchmark of the pages runs from end to end, and says what its line promises. What it measures is not judged."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection

from bench.common import in_turn, ratio, say
from bench.server.readers import PAGES
from dev.processes import ROOT


def databases_of_benchmarks() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'best_stuff_bench_%%'")
        names = {name for (name,) in cursor.fetchall()}
    # Each is called after the process that made it. Another benchmark that is under way still needs its own.
    return {name for name in names if not psutil.pid_exists(int(name.split("_")[3]))}


@pytest.mark.django_db
def test_a_line_says_how_fast_each_page_is_against_a_bare_view() -> None:
    lines = lines_of("bench.pages", "--n", "60", "--seconds", "0.02")
    assert [told["what"] for told in lines] == list(PAGES)
    for told in lines:
        assert (told["bench"], told["n"], told["rounds"]) == ("pages", 60, 3)
        assert "bare view" in told["against"]
        assert told["ratio"] > 0
        assert told["requests_per_second"] > 0
        assert told["against_requests_per_second"] > 0
        assert told["p95_ms"] >= told["median_ms"] > 0
        assert told["seconds"] > 0
        assert told["peak_mb"] > 1
        assert told["queries"] == told["queries_small"] > 0
    assert databases_of_benchmarks() == set()


def lines_of(benchmark: str, *arguments: str) -> list[dict[str, Any]]:
    """What it prints, run on the servers of these tests."""
    ran = subprocess.run(
        [sys.executable, "-m", benchmark, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": server_address(), "REDIS_URL": settings.REDIS_URL},
        capture_output=True,
        text=True,
        timeout=900,  # However busy the machine is.
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def server_address() -> str:
    """A database that is there, on the server of these tests: the benchmark makes its own beside it."""
    server = urlsplit(os.environ.get("DATABASE_URL", "postgres://localhost/best_stuff"))
    return urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}"))


def test_it_wants_three_rounds_and_a_server() -> None:
    for arguments, missing in (
        (["--rounds", "2"], "three at least"),
        ([], "DATABASE_URL is not set"),
    ):
        bare = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        }
        ran = subprocess.run(
            [sys.executable, "-m", "bench.pages", *arguments],
            cwd=ROOT,
            env=bare,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == 2
        assert missing in ran.stderr


def test_measures_are_taken_in_turn() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    taken = in_turn(3, lambda: measure("theirs"), lambda: measure("ours"))

    assert order == ["theirs", "ours"] * 3
    assert taken == [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]
    assert ratio(taken[1], taken[0]) == pytest.approx(4 / 3, abs=0.0001)


def test_a_line_without_its_measure_is_a_defect() -> None:
    with pytest.raises(ValueError, match="against"):
        say(bench="pages", n=1, seconds=1, ratio=1, peak_mb=1)
