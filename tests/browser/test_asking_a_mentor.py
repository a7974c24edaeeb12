"""On a phone: a mentor opens a request from the e-mail, asks back, is told more, and says yes or makes room."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.mail import kinds
from accounts.mail.models import Message
from accounts.models import Profile, User
from mentoring import actions
from mentoring.models import Enrollment, Pairing, PairingRequest, Program
from tests.conftest import enroll, make_person, say_skills

from .snapshots import SHOWN_AT, snapshot
from .test_profile_pages import LONG, enter, faults, faults_in_each_sight

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 390
NOTE = (
    "You said in the spring that you undercharged for six years and then stopped. I am in my third such year.\n\n"
    "I would like to hold one pricing conversation without somebody beside me."
)
QUESTION = "Which conversation comes next, and with whom? It helps me to know how soon."
REPLY = "The service contract for the pumps, in August. I have met them once."


@pytest.fixture(autouse=True)
def _in_june() -> Iterator[None]:
    with time_machine.travel(SHOWN_AT):
        yield


@pytest.fixture
def asked(program: Program, mentor: User, mentee: User) -> PairingRequest:
    program.matched_by = Program.MatchedBy.MENTEES
    program.save()
    Profile.objects.create(person=mentee, headline="Learns to plan the maintenance of a big plant")
    offers, seeks = (Enrollment.objects.get(person=person) for person in (mentor, mentee))
    say_skills(offers, "offers", "Pricing", "Hiring")
    say_skills(seeks, "seeks", "Pricing", "Speaking")
    return actions.ask_mentor(program, mentor, by=mentee, note=NOTE, now=SHOWN_AT)


def link_in(kind: str) -> str:
    """Where the e-mail of that kind leads."""
    text = kinds.get(kind).render(Message.objects.get(kind=kind)).text
    found = re.search(r"(/requests/\d+/)", text)
    assert found, text
    return found[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_request_is_read_asked_back_about_and_accepted_on_a_phone(
    asked: PairingRequest, mentor: User, mentee: User, enter: Callable[..., Page], scripts: bool
) -> None:
    def opened(person: User, kind: str, scheme: str = "light") -> Page:
        page = enter(person, scheme, PHONE, java_script_enabled=scripts)
        page.goto(link_in(kind))
        return page

    wrong: list[str] = []

    def look(page: Page, name: str) -> None:
        if scripts:
            wrong.extend(faults(page, name))

    page = opened(mentor, "request_asked")
    expect(page.get_by_role("heading", name="Tomasz asks you", level=1)).to_be_visible()
    expect(page.get_by_text("I am in my third such year.")).to_be_visible()
    expect(page.get_by_text("Of what Tomasz asked for, you offer Pricing.")).to_be_visible()
    look(page, "request-mentor")
    if scripts:
        snapshot(page, "request-on-a-phone", width=PHONE, height=844)
    page.get_by_text("Tell me more first").click()
    page.get_by_role("button", name="Ask Tomasz").click()
    expect(page.get_by_text("Write a sentence or two.")).to_be_visible()
    look(page, "request-mentor-error")
    page.get_by_label("What would you like to know?").fill(QUESTION)
    page.get_by_role("button", name="Ask Tomasz").click()
    expect(page.get_by_text("Sent. Tomasz has two weeks")).to_be_visible()
    expect(page.get_by_text("Tell me more first")).to_be_hidden()
    look(page, "request-mentor-asked-back")

    page = opened(mentee, "request_asked_back")
    expect(page.get_by_role("heading", name="You asked Noor", level=1)).to_be_visible()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    look(page, "request-mentee")
    page.get_by_label("Your answer").fill(REPLY)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Sent. Noor reads it, and answers you.")).to_be_visible()

    page = opened(mentor, "request_replied", "dark")
    expect(page.get_by_text(REPLY)).to_be_visible()
    page.get_by_text("No, not this time").click()
    look(page, "request-mentor-dark")
    page.get_by_role("button", name="Yes, gladly").click()
    expect(page.get_by_text("You are a pair now.")).to_be_visible()
    expect(page.get_by_role("heading", name="You and Tomasz")).to_be_visible()
    assert Pairing.objects.get().status == Pairing.Status.ACTIVE
    assert Message.objects.filter(kind="pairing_made").count() == 2
    assert not wrong, "\n".join(wrong)


def test_room_is_changed_from_the_request_and_without_any_it_ends(
    asked: PairingRequest, mentor: User, mentee: User, enter: Callable[..., Page]
) -> None:
    page = enter(mentor, "light", PHONE)
    wrong = []
    page.goto("/")
    expect(page.get_by_role("heading", name="Tomasz asks you to be their mentor")).to_be_visible()
    wrong += faults(page, "request-home")
    page.get_by_role("link", name="Read the request").click()
    room = page.get_by_label("How many mentees at one time")
    room.fill("40")
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("Say a number from 0 to 20.")).to_be_visible()
    wrong += faults(page, "request-room-error")
    room.fill("5")
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("You have room for 5 mentees.")).to_be_visible()
    page.goto("/pairings/")
    expect(page.get_by_role("heading", name="Waiting for your answer")).to_be_visible()
    wrong += faults(page, "request-list")
    page.get_by_role("link", name="Tomasz asks you to be their mentor").click()
    room.fill("0")
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("1 request ended, and whoever asked is told.")).to_be_visible()

    page = enter(mentee, "dark", PHONE)
    page.goto(link_in("request_ended"))
    expect(page.get_by_text("Noor has no room for another mentee now.")).to_be_visible()
    wrong += faults(page, "request-ended-dark")
    assert not wrong, "\n".join(wrong)


def test_long_words_push_no_page_sideways(
    asked: PairingRequest, mentor: User, mentee: User, enter: Callable[..., Page]
) -> None:
    User.objects.filter(pk=mentee.pk).update(preferred_name=LONG[:60])
    Program.objects.update(name=LONG[:120])
    PairingRequest.objects.update(note=LONG, question=LONG, question_at=SHOWN_AT)
    other = make_person("ana@harbor.example", "Ana Reis")
    enroll(asked.program, other, "mentee")
    actions.ask_mentor(Program.objects.get(), mentor, by=other, note=NOTE, now=SHOWN_AT)
    wrong = []
    for person, name in ((mentor, "mentor"), (mentee, "mentee")):
        page = enter(person)
        for path in ("/", "/pairings/", f"/requests/{asked.pk}/"):
            page.goto(path)
            wrong += faults_in_each_sight(page, f"request-{name}-{path.strip('/').split('/')[0] or 'home'}")
    assert not wrong, "\n".join(wrong)
