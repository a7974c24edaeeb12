"""A walk through the demo program: every link that its people find leads to a page, and no page says what none may."""

import html
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.clock import now
from accounts.models import User
from reflections.demo import people
from reflections.demo.build import Made, build

ENOUGH = 60
LINK = re.compile(r"""<a\b[^>]*?\bhref=["']([^"']+)["']""")
TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)
NEVER = re.compile(r"overdue|\bscores?\b|streak|(?<!Aha)!", re.IGNORECASE)


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
    """One program for all tests of this file, which look and leave it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(people.SMALLEST, now())
        transaction.set_rollback(True)


def walk(browser: Client, start: str) -> dict[str, str]:
    """Each page that links lead to from `start`, with its text, breadth first; at most so many."""
    waiting, seen, pages = [start], {start}, {}
    while waiting and len(pages) < ENOUGH:
        path = waiting.pop(0)
        answer = browser.get(path, follow=True)
        assert answer.status_code == 200, path
        if "text/html" not in answer.headers["Content-Type"]:
            continue
        page = answer.content.decode()
        pages[path] = html.unescape(TAGS.sub(" ", page))
        for link in LINK.findall(page):
            target = html.unescape(link).split("#", 1)[0]
            if target.startswith("?"):
                target = path.split("?", 1)[0] + target
            if target.startswith("/") and not target.startswith(("//", "/static/")) and target not in seen:
                seen.add(target)
                waiting.append(target)
    return pages


@pytest.mark.parametrize(("what", "email"), [(what, email) for what, email, _password in people.SIGN_INS])
def test_every_link_leads_somewhere_and_no_page_counts_or_shouts(made: Made, what: str, email: str) -> None:
    browser = Client()
    browser.force_login(User.objects.get(email=email))

    pages = walk(browser, "/")

    assert len(pages) > 8
    for path, text in pages.items():
        if not path.startswith("/admin/"):
            assert not NEVER.search(text), (path, NEVER.findall(text))


def test_each_person_finds_their_own_words_on_the_home_page(made: Made) -> None:
    for email, words in (
        (people.MENTOR_EMAIL, "Same drawing, same doubt."),
        (people.MENTEE_EMAIL, "My voice was in the room."),
        (people.BOTH_EMAIL, "showed me where the kettle is"),
    ):
        browser = Client()
        browser.force_login(User.objects.get(email=email))
        assert words in browser.get("/").content.decode()
