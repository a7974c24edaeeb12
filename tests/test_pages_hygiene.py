"""What is true of every page: looking changes nothing, nothing is loaded from elsewhere, and nobody is counted."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from reflections.models import Answer, Moment

from . import tables
from .conftest import NOW
from .doors import CAST, doors
from .markup import Markup
from .test_every_page import ADMIN_GETS, GETS, clients, world
from .world import (
    AGREED_ON,
    BEGUN,
    CAUGHT,
    DRAFTED,
    GOAL,
    HEARD,
    KEPT,
    LOCKED,
    ONLY_MINE,
    PICTURED,
    SHARED,
    SHOWN,
    STEP,
    WHY,
)

__all__ = ["clients", "world"]

pytestmark = pytest.mark.django_db
BANNED = re.compile(
    r"\b(overdue|scores?|streaks?|ranked|ranking|points|kudos|percent)\b|%|(?<!Aha)!", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def pages(
    who: str, clients: dict[str, Client], world: dict[str, Any]
) -> Iterator[tuple[str, Markup, HttpResponse]]:
    """Every page of HTML that this one of the cast can open, by its path."""
    for door in doors(GETS + ADMIN_GETS):
        if door.expected[CAST.index(who)] != "200":
            continue
        path = door.path(world)
        with transaction.atomic():
            response: Any = clients[who].get(path)
            transaction.set_rollback(True)
        if response["Content-Type"].startswith("text/html"):
            yield path, Markup(response.content.decode()), response


@pytest.mark.parametrize("who", ["nobody", "mentee", "admin", "superuser"])
def test_looking_at_any_page_changes_no_row(
    who: str, clients: dict[str, Client], world: dict[str, Any]
) -> None:
    before = tables.prints()
    for door in doors(GETS + ADMIN_GETS):
        path = door.path(world)
        # No page: a calendar fetches it, and the hour is noted for its owner (tests/mentoring/calendars/test_feed.py).
        if door.name == "calendar:feed":
            continue
        clients[who].get(path)
        clients[who].head(path)
    after = tables.prints()
    assert [table for table in before if before[table] != after[table]] == []


@pytest.mark.parametrize("who", ["nobody", "mentee", "mentor", "admin", "superuser"])
def test_every_page_is_whole_and_keeps_to_itself(
    who: str, clients: dict[str, Client], world: dict[str, Any]
) -> None:
    wrong = [
        f"{path}: {said}"
        for path, page, answer in pages(who, clients, world)
        for said in faults(page, answer)
    ]
    assert not wrong, "\n".join(wrong)


def faults(page: Markup, answer: HttpResponse) -> Iterator[str]:
    (html,) = page.all("html")
    if not html.attributes.get("lang"):
        yield "no language"
    if len(page.all("h1")) != 1:
        yield f"{len(page.all('h1'))} h1"
    if len(page.all("title")) - len(page.all("svg")) > 1 or not page.all("title"):
        yield "not one title"
    if not page.all("main"):
        yield "no main part"
    for script in page.all("script"):
        if "src" not in script.attributes and script.attributes.get("type") != "application/json":
            yield "a script in the page"
    if page.all("style"):
        yield "a style in the page"
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    for twice in {one for one in ids if ids.count(one) > 1}:
        yield f"id {twice} twice"
    for element in page.elements:
        yield from faults_of(element.name, element.attributes)
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"policy: {policy!r}"
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"


def faults_of(name: str, attributes: dict[str, str]) -> Iterator[str]:
    for attribute in attributes:
        if attribute == "style" or attribute.startswith("on"):
            yield f"<{name} {attribute}>"
    for attribute in ("src", "srcset", "action", "data", "poster"):
        if urlsplit(attributes.get(attribute, "")).netloc:
            yield f"<{name} {attribute}={attributes[attribute]}>"
    if name == "link" and urlsplit(attributes.get("href", "")).netloc:
        yield f"<link {attributes}>"
    if name == "img" and "alt" not in attributes:
        yield "a picture without words"
    if name == "a" and attributes.get("href", "").startswith("javascript:"):
        yield "a link that is a script"


@pytest.mark.parametrize("who", ["nobody", "outsider", "mentee", "mentor"])
def test_no_page_scolds_or_counts_people(
    who: str, clients: dict[str, Client], world: dict[str, Any], mentee: User, mentor: User
) -> None:
    names = "|".join(re.escape(name) for user in (mentee, mentor) for name in (user.first_name, user.name))
    beside_a_name = re.compile(rf"\b\d+\W{{0,3}}({names})\b|\b({names})\b\W{{0,3}}\d")
    wrong = [
        f"{path}: {text}"
        for path, page, _answer in pages(who, clients, world)
        for text in page.texts
        if BANNED.search(text) or beside_a_name.search(text)
    ]
    assert not wrong, "\n".join(wrong)


# What both of the pair read, and what the mentee alone does.
OF_BOTH = {SHARED, SHOWN, AGREED_ON, GOAL, STEP, PICTURED, HEARD}
ONLY_THEIRS = {ONLY_MINE, LOCKED, DRAFTED, CAUGHT, BEGUN, WHY, KEPT}


@pytest.mark.parametrize(
    ("who", "may_read"),
    [
        ("nobody", set()),
        ("outsider", set()),
        ("mentee", {*OF_BOTH, *ONLY_THEIRS}),
        ("mentor", OF_BOTH),
        ("admin", set()),
        ("other_admin", set()),
        ("superuser", set()),
    ],
)
def test_what_somebody_wrote_is_read_by_those_they_chose(
    who: str, may_read: set[str], clients: dict[str, Client], world: dict[str, Any]
) -> None:
    """On all pages together: every word that they may read, and no other."""
    read = "\n".join(answer.content.decode() for _path, _page, answer in pages(who, clients, world))
    words = {*OF_BOTH, *ONLY_THEIRS}
    assert {word for word in words if word in read} == may_read


def test_the_one_rule_that_pages_ask_gives_everybody_their_own(
    world: dict[str, Any],
    mentee: User,
    mentor: User,
    member: User,
    outsider: User,
    admin: User,
    superuser: User,
) -> None:
    """Of answers and moments alike, whatever a page adds to it: not to the same program, not to those who run it."""
    own = {ONLY_MINE, LOCKED, DRAFTED, CAUGHT, SHARED, SHOWN}
    readers = {
        mentee: own,
        mentor: {SHARED, SHOWN},
        member: set(),
        outsider: set(),
        admin: set(),
        superuser: set(),
    }
    for person, may_read in readers.items():
        answers = Answer.objects.readable_by(person).select_related("reflection")
        moments = Moment.objects.visible_to(person)
        assert {thing.text for thing in (*answers, *moments)} == may_read, person
