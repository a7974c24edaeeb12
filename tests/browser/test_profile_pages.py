"""Profiles and preferences in a real browser: for everybody's eyes, without scripts, by keyboard, with long words."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from io import BytesIO
from typing import Any, Literal

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from accounts import actions
from accounts.models import Link, Profile, User, UsualHours
from mentoring.models import Pairing
from tests.conftest import signed_in

from . import axe
from .pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each page as it is by day and in the dark, and last on a phone, where it is used.
SIGHTS: tuple[tuple[Literal["light", "dark"], int, Sequence[str]], ...] = (
    ("dark", 1280, axe.LOOKS),
    ("light", 1280, axe.BEST),
    ("dark", 320, axe.LOOKS),
    ("light", 320, axe.BEST),
)
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def jpeg() -> bytes:
    out = BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((800, 600)).save(out, "JPEG")
    return out.getvalue()


PHOTO: Any = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}


def everything(person: User) -> None:
    """As much as a profile holds, in words that do not break by themselves."""
    out = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, "WEBP")
    person.name = LONG
    actions.keep_profile(
        Profile(
            person=person,
            pronouns="they/them, or any that you like best",
            pronouns_for="programs",
            headline=(LONG + " " + LONG)[:120],
            about="\n\n".join([LONG * 4] * 5)[:2000],
            help_with=("word " * 200)[:1000],
            languages=["ckb", "de", "ml", "gsg", "pt"],
            core_values=[LONG[:40], "Patience", "W" * 40, "Calm", "iiiii"],
        ),
        hours=[UsualHours(weekday=day, begins=17 + day, ends=47) for day in range(7)],
        links=[
            Link(position=1, url="https://example.org/" + "a" * 250, label=LONG[:60]),
            Link(position=2, url="https://" + "a" * 60 + ".example.org/"),
        ],
        photo=out.getvalue(),
        now=timezone.now(),
    )


@pytest.fixture
def enter(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens a browser in which somebody is signed in; at the end nothing may have gone wrong in it."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def entered(person: User, scheme: str = "light", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="en-US",
            color_scheme=scheme,
            reduced_motion="reduce",  # so that no picture is taken while one page fades into the next
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        session = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        context.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page: Page = context.new_page()
        return page

    yield entered
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


def faults_in_each_sight(page: Page, name: str) -> list[str]:
    wrong = []
    for scheme, width, rules in SIGHTS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        wrong += faults(page, f"{name}-{scheme}", rules)
    return wrong


def faults(page: Page, name: str, rules: Sequence[str] = axe.BEST) -> list[str]:
    """What axe finds, and whether the page must be pushed sideways; a picture of it is kept."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    picture(page, "profiles", f"{name}-{width}")
    wrong = [f"{name}: {said}" for said in axe.faults(page, rules)]
    needs = page.evaluate("document.documentElement.scrollWidth")
    return wrong + ([f"{name} needs {needs} of {width}"] if needs > width else [])


def test_no_page_keeps_anybody_out_however_much_is_on_it(
    pairing: Pairing, mentor: User, mentee: User, enter: Callable[..., Page]
) -> None:
    everything(mentor)
    User.objects.filter(pk=mentor.pk).update(
        snoozed_until=timezone.localdate().replace(year=timezone.localdate().year + 1, day=1),
        calm_from=time(20),
        calm_until=time(7),
    )
    page = enter(mentor)
    wrong = []
    page.goto("/profile/")
    wrong += faults_in_each_sight(page, "full")
    page.get_by_label("A photo of you").set_input_files(PHOTO)
    page.get_by_role("button", name="See it as others will").click()
    expect(page.get_by_role("heading", name="This is how others would see it")).to_be_visible()
    wrong += faults_in_each_sight(page, "preview")
    page.get_by_label("Your name", exact=True).fill("")
    page.get_by_label("Monday until").fill("03:00")
    page.get_by_label("Address 3").fill("http://nowhere")
    page.get_by_label("Value 4").fill("PATIENCE")
    page.get_by_role("button", name="Keep my profile").last.click()
    expect(page.get_by_role("heading", name="Four things need another look")).to_be_visible()
    wrong += faults_in_each_sight(page, "errors")
    page.goto("/settings/")
    expect(page.get_by_role("button", name="Write to me again")).to_be_visible()
    wrong += faults_in_each_sight(page, "settings")
    other = enter(mentee)
    for name, path in (("seen", f"/people/{mentor.pk}/"), ("pair", f"/pairings/{pairing.pk}/")):
        other.goto(path)
        wrong += faults_in_each_sight(other, name)
    other.goto("/profile/")
    wrong += faults_in_each_sight(other, "empty")
    page.goto(f"/people/{mentee.pk}/")
    expect(page.get_by_text("Tomasz has not written anything here yet.")).to_be_visible()
    wrong += faults_in_each_sight(page, "seen-empty")
    assert not wrong, "\n".join(wrong)


def test_a_profile_is_written_seen_and_kept_without_scripts(mentor: User, enter: Callable[..., Page]) -> None:
    page = enter(mentor, java_script_enabled=False)
    page.goto("/")
    page.get_by_text("Noor’s menu").locator("xpath=..").click()
    page.get_by_role("link", name="Your profile").click()
    page.get_by_label("In one line").fill("Keeps the lamp lit")
    page.get_by_label("Language 1").select_option(label="Welsh")
    page.get_by_label("Value 1").fill("Light")
    page.get_by_label("Tuesday from").fill("09:30")
    page.get_by_label("Tuesday until").fill("12:00")
    page.get_by_label("Address 1").fill("lamp.example")
    page.get_by_label("A photo of you").set_input_files(PHOTO)
    page.get_by_role("button", name="See it as others will").click()
    seen = page.locator("#as-seen")
    for shown in ("Keeps the lamp lit", "Welsh", "Light", "Tuesday, 09:30 to 12:00", "lamp.example"):
        expect(seen).to_contain_text(shown)
    expect(page.locator("#as-seen img")).to_have_js_property("naturalWidth", 512)
    assert not Profile.objects.exists()
    seen.get_by_role("button", name="Keep my profile").click()
    expect(page.get_by_text("Your profile is kept.")).to_be_visible()
    expect(page.locator(".menu img")).to_have_js_property("naturalWidth", 512)
    assert Profile.objects.get().headline == "Keeps the lamp lit"
    page.get_by_role("button", name="Remove my photo").click()
    expect(page.get_by_text("Your photo is removed.")).to_be_visible()
    expect(page.locator("img")).to_have_count(0)
    expect(page.get_by_label("In one line")).to_have_value("Keeps the lamp lit")


def test_a_profile_is_kept_by_keyboard_alone_and_enter_never_removes_a_photo(
    mentor: User, enter: Callable[..., Page]
) -> None:
    everything(mentor)
    page = enter(mentor)
    page.goto("/profile/")
    headline = page.get_by_label("In one line")
    headline.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Typed with no mouse")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your profile is kept.")).to_be_visible()
    expect(headline).to_have_value("Typed with no mouse")
    assert User.objects.get(pk=mentor.pk).photo_key
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "See it as others will":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#as-seen")).to_be_focused()


def test_a_snooze_is_set_and_ended_without_scripts(mentor: User, enter: Callable[..., Page]) -> None:
    page = enter(mentor, java_script_enabled=False)
    page.goto("/settings/")
    until = date.fromordinal(timezone.localdate().toordinal() + 20)
    page.get_by_label("Not before").fill(until.isoformat())
    page.get_by_label("From", exact=True).select_option("21:30")
    page.get_by_label("Until", exact=True).select_option("06:00")
    page.get_by_role("button", name="Keep these settings").click()
    expect(page.get_by_text("No e-mail that you can switch off before")).to_be_visible()
    person = User.objects.get(pk=mentor.pk)
    assert (person.snoozed_until, person.calm_from, person.calm_until) == (until, time(21, 30), time(6))
    page.get_by_role("button", name="Write to me again").click()
    expect(page.get_by_text("We write to you again.")).to_be_visible()
    person.refresh_from_db()
    assert (person.snoozed_until, person.calm_from) == (None, time(21, 30))
