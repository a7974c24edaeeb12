"""On a phone: from the list of programs through an application that is begun, laid aside, taken up and sent."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.mail.models import Message
from accounts.models import User, UsualHours
from mentoring.emails import RECEIPT
from mentoring.models import ApplicationDraft, Enrollment, EnrollmentQuestion, Program, Skill

from .snapshots import SHOWN_AT, snapshot
from .test_profile_pages import LONG, enter, faults, faults_in_each_sight

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 390
RULES = "What is said between the two of you stays there.\n\nEither of you can end it, without a reason."


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(SHOWN_AT):
        yield


@pytest.fixture
def meadow(transactional_db: None) -> Program:
    today = timezone.localdate()
    program = Program.objects.create(
        name="Meadow Mentors",
        slug="meadow",
        purpose="Pairs people in their first years with people who have taught for long.",
        starts_on=today + timedelta(days=30),
        applications_until=today + timedelta(days=20),
        join_policy=Program.JoinPolicy.APPROVAL,
        ground_rules=RULES,
        mentors_are="You have taught for five years or more.",
        mentees_are="You teach for the first or second year.",
        concern_name="Ada Ferro",
        concern_email="ada@meadow.example",
    )
    Skill.objects.bulk_create(Skill(program=program, name=name) for name in ("Coaching", "Calm", "Speaking"))
    for position, (code, text, kind, fields) in enumerate(
        [
            ("why", "What would make it a good year?", "long", {"audience": "pairing", "is_required": True}),
            (
                "years",
                "For how many years have you taught?",
                "short",
                {"asked_of": "mentors", "is_required": True},
            ),
            ("worry", "Is there anything that we should know?", "long", {"asked_of": "mentees"}),
            ("how", "How would you like to meet?", "choices", {"options": ["By video", "On a walk"]}),
        ]
    ):
        values = {"code": code, "text": text, "kind": kind, "position": position}
        EnrollmentQuestion.objects.create(program=program, **values, **fields)
    return program


def find_the_form(page: Page, link: str) -> None:
    """From the home page, as somebody does who has heard of it."""
    page.goto("/")
    page.get_by_role("link", name="Programs that are open to you").click()
    expect(page.get_by_role("heading", name="Programs", level=1)).to_be_visible()
    page.get_by_role("link", name=re.compile(f"^{link} ?: Meadow")).click()
    expect(page.get_by_role("heading", name="Ask for a place in Meadow Mentors")).to_be_visible()
    # What is typed before the page's script is there is kept with the next key, and no test presses one more.
    page.wait_for_load_state()


def only_a_mentees_questions_are_there(page: Page) -> None:
    expect(page.get_by_label("Is there anything that we should know?")).to_be_visible()
    expect(page.get_by_label("For how many years have you taught?")).to_be_hidden()
    expect(page.get_by_label("How many mentees you have room for")).to_be_hidden()


def test_an_application_is_begun_on_a_phone_and_sent_on_another_day(
    meadow: Program, outsider: User, enter: Callable[..., Page]
) -> None:
    page = enter(outsider, "light", PHONE)
    wrong = []
    find_the_form(page, "Ask for a place")
    wrong += faults(page, "apply-empty")
    expect(page.get_by_label("Is there anything that we should know?")).to_be_hidden()
    page.get_by_role("radio", name=re.compile("^Mentor ")).check()
    expect(page.get_by_label("For how many years have you taught?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Mentee ")).check()
    only_a_mentees_questions_are_there(page)

    skills = page.get_by_label("What you would like to learn")
    skills.fill("coa")
    page.get_by_role("button", name="+ Coaching").click()
    skills.fill("Sourdough")
    skills.press("Enter")
    expect(page.get_by_text("Not on the list yet, so it is proposed: Sourdough")).to_be_visible()
    page.get_by_label("What would make it a good year?").fill("To be less alone.")
    page.get_by_label("E-mail of your line manager").fill(outsider.email)
    expect(page.get_by_text("Only you can see it.")).to_have_text(re.compile(r"Kept at \d\d:\d\d\. "))
    draft = ApplicationDraft.objects.get(person=outsider)
    assert draft.typed["seeks"][0].split() == ["Coaching", "Sourdough"]
    wrong += faults(page, "apply-begun")
    skills.scroll_into_view_if_needed()
    snapshot(page, "apply-on-a-phone", width=PHONE, height=844)
    page.context.close()  # The phone is put away.

    page = enter(outsider, "dark", PHONE)
    page.goto("/programs/")
    expect(page.get_by_text("You have begun, and not sent it.")).to_be_visible()
    wrong += faults(page, "apply-list")
    find_the_form(page, "Go on writing")
    only_a_mentees_questions_are_there(page)
    expect(page.get_by_role("button", name="Take off: Coaching")).to_be_visible()
    page.get_by_role("button", name="Take off: Sourdough").click()
    page.get_by_label("What you would like to learn").fill(
        "Rye"
    )  # Typed, and not added: it is meant all the same.
    page.get_by_label("On a walk").check()
    page.get_by_text("Say or change your hours and languages").click()
    page.get_by_label("Monday from").fill("18:00")
    page.get_by_label("Monday until").fill("20:00")
    page.get_by_role("button", name="Send it").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Two things need another look")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error:")
    wrong += faults(page, "apply-errors")
    summary.get_by_role("link", name="This is your own address.").click()
    expect(page.get_by_label("E-mail of your line manager")).to_be_focused()
    page.get_by_label("E-mail of your line manager").fill("boss@meadow.example")
    expect(page.get_by_label("What would make it a good year?")).to_have_value("To be less alone.")
    page.get_by_label("I agree to these ground rules.").check()
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_text("It has arrived.")).to_be_visible()
    expect(page.get_by_text("Those who run the program read what you said")).to_be_visible()
    expect(page.get_by_text("Ada Ferro")).to_be_visible()
    wrong += faults(page, "apply-sent")
    page.get_by_role("link", name="Take your application back").click()
    wrong += faults(page, "apply-withdraw")
    page.get_by_role("link", name="Stay").click()
    page.get_by_role("link", name="Change it").click()
    wrong += faults(page, "apply-edit")
    assert not wrong, "\n".join(wrong)

    place = Enrollment.objects.get(person=outsider)
    assert (place.role, place.status, place.line_manager) == ("mentee", "applied", "boss@meadow.example")
    assert (place.agreed_to, place.skills.by_side()[0].names) == (RULES, ["Coaching", "Rye"])
    assert list(place.answers.values_list("code", flat=True)) == ["why", "how"]
    assert UsualHours.objects.get(person=outsider).begins == 36
    assert not ApplicationDraft.objects.exists()
    assert Message.objects.filter(person=outsider, kind=RECEIPT).count() == 1


def test_the_same_without_scripts(meadow: Program, outsider: User, enter: Callable[..., Page]) -> None:
    page = enter(outsider, "light", PHONE, java_script_enabled=False)
    find_the_form(page, "Ask for a place")
    page.get_by_role("radio", name=re.compile("^Mentee ")).check()
    only_a_mentees_questions_are_there(page)
    page.get_by_label("What you would like to learn").fill("coaching, Sourdough")
    page.get_by_label("E-mail of your line manager").fill("nobody")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_text("Kept as a draft. Only you can see it.")).to_be_visible()
    expect(page.get_by_text("so proposed to those who run the program: Sourdough")).to_be_visible()
    page.context.close()

    page = enter(outsider, "light", PHONE, java_script_enabled=False)
    find_the_form(page, "Go on writing")
    only_a_mentees_questions_are_there(page)
    page.get_by_label("I agree to these ground rules.").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_contain_text("“What would make it a good year?” has no answer yet.")
    expect(page.get_by_label("What you would like to learn")).to_have_value("coaching, Sourdough")
    page.get_by_label("What would make it a good year?").fill("To be less alone.")
    page.get_by_label("E-mail of your line manager").fill("")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Those who run the program read what you said")).to_be_visible()
    expect(page.get_by_text("Coaching, Sourdough")).to_be_visible()
    page.get_by_role("link", name="Take your application back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You took it back.")).to_be_visible()
    page.get_by_role("link", name="Ask for a place again").click()
    expect(page.get_by_text("This begins with what you said here before.")).to_be_visible()
    expect(page.get_by_label("What would make it a good year?")).to_have_value("To be less alone.")


def test_the_draft_is_deleted_and_the_page_says_when_it_could_not_be_kept(
    meadow: Program, outsider: User, enter: Callable[..., Page]
) -> None:
    page = enter(outsider, "light", PHONE)
    find_the_form(page, "Ask for a place")
    work = page.get_by_label("Your department or team")
    work.fill("Physics")
    expect(page.get_by_text("Kept at")).to_be_visible()
    # As it is answered to somebody who was signed out meanwhile, elsewhere.
    page.route("**/draft/", lambda route: route.fulfill(status=302, headers={"Location": "/account/login/"}))
    work.fill("Latin")
    expect(page.get_by_text("You are signed out, so this is not kept yet.")).to_be_visible()
    page.goto("/programs/")
    page.get_by_role("link", name=re.compile("^Go on writing ?: Meadow")).click()
    expect(page.get_by_label("Your department or team")).to_have_value("Physics")
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.get_by_text("The draft is deleted.")).to_be_visible()
    assert not ApplicationDraft.objects.exists()


def test_no_page_is_too_narrow_for_long_words(
    meadow: Program, outsider: User, enter: Callable[..., Page]
) -> None:
    Program.objects.filter(pk=meadow.pk).update(
        name=LONG, purpose=LONG * 3, ground_rules=LONG, mentors_are=LONG, concern_name=LONG
    )
    Skill.objects.create(program=meadow, name=LONG[:80])
    EnrollmentQuestion.objects.filter(code__in=["why", "how"]).update(text=LONG * 2, help_text=LONG)
    page = enter(outsider)
    page.goto("/programs/")
    wrong = faults_in_each_sight(page, "long-list")
    page.get_by_role("link", name=re.compile(f"^Ask for a place ?: {LONG}")).click()
    page.get_by_role("radio", name=re.compile("^Both")).check()
    page.get_by_label("What you can help with").fill(LONG[:80])
    page.get_by_role("button", name="Add").first.click()
    expect(page.get_by_role("button", name=f"Take off: {LONG[:80]}")).to_be_visible()
    wrong += faults_in_each_sight(page, "long-form")
    page.get_by_label("For how many years have you taught?").fill(LONG)
    page.locator("[name=answer_why]").fill(LONG * 5)
    page.get_by_label("I agree to these ground rules.").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("It has arrived.")).to_be_visible()
    wrong += faults_in_each_sight(page, "long-place")
    assert not wrong, "\n".join(wrong)
