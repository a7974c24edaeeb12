"""How a list of the admin reads: by the section in which it stands, as cards on a narrow screen, and empty."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from mentoring.templatetags.mentoring_lists import cells
from tests.conftest import signed_in

TAG = re.compile(r"<[^>]+>")
ENROLLMENTS = "/admin/mentoring/enrollment/"


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def crumbs(client: Client, path: str) -> str:
    found = re.search(r'<div class="breadcrumbs">(.*?)</div>', client.get(path).content.decode(), re.DOTALL)
    assert found is not None, path
    return in_words(found[1])


def in_words(page: str) -> str:
    return " ".join(unescape(TAG.sub(" ", page)).split())


def test_the_way_to_a_page_goes_by_the_section_of_its_list(
    program: Program, pairing: Pairing, browser: Client
) -> None:
    place = Enrollment.objects.filter(program=program).earliest("pk")
    url = lambda what: reverse(f"admin:mentoring_enrollment_{what}", args=[place.pk])  # noqa: E731
    assert crumbs(browser, ENROLLMENTS) == "Home › People › Enrollments"
    assert crumbs(browser, f"{ENROLLMENTS}add/") == "Home › People › Enrollments › Add enrollment"
    assert crumbs(browser, url("change")) == f"Home › People › Enrollments › {place}"
    assert crumbs(browser, url("history")) == f"Home › People › Enrollments › {place} › History"
    assert crumbs(browser, url("notes")) == f"Home › People › Enrollments › {place} › Notes"
    assert crumbs(browser, "/admin/mentoring/enrollment/export/") == "Home › People › Enrollments › Export"
    program_page = reverse("admin:mentoring_program_change", args=[program.pk])
    assert crumbs(browser, program_page) == f"Home › Program › Programs › {program}"
    asked = {"action": "pause", "_selected_action": [pairing.pk]}
    page = browser.post("/admin/mentoring/pairing/", asked).content.decode()
    assert "Home › Pairs › Pairings › Pause these pairings" in in_words(page)


def test_a_section_is_not_said_twice(browser: Client) -> None:
    assert crumbs(browser, "/admin/accounts/user/") == "Home › People"


def test_deleting_stands_under_its_section_too(superuser: User, program: Program) -> None:
    url = reverse("admin:mentoring_program_delete", args=[program.pk])
    assert crumbs(signed_in(superuser), url) == f"Home › Program › Programs › {program} › Delete"


def test_each_cell_of_a_list_says_what_its_column_is(program: Program, mentor: User, browser: Client) -> None:
    page = browser.get(ENROLLMENTS).content.decode()
    row = page[page.index("<tbody>") : page.index("</tbody>")]
    assert re.findall(r'<td data-label="([^"]*)"', row) == ["Role", "Status", "Since when", "Room for"]
    assert '<td class="action-checkbox">' in row


def test_the_heading_of_a_column_is_escaped_and_a_cell_without_one_stays_as_it_is() -> None:
    row = ['<td class="action-checkbox">x</td>', "<th>y</th>", "<td>z</td>", "<td>w</td>"]
    headers = [{"text": '<input type="checkbox">'}, {"text": "name"}, {"text": 'so "called"'}]
    assert cells(row, headers) == (
        '<td class="action-checkbox">x</td><th>y</th><td data-label="So &quot;called&quot;">z</td><td>w</td>'
    )


def test_an_empty_list_has_no_bar_of_actions_and_says_that_it_is_empty(
    program: Program, pairing: Pairing, browser: Client
) -> None:
    full = browser.get("/admin/mentoring/pairing/").content.decode()
    assert 'name="action"' in full
    assert "Nothing" not in full
    narrow = browser.get("/admin/mentoring/pairing/", {"status__exact": "ended"}).content.decode()
    assert 'name="action"' not in narrow
    assert "Nothing here fits what is chosen." in narrow
    Pairing.objects.all().delete()
    empty = browser.get("/admin/mentoring/pairing/").content.decode()
    assert 'name="action"' not in empty
    assert "Nothing is here yet." in empty


def test_a_filter_is_called_by_what_it_asks(program: Program, pairing: Pairing, browser: Client) -> None:
    page = browser.get("/admin/mentoring/pairing/").content.decode()
    summaries = [" ".join(each.split()) for each in re.findall(r"<summary>(.*?)</summary>", page, re.DOTALL)]
    for title in ("Status", "Meetings", "Quiet pairs", "Ends", "Agreement", "Both can be reached"):
        assert title in summaries
    assert not any(title.startswith("By ") for title in summaries)
