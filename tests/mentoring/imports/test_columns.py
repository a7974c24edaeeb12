"""Which column is which: guessed from what people call them, and proposed as it was chosen last."""

import pytest

from accounts.models import User
from mentoring.actions import Refused
from mentoring.imports import requests
from mentoring.imports.columns import guessed, proposed
from mentoring.imports.fields import all_fields
from mentoring.models import Import, Program
from tests.conftest import NOW

from .conftest import Importing, csv_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "headings", "codes"),
    [
        ("mentors", ["Full Name", "EMAIL_ADDRESS", "Dept."], ["name", "email", "department"]),
        ("mentees", ["Vorname", "Nachname", "E-Mail-Adresse"], ["first_name", "last_name", "email"]),
        ("people", ["Rolle", "Mail", "Bietet", "Sucht", "Führungskraft"],
         ["role", "email", "offers", "seeks", "line_manager"]),
        ("people", ["E-mail", "Mail", "Shoe size"], ["email", "", ""]),
        ("pairs", ["Mentorin", "Mentee", "Beginn", "Thema"], ["mentor", "mentee", "starts_on", "focus"]),
        ("pairs", ["E-mail mentor", "E-Mail (Mentee)", "Name"], ["mentor", "mentee", ""]),
        ("mentees", ["Capacity"], [""]),
    ],
)  # fmt: skip
def test_headings_are_understood(kind: str, headings: list[str], codes: list[str], program: Program) -> None:
    found = guessed(all_fields(program, kind), headings)
    assert [found.get(number, "") for number in range(len(headings))] == codes


def test_addresses_are_found_by_what_they_look_like(program: Program) -> None:
    found = guessed(
        all_fields(program, "mentors"), ["X", "Y"], [["A", "a@new.example"], ["B", "b@new.example"]]
    )
    assert found == {1: "email"}


def test_what_was_chosen_last_for_the_same_headings_is_proposed_again(
    importing: Importing, program: Program, other_program: Program, superuser: User
) -> None:
    rows = [["X", "Y", "Z"], ["Sales", "A", "a@new.example"]]
    first = importing.sent("mentors", csv_of(*rows))
    assert proposed(first) == {2: "email"}
    importing.choose(first, columns={0: "department", 1: "name", 2: "email"})
    again = importing.sent("mentors", csv_of(["x:", "Y", " z"], *rows[1:]))
    assert proposed(again) == {0: "department", 1: "name", 2: "email"}
    assert proposed(importing.sent("mentees", csv_of(*rows))) == {2: "email"}
    elsewhere = requests.take_file(other_program, "mentors", csv_of(*rows), "x", by=superuser, now=NOW)
    assert proposed(elsewhere) == {2: "email"}


def test_columns_that_do_not_fit_are_refused(importing: Importing) -> None:
    source = importing.sent("people", csv_of(["A", "B", "C"], ["1", "2", "3"]))
    for columns, why in (
        ({0: "email"}, "Say which column is: Role"),
        ({0: "email", 1: "email", 2: "role"}, "one column only"),
        ({0: "email", 1: "password", 2: "role"}, "one column only"),
    ):
        with pytest.raises(Refused, match=why):
            importing.choose(source, columns=columns)
    assert importing.fresh(source).state == Import.State.COLUMNS
