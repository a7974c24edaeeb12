"""The benchmark of the story runs from end to end, and says what its lines promise. What it measures is not judged."""

import pytest

from tests.bench.test_pages_bench import databases_of_benchmarks, lines_of


@pytest.mark.django_db
def test_each_page_of_a_long_story_is_measured_against_the_home_page() -> None:
    told = lines_of("bench.story", "--n", "34", "--years", "1", "--seconds", "0.02")

    assert [line["what"] for line in told] == ["story", "value", "year", "other years"]
    for line in told:
        assert line["bench"] == "story"
        assert line["moments"] > 182
        assert line["rounds"] == 3
        assert "home page" in line["against"]
        assert line["ratio"] > 0
        assert line["peak_mb"] > 1
        assert line["queries"] <= line["queries_small"]  # One fewer where a page holds no answers.
    assert databases_of_benchmarks() == set()
