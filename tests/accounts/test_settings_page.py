"""The settings page: what is kept, what is refused, and that typed words stay."""

from datetime import time

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts import actions
from accounts.mail import kinds
from accounts.mail.models import Stopped
from accounts.models import User
from accounts.mydata.erasing import erase
from tests.conftest import NOW, make_person, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/"


@pytest.fixture
def noor() -> User:
    return make_person("noor@harbor.example", "Noor Haddad")


@pytest.fixture
def answers() -> dict[str, object]:
    return {
        "time_zone": "Europe/Warsaw",
        "language": "de",
        "coffee_weekday": "3",
        "coffee_time": "09:30:00",
        "wants_moments_in_mail": "on",
        "streams": [stream.name for stream in kinds.streams()],
    }


def test_what_a_person_chooses_is_kept(noor: User, answers: dict[str, object]) -> None:
    browser = signed_in(noor)
    response = browser.post(PAGE, answers)
    assert response.status_code == 302
    noor.refresh_from_db()
    assert (noor.time_zone, noor.language) == ("Europe/Warsaw", "de")
    assert (noor.coffee_weekday, noor.coffee_time) == (User.Weekday.THURSDAY, time(9, 30))
    assert noor.wants_moments_in_mail
    page = browser.get(PAGE).content.decode()
    assert '<option value="Europe/Warsaw" selected>Warsaw</option>' in page
    assert '<option value="09:30:00" selected>09:30</option>' in page


def test_own_moments_stay_out_of_e_mail_until_asked_for(noor: User) -> None:
    assert not noor.wants_moments_in_mail


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("time_zone", "Mars/Olympus", "Choose a time zone such as Europe/Lisbon."),
        ("language", "tlh", "Select a valid choice"),
        ("coffee_weekday", "9", "Select a valid choice"),
        ("coffee_time", "early", "Enter a valid time"),
        ("streams", ["everything"], "Select a valid choice"),
    ],
)
def test_an_answer_that_cannot_be_is_said_beside_its_field_and_the_rest_stays_typed(
    noor: User, answers: dict[str, object], name: str, value: object, says: str
) -> None:
    response = signed_in(noor).post(PAGE, answers | {name: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: Settings" in page
    assert says in page
    assert f'href="#id_{name}' in page
    assert f'id="id_{name}_error"' in page
    if name != "time_zone":
        assert '<option value="Europe/Warsaw" selected>' in page
    noor.refresh_from_db()
    assert noor.time_zone == "Europe/Lisbon"


def test_a_kind_of_e_mail_is_stopped_and_started(noor: User, answers: dict[str, object]) -> None:
    stream = "pairings"
    browser = signed_in(noor)
    browser.post(PAGE, answers | {"streams": []})
    # Those that are none of their business are not on their page, and not stopped by keeping it.
    assert {each.name for each in kinds.streams()} - Stopped.objects.names_of(noor.pk) == {
        "weekly",
        "coordination",
        "surveys",
    }
    assert f'value="{stream}" id="id_streams_0" checked' not in browser.get(PAGE).content.decode()
    browser.post(PAGE, answers | {"streams": [stream]})
    assert stream not in Stopped.objects.names_of(noor.pk)
    assert browser.get(PAGE).content.decode().count("checked") == 2


def test_a_zone_under_an_old_name_is_not_lost(noor: User, answers: dict[str, object]) -> None:
    User.objects.filter(pk=noor.pk).update(time_zone="US/Pacific")
    assert '<option value="US/Pacific" selected>' in signed_in(noor).get(PAGE).content.decode()


def test_the_page_is_for_its_person_only(noor: User) -> None:
    assert signed_in(None).get(PAGE).url == f"{reverse('account_login')}?next={PAGE}"  # type: ignore[attr-defined]


def test_looking_at_the_page_takes_few_queries(
    noor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(noor)
    with django_assert_max_num_queries(10):
        browser.get(PAGE)


def test_keeping_them_touches_nothing_else_of_the_row(noor: User) -> None:
    """What came about between reading the row and keeping it stays, and whoever left meanwhile stays away."""
    read_before = User.objects.get(pk=noor.pk)
    User.objects.filter(pk=noor.pk).update(is_active=False, name="Changed Meanwhile")
    read_before.coffee_weekday = 4
    actions.keep_settings(read_before, ["coffee_weekday"])
    noor.refresh_from_db()
    assert (noor.is_active, noor.name, noor.coffee_weekday) == (False, "Changed Meanwhile", 4)
    erase(noor, now=NOW)
    read_before.time_zone = "Europe/Lisbon"
    actions.keep_settings(read_before, ["time_zone"])
    noor.refresh_from_db()
    assert noor.time_zone == ""
