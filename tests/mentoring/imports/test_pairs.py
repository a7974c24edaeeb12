"""Pairs come in by a file: by the verb that makes any pair, with what it refuses beside the row."""

from datetime import date

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from tests.conftest import enroll, make_person

from .conftest import Importing, figures, outcomes, said

pytestmark = pytest.mark.django_db
HEADINGS = ["Mentor", "Mentee", "First day", "Topic"]


def test_two_are_asked_or_become_a_pair_at_once(
    importing: Importing, mentor: User, mentee: User, member: User
) -> None:
    asked = importing.checked("pairs", HEADINGS, [mentor.email, mentee.email, "2026-07-01", "Clients"])
    assert (figures(asked), Pairing.objects.count(), Message.objects.count()) == ({"new": 1}, 0, 0)
    importing.confirmed(asked)
    one = Pairing.objects.get()
    assert (one.status, one.starts_on, one.focus) == ("proposed", date(2026, 7, 1), "Clients")
    assert Message.objects.filter(kind="pairing_proposed").count() == 2
    importing.done("pairs", HEADINGS, [mentor.email.upper(), member.email, "", ""], ask_first=False)
    other = Pairing.objects.get(mentee=member)
    assert (other.status, other.starts_on) == ("active", date(2026, 6, 23))
    assert Message.objects.filter(kind="pairing_made").count() == 2


def test_the_same_pairs_twice_change_nothing(
    importing: Importing, pairing: Pairing, mentor: User, mentee: User
) -> None:
    rows = [HEADINGS, [mentor.email, mentee.email, "2026-09-01", "Something else"]]
    assert figures(importing.done("pairs", *rows)) == {"unchanged": 1}
    pairing.refresh_from_db()
    assert pairing.focus == "clients and pricing"
    assert not Message.objects.exists()
    Pairing.objects.update(focus="")
    assert figures(importing.done("pairs", *rows)) == {"changed": 1}
    assert figures(importing.done("pairs", *rows)) == {"unchanged": 1}


def test_refusals_stand_beside_the_row_and_room_is_counted_through_the_file(
    importing: Importing, program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    second = make_person("sam@harbor.example", "Sam Two")
    enroll(program, second, "mentor", capacity=3)
    third = make_person("tia@harbor.example", "Tia Three")
    enroll(program, third, "mentee")
    rows = [
        [mentor.email, mentee.email, "", ""],
        [mentor.email, member.email, "", ""],
        [second.email, mentee.email, "", ""],
        [mentor.email, mentee.email, "", ""],
        [member.email, third.email, "", ""],
        [second.email, third.email, "2020-01-01", ""],
        [second.email, second.email, "", ""],
        ["", third.email, "", ""],
    ]
    source = importing.checked("pairs", HEADINGS, *rows)
    assert outcomes(source) == ["new", *["bad"] * 7]
    assert said(source) == {
        2: "are asked",
        3: "row: Noor has no room for another mentee now.",
        4: "row: Tomasz has a mentor here already, and this program allows one at a time.",
        5: "row: The same two stand in row 2 already.",
        6: "row: Ines is in this program as mentee.",
        7: "row: The first day must lie within the program.",
        8: "row: Nobody can be their own mentor.",
        9: "Mentor: Something has to stand here.",
    }
    assert not Pairing.objects.exists()
    assert not Message.objects.exists()


def test_a_mentee_has_as_many_mentors_as_the_program_says(
    importing: Importing, program: Program, mentor: User, mentee: User
) -> None:
    Program.objects.update(pairings_per_mentee=2)
    importing.program.refresh_from_db()
    rows = [[mentor.email, mentee.email]]
    for number in range(2):
        person = make_person(f"m{number}@harbor.example", f"M{number}")
        enroll(program, person, "mentor")
        rows.append([person.email, mentee.email])
    source = importing.checked("pairs", HEADINGS[:2], *rows)
    assert outcomes(source) == ["new", "new", "bad"]


def test_of_those_who_are_not_in_the_program_nothing_is_told(
    importing: Importing, program: Program, mentor: User, outsider: User
) -> None:
    enroll(program, make_person("inv@new.example", "Hidden Name"), "mentee", status="invited", joined_on=None)
    rows = [
        [mentor.email, outsider.email],
        [mentor.email, "nobody@new.example"],
        [mentor.email, "inv@new.example"],
    ]
    source = importing.checked("pairs", HEADINGS[:2], *rows)
    assert said(source) == {
        2: "Mentee: Nobody in this program has this address.",
        3: "Mentee: Nobody in this program has this address.",
        4: "Mentee: They are invited, and have not said yes.",
    }
