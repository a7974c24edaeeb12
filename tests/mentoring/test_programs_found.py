"""The list of programs: one's own with the hat one wears there, and those in which one may ask for a place."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mentoring import actions, rules
from mentoring.models import ApplicationDraft, Enrollment, Program
from tests.conftest import NOW, TODAY, enroll, signed_in
from tests.mentoring.applying import _then, garden, meadow

__all__ = ["_then", "garden", "meadow"]
pytestmark = pytest.mark.django_db


def the_list(person: User, query: str = "") -> str:
    response = signed_in(person).get(reverse("programs:list") + query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("fields", "is_open"),
    [
        ({}, True),
        ({"join_policy": "open"}, True),
        ({"join_policy": "invited"}, False),
        ({"status": "draft"}, False),
        ({"status": "paused"}, False),
        ({"status": "closed"}, False),
        ({"status": "archived"}, False),
        ({"applications_until": TODAY}, True),
        ({"applications_until": TODAY - timedelta(days=1)}, False),
        ({"applications_until": None}, True),
        ({"starts_on": date(2026, 1, 1), "ends_on": TODAY}, True),
        ({"starts_on": date(2026, 1, 1), "ends_on": TODAY - timedelta(days=1)}, False),
        # By its own calendar: at noon in Lisbon it is the next day on the line islands, and the day before nowhere.
        ({"applications_until": TODAY, "time_zone": "Pacific/Kiritimati"}, False),
        ({"applications_until": TODAY, "time_zone": "Pacific/Pago_Pago"}, True),
    ],
)
def test_a_program_is_open_to_others_as_long_as_it_takes_applications(
    meadow: Program, outsider: User, fields: dict[str, object], is_open: bool
) -> None:
    Program.objects.filter(pk=meadow.pk).update(**fields)
    meadow.refresh_from_db()
    assert (meadow in Program.objects.open_to(outsider, NOW)) == is_open
    assert rules.may_apply(outsider, meadow, None, NOW) == is_open
    assert ("Meadow Mentors" in the_list(outsider)) == is_open
    for name in ("detail", "apply", "skills"):
        response = signed_in(outsider).get(reverse(f"programs:{name}", args=[meadow.pk]))
        assert (response.status_code == 404) != is_open


@pytest.mark.parametrize(
    ("status", "applied", "is_open"),
    [
        ("invited", False, True),
        ("applied", True, False),
        ("waitlisted", True, False),
        ("active", True, False),
        ("paused", False, False),
        ("completed", False, False),
        ("withdrawn", True, True),
        ("declined", True, False),
        ("declined", False, True),
    ],
)
def test_who_may_ask_for_a_place_again(
    meadow: Program, outsider: User, status: str, applied: bool, is_open: bool
) -> None:
    place = enroll(meadow, outsider, "mentee", status=status)
    Enrollment.objects.filter(pk=place.pk).update(applied_at=NOW if applied else None)
    place.refresh_from_db()
    assert (meadow in Program.objects.open_to(outsider, NOW)) == is_open
    assert rules.may_apply(outsider, meadow, place, NOW) == is_open


def test_whoever_has_an_invitation_that_waits_answers_that_one(
    program: Program, admin: User, outsider: User
) -> None:
    Program.objects.filter(pk=program.pk).update(join_policy="open")
    program.refresh_from_db()
    week = timedelta(days=7)
    guests = [actions.Guest(outsider.email)]
    actions.invite_by_email(program, "mentor", guests, by=admin, now=NOW, lives=week)
    place = Enrollment.objects.get(person=outsider)
    assert "You are invited." in the_list(outsider)
    for now, is_open in ((NOW, False), (NOW + week, True)):
        assert (program in Program.objects.open_to(outsider, now)) == is_open
        assert rules.may_apply(outsider, program, place, now) == is_open
    response = signed_in(outsider).get(reverse("programs:apply", args=[program.pk]))
    assert response["Location"] == reverse("programs:detail", args=[program.pk])


def test_it_says_in_words_what_one_is_where_and_what_is_open(
    program: Program, other_program: Program, meadow: Program, garden: Program, outsider: User
) -> None:
    enroll(program, outsider, "both")
    enroll(other_program, outsider, "mentor", status="withdrawn")
    actions.keep_draft(meadow, outsider, {}, now=NOW)
    page = the_list(outsider)
    order = [
        "Where you are", "Harbor Mentors", "You are a mentor and a mentee here.",
        "Open to you", "Garden", "You are in at once", "Meadow Mentors", "You have begun, and not sent it.",
        "Go on writing", "In earlier days", "Hill Mentors", "You have left.",
    ]  # fmt: skip
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert reverse("programs:apply", args=[program.pk]) not in page


def test_nobody_is_shown_a_program_that_invites_its_people(
    program: Program, outsider: User, admin: User, superuser: User
) -> None:
    for person in (outsider, admin, superuser):
        assert "Harbor Mentors" not in the_list(person)
    assert "No program is open to you now." in the_list(outsider)


def test_an_archived_program_is_out_of_the_way_until_somebody_asks(program: Program, member: User) -> None:
    Program.objects.filter(pk=program.pk).update(status="archived")
    assert "Harbor Mentors" not in the_list(member)
    assert "?archive=1" in the_list(member)
    assert "Harbor Mentors" in the_list(member, "?archive=1")


def test_a_declined_invitation_shows_nothing_and_a_declined_application_its_answer(
    program: Program, meadow: Program, outsider: User
) -> None:
    enroll(program, outsider, "mentee", status="declined", joined_on=None)
    enroll(meadow, outsider, "mentee", status="declined", applied_at=NOW, joined_on=None)
    page = the_list(outsider)
    assert "Harbor Mentors" not in page
    assert "The answer was no." in page


def test_a_draft_that_can_no_longer_be_sent_can_be_deleted(meadow: Program, outsider: User) -> None:
    actions.keep_draft(meadow, outsider, {"department": ["Physics"]}, now=NOW)
    Program.objects.filter(pk=meadow.pk).update(status="closed")
    assert "Begun, and not sent" in the_list(outsider)
    signed_in(outsider).post(reverse("programs:draft_delete", args=[meadow.pk]))
    assert not ApplicationDraft.objects.exists()
    assert "Begun, and not sent" not in the_list(outsider)


def test_the_list_is_paged_and_costs_the_same_however_long_it_is(
    outsider: User, meadow: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def more(count: int, start: int) -> None:
        for number in range(start, start + count):
            made = Program.objects.create(
                name=f"Program {number:02}", slug=f"p{number}", starts_on=TODAY, join_policy="open"
            )
            if number % 3 == 0:
                enroll(made, outsider, "mentor")
            if number % 3 == 1:
                actions.keep_draft(made, outsider, {}, now=NOW)

    browser = signed_in(outsider)
    more(3, 0)
    with django_assert_num_queries(11) as few:
        browser.get(reverse("programs:list"))
    more(60, 3)
    with django_assert_num_queries(len(few)):
        response = browser.get(reverse("programs:list"))
    assert len(response.context["programs"]) == 50
    assert "page=2" in response.content.decode()
    assert len(browser.get(reverse("programs:list") + "?page=2").context["programs"]) == 14


def test_home_and_menu_lead_there(outsider: User, program: Program, member: User) -> None:
    for person in (outsider, member):
        assert signed_in(person).get("/").content.decode().count(f'href="{reverse("programs:list")}"') == 2
