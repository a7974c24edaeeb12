"""A list of the admin becomes a file, in a real browser: by the link beside the list, and on a narrow phone."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from tests.conftest import enroll, in_state, make_person

from .snapshots import SHOWN_AT, snapshot
from .test_profile_pages import enter, faults_in_each_sight

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = "Ada Brandt, Bruno Falcão, Carla Nunes, Dario Lima, Edda Möller, Femi Ajayi, Greta Lund, Hamid Nouri"


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(SHOWN_AT):
        yield


@pytest.fixture
def full(program: Program, pairing: Pairing) -> Program:
    for number, name in enumerate(PEOPLE.split(", ")):
        person = make_person(f"{name.split()[0].lower()}@harbor.example", name)
        state = in_state("waitlisted") | {"joined_on": None} if number % 3 == 2 else {}
        enroll(program, person, Enrollment.Role.MENTEE if number % 2 else Enrollment.Role.MENTOR, **state)
    return program


def test_what_a_list_shows_is_saved_as_a_file(
    full: Program, admin: User, enter: Callable[..., Page], tmp_path: Path
) -> None:
    page = enter(admin)
    page.goto("/admin/mentoring/enrollment/")
    page.locator("#changelist-filter").get_by_role("link", name="On the waitlist").click()
    expect(page.get_by_role("link", name="Export")).to_be_visible()
    snapshot(page, "enrollments-list")
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_role("heading", name="Export: enrollments")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("2 rows: what the list shows now")
    snapshot(page, "export")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV, for everything else").click()
    assert saved.value.suggested_filename == "harbor-enrollments-2026-06-23.csv"
    saved.value.save_as(tmp_path / "saved.csv")
    with open(tmp_path / "saved.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == ["Person", "Carla Nunes", "Femi Ajayi"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="XLSX, for a spreadsheet").click()
    assert saved.value.suggested_filename == "harbor-enrollments-2026-06-23.xlsx"
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)


def test_the_page_before_the_file_keeps_nobody_out(
    full: Program, admin: User, enter: Callable[..., Page]
) -> None:
    page = enter(admin)
    page.goto("/admin/mentoring/enrollment/export/")
    assert not faults_in_each_sight(page, "export")
    page.goto("/admin/mentoring/enrollment/")
    page.get_by_role("link", name="Export").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Export: enrollments")).to_be_visible()
