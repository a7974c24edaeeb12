"""Somebody who is a mentor in one program, a mentee in another, both in a third: each page says which hat it is about.

Whoever wears one hat is told nothing that goes without saying.
"""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring import hats
from mentoring.models import Enrollment, Pairing, Program
from reflections.models import Round
from reflections.rounds import open_due_rounds
from tests.conftest import NOW, enroll, make_person, pair, signed_in
from tests.mentoring.applying import _then

__all__ = ["_then"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def third(db: None) -> Program:
    return Program.objects.create(
        name="Lake Peers", slug="lake", starts_on=date(2026, 1, 5), roles="peers", fiscal_first_month=4
    )


@pytest.fixture
def rita(program: Program, other_program: Program, third: Program) -> User:
    person = make_person("rita@harbor.example", "Rita Three")
    enroll(program, person, "mentor")
    enroll(other_program, person, "mentee")
    enroll(third, person, "both")
    return person


def shown(person: User, address: str) -> str:
    response = signed_in(person).get(address)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("places", "are_several"),
    [
        ([], False),
        ([("mentor", "active")], False),
        ([("both", "active")], True),
        ([("both", "applied")], False),
        ([("mentor", "active"), ("mentee", "paused")], True),
        ([("mentor", "active"), ("mentee", "withdrawn")], False),
        ([("mentor", "active"), ("mentee", "applied")], False),
    ],
)
def test_several_hats_are_several_places_or_a_double_one(
    places: list[tuple[str, str]], are_several: bool
) -> None:
    assert hats.are_several([Enrollment(role=role, status=status) for role, status in places]) == are_several


def test_the_list_says_each_hat(rita: User) -> None:
    page = shown(rita, reverse("programs:list"))
    for words in (
        "Harbor Mentors You are a mentor here.",
        "Hill Mentors You are a mentee here.",
        "Lake Peers You are a mentor and a mentee here.",
    ):
        assert words in page


def test_home_says_program_and_role_of_each_pairing_and_reflection(
    rita: User, program: Program, other_program: Program, third: Program, mentee: User, mentor: User
) -> None:
    pair(program, rita, mentee)
    pair(other_program, mentor, rita)
    open_due_rounds(NOW)
    page = shown(rita, "/")
    assert re.search(r"You mentor Tomasz\. [^·]*· Harbor Mentors", page)
    assert re.search(r"Noor mentors you\. [^·]*· Hill Mentors", page)
    for name, hat in (
        ("Harbor Mentors", "You are a mentor here."),
        ("Lake Peers", "You are a mentor and a mentee here."),
    ):
        card = page.split(f"Your reflection in {name}")[1].split("Your reflection in")[0]
        assert hat in card


def test_one_person_in_two_pairings_with_us_is_told_apart_everywhere(
    rita: User, program: Program, third: Program, mentee: User
) -> None:
    enroll(third, mentee, "both")
    in_harbor, in_lake = pair(program, rita, mentee), pair(third, mentee, rita)
    for pairing, where, words in (
        (in_harbor, "Harbor Mentors", "You mentor Tomasz"),
        (in_lake, "Lake Peers", "You and Tomasz listen to each other"),
    ):
        page = shown(rita, reverse("pairings:detail", args=[pairing.pk])).split("Keep a moment", 1)[1]
        assert f"{where} You and Tomasz {words}" in page
    person = shown(rita, reverse("people:detail", args=[mentee.pk]))
    assert "You mentor Tomasz Harbor Mentors" in person
    assert "You and Tomasz Lake Peers" in person
    listed = shown(rita, reverse("pairings:list"))
    assert "You mentor Tomasz Harbor Mentors." in listed
    assert "You and Tomasz Lake Peers." in listed


@pytest.mark.parametrize(
    ("name", "hat"),
    [
        ("Harbor Mentors", "You are a mentor here."),
        ("Lake Peers", "You are a mentor and a mentee here."),
    ],
)
def test_the_page_of_the_quarter_says_for_which_hat_it_asks(rita: User, name: str, hat: str) -> None:
    open_due_rounds(NOW)
    this = Round.objects.filter(program__name=name).latest("quarter_start")
    opened = shown(rita, reverse("reflections:open", args=[this.pk]))
    assert f"{name} · {hat}" in opened
    assert f"{name} · {hat}" in shown(rita, reverse("reflections:question", args=[this.pk, "M1"]))


def test_whoever_wears_one_hat_is_not_told_what_they_know(
    program: Program, pairing: Pairing, mentor: User
) -> None:
    open_due_rounds(NOW)
    this = Round.objects.filter(program=program).latest("quarter_start")
    for address in (
        "/",
        reverse("pairings:detail", args=[pairing.pk]),
        reverse("reflections:open", args=[this.pk]),
    ):
        page = shown(mentor, address)
        assert "You are a mentor here." not in page
        assert "Harbor Mentors · You mentor" not in page
