"""The list of one's own moments narrowed, and the quarter by its days."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import Program
from reflections.actions import show_value
from reflections.models import Moment, Value
from reflections.rounds import open_due_rounds
from tests.conftest import NOW, TODAY, enroll, signed_in
from tests.reflections.conftest import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def keep(person: User, text: str, day: date = TODAY, **values: object) -> Moment:
    return Moment.objects.create(person=person, text=text, happened_on=day, **values)


def listed(person: User, **asked: object) -> str:
    return signed_in(person).get(reverse("moments:list"), asked).content.decode()


def test_the_list_is_narrowed_by_whom_value_month_week_and_day(mentor: User) -> None:
    sought = keep(mentor, "the one sought", date(2026, 5, 12), for_whom="client")
    keep(mentor, "another one", date(2026, 6, 2), for_whom="myself")
    show_value(mentor, "patience", moment=sought, now=NOW)
    value = Value.objects.get()
    for asked in (
        {"whom": "client"},
        {"value": value.pk},
        {"month": "2026-05"},
        {"week": "2026-05-11"},
        {"day": "2026-05-12"},
        {"whom": "client", "month": "2026-05", "kind": ""},
    ):
        page = listed(mentor, **asked)
        assert "the one sought" in page, asked
        assert "another one" not in page, asked
    assert "patience" in listed(mentor)
    assert "None of these." in listed(mentor, whom="client", month="2026-06")


@pytest.mark.parametrize("name", ["kind", "whom", "value", "month", "week", "day"])
@pytest.mark.parametrize("asked", ["nonsense", "\x00", "2026-13", "9" * 40, "²", "2026-02-31"])
def test_nonsense_narrows_nothing(mentor: User, name: str, asked: str) -> None:
    keep(mentor, "still there")

    assert "still there" in listed(mentor, **{name: asked})


def test_somebody_elses_value_finds_nothing(mentor: User, mentee: User) -> None:
    theirs = keep(mentee, "not yours")
    show_value(mentee, "shearwater", moment=theirs, now=NOW)
    keep(mentor, "mine")
    page = listed(mentor, value=Value.objects.get().pk)

    assert "not yours" not in page
    assert "shearwater" not in page


def test_the_quarter_has_a_drop_on_each_day_on_which_something_was_kept(mentor: User, mentee: User) -> None:
    for _n in range(2):
        keep(mentor, "one of two", date(2026, 5, 12))
    keep(mentor, "before the quarter", date(2026, 3, 31))
    keep(mentee, "somebody else’s", date(2026, 5, 13))
    page = signed_in(mentor).get(reverse("moments:days")).content.decode()

    assert 'aria-label="May 12: two moments"' in page
    assert f"{reverse('moments:list')}?day=2026-05-12" in page
    assert page.count("?day=") == 1
    assert reverse("moments:days_of", args=["2026-01-01"]) in page
    assert reverse("moments:days_of", args=["2026-07-01"]) not in page
    earlier = signed_in(mentor).get(reverse("moments:days_of", args=["2026-02-03"])).content.decode()
    assert 'aria-label="March 31: one moment"' in earlier
    assert reverse("moments:days_of", args=["2026-04-01"]) in earlier


def test_the_quarter_is_that_of_the_persons_program(program: Program, mentor: User) -> None:
    Program.objects.filter(pk=program.pk).update(fiscal_first_month=3)
    page = signed_in(mentor).get(reverse("moments:days")).content.decode()

    assert "June 2026" in page
    assert "August 2026" in page
    assert "May 2026" not in page


def test_in_several_programs_it_is_the_quarter_that_the_home_page_speaks_of(
    program: Program, other_program: Program, mentor: User
) -> None:
    """The one whose reflection is asked for, though they joined another one later, which counts otherwise."""
    open_due_rounds(NOW)
    Program.objects.filter(pk=other_program.pk).update(fiscal_first_month=3)
    enroll(other_program, mentor, "mentor", joined_on=TODAY)
    page = signed_in(mentor).get(reverse("moments:days")).content.decode()

    assert "April 2026" in page
    assert "August 2026" not in page


@pytest.mark.parametrize("day", ["nonsense", "2026-13-01", "1066-10-14", "9999-12-31"])
def test_a_day_that_there_is_not_is_not_found(mentor: User, day: str) -> None:
    assert signed_in(mentor).get(reverse("moments:days_of", args=[day])).status_code == 404


def test_who_is_in_no_program_has_a_quarter_too(outsider: User) -> None:
    assert "April 2026" in signed_in(outsider).get(reverse("moments:days")).content.decode()


def test_the_days_are_reached_from_the_home_page(mentor: User) -> None:
    assert reverse("moments:days") in signed_in(mentor).get(reverse("home")).content.decode()


def test_the_list_and_the_days_ask_as_much_for_many_as_for_few(mentor: User) -> None:
    client, asked = signed_in(mentor), []
    for rows in (3, 57):
        for n in range(rows):
            moment = keep(mentor, f"mine {rows} {n}", kind="win")
            show_value(mentor, f"value {n % 3}", moment=moment, now=NOW)
        asked.append([queries_of(client, reverse(f"moments:{name}")) for name in ("list", "days")])

    assert asked[0] == asked[1]
