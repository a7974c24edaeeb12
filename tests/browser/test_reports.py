"""A report for those who fund a program, in a real browser: chosen, read, quoted from, and taken along."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Program
from reflections import actions
from reflections.models import Audience, Moment, QuarterFigure
from reflections.readers import Readers

from .snapshots import SHOWN_AT
from .test_profile_pages import LONG, enter, faults_in_each_sight

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "She asked what I would do, and then she waited."
FIGURES = {"enrolled": 25, "matched": 20, "met": 20, "reflected": 15}


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(SHOWN_AT):
        yield


@pytest.fixture
def told(program: Program, mentee: User) -> Program:
    """Twelve quarters, as many as a report has, and a moment on the wall."""
    for number in range(12):
        year, quarter = divmod(4 * 2023 + 1 + number, 4)
        for measure in QuarterFigure.Measure:
            QuarterFigure.objects.create(
                program=program,
                quarter_start=date(year, 3 * quarter + 1, 1),
                measure=measure,
                at_least=FIGURES.get(measure.value, 0),
            )
    actions.keep_moment(
        mentee,
        text=WORDS,
        happened_on=date(2026, 6, 2),
        readers=Readers(Audience.PROGRAM, program=program.pk),
    )
    return program


def test_words_that_their_writer_lets_be_quoted_stand_in_a_report(
    told: Program, mentee: User, admin: User, enter: Callable[..., Page], tmp_path: Path
) -> None:
    theirs = enter(mentee)
    theirs.goto(f"/moments/{Moment.objects.get().pk}/")
    theirs.get_by_role("link", name="May it be quoted in reports?").click()
    theirs.get_by_label("May be quoted in reports, without my name").check()
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("It may be quoted now, without your name.")).to_be_visible()

    page = enter(admin)
    page.goto("/admin/reports/")
    expect(page.get_by_role("heading", name="Reports", exact=True)).to_be_visible()
    page.get_by_label("From").select_option(label="Jan 2026 to Mar 2026")
    page.get_by_role("button", name="Show").click()
    table = page.get_by_role("region", name="Harbor Mentors")
    expect(table.get_by_role("row", name="Reflected")).to_contain_text("15 to 19")
    expect(table.get_by_role("row", name="Completed a pairing")).to_contain_text("fewer than five")
    page.get_by_label(WORDS).check()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV, for everything else").click()
    assert saved.value.suggested_filename == "harbor-report-2026-01-01-to-2026-03-31.csv"
    saved.value.save_as(tmp_path / "saved.csv")
    lines = (tmp_path / "saved.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].endswith('"Enrolled","25 to 29","25"')
    page.get_by_role("button", name="A page to print").click()
    expect(page.locator("blockquote")).to_have_text(WORDS)
    expect(page.locator("body")).not_to_contain_text(mentee.first_name)


def test_a_long_report_keeps_nobody_out(
    told: Program, mentee: User, admin: User, enter: Callable[..., Page]
) -> None:
    Program.objects.filter(pk=told.pk).update(name=LONG)
    actions.let_quote(Moment.objects.get(), by=mentee)
    page = enter(admin)
    page.goto(f"/admin/reports/?program={told.pk}&first=2023-04-01&last=2026-01-01&by=calendar")
    assert not faults_in_each_sight(page, "reports-long")
    page.get_by_role("button", name="A page to print").click()
    assert not faults_in_each_sight(page, "report-to-print-long")


def test_the_tick_keeps_nobody_out(told: Program, mentee: User, enter: Callable[..., Page]) -> None:
    page = enter(mentee)
    page.goto(f"/quoted/moments/{Moment.objects.get().pk}/")
    assert not faults_in_each_sight(page, "quoting")
    page.get_by_label("May be quoted in reports, without my name").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("It may be quoted now, without your name.")).to_be_visible()
