"""Reading a pasted list of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.actions import Guest
from mentoring.guest_list import read


def test_a_line_is_a_name_and_an_address_or_the_address_alone() -> None:
    found = read(
        'Noor Haddad <Noor@Example.org>\n\n  tomasz@example.org ;\n"Okafor, Iris" <iris@example.org>,\n'
    )
    assert found.guests == [
        Guest("noor@example.org", "Noor Haddad"),
        Guest("tomasz@example.org", ""),
        Guest("iris@example.org", "Okafor, Iris"),
    ]
    assert found.faults == []
    assert found.lines == {"noor@example.org": 1, "tomasz@example.org": 3, "iris@example.org": 4}


def test_the_same_address_twice_is_one_person_with_the_first_name() -> None:
    found = read("a@example.org\nAda <A@example.org>\nSomebody <a@example.org>")
    assert found.guests == [Guest("a@example.org", "Ada")]
    assert found.lines == {"a@example.org": 1}


@pytest.mark.parametrize(
    "line", ["not an address", "a@example.org b@example.org", "<>", "Ada <ada>", "a@b@c.org", "Ada ada@x.org"]
)
def test_a_bad_line_is_named_by_its_number(line: str) -> None:
    found = read(f"ada@example.org\n{line}")
    assert len(found.faults) == 1
    assert found.faults[0].startswith("Line 2: Write one address here")


def test_what_is_too_long_to_keep_is_said() -> None:
    assert "name is longer" in read("x" * 121 + " <a@example.org>").faults[0]
    assert read("a" * 300 + "@example.org").faults


@given(st.text())
def test_whatever_is_pasted_each_line_is_read_or_named(text: str) -> None:
    found = read(text)
    assert len({guest.email for guest in found.guests}) == len(found.guests)
    assert all("@" in guest.email and guest.email == guest.email.lower() for guest in found.guests)
    lines = [line for line in text.splitlines() if line.strip().rstrip(",;").strip()]
    assert len(found.faults) + len(found.guests) <= len(lines)


def test_a_line_without_end_is_one_fault_and_takes_no_time() -> None:
    """A pattern that tries each blank anew would take hours over this one."""
    found = read("a" + " " * 1_000_000 + "<" + "\n" + "b" * 1_000_000)
    assert len(found.faults) == 2
