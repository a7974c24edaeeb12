"""From "we want a program" to the first invitation, in a browser: a template, a short form, a link to hand on.

Then its logo and its color, seen in both themes, and the next cohort. All pages on the way are read by axe and fit a
phone; pictures of them go to test-results/programs where they are asked for.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from accounts.models import User
from mentoring.models import Invitation, Program
from tests.conftest import PASSWORD, enroll, make_person

from .axe import AA, LOOKS, faults
from .pictures import picture
from .stack import Stack
from .test_pages_look import WIDEST
from .visitor import Visitor

pytestmark = pytest.mark.browser
SAM = "sam@harbor.example"
SIZES = (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390))
READ = (("light", 1280), ("dark", 390))


def test_a_program_is_made_looks_like_itself_and_is_followed_by_the_next(
    stack: Stack, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    a_superuser(stack)
    stack.start("web")
    visitor = visit(stack, reduced_motion="reduce")
    visitor.goto("/admin/mentoring/program/add/")
    visitor.sign_in(SAM, PASSWORD)
    page = visitor.page
    seen(page, "from-what")

    page.get_by_label("Workplace").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name:", exact=True).fill("Quay Mentors")
    seen(page, "said-at-first")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", name="What is next")).to_be_visible()
    seen(page, "settings")
    settings = page.url
    page.get_by_role("link", name="Invite people").click()
    page.get_by_role("link", name="Make a link to hand on instead").click()
    page.get_by_label("Program").select_option("Quay Mentors")
    page.get_by_label("Role").select_option("mentee")
    page.get_by_role("button", name="Save", exact=True).click()
    link = page.locator(".to-copy").inner_text()

    a_color_and_a_logo(page, settings, tmp_path)
    its_pages_look_like_it(stack, visit, link)
    the_next_one(page, settings)


def a_superuser(stack: Stack) -> None:
    with stack.database():
        somebody(SAM, "Sam Root", is_superuser=True)


def somebody(address: str, name: str, **fields: object) -> User:
    """Who signs in with the password of the cast, as an installation hashes it."""
    person = make_person(address, name, **fields)
    User.objects.filter(pk=person.pk).update(
        password=PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6, iterations=1000)
    )
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person


def a_color_and_a_logo(page: Page, settings: str, folder: Path) -> None:
    page.goto(settings)
    accent = page.get_by_label("Accent color")
    accent.fill("#1a3a6e")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("too dark to be seen on our dark pages")).to_be_visible()
    expect(accent).to_have_value("#1a3a6e")
    seen(page, "refused")
    accent.fill("#2e67c3")
    logo = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.ellipse((20, 20, 180, 180), fill="#2e67c3")
    draw.rectangle((220, 70, 580, 130), fill="#1a3a6e")
    logo.save(folder / "logo.png")
    page.get_by_label("Logo:").set_input_files(folder / "logo.png")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("img.logo")).to_be_visible()
    expect(page.locator("img.logo")).to_have_js_property("naturalWidth", 600)
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_text("0 people, 0 pairings, 0 open invitations")).to_be_visible()
    seen(page, "asks-first")
    page.get_by_role("button", name="Begin these programs").click()
    expect(page.get_by_text("1 program is changed.")).to_be_visible()


def its_pages_look_like_it(stack: Stack, visit: Callable[..., Visitor], link: str) -> None:
    with stack.database():
        program = Program.objects.get(name="Quay Mentors")
        enroll(program, somebody("noor@harbor.example", "Noor Haddad"), "mentor")
        assert Invitation.objects.count() == 1
    guest = visit(stack, reduced_motion="reduce")
    guest.page.goto(link)
    seen(guest.page, "invitation", color="rgb(46, 103, 195)")
    member = visit(stack, reduced_motion="reduce")
    member.goto(f"/programs/{program.pk}/")
    member.sign_in("noor@harbor.example", PASSWORD)
    seen(member.page, "program", color="rgb(46, 103, 195)")


def the_next_one(page: Page, settings: str) -> None:
    page.goto(settings)
    page.get_by_role("link", name="Make the next one").click()
    expect(page.get_by_text("After Quay Mentors.")).to_be_visible()
    expect(page.get_by_label("Name:", exact=True)).to_have_value("Quay Mentors")
    seen(page, "next-one")
    page.get_by_label("Name:", exact=True).fill("Quay Mentors, second year")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("img.logo")).to_be_visible()


def seen(page: Page, name: str, *, color: str = "") -> None:
    """As it looks on each size and in each theme, which nothing may keep anybody out of."""
    for scheme, width in SIZES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, "programs", f"{name}-{width}-{scheme}")
        if (scheme, width) in READ:
            wrong = faults(page, AA if scheme == "light" else LOOKS)
            assert not wrong, "\n".join([f"{name} {width} {scheme}", *wrong])
        needs = page.evaluate("document.documentElement.scrollWidth")
        assert needs <= width, f"{name} needs {needs} of {width}: {page.evaluate(WIDEST)}"
        if color:
            line = page.locator(".accented").evaluate("one => getComputedStyle(one).borderBlockEndColor")
            assert line == color
            assert page.locator("img.logo").evaluate("image => image.complete && image.naturalWidth > 0")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
