"""The benchmark of the doors runs from end to end. What it measures is not judged."""

import pytest

from bench.doors import DOORS, auc

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_for_each_door_says_how_far_known_and_unknown_lie_apart() -> None:
    lines = lines_of("bench.doors", "--n", "2", "--warm-up", "1")
    assert [line["what"] for line in lines] == list(DOORS)
    for line in lines:
        assert line["bench"] == "doors"
        assert line["n"] == 2
        assert line["ratio"] > 0
        assert line["median_ms"] > 0
        assert line["apart_ms"] >= 0
        assert 0.5 <= line["auc"] <= 1


def test_what_can_be_told_by_a_clock() -> None:
    assert auc([3.0, 4.0], [1.0, 2.0]) == auc([1.0, 2.0], [3.0, 4.0]) == 1.0
    assert auc([1.0, 2.0], [1.0, 2.0]) == 0.5
    assert auc([1.0, 3.0], [2.0, 4.0]) == 0.75
