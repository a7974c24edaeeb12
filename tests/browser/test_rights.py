"""What is somebody's own, with nothing mocked: a copy of it comes by a real worker, and leaving is stopped again.

The mentee asks for a copy; the e-mail comes, the ZIP is fetched behind sign-in and its page opened in the browser. Then
they ask to leave, are told so on each page, and change their mind. All pages on the way are read by axe, light and
dark, and fit 320 pixels.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Export, User
from mentoring.models import Enrollment
from reflections.models import Audience, Moment
from tests.conftest import PASSWORD, enroll, make_person, pair

from .axe import BEST, LOOKS, faults
from .calendar import Calendar
from .stack import Stack, eventually
from .test_pages_look import NARROW, WIDEST
from .visitor import Visitor

pytestmark = pytest.mark.browser
MENTOR, MENTEE = "noor@harbor.example", "tomasz@harbor.example"
MINE = "The kingfisher invoice was right at the first try <b>so there</b>"
THEIRS = "A heron that is the mentor’s"
PAGES = ("/settings/data/", "/settings/leave/", "/privacy/")


def test_a_copy_of_everything_and_a_mind_that_changes(
    stack: Stack, visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    two_people(stack)
    stack.start("web", "worker", "beat")
    visitor = visit(stack, timezone_id="Europe/Warsaw")
    visitor.goto("/settings/data/")
    visitor.sign_in(MENTEE, PASSWORD)
    nobody_is_kept_out(visitor, *PAGES)
    asks_for_a_copy(visitor)
    the_e_mail_comes_and_holds_nothing(stack)
    archive = downloads_it(visitor, tmp_path)
    its_page_is_read(visit(stack), archive, tmp_path)
    asks_to_leave(visitor, stack)
    nobody_is_kept_out(visitor, *PAGES, "/")
    stays(visitor, stack)
    no_word_is_in_a_log_or_in_redis(stack)


def two_people(stack: Stack) -> None:
    with stack.database():
        program = Calendar(timezone.now().date()).program()
        mentor = make_person(MENTOR, "Noor Haddad")
        mentee = make_person(MENTEE, "Tomasz Zielinski", time_zone="Europe/Warsaw")
        User.objects.all().update(password=_as_in_production())
        EmailAddress.objects.create(user=mentee, email=MENTEE, verified=True, primary=True)
        enroll(program, mentor, Enrollment.Role.MENTOR)
        enroll(program, mentee, Enrollment.Role.MENTEE)
        pairing = pair(program, mentor, mentee)
        for person, text in ((mentee, MINE), (mentor, THEIRS)):
            Moment.objects.create(
                person=person,
                text=text,
                happened_on=timezone.now().date(),
                audience=Audience.PAIRING,
                pairing=pairing,
            )


def _as_in_production() -> str:
    """The tests hash quickly, which no installation would accept."""
    return PBKDF2PasswordHasher().encode(PASSWORD, "salt" * 6, iterations=1000)


def nobody_is_kept_out(visitor: Visitor, *paths: str) -> None:
    """axe, in both schemes, on what the visitor sees there now; and nothing has to be pushed sideways at 320 pixels."""
    wrong = []
    page = visitor.page
    usual = page.viewport_size or {"width": 1280, "height": 720}
    for path in paths:
        page.goto(path)
        wrong += [f"{path}: {said}" for said in faults(page, BEST)]
        page.emulate_media(color_scheme="dark")
        wrong += [f"{path} in the dark: {said}" for said in faults(page, LOOKS)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": NARROW, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > NARROW:
            wrong.append(f"{path} at {NARROW}: {page.evaluate(WIDEST)}")
        page.set_viewport_size(usual)
    assert not wrong, "\n".join(wrong)


def shows_who_they_are(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it still you?")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


# --- The copy ------------------------------------------------------------------------------------------------------


def asks_for_a_copy(visitor: Visitor) -> None:
    page = visitor.goto("/settings/data/")
    visitor.press("Make a copy")
    shows_who_they_are(page)
    expect(page.get_by_text("It is being made. We write to you when it is ready.")).to_be_visible()


def the_e_mail_comes_and_holds_nothing(stack: Stack) -> None:
    (letter,) = eventually(lambda: stack.letters(MENTEE, "Your export is ready"), "the e-mail comes")
    text = letter.body("plain") or ""
    assert f"{stack.address}/settings/data/" in text
    assert "kingfisher" not in letter.raw.decode(errors="replace")
    assert not list(letter.message.iter_attachments())


def downloads_it(visitor: Visitor, folder: Path) -> Path:
    page = visitor.goto("/settings/data/")
    nobody_is_kept_out(visitor, "/settings/data/")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download it").click()
    saved = folder / "mine.zip"
    coming.value.save_as(saved)
    assert coming.value.suggested_filename.endswith(".zip")
    return saved


def its_page_is_read(reader: Visitor, archive: Path, folder: Path) -> None:
    """Unpacked, on a machine without a connection: the words as they were written, and nobody else's."""
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder / "mine")
    reader.context.set_offline(True)
    page = reader.context.new_page()
    reader.context.remove_listener("request", reader._asked)  # A file has no host.
    page.goto((folder / "mine" / "index.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything that is yours")
    expect(page.get_by_role("main")).to_contain_text(MINE)
    expect(page.get_by_role("main")).to_contain_text("Noor Haddad")
    expect(page.get_by_role("main")).not_to_contain_text(THEIRS)
    assert faults(page) == []
    data = json.loads((folder / "mine" / "data.json").read_text())["data"]
    assert [moment["text"] for moment in data["reflections.moment"]] == [MINE]
    assert data["accounts.user"][0]["email"] == MENTEE


# --- Leaving -------------------------------------------------------------------------------------------------------


def asks_to_leave(visitor: Visitor, stack: Stack) -> None:
    page = visitor.goto("/settings/leave/")
    visitor.press("Delete my account")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your account will be deleted on")
    (letter,) = eventually(lambda: stack.letters(MENTEE, "Your account will be deleted"), "the e-mail comes")
    assert f"{stack.address}/settings/leave/" in (letter.body("plain") or "")
    expect(visitor.goto("/moments/").locator(".leaving")).to_contain_text("Your account will be deleted on")


def stays(visitor: Visitor, stack: Stack) -> None:
    page = visitor.goto("/")
    page.locator(".leaving").get_by_role("button", name="Keep my account").click()
    expect(page.get_by_text("Your account stays. Nothing was deleted.")).to_be_visible()
    expect(page.locator(".leaving")).to_have_count(0)
    with stack.database():
        assert not User.objects.leaving().exists()
        assert Export.objects.get().state == Export.State.READY


def no_word_is_in_a_log_or_in_redis(stack: Stack) -> None:
    sinks = dict(stack.logs()) | {"Redis": stack.everything_in_redis()}
    assert not [where for where, said in sinks.items() if "kingfisher" in said or "Zielinski" in said]
