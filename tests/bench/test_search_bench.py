"""The benchmark of the search in one's own words runs from end to end. What it measures is not judged."""

import pytest

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_for_each_search() -> None:
    lines = lines_of("bench.search", "--n", "200", "--rounds", "3")
    assert [line["what"] for line in lines] == ["one word", "two words", "a word that stands nowhere"]
    for line in lines:
        assert (line["bench"], line["n"], line["rounds"]) == ("search", 200, 3)
        assert line["ratio"] > 0
        assert line["cpu_ms"] > 0
        assert line["against_ms"] > 0
