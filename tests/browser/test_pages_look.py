"""How the pages look and work, on the demo program: for everybody's eyes, on every width, by keyboard, without scripts.

One page behind each address that a person can come to by links; pictures of all of them go to
test-results/pages where they are asked for.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Browser, Page, expect

from reflections.demo import people

from .axe import AA, BEST, LOOKS, faults
from .crawler import pages_below
from .pictures import picture
from .stack import Stack, manage
from .visitor import Visitor

pytestmark = pytest.mark.browser

PEOPLE = {
    "mentee": people.MENTEE_EMAIL,
    "mentor": people.MENTOR_EMAIL,
    "admin": people.ADMIN_EMAIL,
}
# Whose pages look otherwise in each of their states: all that links lead to are looked at, and seen by each person.
EACH_IN_ITS_STATE = {"reflections:swap", "named:detail", "thanks:note"}
# One of these is looked at, but the links of all are followed: they lead to different states.
EACH_FOR_ITS_LINKS = {"pairings:detail"}
# Pages of the reflections in full that links have to lead to: a demo without them would have them pass unseen.
TO_BE_SEEN = {
    "mentee": {
        "keepsake:book", "moments:days", "moments:edit", "moments:search", "named:detail", "named:list",
        "named:thing", "reflections:done", "reflections:open", "reflections:question", "reflections:swap",
        "story:index", "story:other_years", "story:value", "story:year", "thanks:index", "thanks:mentor",
        "thanks:received", "thanks:received_note", "wall",
    },
    "mentor": {"named:detail", "reflections:swap", "thanks:note"},
    "admin": {
        "admin:reflections_questionnaire_changelist", "admin:reflections_questionnaire_change",
        "admin:reflections_questionnaire_preview", "admin:reflections_questionnaire_translate",
        "admin:reflections_notereport_changelist", "admin:reflections_outsidestop_add",
    },
}  # fmt: skip
SIGNED_OUT = (
    "/",
    "/privacy/",
    "/help/",
    "/account/login/",
    "/account/login/code/",
    "/account/signup/",
    "/account/password/reset/",
    "/nowhere/",
)
WIDE, PHONE, ZOOMED, NARROW = 1280, 390, 640, 320  # ZOOMED is WIDE at 200 %.
SIGHTS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", WIDE), ("dark", PHONE))


@dataclass
class House:
    """The demo program, and the cookies of those who have signed in to it, each once."""

    stack: Stack
    cookies: dict[str, Any]
    pages: dict[str, list[str]]


@pytest.fixture(scope="module")
def house(stack: Stack, browser: Browser) -> House:
    manage(stack.environment(), "seed_demo", "--people", str(people.SMALLEST))
    stack.start("web")
    house = House(stack, {}, {"signed out": list(SIGNED_OUT)})
    seen: set[str] = set()
    for role, address in PEOPLE.items():
        visitor = Visitor.at(stack, browser)
        visitor.goto("/account/login/")
        visitor.sign_in(address, people.PASSWORD)
        expect(visitor.page).to_have_url(stack.url("/"))
        found = pages_below(visitor, "/admin/" if role == "admin" else "/", alike=kind_of)
        house.pages[role] = list(not_seen([*found, *swaps_beside(found)], seen))
        missing = TO_BE_SEEN[role] - {name_of(path) for path in house.pages[role]}
        assert not missing, f"no link that the {role} finds leads to {sorted(missing)}"
        house.cookies[role] = visitor.context.storage_state()
        visitor.close()
    return house


def name_of(path: str) -> str:
    """The name of an address; an AssertionError for a link that leads nowhere."""
    try:
        return resolve(path).view_name
    except Resolver404:
        raise AssertionError(f"a link leads to {path}, which is nowhere") from None


def kind_of(path: str) -> str:
    """Pages of one kind lead to pages of the same kinds."""
    name = name_of(path)
    return path if name in EACH_IN_ITS_STATE | EACH_FOR_ITS_LINKS else name


def not_seen(paths: Iterable[str], seen: set[str]) -> Iterator[str]:
    """Those of which nobody before has seen the like, which are noted in `seen`."""
    for path in dict.fromkeys(paths):
        name = name_of(path)
        if name in EACH_IN_ITS_STATE or name not in seen:
            seen.add(name)
            yield path


def swaps_beside(paths: Iterable[str]) -> Iterator[str]:
    """The swaps of the quarters whose pages stand side by side: no link leads to one that is over."""
    for path in paths:
        match = resolve(path)
        if match.view_name == "reflections:pair_round":
            yield reverse("reflections:swap", kwargs=match.kwargs)


@pytest.fixture
def enter(house: House, visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Opens the browser of one of them, signed in."""

    def entered(role: str, **options: Any) -> Visitor:
        return visit(house.stack, storage_state=house.cookies.get(role), **options)

    return entered


# --- For everybody's eyes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["signed out", "mentee", "mentor", "admin"])
def test_no_page_keeps_anybody_out_or_has_to_be_pushed_sideways(
    role: str, house: House, enter: Callable[..., Visitor]
) -> None:
    """Each is opened once, and looked at on a wide window by day and on a phone in the dark."""
    visitor = enter(role, reduced_motion="reduce")  # From one scheme to the other at once.
    wrong: list[str] = []
    for path in house.pages[role]:
        page = open_page(visitor, path)
        for scheme, width in SIGHTS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{path}: {said}" for said in what_axe_says(page, role, scheme)]
            name = re.sub(r"\W+", "-", f"{role} {path}").strip("-")
            picture(page, "pages", f"{name}-{width}-{scheme}")
        if role != "admin":
            wrong += [f"{path} {said}" for said in what_sticks_out(page)]
    assert not wrong, "\n".join(wrong)


def what_axe_says(page: Page, role: str, scheme: str) -> list[str]:
    """WCAG 2.2 A and AA, and outside Django's own admin the best practices too. The admin's pages are the same elements
    in the dark and on a phone, so there it looks at colors and sizes."""
    rules = BEST if role != "admin" else AA if scheme == "light" else LOOKS
    return faults(page, rules)


def what_sticks_out(page: Page) -> Iterator[str]:
    """At 320 pixels, and at 1280 enlarged to 200 %."""
    for width in (ZOOMED, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        needs = page.evaluate("document.documentElement.scrollWidth")
        if needs > width:
            yield f"needs {needs} of {width}: {page.evaluate(WIDEST)}"


def open_page(visitor: Visitor, path: str) -> Page:
    page = visitor.goto(path)
    if path == "/nowhere/":  # The browser itself says of this one page that it was not found.
        visitor.troubles = [trouble for trouble in visitor.troubles if "404" not in trouble]
    return page


def test_nor_has_the_home_page_in_the_last_week_of_a_quarter(enter: Callable[..., Visitor]) -> None:
    """Whatever day it is: today's name is put where the quarter ends."""
    page = enter("mentee", viewport={"width": NARROW, "height": 900}).goto("/")
    page.evaluate(LAST_WEEK)
    expect(page.locator(".weeks li").last).to_contain_text("Today")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, page.evaluate(WIDEST)


LAST_WEEK = """() => {
    const weeks = [...document.querySelectorAll(".weeks li")];
    weeks.forEach(week => { week.classList.remove("is-now"); week.querySelector("b")?.remove(); });
    weeks.at(-1).className = "is-now";
    weeks.at(-1).append(Object.assign(document.createElement("b"), { textContent: "Today" }));
}"""
WIDEST = """() => [...document.body.querySelectorAll("*")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.tagName + "." + one.className).slice(0, 5).join(", ")"""


# --- What it weighs ------------------------------------------------------------------------------------------------

FIRST_VISIT, NEXT_VISIT = 200_000, 20_000  # bytes over the wire, headers included


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("signed out", "/"),
        ("signed out", "/account/login/"),
        ("mentee", "/"),
        ("mentor", "/"),
        ("admin", "/admin/"),
    ],
)
def test_a_page_is_light_at_first_and_lighter_after(
    role: str, path: str, enter: Callable[..., Visitor]
) -> None:
    """Fonts, sheets and scripts are kept for a year by their hash: who comes again asks for the page alone."""
    visitor = enter(role)
    first, asked_first = weight(visitor, path)
    again, asked_again = weight(visitor, path)
    assert first < FIRST_VISIT, asked_first
    assert again < NEXT_VISIT, asked_again
    assert len(asked_again) == 1


def weight(visitor: Visitor, path: str) -> tuple[int, dict[str, int]]:
    """The bytes that come for a page and all that belongs to it, and those of each address; from a new tab."""
    page = visitor.context.new_page()
    wire = visitor.context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    came: dict[str, int] = {}
    kept: set[str] = set()
    wire.on(
        "Network.requestWillBeSent",
        lambda said: addresses.update({said["requestId"]: said["request"]["url"]}),
    )
    wire.on("Network.requestServedFromCache", lambda said: kept.add(said["requestId"]))
    wire.on(
        "Network.loadingFinished",
        lambda said: came.update({said["requestId"]: int(said["encodedDataLength"])}),
    )
    wire.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.close()
    over_the_wire = {
        addresses[number]: size
        for number, size in came.items()
        if size and number not in kept and not addresses[number].startswith("data:")
    }
    return sum(over_the_wire.values()), over_the_wire


# --- By keyboard ---------------------------------------------------------------------------------------------------


def test_the_home_page_is_used_by_keyboard_alone(enter: Callable[..., Visitor]) -> None:
    visitor = enter("mentee", viewport={"width": WIDE, "height": 900})
    page = visitor.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto("/")
    stops = tab_through(page)
    for wanted in ("Home", "Reflect", "Pairings", "Story", "Keep it", "Who can see what"):
        assert wanted in stops, stops
    text = page.get_by_role("textbox", name="What did you notice?")
    text.focus()
    page.keyboard.type("Kept with no mouse at all.")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Keep it":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept. Only you can see it.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Kept with no mouse at all.")


def tab_through(page: Page) -> list[str]:
    """The words of all that Tab stops at, until it leaves the page; an AssertionError where focus cannot be seen."""
    stops: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        words, is_seen = page.evaluate(FOCUS)
        if words is None:
            return stops
        assert is_seen, f"focus on {words!r} cannot be seen"
        stops.append(words)
    raise AssertionError(f"Tab does not leave the page: {stops[-5:]}")


FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return [null, true];
    const marks = (node) => {
        const style = getComputedStyle(node);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    };
    const near = [one, one.parentElement, one.nextElementSibling, one.closest("label"), one.closest(".writing")];
    return [(one.getAttribute("aria-label") || one.textContent || one.name || one.tagName).trim(),
            near.some(node => node && marks(node))];
}"""


# --- Without scripts -----------------------------------------------------------------------------------------------


def test_moments_and_a_reflection_need_no_script(enter: Callable[..., Visitor]) -> None:
    visitor = enter("mentee", java_script_enabled=False)
    page = visitor.goto("/")
    page.get_by_role("textbox", name="What did you notice?").fill("Kept by a plain form.")
    visitor.press("Keep it")
    expect(page.get_by_text("Kept. Only you can see it.")).to_be_visible()
    page.goto("/reflections/")
    page.locator("main a[href^='/reflections/']").first.click()
    page.get_by_role("link", name="A cup of coffee").click()
    text = page.get_by_role("main").get_by_role("textbox").first
    text.fill("Written without a script, and saved by its button.")
    page.get_by_role("radio").nth(1).check()
    visitor.press("Next question")
    page.get_by_role("button", name="Back").click()
    expect(text).to_have_value("Written without a script, and saved by its button.")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    page.get_by_role("link", name="Read it over").click()
    expect(page.get_by_role("main")).to_contain_text("Written without a script")
    visitor.press("Finish and share as shown")
    expect(page.get_by_role("heading", level=1)).to_contain_text("some of your best work")
    expect(page.get_by_role("main")).to_contain_text("Can be read now.")
