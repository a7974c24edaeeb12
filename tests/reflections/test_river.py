"""The river is drawn from widths alone, whatever they are, and stays in its bed."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reflections.story import river

NUMBER = re.compile(r"-?\d*\.?\d+")
strands = st.integers(1, river.STRANDS).map(lambda size: list(range(size)))
seasons = st.lists(
    st.dictionaries(st.integers(0, river.STRANDS - 1), st.integers(0, 9)), min_size=1, max_size=12
)


@given(strands, seasons)
def test_strands_lie_side_by_side_within_the_bed_whatever_was_kept(
    strands: list[int], seasons: list[dict[int, int]]
) -> None:
    for bed in (river.DOWN, river.ACROSS):
        for edges in river._states(strands, seasons, bed):
            lying = sorted(edges.values())
            assert len(lying) == len(strands)
            assert lying[0][0] >= 0
            assert lying[-1][1] <= bed.span
            for (_left, right), (left, _right) in pairwise(lying):
                assert left - right >= bed.gap - 0.001


@given(strands, seasons)
def test_each_season_goes_on_where_the_one_above_it_ended(
    strands: list[int], seasons: list[dict[int, int]]
) -> None:
    drawn = [river.down(strands, seasons, i) for i in range(len(seasons))]
    for above, below in zip(drawn[1:], drawn, strict=False):
        for one, other in zip(above, below, strict=True):
            end = re.search(r"78 (\S+) 100V100\.5H(\S+?)V", one.path)
            assert end
            if below is not drawn[-1]:
                begin = re.match(r"M(\S+) -\.5V0", other.path)
                assert begin
                assert begin[1] == end[1]


def test_what_was_spoken_of_more_runs_wider_and_in_the_middle() -> None:
    edges = river._states(["a", "b", "c"], [{"a": 1, "b": 4, "c": 1}], river.DOWN)[0]
    width = {strand: right - left for strand, (left, right) in edges.items()}

    assert width["b"] > width["a"] == width["c"] > 0
    assert edges["a"] < edges["b"] < edges["c"]


def test_the_newest_begins_in_tips_and_the_first_ends_in_one_spring() -> None:
    seasons = [{"a": 1}, {"a": 2, "b": 1}, {"b": 4}]

    newest, middle, first = (river.down(["a", "b"], seasons, i) for i in (2, 1, 0))
    assert [strand.color for strand in newest] == [1, 2]
    assert all(strand.path.startswith("M") and " -.5V0" not in strand.path for strand in newest)
    assert all(" -.5V0" in strand.path for strand in (*middle, *first))
    ends = [float(x) for strand in first for x in re.findall(r"V100\.5H(\S+?)V", strand.path)]
    assert max(ends) - min(ends) < 5


def test_nothing_is_drawn_where_nothing_was_named() -> None:
    assert river.down([], [{}], 0) == []
    assert river.across([], [{}], 4) == []
    assert river.across(["a"], [], 4) == []
    assert river.mouths([], []) == []


def test_the_river_across_shows_the_last_seasons_from_side_to_side() -> None:
    seasons = [{"a": 3}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2}]
    drawn = river.across(["a", "b"], seasons, 2)

    assert [strand.color for strand in drawn] == [1, 2]
    for strand in drawn:
        assert strand.path.startswith("M0 ")
        assert "H1000" in strand.path or " 1000 " in strand.path
        assert all(-1 <= float(number) <= 1000 for number in NUMBER.findall(strand.path))
    assert [strand for _at, strand in river.mouths(["a", "b"], seasons)] in (["a", "b"], ["b", "a"])
