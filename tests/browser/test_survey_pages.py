"""A survey in a real browser: answered by keyboard, put aside, read in totals; on a narrow phone, and in the dark."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Program
from reflections.models import Survey, SurveyAnswer, SurveyPeriod
from tests.conftest import NOW
from tests.reflections.surveying import TOLD, answer, ask_due_surveys, pairs_of, survey_of, tell_due_surveys

from .test_profile_pages import enter, faults_in_each_sight

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def test_somebody_answers_by_keyboard_and_changes_it(program: Program, enter: Callable[..., Page]) -> None:
    survey_of(program)
    (new,) = pairs_of(program, 1)
    ask_due_surveys(NOW)
    page = enter(new.mentor)
    page.goto("/")
    page.get_by_role("link", name="Look at the questions").click()
    expect(page.get_by_role("heading", level=1, name="A few questions at the start")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Those who run Harbor Mentors read this")
    assert not faults_in_each_sight(page, "survey")
    page.get_by_role("button", name="Save my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("Answer one question at least")
    assert not faults_in_each_sight(page, "survey-error")
    group = page.get_by_role("group", name="Do you know what you would like from this pairing?")
    group.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name="In part")).to_be_checked()
    page.get_by_role("checkbox", name="To pass something on").focus()
    page.keyboard.press("Space")
    text = page.get_by_role("textbox", name="Is there anything that would help you begin?")
    text.fill("A quiet room. " * 60)
    page.get_by_role("button", name="Save my answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Your answers are kept")).to_be_visible()
    assert not faults_in_each_sight(page, "survey-done")
    assert SurveyAnswer.objects.count() == 3
    page.get_by_role("link", name="Change my answers").click()
    expect(group.get_by_role("radio", name="In part")).to_be_checked()
    page.get_by_role("button", name="Take back my answers").click()
    expect(page.get_by_role("heading", level=1, name="Not now: a full answer")).to_be_visible()
    assert not SurveyAnswer.objects.exists()


def test_not_now_stands_on_the_home_page(program: Program, enter: Callable[..., Page]) -> None:
    survey_of(program)
    (new,) = pairs_of(program, 1)
    ask_due_surveys(NOW)
    page = enter(new.mentee)
    page.goto("/")
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("heading", level=1, name="Not now: a full answer")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="A few questions at the start")).to_have_count(0)


def test_those_who_run_the_program_read_totals(
    program: Program, admin: User, enter: Callable[..., Page]
) -> None:
    survey = survey_of(program)
    survey_of(program, Survey.Stage.END)
    for each in pairs_of(program, 6):
        ask_due_surveys(NOW)
        answer(each.mentor, wish="a", agreed="b", hopes="ab")
        answer(each.mentee, wish="b", agreed="b", lacking="A room in which two people can talk. " * 20)
    tell_due_surveys(TOLD)
    period = SurveyPeriod.objects.get()
    page = enter(admin)
    page.goto(f"/admin/reflections/survey/{survey.pk}/results/?period={period.pk}")
    expect(page.get_by_role("img", name="Do you know what you would like from this pairing?")).to_be_visible()
    assert not faults_in_each_sight(page, "survey-results")
    with page.expect_download() as saved:
        page.get_by_role("button", name="XLSX, for a spreadsheet").click()
    assert saved.value.suggested_filename == "harbor-at-the-start-2026-04-01.xlsx"
    page.get_by_role("link", name="Start, middle and end beside each other").click()
    expect(page.get_by_role("heading", name="At the end")).to_be_visible()
    assert not faults_in_each_sight(page, "survey-beside")
    page.goto(f"/admin/reflections/survey/{survey.pk}/change/")
    assert not faults_in_each_sight(page, "survey-change")
    page.get_by_role("link", name="As people see it").click()
    expect(page.get_by_role("button", name="Save my answers")).to_be_disabled()
