"""The page of a question in a real browser: it saves by itself, and what somebody wrote is never lost silently."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from accounts.clock import now
from accounts.models import User
from mentoring.models import Pairing
from reflections.models import Answer, Question, Reflection, Round
from tests.reflections.conftest import AGAIN, ASIDE, FIRST, HARD

from .writing import SAVED, WORDS, enter, open_question, status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=20_000)


def test_writing_saves_itself(writer: User, asked: Round, sign_in: Callable[..., BrowserContext]) -> None:
    page = open_question(sign_in(writer), asked)
    page.locator("textarea").press_sequentially(WORDS)
    expect(status(page)).to_have_text("Writing")
    expect(status(page)).to_have_text(SAVED)
    assert Answer.objects.get().text == WORDS

    page.get_by_label("My pairing").check()
    expect(status(page)).to_have_text("Writing")
    expect(status(page)).to_have_text(SAVED)
    assert Answer.objects.get().audience == "pairing"

    page.reload()  # nothing is asked: all is saved
    expect(page.locator("textarea")).to_have_value(WORDS)


def test_control_and_enter_lead_to_the_next_question(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    page = open_question(sign_in(writer), asked)
    page.locator("textarea").fill(WORDS)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/questions/{ASIDE}/")
    assert Answer.objects.get().text == WORDS
    page.goto(f"/reflections/{asked.pk}/questions/{AGAIN}/")
    page.get_by_label("Only me").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/questions/{HARD}/")


def test_a_kept_moment_is_added_to_the_answer(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    page = open_question(sign_in(writer), asked)
    page.locator("textarea").fill("First this.")
    page.get_by_role("button", name="Add to answer").click()
    expect(page.locator("textarea")).to_have_value("First this.\n\nAyo found the mistake\nbefore I did.")
    expect(status(page)).to_have_text(SAVED)
    assert Answer.objects.get().text.endswith("before I did.")


def test_without_a_line_the_words_stay_and_are_saved_when_it_is_back(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    page = open_question(context, asked)
    context.set_offline(True)
    page.locator("textarea").fill(WORDS)
    expect(status(page)).to_have_text("Not saved yet. Your words are still on this page; we will try again.")
    assert not Answer.objects.exists()
    context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert Answer.objects.get().text == WORDS


def test_a_server_that_stumbles_is_asked_again(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    page = open_question(sign_in(writer), asked)
    tries: list[str] = []

    def stumble(route: Route) -> None:
        tries.append(route.request.url)
        route.fulfill(status=502, body="Bad gateway") if len(tries) == 1 else route.continue_()

    page.route("**/save/", stumble)
    page.locator("textarea").fill(WORDS)
    expect(status(page)).to_contain_text("Not saved yet.")
    expect(status(page)).to_have_text(SAVED)
    assert len(tries) == 2


def test_when_the_session_ended_the_words_wait_until_the_same_person_is_back(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    page = open_question(context, asked)
    context.clear_cookies()
    page.locator("textarea").fill(WORDS)
    expect(status(page)).to_contain_text("You are signed out, so this is not saved yet.")
    expect(page.locator("textarea")).to_have_value(WORDS)
    assert not Answer.objects.exists()

    enter(context, writer)  # as by signing in in another window: the old token is worth nothing now
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)
    assert Answer.objects.get().reflection.person == writer


def test_words_are_not_saved_for_somebody_else_who_signs_in_here(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    page = open_question(context, asked)
    context.clear_cookies()
    enter(context, User.objects.get(email="tomasz@x.example"))
    page.locator("textarea").fill(WORDS)
    expect(status(page)).to_contain_text("Somebody else is signed in here now")
    expect(page.locator("textarea")).to_have_value(WORDS)
    assert not Answer.objects.exists()


def test_two_windows_keep_both_texts_in_sight(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    one, two = open_question(context, asked), open_question(context, asked)
    one.locator("textarea").fill("From the first window.")
    expect(status(one)).to_have_text(SAVED)
    two.locator("textarea").fill("From the second window.")
    notice = two.locator("[data-overtaken]")
    expect(notice).to_contain_text("This answer was also saved elsewhere")
    expect(notice).to_contain_text("From the first window.")
    expect(two.locator("textarea")).to_have_value("From the second window.")
    assert Answer.objects.get().text == "From the first window."

    two.get_by_role("button", name="Keep mine").click()
    expect(notice).to_be_hidden()
    expect(status(two)).to_have_text(SAVED)
    assert Answer.objects.get().text == "From the second window."

    one.locator("textarea").fill("From the first window, once more.")
    expect(one.locator("[data-overtaken]")).to_contain_text("From the second window.")
    one.get_by_role("link", name="Use this one").click()
    expect(one.locator("textarea")).to_have_value("From the second window.")
    assert Answer.objects.get().text == "From the second window."


def test_a_link_of_the_page_is_followed_once_the_words_are_safe(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    page = open_question(sign_in(writer), asked)
    page.locator("textarea").fill(WORDS)
    page.get_by_role("link", name="Look again").click()
    page.wait_for_url(f"**/questions/{AGAIN}/")
    assert Answer.objects.get().text == WORDS


def test_leaving_with_unsaved_words_is_asked_about_once(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    page = open_question(context, asked)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.accept()))
    page.reload()
    assert dialogs == []
    context.set_offline(True)
    page.locator("textarea").press_sequentially("x")
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert dialogs == ["beforeunload"]


def test_a_finished_answer_waits_for_its_button(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    pairing = Pairing.objects.get()
    reflection = Reflection.objects.create(
        person=writer, round=asked, role="mentor", status="submitted", submitted_at=now()
    )
    answer = Answer.objects.create(
        reflection=reflection,
        question=Question.objects.get(code=FIRST),
        text="As shared.",
        audience="pairing",
    )
    answer.pairings.add(pairing)
    page = open_question(sign_in(writer), asked)
    page.locator("textarea").fill("Half a sent")
    page.wait_for_timeout(2500)
    assert Answer.objects.get().text == "As shared."
    page.locator("textarea").fill("A whole sentence.")
    page.get_by_role("button", name="Save the new wording").click()
    page.wait_for_url("**/done/")
    assert Answer.objects.get().text == "A whole sentence."


def test_without_scripts_the_buttons_do_all_of_it(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    page = open_question(sign_in(writer, java_script_enabled=False), asked)
    expect(page.get_by_role("button", name="Add to answer")).to_have_count(0)
    page.locator("textarea").fill(WORDS)
    page.get_by_label("My pairing").check()
    page.get_by_role("button", name="Next question").click()
    page.get_by_role("button", name="Nothing to set aside").click()
    page.get_by_role("link", name="Read it over").click()
    page.get_by_role("button", name="Finish and share as shown").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("There it is, Noor")
    assert Answer.objects.get().audience == "pairing"
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("button", name="Take it back").click()
    assert Answer.objects.get().audience == "me"


def test_a_button_waits_for_words_that_could_not_be_saved(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer)
    page = open_question(context, asked)
    context.clear_cookies()
    page.locator("textarea").fill(WORDS)
    expect(status(page)).to_contain_text("You are signed out, so this is not saved yet.")
    page.get_by_role("button", name="Next question").click()
    page.wait_for_timeout(1000)
    expect(page.locator("textarea")).to_have_value(WORDS)

    enter(context, writer)
    page.get_by_role("button", name="Next question").click()
    page.wait_for_url(f"**/questions/{ASIDE}/")
    assert Answer.objects.get().text == WORDS


def test_without_scripts_the_words_come_back_to_who_was_signed_out(
    writer: User, asked: Round, sign_in: Callable[..., BrowserContext]
) -> None:
    context = sign_in(writer, java_script_enabled=False)
    page = open_question(context, asked)
    page.locator("textarea").fill(WORDS)
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_label("What you had written")).to_have_value(WORDS)
    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url(re.compile(rf"/account/login/\?next=/reflections/{asked.pk}/questions/{FIRST}/$"))
