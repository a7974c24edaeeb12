"""A program's page: what it is for, who runs it, and where one stands in it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mentoring import actions
from mentoring.actions import Guest
from mentoring.models import Enrollment, Pairing, Program
from tests.conftest import NOW, enroll, pair, signed_in


def page_of(program: Program, person: User) -> str:
    with time_machine.travel(NOW, tick=False):
        response = signed_in(person).get(reverse("programs:detail", args=[program.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_it_says_what_it_is_for_who_runs_it_and_what_comes_next(
    program: Program, member: User, admin: User
) -> None:
    page = page_of(program, member)
    for words in (
        "Harbor Mentors",
        "Pairs people who learn from each other.",
        "You are a mentee here, since Monday, January 5, 2026.",
        "look for somebody who fits you",
        "<dd>Rosa</dd>",
        "rosa@harbor.example",
    ):
        assert words in page
    assert "Lind" not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("applied", "read what you said, and answer you."),
        ("waitlisted", "There is no room just now."),
        ("paused", "Your place is paused"),
        ("withdrawn", "Your place has ended."),
        ("completed", "been through it to its end"),
        ("invited", "that invitation is over"),
    ],
)
def test_each_state_of_a_place_has_its_sentence(
    program: Program, outsider: User, status: str, words: str
) -> None:
    enroll(program, outsider, "both", status=status)
    assert words in page_of(program, outsider)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("proposed", "A pairing has been proposed to you."),
        ("active", "You are paired."),
        ("accepted", "You are paired."),
        ("ended", "look for somebody who fits you"),
        ("declined", "look for somebody who fits you"),
    ],
)
def test_an_active_place_says_how_far_a_pairing_is(
    program: Program, mentor: User, mentee: User, status: str, words: str
) -> None:
    fields: dict[str, object] = {"ended_on": date(2026, 6, 1)} if status == "ended" else {}
    if status in Pairing.ASKED:
        fields = {"mentor_accepted_at": None, "mentee_accepted_at": None}
    pair(program, mentor, mentee, status=status, **fields)
    page = page_of(program, mentee)
    assert words in page
    assert ("Noor" in page) == (status != "declined")


def test_a_yes_waits_for_the_other_one(program: Program, mentor: User, mentee: User) -> None:
    pair(program, mentor, mentee, status="proposed", mentee_accepted_at=None)
    assert "It begins with a second yes" in page_of(program, mentor)


def test_a_program_that_is_to_come_and_one_that_is_over(program: Program, member: User) -> None:
    Program.objects.filter(pk=program.pk).update(starts_on=date(2026, 9, 1))
    assert "The program begins on Tuesday, September 1, 2026." in page_of(program, member)
    Program.objects.filter(pk=program.pk).update(status="closed")
    assert "The program is over." in page_of(program, member)


def test_whoever_is_invited_is_led_to_the_invitation_and_whoever_declined_sees_nothing(
    program: Program, admin: User, outsider: User
) -> None:
    (invitation,) = actions.invite_by_email(
        program, "mentor", [Guest(outsider.email)], by=admin, now=NOW, lives=timedelta(days=7)
    )
    assert reverse("join:open", args=[invitation.token]) in page_of(program, outsider)
    actions.decline_invitation(invitation, now=NOW)
    assert not Program.objects.visible_to(outsider).exists()
    address = reverse("programs:detail", args=[program.pk])
    assert signed_in(outsider).get(address).status_code == 404
    home = signed_in(outsider).get("/").content.decode()
    assert address not in home


def test_only_its_people_find_it(
    program: Program, other_program: Program, admin: User, superuser: User, outsider: User, member: User
) -> None:
    """Whoever runs it finds it in the admin; this page is about a place in it."""
    for person in (admin, superuser, outsider):
        response = signed_in(person).get(reverse("programs:detail", args=[program.pk]))
        assert response.status_code == 404
    response = signed_in(member).get(reverse("programs:detail", args=[other_program.pk]))
    assert response.status_code == 404


def test_the_home_page_leads_there(program: Program, member: User) -> None:
    assert reverse("programs:detail", args=[program.pk]) in signed_in(member).get("/").content.decode()


def test_it_asks_the_database_as_much_for_many_pairings_as_for_one(
    program: Program, mentor: User, member: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=9)
    for number in range(9):
        person = User.objects.create_user(f"p{number}@harbor.example", name=f"Person {number}")
        enroll(program, person, Enrollment.Role.MENTEE)
        pair(program, mentor, person)
    browser = signed_in(mentor)
    with django_assert_max_num_queries(13):
        page = browser.get(reverse("programs:detail", args=[program.pk])).content.decode()
    assert page.count("You mentor Person") == 6
    assert "All your pairings" in page
