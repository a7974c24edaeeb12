"""What the README shows of a mentor's quarter, in the demo program a week before its end: there, and as it is shown."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from reflections.demo import people
from reflections.demo.build import build

from .snapshots import SHOWN_AT, snapshot
from .test_profile_pages import enter

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TALL, TALLER = 960, 1400  # Home down to where a moment is kept.


def test_a_mentor_sees_where_the_quarter_stands_writes_beside_their_moments_and_finds_both_in_their_story(
    enter: Callable[..., Page],
) -> None:
    with time_machine.travel(SHOWN_AT):
        build(people.SMALLEST, SHOWN_AT)
        page = enter(User.objects.get(email=people.MENTOR_EMAIL), timezone_id="Europe/Berlin")
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Quarter four ends in seven days")
        snapshot(page, "home", height=TALLER)
        page.get_by_role("link", name="Carry on writing").click()
        page.get_by_role("main").locator("a.btn-big").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Now look a second time")
        expect(page.get_by_text("You kept these").first).to_be_visible()
        snapshot(page, "reflect", height=TALL)
        page.goto("/moments/")
        expect(page.get_by_text("Same drawing, same doubt.")).to_be_visible()
        snapshot(page, "moments", height=TALL)
        page.goto("/story/")
        expect(page.locator("svg.river").first).to_be_visible()
        snapshot(page, "story", height=TALL)
