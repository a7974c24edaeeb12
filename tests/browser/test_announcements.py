"""An admin writes to the mentors without a pairing in a browser: sees it as it goes out and who gets it, sends it
later, and stops it. Each page is read by axe and fits a phone; pictures go to test-results/announcements where they are
asked for.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.mail.models import Message
from mentoring.models import Announcement, Enrollment, Program, ProgramAdmin
from tests.conftest import PASSWORD, TODAY, enroll, make_person, pair

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


@pytest.fixture
def harbor(stack: Stack) -> None:
    with stack.database():
        program = Program.objects.create(
            name="Harbor Mentors", slug="harbor", time_zone="Europe/Lisbon", starts_on=TODAY, status="active"
        )
        ProgramAdmin.objects.create(program=program, person=somebody(ROSA, "Rosa Lind"))
        people = [
            make_person(f"{name.split()[0].lower()}@harbor.example", name, time_zone=zone)
            for name, zone in (
                ("Noor Haddad", "Europe/Lisbon"),
                ("Odile Marchand", "Europe/Paris"),
                ("Sven Berg-Hammarskjöld von und zu Trollhättan-Uddevalla", "Asia/Tokyo"),
                ("Bram Visser", "Europe/Amsterdam"),
                ("Tomasz Zielinski", "Europe/Warsaw"),
            )
        ]
        for person in people[:4]:
            enroll(program, person, Enrollment.Role.MENTOR)
        enroll(program, people[4], Enrollment.Role.MENTEE)
        Enrollment.objects.filter(person=people[3]).update(status="paused")
        pair(program, people[0], people[4])


def test_an_admin_writes_to_the_mentors_without_a_pairing(
    stack: Stack, visit: Callable[..., Visitor], harbor: None
) -> None:
    stack.start("web")
    visitor = visit(stack, reduced_motion="reduce")
    visitor.goto("/admin/mentoring/announcement/add/?segment=mentors_unpaired")
    visitor.sign_in(ROSA, PASSWORD)
    page = visitor.page
    expect(page.get_by_label("To whom")).to_have_value("mentors_unpaired")
    page.get_by_label("Subject").fill("We are looking for somebody for you, {first_name}")
    page.get_by_label("Text").fill("Dear {name},\n\nit takes a few more days.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("There is no variable {name}.")).to_be_visible()
    seen(page, "wrong")
    page.get_by_label("Text").fill("Dear {first_name},\n\nit takes a few more days.")
    page.get_by_label("On a day, at an hour").check()
    day = stack.now().date() + timedelta(days=3)
    page.get_by_label("Day:").fill(day.isoformat())
    page.get_by_label("Hour:").select_option("09:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Kept as a draft. Nobody has it yet.")).to_be_visible()
    seen(page, "draft")

    page.locator(".glance").get_by_role("link", name="As it goes out").click()
    page.get_by_label("As it reaches").select_option("Odile Marchand")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("Dear Odile,")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text=ROSA)).to_be_visible()
    seen(page, "preview")
    page.get_by_role("link", name="Who gets it").click()
    expect(page.get_by_role("heading", name="2 people")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Odile").get_by_text("Europe/Paris")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Bram Visser")).to_be_visible()
    seen(page, "people")
    page.get_by_role("link", name="On to sending").click()
    expect(page.get_by_text("Sven, Odile")).to_be_visible()
    seen(page, "send")

    # By keyboard, as without a mouse.
    page.get_by_role("button", name="Send it then").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It goes on ")).to_be_visible()
    seen(page, "scheduled")
    with stack.database():
        assert Announcement.objects.get().state == "scheduled"
        assert not Message.objects.filter(kind="announcement").exists()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop these announcements").click()
    expect(page.get_by_text("1 announcement is stopped.")).to_be_visible()
    seen(page, "list")
    with stack.database():
        assert Announcement.objects.get().state == "stopped"


def seen(page: Page, name: str) -> None:
    """As it looks on each size and in each theme, which nothing may keep anybody out of."""
    for scheme, width in SIZES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, "announcements", f"{name}-{width}-{scheme}")
        if (scheme, width) in READ:
            wrong = faults(page, AA if scheme == "light" else LOOKS)
            assert not wrong, "\n".join([f"{name} {width} {scheme}", *wrong])
        needs = page.evaluate("document.documentElement.scrollWidth")
        assert needs <= width, f"{name} needs {needs} of {width}: {page.evaluate(WIDEST)}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
