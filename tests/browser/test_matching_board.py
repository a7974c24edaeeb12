"""An admin finds pairs and looks through them in a browser: locks one, chooses another mentor and sees first what that
changes, proposes again, and compares. Each page is read by axe and fits a phone; pictures of them go to
test-results/board where they are asked for.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Profile, User, UsualHours
from mentoring.models import Enrollment, Program, ProgramAdmin, ProposedPair
from tests.conftest import PASSWORD, TODAY, enroll, make_person, say_skills

from .axe import AA, LOOKS, faults
from .pictures import picture
from .stack import Stack
from .test_making_a_program import somebody
from .test_pages_look import WIDEST
from .visitor import Visitor

pytestmark = pytest.mark.browser
ROSA = "rosa@harbor.example"
SIZES = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))
READ = (("light", 1280), ("dark", 390))
# Name, zone, skills, first half hour of their evening, room.
MENTORS = (
    ("Odile Marchand", "Europe/Paris", ("Pricing", "First team"), 36, 2),
    ("Saoirse Kelly", "Europe/Dublin", ("From lab to plant",), 34, 1),
    ("Bram Visser", "Europe/Amsterdam", ("Negotiation", "Public speaking"), 38, 1),
    ("Mateo Ruiz", "Europe/Madrid", ("Public speaking",), 36, 1),
    ("Sven Berg-Hammarskjöld von und zu Trollhättan-Uddevalla", "Europe/Oslo", ("Navies",), 10, 0),
)
MENTEES = (
    ("Yuki Tanaka", "Asia/Tokyo", ("Pricing", "First team"), 4),
    ("Wen Zhao", "Asia/Singapore", ("From lab to plant",), 2),
    ("Kofi Mensah", "Africa/Accra", ("Raising money", "Negotiation"), 35),
    ("Greta Lindqvist-Papadopoulou", "Europe/Athens", ("Pricing",), 38),
    ("Amara Eze", "Africa/Lagos", ("Public speaking", "Negotiation", "Raising money", "Hydraulics"), 37),
)


@pytest.fixture
def harbor(stack: Stack) -> None:
    with stack.database():
        program = Program.objects.create(
            name="Harbor Mentors", slug="harbor", time_zone="Europe/Lisbon", starts_on=TODAY, status="active"
        )
        ProgramAdmin.objects.create(program=program, person=somebody(ROSA, "Rosa Lind"))
        for name, zone, skills, begins, room in MENTORS:
            comes(program, name, zone, "mentor", skills, begins, capacity=room)
        for name, zone, skills, begins in MENTEES:
            comes(program, name, zone, "mentee", skills, begins)
        # Nobody has room for her.
        Enrollment.objects.create(
            program=program, person=person("Priya Nair", "America/Vancouver"), role="mentee", joined_on=TODAY
        )


def person(name: str, zone: str) -> User:
    address = name.split()[0].lower()
    return make_person(f"{address}@harbor.example", name, time_zone=zone)


def comes(
    program: Program, name: str, zone: str, role: str, skills: tuple[str, ...], begins: int, **fields: object
) -> None:
    who = person(name, zone)
    say_skills(enroll(program, who, role, **fields), "offers" if role == "mentor" else "seeks", *skills)
    Profile.objects.create(person=who, languages=["en", "fr"] if role == "mentor" else ["en"])
    # Where the day begins before ours, its night is our evening of the day before.
    for weekday in (2, 4) if zone.startswith("Asia") else (1, 3):
        UsualHours.objects.create(person=who, weekday=weekday, begins=begins, ends=begins + 8)


def test_an_admin_finds_pairs_and_changes_them(
    stack: Stack, visit: Callable[..., Visitor], harbor: None
) -> None:
    stack.start("web")
    visitor = visit(stack, reduced_motion="reduce")
    visitor.goto("/admin/mentoring/program/")
    visitor.sign_in(ROSA, PASSWORD)
    page = visitor.page
    page.get_by_role("link", name="Harbor Mentors").click()
    page.get_by_role("link", name="Find pairs").click()
    expect(page.get_by_label("Harbor Mentors")).to_be_checked()
    seen(page, "find")
    page.get_by_role("button", name="Find the best pairs").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nobody has been told yet.")
    seen(page, "board")

    page.get_by_role("button", name="Lock Yuki Tanaka").click()
    expect(page.get_by_text(re.compile(r"Yuki and \w+ are locked\."))).to_be_visible()
    expect(card(page, "Yuki").get_by_role("button", name="Unlock")).to_be_visible()
    seen(page, "locked")

    # By keyboard, as without a mouse.
    choice = page.get_by_label("Another mentor for Kofi Mensah")
    choice.focus()
    choice.select_option(index=1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    seen(page, "effect")
    with stack.database():
        assert not ProposedPair.objects.filter(is_by_hand=True).exists()
    page.locator("#content").get_by_role("button").click()
    expect(page.get_by_text(re.compile(r"Kofi is now with \w+"))).to_be_visible()
    expect(card(page, "Kofi").get_by_text("Put together by hand.")).to_be_visible()

    dragged(page)
    to_be_chosen(page)
    first = page.url.partition("?")[0].partition("#")[0]

    page.get_by_role("button", name="Propose again, keep locked").click()
    expect(card(page, "Yuki").get_by_role("button", name="Unlock")).to_be_visible()
    assert page.url != first
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Two runs side by side")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Kofi Mensah")).to_be_visible()
    seen(page, "compare")
    page.goto("/admin/mentoring/matchingrun/")
    seen(page, "list")
    without_scripts(stack, visit, page, first)


def card(page: Page, name: str) -> object:
    return page.locator(".match").filter(has=page.get_by_role("link", name=name))


def dragged(page: Page) -> None:
    """A mentee onto another pair's mentor, and then onto a mentee: what it would change, and nothing more."""
    wen = page.locator('.match [data-side="mentee"]').filter(has_text="Wen")
    board = page.url
    # Nothing scrolls between the press and the move, or the browser would take what it finds there by then.
    page.set_viewport_size({"width": 1280, "height": 2600})
    wen.drag_to(page.locator('.match [data-side="mentor"]').filter(has_text="Odile").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Wen with Odile?")
    page.goto(board)
    wen.drag_to(page.locator('.match [data-side="mentee"]').filter(has_text="Amara"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Swap Wen and Amara?")
    seen(page, "swap")
    page.goto(board)


def to_be_chosen(page: Page) -> None:
    board = page.url
    page.get_by_role("link", name="All mentors for Amara Eze").click()
    expect(page.get_by_role("heading", name="A mentor for Amara")).to_be_visible()
    seen(page, "choose")
    page.goto(board)


def without_scripts(stack: Stack, visit: Callable[..., Visitor], page: Page, board: str) -> None:
    plain = visit(stack, java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(board)
    there = plain.page
    there.get_by_role("button", name="Lock Wen Zhao").click()
    expect(there.get_by_text(re.compile(r"Wen and \w+ are locked\."))).to_be_visible()
    there.get_by_label("Another mentor for Amara Eze").select_option("none")
    there.get_by_role("button", name="See what changes for Amara Eze").click()
    there.get_by_role("button", name="Leave Amara without a match").click()
    expect(there.get_by_text("Amara is without a match now.")).to_be_visible()
    there.get_by_label("Locked 2").check()
    there.get_by_role("button", name="Show").click()
    expect(there.locator("ol .match")).to_have_count(2)


def seen(page: Page, name: str) -> None:
    """As it looks on each size and in each theme, which nothing may keep anybody out of."""
    for scheme, width in SIZES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, "board", f"{name}-{width}-{scheme}")
        if (scheme, width) in READ:
            wrong = faults(page, AA if scheme == "light" else LOOKS)
            assert not wrong, "\n".join([f"{name} {width} {scheme}", *wrong])
        needs = page.evaluate("document.documentElement.scrollWidth")
        assert needs <= width, f"{name} needs {needs} of {width}: {page.evaluate(WIDEST)}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
