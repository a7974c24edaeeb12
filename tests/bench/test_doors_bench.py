"""What tells known addresses from unknown ones by a clock. The benchmark itself is a drill."""

from bench.doors import auc


def test_what_can_be_told_by_a_clock() -> None:
    assert auc([3.0, 4.0], [1.0, 2.0]) == auc([1.0, 2.0], [3.0, 4.0]) == 1.0
    assert auc([1.0, 2.0], [1.0, 2.0]) == 0.5
    assert auc([1.0, 3.0], [2.0, 4.0]) == 0.75
