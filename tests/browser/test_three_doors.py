"""The page of the quarter through each of its doors, in a real browser: with scripts and without, on a phone, and with
a line that is lost in mid-sentence."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.clock import now
from accounts.models import User
from reflections.models import Answer, Moment, Question, Reflection, Round, ValueShown
from tests.reflections.conftest import FIRST

from .axe import faults
from .writing import SAVED, WORDS, open_question, status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NOT_SAVED = "Not saved yet. Your words are still on this page; we will try again."
KINDS = [
    ("L3", "again", "again", "Now look a second time.", False),
    ("L4", "again", "before", "What was it like before, and now?", False),
    ("L12", "values", "values", "What do you care about?", False),
    ("R1", "rough", "words", "What kept you going?", True),
    ("R2", "rough", "words", "Who was there?", True),
    ("R3", "rough", "words", "What can wait?", True),
]


@pytest.fixture
def quarter(asked: Round, writer: User) -> Round:
    """With a question of each kind, and those of a rough quarter."""
    for place, (code, step, kind, text, is_locked) in enumerate(KINDS, start=40):
        Question.objects.create(
            round=asked,
            code=code,
            step=step,
            kind=kind,
            text=text,
            is_locked=is_locked,
            examples="One small thing.\nAnother one.",
            mentor_position=place,
            mentee_position=place,
            both_position=place,
        )
    return asked


def box(page: Page) -> Any:
    return page.get_by_role("main").get_by_role("textbox").first


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, PHONE], ids=["script", "bare", "phone"]
)
def test_one_line_is_a_whole_page(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext], options: dict[str, Any]
) -> None:
    page = sign_in(writer, **options).new_page()
    page.goto(f"/reflections/{quarter.pk}/")
    page.get_by_role("link", name="One line").click()
    box(page).fill(WORDS)
    page.get_by_role("button", name="Read it over").click()
    page.get_by_role("button", name="Finish, share nothing").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("There it is, Noor")
    answer = Answer.objects.get()
    assert (answer.text, answer.audience, answer.reflection.status) == (WORDS, "me", "submitted")


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, PHONE], ids=["script", "bare", "phone"]
)
def test_five_minutes_are_the_short_questions(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext], options: dict[str, Any]
) -> None:
    page = sign_in(writer, **options).new_page()
    page.goto(f"/reflections/{quarter.pk}/")
    page.get_by_role("link", name="Five minutes").click()
    for words in ("The first.", "The second."):
        box(page).fill(words)
        page.get_by_role("button", name=re.compile("Next question|Read it over")).click()
    expect(page).to_have_url(re.compile(r"/review/\?set=short$"))
    assert [answer.text for answer in Answer.objects.order_by("pk")] == ["The first.", "The second."]


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, PHONE], ids=["script", "bare", "phone"]
)
def test_a_cup_of_coffee_asks_again_in_pieces_and_comes_to_values(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext], options: dict[str, Any]
) -> None:
    page = sign_in(writer, **options).new_page()
    page.goto(f"/reflections/{quarter.pk}/")
    page.get_by_role("link", name="A cup of coffee").click()
    box(page).fill(WORDS)
    page.get_by_role("button", name="Next question").click()
    page.goto(f"/reflections/{quarter.pk}/questions/L3/")
    expect(page.get_by_text(WORDS)).to_be_visible()  # the first answer, in sight and untouched
    cue = page.locator("#cue-words")
    before = cue.inner_text()
    assert before.startswith("Begin in the middle")
    box(page).fill("One piece.")
    page.get_by_role("button", name="Another way in").click()
    expect(cue).not_to_have_text(before)
    expect(cue).to_contain_text("Now the first month")
    expect(box(page)).to_have_value("One piece.")
    page.get_by_role("button", name="Something else came back").click()
    expect(page.get_by_text("You have also written")).to_be_visible()
    box(page).fill("Another piece.")
    page.get_by_role("button", name="Next question").click()

    page.get_by_label("Before").fill("I rang.")
    page.get_by_label("After", exact=True).fill("He rings.")
    page.get_by_role("button", name="Next question").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("What do you care about?")
    page.get_by_label("In a word or two of your own").fill("patience")
    page.get_by_label("Another piece.").check()
    page.get_by_role("button", name="Put it beside").click()
    expect(page.get_by_role("button", name=re.compile("Let this one go ?: patience"))).to_be_visible()
    page.get_by_role("button", name="Read it over").click()
    page.wait_for_url("**/review/")
    for words in ("One piece.", "Another piece.", "I rang.", "He rings."):
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    assert sorted(Answer.objects.filter(question__code="L3").values_list("piece", flat=True)) == [
        "first",
        "second",
    ]
    assert ValueShown.objects.get().answer.piece == "second"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "options", [{}, {"java_script_enabled": False}, PHONE], ids=["script", "bare", "phone"]
)
def test_a_rough_quarter_is_three_questions_and_an_end(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext], options: dict[str, Any]
) -> None:
    page = sign_in(writer, **options).new_page()
    page.goto(f"/reflections/{quarter.pk}/")
    page.get_by_role("link", name="It was a rough one").click()
    box(page).fill("My sister rang on Sundays.")
    page.get_by_role("button", name="Next question").click()
    page.get_by_role("button", name="Skip this one").click()
    page.get_by_role("button", name="That is enough").click()
    page.get_by_role("button", name="Done for this quarter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. It can rest now.")
    expect(page.get_by_text("My sister rang on Sundays.")).to_be_hidden()  # folded
    assert Reflection.objects.get().status == "submitted"


def test_another_way_in_needs_no_new_page_and_what_lies_there_goes_with_it(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    Moment.objects.create(person=writer, text="Kept for myself.", happened_on=now().date(), for_whom="myself")
    page = open_question(sign_in(writer), quarter, "L3")
    page.evaluate("window.still = true")
    seen = []
    for _ in range(20):
        seen.append(page.locator("[data-cue]:visible").inner_text())
        if seen[-1].startswith("And yourself"):
            expect(page.locator("[data-cue-beside]:visible")).to_contain_text("Kept for myself.")
            break
        page.get_by_role("button", name="Another way in").click()
    assert page.evaluate("window.still") is True
    assert len(set(seen)) == len(seen) > 4
    assert not Answer.objects.exists()


def test_a_line_that_is_lost_for_a_minute_in_mid_sentence_costs_no_word(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    """The clock of the page is moved on, so that its minute takes no minute here."""
    context = sign_in(writer)
    page = context.new_page()
    page.clock.install()
    page.goto(f"/reflections/{quarter.pk}/questions/L4/")
    before, after = page.get_by_label("Before"), page.get_by_label("After", exact=True)
    before.press_sequentially("I used to ring")
    page.clock.run_for(2_000)
    expect(status(page)).to_have_text(SAVED)

    context.set_offline(True)
    before.press_sequentially(" them mys")
    page.clock.run_for(2_000)
    expect(status(page)).to_have_text(NOT_SAVED)
    for _ in range(6):
        before.press_sequentially("elf"[_ % 3])
        page.clock.run_for(10_000)
    after.press_sequentially("He rings.")
    page.clock.run_for(2_000)
    expect(status(page)).to_have_text(NOT_SAVED)
    assert Answer.objects.get().text == "I used to ring"

    context.set_offline(False)
    page.clock.run_for(61_000)
    expect(status(page)).to_have_text(SAVED)
    answer = Answer.objects.get()
    assert (answer.text, answer.after) == ("I used to ring them myselfelf", "He rings.")


def test_a_server_that_never_answers_does_not_hold_the_words_back_for_ever(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    page = open_question(sign_in(writer), quarter, "L4")
    page.evaluate("AbortSignal.timeout = () => AbortSignal.abort()")  # as if its patience were over at once
    page.get_by_label("Before").fill("Kept here.")
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(page.get_by_label("Before")).to_have_value("Kept here.")
    assert not Answer.objects.exists()


def test_two_devices_keep_both_parts_of_a_before_and_after_in_sight(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    desk, phone = (open_question(sign_in(writer, **options), quarter, "L4") for options in ({}, PHONE))
    desk.get_by_label("Before").fill("From the desk.")
    desk.get_by_label("After", exact=True).fill("And after, from the desk.")
    expect(status(desk)).to_have_text(SAVED)
    phone.get_by_label("After", exact=True).fill("After, from the phone.")
    notice = phone.locator("[data-overtaken]")
    expect(notice).to_contain_text("From the desk.")
    expect(notice).to_contain_text("And after, from the desk.")
    expect(phone.get_by_label("After", exact=True)).to_have_value("After, from the phone.")
    phone.get_by_role("link", name="Use this one").click()
    expect(phone.get_by_label("Before")).to_have_value("From the desk.")
    expect(phone.get_by_label("After", exact=True)).to_have_value("And after, from the desk.")
    assert Answer.objects.get().after == "And after, from the desk."


def test_a_value_waits_on_the_page_for_a_line_that_was_lost(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    page = open_question(context, quarter, "L12")
    page.get_by_label("In a word or two of your own").fill("patience")
    page.get_by_label("Ayo found the mistake").check()
    context.set_offline(True)
    page.get_by_role("button", name="Put it beside").click()
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(page.get_by_label("In a word or two of your own")).to_have_value("patience")
    context.set_offline(False)
    expect(page.get_by_role("button", name=re.compile("Let this one go ?: patience"))).to_be_visible()
    assert ValueShown.objects.get().value.name == "patience"


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_pages_have_no_fault_and_fit_a_phone(
    writer: User, quarter: Round, sign_in: Callable[..., BrowserContext], options: dict[str, Any]
) -> None:
    page = sign_in(writer, **options).new_page()
    for path in (
        "",
        f"questions/{FIRST}/",
        "questions/L3/",
        "questions/L4/",
        "questions/L12/",
        "questions/R1/",
        "rough/",
    ):
        page.goto(f"/reflections/{quarter.pk}/{path}")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
