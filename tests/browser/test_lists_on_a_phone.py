"""The lists of the admin on a phone: a card for each row, each thing in it by its name, and nothing to scroll aside."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import EnrollmentQuestion, Pairing, Program

from .snapshots import SHOWN_AT
from .test_profile_pages import enter, faults_in_each_sight

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(SHOWN_AT):
        yield


def test_a_list_is_read_ticked_and_acted_on_on_a_phone(
    program: Program, pairing: Pairing, admin: User, enter: Callable[..., Page]
) -> None:
    page = enter(admin)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/mentoring/pairing/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    card = page.locator("#result_list tbody tr")
    status = card.locator("td.field-status")
    label = status.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == '"Status"'
    # What it says stands beside its name, and below the name of the row.
    name = card.locator("th a").bounding_box()
    said = status.bounding_box()
    assert name is not None
    assert said is not None
    assert said["y"] >= name["y"] + name["height"]
    assert said["x"] + said["width"] <= 390
    page.get_by_role("link", name="Filter", exact=True).click()
    expect(page.locator("#changelist-filter")).to_be_in_viewport()
    card.get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("pause")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="Pause these pairings")).to_be_visible()


def test_a_list_whose_cells_are_fields_fits_a_phone_and_keeps_nobody_out(
    program: Program, admin: User, enter: Callable[..., Page]
) -> None:
    for number, text in enumerate(("What should be different in a year?", "How would you like to meet?")):
        EnrollmentQuestion.objects.create(program=program, code=f"q{number}", text=text, position=number)
    page = enter(admin)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/admin/mentoring/enrollmentquestion/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    field = page.get_by_label("Position of “How would you like to meet?”")
    field.fill("7")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_label("Position of “How would you like to meet?”")).to_have_value("7")
    wrong = faults_in_each_sight(page, "list-on-a-phone")
    assert not wrong, "\n".join(wrong)
