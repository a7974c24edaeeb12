"""Coming in, with nothing mocked: an admin invites, the e-mail arrives, and on a phone somebody is in within two pages.

The goal is two pages and six fields at most before one sees one's program; the tests count them, and say the figure.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from dev.mailcatcher import Caught
from mentoring.models import Enrollment, Invitation, Program, ProgramAdmin
from tests.conftest import make_person

from .axe import faults
from .pictures import picture
from .stack import Ground, Stack, eventually
from .test_pages_look import SIGHTS
from .visitor import Visitor, code_in

pytestmark = pytest.mark.browser

STILL: dict[str, Any] = {"reduced_motion": "reduce"}  # From one scheme to the other at once.
ADMIN, NEW, KNOWN, BY_LINK = (f"{name}@harbor.example" for name in ("rosa", "petra", "tomasz", "iris"))
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MOST_PAGES, MOST_FIELDS = 2, 6


@dataclass
class Way:
    """What somebody goes through: each page that asks for something, and each field filled in."""

    pages: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def at(self, page: Page) -> None:
        self.pages.append(page.get_by_role("heading", level=1).inner_text())

    def fill(self, page: Page, label: str, text: str) -> None:
        page.get_by_label(label).fill(text)
        self.fields.append(label)

    def is_short(self) -> None:
        figure = f"{len(self.pages)} pages, {len(self.fields)} fields: {self.pages}, {self.fields}"
        print(figure)
        assert len(self.pages) <= MOST_PAGES, figure
        assert len(self.fields) <= MOST_FIELDS, figure


class ByInvitationOnly(Stack):
    """An installation on which nobody makes an account by themselves."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"OPEN_SIGNUP": "0"}


@pytest.fixture(scope="module")
def stack(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with ground.stack(folder, reach=django_db_blocker.unblock) as made:
        stack = ByInvitationOnly(**vars(made))
        with stack.database():
            program = Program.objects.create(
                name="Harbor Mentors",
                slug="harbor",
                purpose="Pairs people who keep a harbor running. One hour a month, across the water.",
                time_zone="Europe/Lisbon",
                starts_on=date(2026, 1, 5),
                contact_name="Rosa",
                contact_email=ADMIN,
            )
            ProgramAdmin.objects.create(program=program, person=make_person(ADMIN, "Rosa Lind"))
            make_person(KNOWN, "Tomasz Zielinski", last_login=datetime(2026, 1, 5, tzinfo=UTC))
        stack.start("web", "worker", "beat")
        yield stack


@pytest.fixture(scope="module")
def cookies(stack: Stack, browser: Browser) -> Any:
    """Of the admin, who signs in once."""
    visitor = Visitor.at(stack, browser)
    visitor.goto("/admin/")
    visitor.sign_in_by_code(ADMIN)
    expect(visitor.page).to_have_url(re.compile("/admin/$"))
    kept = visitor.context.storage_state()
    visitor.close()
    return kept


@pytest.fixture
def admin(stack: Stack, visit: Callable[..., Visitor], cookies: Any) -> Visitor:
    return visit(stack, storage_state=cookies)


def invite(admin: Visitor, people: str) -> None:
    page = admin.goto("/admin/")
    page.get_by_role("link", name="Invitations").first.click()
    page.get_by_role("link", name="Add invitation").click()
    page.get_by_label("Program:").select_option("Harbor Mentors")
    page.get_by_label("Role:").select_option("Mentee")
    page.get_by_label("Whom:").fill(people)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("invited")


def link_of(letter: Caught, stack: Stack) -> str:
    found = re.search(rf"{re.escape(stack.address)}/join/[\w-]+/", letter.body("plain") or "")
    assert found
    return found[0]


def is_in(page: Page, stack: Stack, role: str) -> None:
    expect(page).to_have_url(re.compile(r"/programs/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbor Mentors")
    expect(page.get_by_role("main")).to_contain_text("You are in.")
    expect(page.get_by_role("main")).to_contain_text(f"You are a {role} here")


def test_an_invited_person_is_in_after_one_page_on_a_phone(
    stack: Stack, admin: Visitor, visit: Callable[..., Visitor]
) -> None:
    invite(admin, f"Petra Novak <{NEW}>")
    (letter,) = eventually(lambda: stack.letters(NEW), "the invitation arrives")
    assert letter.message["Subject"] == "Rosa invites you to Harbor Mentors"
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = link_of(letter, stack)

    before = stack.prints()
    scanner = visit(stack)
    assert scanner.context.request.get(link).ok
    assert scanner.context.request.head(link).ok
    scanner.page.goto(link)
    after = stack.prints()
    assert {table for table in before if before[table] != after[table]} == set()

    phone, way = visit(stack, timezone_id="Europe/Prague", **PHONE), Way()
    page = phone.page
    page.goto(link)
    way.at(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Rosa invites you to Harbor Mentors")
    way.fill(page, "Your name", "Petra Nováková")
    phone.press("Join")
    is_in(page, stack, "mentee")
    way.is_short()
    assert (len(way.pages), len(way.fields)) == (1, 1)
    assert len(stack.letters(NEW)) == 1
    with stack.database():
        place = Enrollment.objects.select_related("person").get(person__email=NEW)
        assert (place.status, place.person.time_zone) == ("active", "Europe/Prague")

    scanner.page.goto(link)
    expect(scanner.page.get_by_role("heading", level=1)).to_have_text("This link opens nothing any more")
    assert "410" in scanner.troubles.pop()  # The browser says so of a page that is gone.
    logs = "\n".join(said for _name, said in stack.logs())
    assert "/join/..." in logs
    assert link.rstrip("/").rsplit("/", 1)[-1] not in logs


def test_a_link_for_many_lets_people_in_by_two_pages_although_sign_up_is_closed(
    stack: Stack, admin: Visitor, visit: Callable[..., Visitor]
) -> None:
    page = admin.goto("/admin/mentoring/invitation/add/")
    page.get_by_role("link", name="Make a link to hand on instead").click()
    page.get_by_label("Program:").select_option("Harbor Mentors")
    page.get_by_label("Role:").select_option("Mentor")
    page.get_by_role("button", name="Save", exact=True).click()
    link = page.locator(".to-copy").inner_text()

    phone, way = visit(stack, **PHONE), Way()
    page = phone.page
    page.goto("/account/signup/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This place is by invitation")
    page.goto(link)
    way.at(page)
    way.fill(page, "Your name", "Iris Okafor")
    way.fill(page, "Your e-mail address", BY_LINK)
    phone.press("Join")
    expect(page).to_have_url(re.compile("/account/login/code/confirm/"))
    way.at(page)
    (letter,) = eventually(lambda: stack.letters(BY_LINK), "the code arrives")
    way.fill(page, "The code we sent you", code_in(letter))
    phone.press("Sign in")
    is_in(page, stack, "mentor")
    way.is_short()
    assert (len(way.pages), len(way.fields)) == (2, 3)


def test_an_account_in_use_is_signed_in_to_first_and_a_no_is_one_press(
    stack: Stack, admin: Visitor, visit: Callable[..., Visitor]
) -> None:
    invite(admin, f"{KNOWN}\nquin@harbor.example")
    (letter,) = eventually(lambda: stack.letters(KNOWN), "the invitation arrives")
    phone = visit(stack, **PHONE)
    page = phone.page
    page.goto(link_of(letter, stack))
    phone.press("Sign in and join")
    expect(page).to_have_url(stack.url("/account/login/"))
    phone.sign_in_by_code(KNOWN)
    expect(page).to_have_url(re.compile(r"/programs/\d+/$"))

    (letter,) = eventually(lambda: stack.letters("quin@harbor.example"), "the other one arrives")
    other = visit(stack, **PHONE)
    page = other.page
    page.goto(f"{link_of(letter, stack)}#no")  # As the e-mail's "Not for me": it unfolds what is folded.
    other.press("No, thank you")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your no has arrived")
    with stack.database():
        assert Invitation.objects.get(person__email="quin@harbor.example").declined_at is not None


def test_no_page_on_the_way_keeps_anybody_out(
    stack: Stack, admin: Visitor, cookies: Any, visit: Callable[..., Visitor]
) -> None:
    """axe: WCAG 2.2 A and AA, and the best practices, on each of them as each kind of reader finds it."""
    address = "anybody@harbor.example"
    invite(admin, address)
    (letter,) = eventually(lambda: stack.letters(address), "the invitation arrives")
    mail_link = link_of(letter, stack)
    with stack.database():
        link = Invitation.objects.filter(person=None).first()
        assert link is not None
        Invitation.objects.filter(pk=link.pk).update(expires_at=timezone.now().replace(year=2100))
        token = _token_in(stack, link)
    stranger, insider = visit(stack, **STILL), visit(stack, storage_state=cookies, **STILL)
    wrong: list[str] = []
    for name, url in (
        ("mail", mail_link),
        ("link", f"/join/{token}/"),
        ("unknown", "/join/nothing/"),
        ("lost", "/join/"),
    ):
        stranger.page.goto(url)
        wrong += violations(stranger.page, name)
    stranger.page.goto(mail_link)
    stranger.page.get_by_text("Not for me").click()
    stranger.press("No, thank you")
    wrong += violations(stranger.page, "declined")
    insider.page.goto(f"/join/{token}/")
    wrong += violations(insider.page, "button")
    insider.page.goto(mail_link)
    wrong += violations(insider.page, "over")
    with stack.database():
        program = Program.objects.get()
        person = make_person("ines@harbor.example", "Inês Carvalho", is_superuser=False)
        Enrollment.objects.create(program=program, person=person, role="both", joined_on=program.starts_on)
    member = visit(stack, **STILL)
    member.goto("/account/login/")
    member.sign_in_by_code(person.email)
    expect(member.page).to_have_url(stack.url("/"))
    for name, url in (("program", f"/programs/{program.pk}/"), ("there", f"/join/{token}/")):
        member.page.goto(url)
        wrong += violations(member.page, name)
    for one in (
        stranger,
        insider,
    ):  # The browser itself says of these pages that they are not there (any more).
        one.troubles = [said for said in one.troubles if "404" not in said and "410" not in said]
    assert not wrong, "\n".join(wrong)


def _token_in(stack: Stack, link: Invitation) -> str:
    """As the stack's own processes make it, whose key is not that of the tests."""
    from mentoring.models.invitation import token_of

    return token_of(link.nonce, stack.secret_key)


def violations(page: Page, name: str) -> Iterator[str]:
    """By day on a wide window, and in the dark on a phone."""
    for scheme, width in SIGHTS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, "joining", f"{name}-{width}-{scheme}")
        needs = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if needs > 0:
            yield f"{name} {scheme}: {needs} pixels too wide"
        yield from (f"{name} {scheme}: {said}" for said in faults(page))
