"""The benchmark of imports runs from end to end. What it measures is not judged."""

import pytest

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_says_how_fast_a_list_comes_in_and_in_how_much_memory() -> None:
    # One of the two formats, one of the two ways each: all four parts run, and the third pair would show nothing new.
    asked = ("xlsx, invite", "csv, enroll")
    lines = lines_of("bench.imports", "--n", "40", *(word for what in asked for word in ("--what", what)))
    assert tuple(line["what"] for line in lines) == asked
    for line in lines:
        assert (line["bench"], line["n"], line["rounds"]) == ("imports", 40, 3)
        assert "COPY" in line["against"]
        assert line["ratio"] > 0
        assert line["rows_per_second"] > 0
        assert line["peak_mb"] > 1
        assert line["peak_mb_4n"] > 1
        assert line["traced_mb"] > 0
        assert line["traced_mb_4n"] > 0
