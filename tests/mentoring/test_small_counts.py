"""Totals that tell of nobody."""

from hypothesis import given
from hypothesis import strategies as st

from mentoring.small_counts import FEWEST, told


def test_a_whole_of_four_is_not_told_at_all() -> None:
    assert told({"met": 3, "not": 1}) == {"met": None, "not": None}


def test_parts_of_five_or_none_are_told() -> None:
    assert told({"met": 12, "not": 5, "unknown": 0}) == {"met": 12, "not": 5, "unknown": 0}


def test_a_small_part_takes_the_smallest_other_with_it() -> None:
    assert told({"met": 12, "not": 7, "unknown": 2}) == {"met": 12, "not": None, "unknown": None}


def test_two_small_parts_of_five_together_are_enough() -> None:
    assert told({"met": 12, "not": 4, "unknown": 1}) == {"met": 12, "not": None, "unknown": None}


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12), min_size=1))
def test_what_is_left_out_is_never_one_part_nor_fewer_than_five_people(parts: dict[int, int]) -> None:
    left_out = [key for key, number in told(parts).items() if number is None]
    if left_out and sum(parts.values()) >= FEWEST:
        assert sum(parts[key] for key in left_out) >= FEWEST
        assert len(left_out) > 1 or len(parts) == 1
    told_parts = [number for number in told(parts).values() if number is not None]
    assert not any(0 < number < FEWEST for number in told_parts)
