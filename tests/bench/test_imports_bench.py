"""The benchmark of imports runs from end to end. What it measures is not judged."""

import pytest

from accounts.models import User

from .test_pages_bench import lines_of


@pytest.mark.django_db
def test_a_line_says_how_fast_a_list_comes_in_and_in_how_much_memory() -> None:
    (line,) = lines_of("bench.imports", "--n", "12", "--what", "xlsx, invite")
    assert (line["bench"], line["what"], line["n"], line["rounds"]) == ("imports", "xlsx, invite", 12, 3)
    assert "COPY" in line["against"]
    assert line["ratio"] > 0
    assert line["rows_per_second"] > 0
    assert line["peak_mb"] > 1
    assert line["peak_mb_4n"] > 1
    assert line["traced_mb"] > 0
    assert line["traced_mb_4n"] > 0


@pytest.mark.django_db(transaction=True)
def test_the_other_format_and_the_other_way_come_in_too(admin: User) -> None:
    """Once is enough to see it run: each measure is a process of its own."""
    (told,) = lines_of("bench.imports", "--n", "12", "--one", "csv", "--how", "enroll")
    assert told["seconds"] > 0
    assert told["peak_mb"] > 1
