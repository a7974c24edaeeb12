"""How load is made and told. The benchmarks that make it are a drill."""

import random
import time
from collections.abc import Mapping

import pytest

from bench.server.load import Ask, at_rate, percentile
from dev.processes import free_port


def test_what_nobody_answers_is_said() -> None:
    with pytest.raises(RuntimeError, match="refused"):
        at_rate(
            free_port(),
            [Ask("home", "/", {})],
            per_second=50.0,
            seconds=0.2,
            chance=random.Random(1),
        )


def test_who_waits_for_others_is_counted_from_the_moment_they_wanted_something() -> None:
    class Slow(Ask):
        def send(self, connection: object) -> int:
            time.sleep(0.05)
            return 200

    headers: Mapping[str, str] = {}
    times = at_rate(1, [Slow("one", "/", headers)], per_second=200.0, seconds=0.2, chance=random.Random(1))
    waited = percentile(times["one"], 95)
    assert waited is not None
    assert waited > 500


def test_a_share_of_what_was_measured() -> None:
    assert percentile([float(each) for each in range(1, 102)], 95) == 96.0
    assert percentile([1.0], 95) is None
