"""What stands in the menu only where there is something behind it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mentoring import rules
from mentoring.models import Enrollment, Pairing, Program
from reflections.menu import menu_of
from reflections.models import Audience, Moment, Naming
from tests.conftest import NOW, TODAY, signed_in

pytestmark = pytest.mark.usefixtures("now")
WALL, NAMED = ('href="/wall/"', 'href="/named/"')


def menu(person: User) -> str:
    page = signed_in(person).get(reverse("help")).content.decode()
    start = page.index('<details class="menu">')
    return page[start : page.index("</details>", start)]


def test_the_wall_stands_there_for_those_whose_program_has_one(
    program: Program, mentor: User, outsider: User
) -> None:
    assert WALL in menu(mentor)
    assert WALL not in menu(outsider)
    Enrollment.objects.filter(person=mentor).update(status=Enrollment.Status.PAUSED)
    assert WALL not in menu(mentor), "they do not read it then"
    Enrollment.objects.filter(person=mentor).update(status=Enrollment.Status.ACTIVE)
    Program.objects.update(has_wall=False)
    assert WALL not in menu(mentor)


def test_where_people_are_named_stands_there_for_both_once_there_is_something(
    mentor: User, mentee: User, member: User, pairing: Pairing
) -> None:
    shared = Moment.objects.create(
        person=mentor, text="Tomasz!", happened_on=TODAY, audience=Audience.PAIRING, pairing=pairing
    )
    assert NAMED not in menu(mentor)
    row = Naming.objects.create(person=mentee, moment=shared)
    assert NAMED in menu(mentor), "who writes may see whom they name"
    assert NAMED not in menu(mentee), "nobody has asked them yet"
    Naming.objects.filter(pk=row.pk).update(asked_at=NOW)
    assert NAMED in menu(mentee)
    assert NAMED not in menu(member)


def test_whom_one_names_for_oneself_alone_is_no_reason(mentor: User, mentee: User) -> None:
    alone = Moment.objects.create(person=mentor, text="Tomasz!", happened_on=TODAY)
    Naming.objects.create(person=mentee, moment=alone)
    assert NAMED not in menu(mentor)


def test_the_admin_stands_there_by_the_same_rule_as_at_its_door(
    mentor: User, admin: User, superuser: User, outsider: User
) -> None:
    for person in (mentor, admin, superuser, outsider):
        assert menu_of(person).opens_admin is rules.may_open_admin(person)


def test_the_menu_asks_once_however_much_there_is(
    mentor: User, mentee: User, pairing: Pairing, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(1):
        menu_of(mentor)
    client = signed_in(mentor)
    client.get(reverse("help"))
    with CaptureQueriesContext(connection) as before:
        client.get(reverse("help"))
    for number in range(5):
        moment = Moment.objects.create(
            person=mentor, text=f"{number}", happened_on=TODAY, audience=Audience.PAIRING, pairing=pairing
        )
        Naming.objects.create(person=mentee, moment=moment, asked_at=NOW)
    with django_assert_num_queries(len(before)):
        client.get(reverse("help"))
