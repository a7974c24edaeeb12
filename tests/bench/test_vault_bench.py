"""The benchmark of sealed words runs from end to end. What it measures is not judged."""

import pytest

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_each_for_writing_looking_through_and_wrapping_anew() -> None:
    lines = lines_of("bench.vault", "--n", "120", "--rounds", "3")
    assert [line["what"] for line in lines] == ["write entries", "look through entries", "rewrap keys"]
    for line in lines:
        assert (line["bench"], line["n"], line["rounds"]) == ("vault", 120, 3)
        assert line["ratio"] > 0
        assert line["ms"] > 0
        assert line["against_ms"] > 0
    assert lines[1]["open_and_scan_ms"] > 0
    assert lines[1]["seal_ms"] > 0
