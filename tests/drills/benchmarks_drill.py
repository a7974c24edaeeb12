"""Every benchmark runs from end to end, at the least size that there is. What they measure is not judged.

That of the pages runs with each change (tests/bench/test_pages_bench.py); these start some fifty processes, and find
what types do not: so they are a drill.
"""

import pytest

from accounts.models import User
from bench.doors import DOORS
from bench.server.readers import PAGES
from bench.servers import DEFAULT, SERVERS, VIEWS
from tests.bench.conftest import _made_already
from tests.bench.test_pages_bench import databases_of_benchmarks, lines_of

__all__ = ["_made_already"]


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


@pytest.mark.django_db
def test_a_line_for_each_page_says_how_long_the_slowest_wait() -> None:
    lines = lines_of("bench.load", "--n", "60", "--seconds", "1")
    assert [told["what"] for told in lines] == list(PAGES)
    assert sum(told["requests"] for told in lines) > 0
    for told in lines:
        assert (told["bench"], told["n"], told["rounds"], told["share"]) == ("load", 60, 3, 0.5)
        assert told["requests_per_second"] > 0
        if told["p50_ms"]:
            assert told["p95_by_p50"] >= 1


@pytest.mark.django_db
def test_a_line_for_each_view_of_each_server() -> None:
    lines = lines_of("bench.servers", "--n", "60", "--seconds", "0.02")
    assert [told["what"] for told in lines] == [f"{view}: {name}" for view in VIEWS for name in SERVERS]
    for told in lines:
        assert told["ratio"] > 0
        assert told["p95_ms"] >= told["p50_ms"] > 0
        assert (told["ratio"] == 1) or DEFAULT not in told["what"]


def test_a_line_against_each_solver_that_found_the_same() -> None:
    lines = lines_of("bench.matching", "--n", "40")
    assert len(lines) == 2
    for line in lines:
        assert line["bench"] == "matching"
        assert line["n"] == 40
        assert line["matched"] > 0
        assert line["ratio"] > 0
        assert line["first_below"] >= 0
        assert line["peak_mb"] > line["idle_mb"] / 2 > 0
    assert "Munkres" in lines[1]["against"]


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


@pytest.mark.django_db
def test_a_line_for_each_search() -> None:
    lines = lines_of("bench.search", "--n", "200", "--rounds", "3")
    assert [line["what"] for line in lines] == ["one word", "two words", "a word that stands nowhere"]
    for line in lines:
        assert (line["bench"], line["n"], line["rounds"]) == ("search", 200, 3)
        assert line["ratio"] > 0
        assert line["cpu_ms"] > 0
        assert line["against_ms"] > 0


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
