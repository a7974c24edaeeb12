"""An admin's Monday: what needs a hand stands on the first page, and each next step is taken from there.

Two applications are approved by a selection, through the page that asks first; a quiet pair rests; the round is looked
at. Then once more without JavaScript, by the keyboard, and on a phone. Pictures go to test-results/today where they are
asked for.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin, Silence
from reflections.models import Reflection, Round
from reflections.round_counting import count_rounds
from tests.conftest import PASSWORD, enroll, make_person, make_program, pair

from .axe import AA, LOOKS, faults
from .pictures import picture
from .stack import Stack
from .test_making_a_program import somebody
from .test_pages_look import WIDEST
from .visitor import Visitor

pytestmark = pytest.mark.browser
ROSA = "rosa@harbor.example"
DAY = timedelta(days=1)
SIZES = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))
READ = (("light", 1280), ("dark", 390))


def test_an_admins_monday(stack: Stack, visit: Callable[..., Visitor]) -> None:
    with stack.database():
        program = a_program()
    stack.start("web")
    rosa = visit(stack, reduced_motion="reduce")
    rosa.goto("/admin/")
    rosa.sign_in(ROSA, PASSWORD)
    page = rosa.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("At least ten of 24 people have finished")
    expect(page.get_by_role("link", name="one pair has gone quiet")).to_be_visible()
    seen(page, "today")
    two_come_in_by_a_selection(page, stack)
    a_quiet_pair_rests(page, stack)
    the_round_is_looked_at(page)
    the_navigation_finds_lists(page)

    kept = rosa.context.storage_state()
    without = visit(stack, storage_state=kept, java_script_enabled=False)
    the_same_without_a_script(without, stack, program)
    by_the_keyboard(visit(stack, storage_state=kept, reduced_motion="reduce"))


def a_program() -> Program:
    now = timezone.now()
    today = now.date()
    program = make_program()
    Program.objects.filter(pk=program.pk).update(starts_on=today - 300 * DAY)
    program.refresh_from_db()
    ProgramAdmin.objects.create(program=program, person=somebody(ROSA, "Rosa Lind"))
    for number, name in enumerate(("Ada Brook", "Ben Calder", "Cleo Dahl")):
        person = make_person(f"new{number}@new.example", name)
        enroll(program, person, "mentee", status="applied", joined_on=None, applied_at=now - number * DAY)
    round = Round.objects.create(
        program=program,
        quarter_start=program.quarter_on(today).start,
        opens_on=today - 10 * DAY,
        due_on=today + 5 * DAY,
        closes_on=today + 26 * DAY,
    )
    for number in range(12):
        two = [
            make_person(f"{role}{number}@harbor.example", f"{role.title()} {number}")
            for role in ("mentor", "mentee")
        ]
        for person, role in zip(two, ("mentor", "mentee"), strict=True):
            enroll(program, person, role)
            if number < 6:
                at = now - (2 + number % 2) * DAY
                Reflection.objects.create(
                    person=person, round=round, role=role, status="submitted", started_at=at, submitted_at=at
                )
        pairing = pair(program, *two)
        if number == 11:
            for person in two:
                Silence.objects.create(
                    pairing=pairing, person=person, since=today - 50 * DAY, number=2, asked_at=now - 5 * DAY
                )
    for before in (2, 1, 0):  # As the clock does, once a day.
        count_rounds(now - before * DAY)
    return program


def two_come_in_by_a_selection(page: Page, stack: Stack) -> None:
    section = page.get_by_role("region", name="Applications")
    section.get_by_label("Tick Ada Brook").check()
    section.get_by_label("Tick Ben Calder").check()
    section.get_by_role("button", name="Approve those that are ticked").click()
    expect(page.get_by_text("Ada Brook (Harbor Mentors, Mentee, Waits for your answer)")).to_be_visible()
    expect(page.get_by_text("Ben Calder (Harbor Mentors, Mentee, Waits for your answer)")).to_be_visible()
    expect(page.get_by_text("Cleo Dahl")).to_have_count(0)
    seen(page, "asks-first")
    page.get_by_role("button", name="Give these people a place").click()
    expect(page.get_by_text("2 places are changed.")).to_be_visible()
    expect(page.get_by_role("region", name="Applications").get_by_role("listitem")).to_have_count(1)
    with stack.database():
        names = Enrollment.objects.filter(status="active", person__email__endswith="new.example")
        assert sorted(place.known_as for place in names.select_related("person")) == [
            "Ada Brook",
            "Ben Calder",
        ]


def a_quiet_pair_rests(page: Page, stack: Stack) -> None:
    section = page.get_by_role("region", name="Pairs gone quiet")
    expect(section).to_contain_text("Mentor 11 and Mentee 11")
    expect(
        section.get_by_role("img", name="No meeting was planned in the last sixteen weeks")
    ).to_be_visible()
    section.get_by_role("button", name=re.compile("Let it rest ?: Mentor 11 and Mentee 11")).click()
    expect(page.get_by_text("write to them yourself")).to_be_visible()
    page.get_by_role("button", name="Pause these pairings").click()
    expect(page.get_by_text("1 pairing is changed.")).to_be_visible()
    expect(section).to_have_count(0)
    with stack.database():
        assert Pairing.objects.filter(status="paused").count() == 1


def the_round_is_looked_at(page: Page) -> None:
    chart = page.get_by_role("img", name=re.compile("10"))
    expect(chart.first).to_be_visible()
    table = page.get_by_role("region", name="Reflections, table")
    expect(table.get_by_role("row", name="Everybody 24 10")).to_be_visible()
    expect(page.get_by_role("region", name="Finished, day by day, table").get_by_role("row")).to_have_count(3)
    # The chart is drawn: its bars have the widths that the table says.
    widths = chart.first.locator("rect").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width > 20)"
    )
    assert widths == [True] * 2
    page.get_by_role("link", name="Who is written to today").click()
    expect(page.get_by_role("heading", name="Who is written to, day by day")).to_be_visible()
    page.go_back()


def the_navigation_finds_lists(page: Page) -> None:
    nav = page.get_by_role("navigation", name="Sidebar")
    expect(nav.get_by_role("link", name="Today")).to_have_attribute("aria-current", "page")
    nav.get_by_role("searchbox").fill("invit")
    expect(nav.get_by_role("link", name="Invitations")).to_be_visible()
    expect(nav.get_by_role("link", name="Pairings")).to_be_hidden()
    nav.get_by_role("searchbox").fill("")
    nav.get_by_role("link", name="Pairings").click()
    expect(page.get_by_role("heading", level=1, name="Pairings")).to_be_visible()
    expect(nav.get_by_role("link", name="Pairings")).to_have_attribute("aria-current", "page")
    seen(page, "a-list")
    page.set_viewport_size({"width": 390, "height": 900})
    expect(nav).to_be_hidden()
    page.get_by_role("link", name="Menu").click()
    expect(nav.get_by_role("link", name="Enrollments")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "today", "menu-390-light")
    wrong = faults(page, AA)
    assert not wrong, "\n".join(wrong)
    nav.get_by_role("link", name="Close the menu").click()
    expect(nav).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})


def the_same_without_a_script(visitor: Visitor, stack: Stack, program: Program) -> None:
    page = visitor.goto("/admin/")
    expect(
        page.get_by_role("navigation", name="Sidebar").get_by_role("link", name="Enrollments")
    ).to_be_visible()
    page.get_by_role("button", name=re.compile("Approve ?: Cleo Dahl")).click()
    page.get_by_role("link", name="Leave them as they are").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "One application waits for your answer", ignore_case=True
    )
    page.get_by_role("button", name=re.compile("Approve ?: Cleo Dahl")).click()
    page.get_by_role("button", name="Give these people a place").click()
    expect(page.get_by_text("1 place is changed.")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("link", name="Menu").click()
    expect(page.get_by_role("navigation", name="Sidebar").get_by_role("link", name="Rounds")).to_be_visible()
    with stack.database():
        assert not Enrollment.objects.filter(program=program, status="applied").exists()


def by_the_keyboard(visitor: Visitor) -> None:
    """The skip link leads past the navigation, and from there the next things are what needs a hand."""
    page = visitor.goto("/admin/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#unmatched"


def seen(page: Page, name: str) -> None:
    for scheme, width in SIZES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, "today", f"{name}-{width}-{scheme}")
        if (scheme, width) in READ:
            wrong = faults(page, AA if scheme == "light" else LOOKS)
            assert not wrong, "\n".join([f"{name} {width} {scheme}", *wrong])
        needs = page.evaluate("document.documentElement.scrollWidth")
        assert needs <= width, f"{name} needs {needs} of {width}: {page.evaluate(WIDEST)}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
