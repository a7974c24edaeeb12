"""The story in a real browser: for everybody's eyes, with long words, on a phone, and on one sheet of paper."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Program
from reflections.actions import show_value
from reflections.models import Moment, Value

from .test_profile_pages import LONG, enter, faults

__all__ = ["enter"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def a_full_year(person: User) -> None:
    """More than a page holds, in words that do not break by themselves."""
    now = timezone.now()
    for number in range(60):
        text = f"{LONG} asked what I was afraid of. Then they waited. {'And waited so. ' * (number % 30)}"
        moment = Moment.objects.create(
            person=person,
            text=text,
            happened_on=now.date() - timedelta(days=7 * number),
            kind=Moment.Kind.values[number % 8],
            for_whom=Moment.Whom.values[number % 5],
        )
        value = ("Patience", LONG[:60], "Candor", "iiiii", "W" * 60, "Room for others")[number % 6]
        show_value(person, value, moment=moment, quote="Then they waited.", now=now)


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 320)]
)
def test_no_page_of_a_story_keeps_anybody_out(
    scheme: str, width: int, program: Program, mentor: User, enter: Callable[..., Page]
) -> None:
    page = enter(mentor, scheme, width)
    page.goto("/story/")
    wrong = faults(page, f"story-empty-{scheme}")
    a_full_year(mentor)
    value, moment = Value.objects.earliest("pk"), Moment.objects.earliest("pk")
    for name, path in {
        "story": "/story/",
        "story-2": "/story/?page=2",
        "value": f"/story/values/{value.pk}/",
        "values": "/story/values/",
        "merge": f"/story/values/{value.pk}/merge/",
        "beside": f"/story/moments/{moment.pk}/",
        "moment": f"/moments/{moment.pk}/",
        "other-years": "/story/other-years/",
        "year": "/story/year/",
    }.items():
        page.goto(path)
        for folded in page.locator("main details").all():
            folded.locator("summary").click()
        wrong += faults(page, f"{name}-{scheme}")
    assert not wrong, "\n".join(wrong)


def test_the_year_is_printed_on_one_sheet(program: Program, mentor: User, enter: Callable[..., Page]) -> None:
    a_full_year(mentor)
    page = enter(mentor)
    page.goto("/story/year/")
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    sheets = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[0 0 (\S+) (\S+)\]", sheets))
    assert float(box[0]) > float(box[1])  # on its side


def test_a_value_is_named_without_a_script(mentor: User, enter: Callable[..., Page]) -> None:
    Moment.objects.create(person=mentor, text="I asked. I waited.", happened_on=timezone.localdate())
    page = enter(mentor, java_script_enabled=False)
    page.goto("/story/")
    page.get_by_role("link", name="What does it show?").click()
    page.get_by_label("What do you care about here?").fill("Patience")
    page.get_by_label("I waited.").check()
    page.get_by_role("button", name="Keep it beside this").click()
    expect(page.get_by_text("Kept beside it.")).to_be_visible()
    page.goto("/story/")
    expect(page.locator("mark")).to_have_text("I waited.")
    page.get_by_text("Read the river as a table").click()
    expect(page.get_by_role("table")).to_contain_text("Patience")
