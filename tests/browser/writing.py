"""Somebody who writes on the page of the quarter, in a real browser."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.clock import now
from accounts.models import User
from mentoring.models import Program
from reflections.models import Moment, Question, Round
from tests.conftest import enroll, make_person, pair, signed_in
from tests.reflections.conftest import FIRST, QUESTIONS

WORDS = "I sat beside Tomasz while he made the call himself."


@pytest.fixture
def asked(transactional_db: None) -> Round:
    """A round that ends with the real quarter of today."""
    today = now().date()
    program = Program.objects.create(name="Harbor Mentors", slug="harbor", starts_on=today.replace(day=1))
    quarter = program.quarter_on(today)
    asked = Round.objects.create(
        program=program,
        quarter_start=quarter.start,
        opens_on=today,
        due_on=quarter.end,
        closes_on=quarter.end,
    )
    for place, values in enumerate(QUESTIONS, start=1):
        Question.objects.create(
            round=asked, **values, mentor_position=place, mentee_position=place, both_position=place
        )
    return asked


@pytest.fixture
def writer(asked: Round) -> User:
    noor, tomasz = make_person("noor@x.example", "Noor Haddad"), make_person("tomasz@x.example", "Tomasz Z")
    enroll(asked.program, noor, "mentor")
    enroll(asked.program, tomasz, "mentee")
    pair(asked.program, noor, tomasz)
    Moment.objects.create(person=noor, text="Ayo found the mistake\nbefore I did.", happened_on=now().date())
    return noor


@pytest.fixture
def sign_in(browser: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []

    def signed(person: User, **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"), **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        enter(context, person)
        return context

    yield signed
    for context in contexts:
        context.close()


def enter(context: BrowserContext, person: User) -> None:
    """Sign the whole browser in as that person."""
    value = signed_in(person).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": value, "domain": "localhost", "path": "/"}])


def open_question(context: BrowserContext, asked: Round, code: str = FIRST) -> Page:
    page = context.new_page()
    page.goto(f"/reflections/{asked.pk}/questions/{code}/")
    return page


def status(page: Page) -> Any:
    return page.locator("[data-status]")


SAVED = re.compile(r"^Saved at \d\d:\d\d$")
