"""The benchmark of the quarter's e-mails runs from end to end. What it measures is not judged."""

import pytest

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_for_each_number_of_senders_and_one_for_the_planner() -> None:
    *sending, planning = lines_of("bench.nudges", "--n", "8", "--people", "12")
    assert [(line["what"], line["senders"]) for line in sending] == [("sending", n) for n in (1, 2, 4)]
    for line in sending:
        assert line["n"] == 8
        assert line["ratio"] > 0
        assert line["messages_per_second"] > 0
        assert line["bytes_each"] > 3000
    assert planning["what"] == "planning"
    assert planning["n"] >= 12
    assert planning["ratio"] > 0
