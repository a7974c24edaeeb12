"""No cell that leaves us runs as a formula, and what comes back is what went out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.cells import STARTS_A_FORMULA, guarded, unguarded


@given(st.text())
def test_a_guarded_cell_starts_no_formula(text: str) -> None:
    assert not guarded(text).startswith(STARTS_A_FORMULA)


@given(st.text() | st.text(alphabet="'=+-@\t x", max_size=6))
def test_what_comes_back_is_what_went_out(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("start", STARTS_A_FORMULA)
def test_exactly_the_guard_is_taken_off(start: str) -> None:
    assert guarded(f"{start}1") == f"'{start}1"
    assert unguarded(f"'{start}1") == f"{start}1"
    assert unguarded(f"{start}1") == f"{start}1"


@pytest.mark.parametrize("text", ["", "'", "'twas", "O'Neill", "plain", "1-2", " =1"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text == unguarded(text)
