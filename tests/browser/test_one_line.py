"""One line for later, in a real browser: from any page, by keyboard, and never at the cost of what is half written."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from reflections.models import Moment
from tests.browser.axe import faults
from tests.browser.writing import asked, sign_in, writer  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINE = "Tomasz rang the client himself."


def opened(page: Page) -> Any:
    box = page.locator("dialog[open]")
    expect(box).to_be_visible()
    expect(page.get_by_label("One line", exact=True)).to_be_focused()
    return box


def test_a_line_is_kept_undone_and_said_more_of_without_leaving_what_is_half_written(
    sign_in: Callable[..., BrowserContext],  # noqa: F811
    writer: User,  # noqa: F811
) -> None:
    page = sign_in(writer).new_page()
    page.goto("/profile/")
    page.get_by_label("About you").fill("half written")
    page.keyboard.press("Alt+Shift+K")
    box = opened(page)
    assert faults(page) == []
    page.keyboard.type(LINE)
    page.keyboard.press("Enter")
    expect(box.get_by_text("Kept. Only you can see it.")).to_be_visible()
    expect(box.get_by_role("button", name="Back to the page")).to_be_focused()
    assert LINE in [moment.text for moment in Moment.objects.of(writer)]

    box.get_by_role("button", name="Undo").click()
    expect(box.get_by_text("Undone. It is not kept.")).to_be_visible()
    assert LINE not in [moment.text for moment in Moment.objects.of(writer)]
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_label("About you")).to_have_value("half written")


def test_a_letter_alone_opens_nothing_and_escape_closes(
    sign_in: Callable[..., BrowserContext],  # noqa: F811
    writer: User,  # noqa: F811
) -> None:
    page = sign_in(writer).new_page()
    page.goto("/help/")
    for keys in ("k", "Shift+K", "Alt+K", "Control+Alt+Shift+K"):
        page.keyboard.press(keys)
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_role("link", name="Keep a moment").click()
    opened(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Keep a moment")).to_be_focused()


def test_words_stay_while_there_is_no_connection(
    sign_in: Callable[..., BrowserContext],  # noqa: F811
    writer: User,  # noqa: F811
) -> None:
    context = sign_in(writer)
    page = context.new_page()
    page.goto("/help/")
    page.keyboard.press("Alt+Shift+K")
    box = opened(page)
    page.keyboard.type(LINE)
    context.set_offline(True)
    page.keyboard.press("Enter")
    expect(box.get_by_text("Not kept yet: we cannot be reached now.")).to_be_visible()
    expect(page.get_by_label("One line", exact=True)).to_have_value(LINE)
    context.set_offline(False)
    box.get_by_role("button", name="Keep it").click()
    expect(box.get_by_text("Kept. Only you can see it.")).to_be_visible()
    assert [moment.text for moment in Moment.objects.of(writer)].count(LINE) == 1


def test_too_long_a_line_leads_to_the_form_with_the_words_in_it(
    sign_in: Callable[..., BrowserContext],  # noqa: F811
    writer: User,  # noqa: F811
) -> None:
    page = sign_in(writer, viewport={"width": 390, "height": 800}, has_touch=True).new_page()
    page.goto("/moments/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Keep").tap()
    opened(page)
    page.get_by_label("One line", exact=True).fill("x" * 2001)
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("x" * 2001)


def test_without_script_it_is_a_page_of_its_own_and_one_comes_back(
    sign_in: Callable[..., BrowserContext],  # noqa: F811
    writer: User,  # noqa: F811
) -> None:
    page = sign_in(writer, java_script_enabled=False).new_page()
    page.goto("/help/")
    page.get_by_role("link", name="Keep a moment").click()
    page.locator("#id_text").fill(LINE)
    page.get_by_role("button", name="Keep it").click()
    expect(page).to_have_url(re.compile(r"/help/$"))
    expect(page.get_by_text("Kept. Only you can see it.")).to_be_visible()
    page.get_by_role("link", name="Say more").click()
    page.get_by_label("What did it give you?").fill("A quiet evening.")
    page.get_by_role("button", name="Keep the change").click()
    expect(page).to_have_url(re.compile(r"/help/$"))
    assert "A quiet evening." in [moment.gave for moment in Moment.objects.of(writer)]
    page.goto("/moments/")
    page.get_by_role("link", name="Search your own words").click()
    page.get_by_label("What do you look for?").fill("quiet")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("quiet")
    assert "quiet" not in page.url
