"""Fifty times the web process is told to stop while twenty people a second come, and none of them notices."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stack import Ground, Stack
from tests.drills import stopping

TIMES = int(os.environ.get("DRILL_STOPS", "50"))


@pytest.fixture
def stack(ground: Ground, tmp_path: Path, django_db_blocker: Any) -> Iterator[Stack]:
    with ground.stack(tmp_path, reach=django_db_blocker.unblock) as stack:
        yield stack


@pytest.mark.django_db(transaction=True)
def test_nobody_notices_fifty_times(stack: Stack) -> None:
    visitors, kept = stopping.stop_and_start(stack, TIMES, random.Random(17))
    print(f"{TIMES} stops, {sum(visitors.answers.values())} answers, {len(visitors.failed)} failed")
    stopping.assert_nobody_noticed(visitors, kept)
