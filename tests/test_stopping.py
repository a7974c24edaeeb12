"""Whoever is answered when a process is told to stop is answered to the end, and who comes meanwhile waits."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stack import Ground, Stack
from tests.drills import stopping


@pytest.fixture
def stack(ground: Ground, tmp_path: Path, django_db_blocker: Any) -> Iterator[Stack]:
    with ground.stack(tmp_path, reach=django_db_blocker.unblock) as stack:
        yield stack


@pytest.mark.django_db(transaction=True)
def test_nobody_notices_that_the_web_process_is_stopped_and_started(stack: Stack) -> None:
    visitors, kept = stopping.stop_and_start(stack, 3, random.Random(46))
    stopping.assert_nobody_noticed(visitors, kept)
    assert kept > 0
