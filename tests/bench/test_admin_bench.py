"""The benchmark of the admin's lists runs from end to end. What it measures is not judged, but for its queries."""

import pytest

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_for_each_list_of_each_admin_at_two_sizes() -> None:
    lines = lines_of("bench.admin", "--n", "60", "--small", "40", "--rounds", "3", "--only", "round")
    assert [(line["what"], line["who"]) for line in lines] == [
        ("round", "superuser"),
        ("round, searched", "superuser"),
        ("round", "program admin"),
        ("round, searched", "program admin"),
    ]
    for line in lines:
        assert (line["bench"], line["n"], line["queries_n_small"]) == ("admin", 60, 40)
        assert line["ratio"] > 0
        assert 0 < line["queries"] == line["queries_small"]
