"""What is true of every page: everybody finds their own, looking changes nothing, nothing is loaded from elsewhere, and
nobody is counted.

Each of the cast opens every door once, and all tests of this file look at what they found.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from reflections.models import Answer, Moment

from . import tables
from .conftest import NOW
from .doors import CAST, Door, ask, doors, outcome
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


@dataclass(frozen=True)
class Found:
    """What was behind one door; the HTML and the headers where that was a page."""

    door: Door
    path: str
    outcome: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """What one of the cast found behind all doors, and the tables in which looking has changed a row."""

    found: list[Found]
    changed: list[str]

    def pages(self) -> Iterator[tuple[str, Markup, Mapping[str, str]]]:
        """Every page of HTML, by its path."""
        for one in self.found:
            if one.html:
                yield one.path, Markup(one.html), one.headers


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    return {}


@pytest.fixture
def look(looks: dict[str, Look], request: pytest.FixtureRequest) -> Callable[[str], Look]:
    """What this one of the cast finds; the world is made for the first test that asks for them."""

    def look(who: str) -> Look:
        if who not in looks:
            client = request.getfixturevalue("clients")[who]
            world = request.getfixturevalue("world")
            looks[who] = look_through(client, world, asks_twice=who in ASKING_TWICE)
        return looks[who]

    return look


# By HEAD as well, which is as much work as all the rest: those whose doors are not those of another of these.
ASKING_TWICE = ("nobody", "mentee", "admin", "superuser")


def look_through(client: Client, world: Mapping[str, Any], *, asks_twice: bool) -> Look:
    before = tables.prints()
    found = [behind(door, client, world, asks_twice=asks_twice) for door in doors(GETS + ADMIN_GETS)]
    after = tables.prints()
    return Look(found, [table for table in before if before[table] != after[table]])


def behind(door: Door, client: Client, world: Mapping[str, Any], *, asks_twice: bool) -> Found:
    path = door.path(world)
    # No page: a calendar fetches it, and the hour is noted for its owner (tests/mentoring/calendars/test_feed.py).
    response: Any = ask(client, "GET", path) if door.name == "calendar:feed" else client.get(path)
    came = outcome(response)
    if asks_twice and came in ("200", "302") and door.name != "calendar:feed":
        client.head(path)
    is_page = came == "200" and response["Content-Type"].startswith("text/html")
    return Found(door, path, came, response.content.decode() if is_page else "", dict(response.headers))


@pytest.mark.parametrize("who", CAST)
def test_each_of_the_cast_finds_what_the_table_says(who: str, look: Callable[[str], Look]) -> None:
    """By looking; what they find by acting is in tests/test_every_page.py."""
    column = CAST.index(who)
    wrong = [
        f"{one.door.line}\n  got {one.outcome}"
        for one in look(who).found
        if one.outcome != one.door.expected[column]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", CAST)
def test_looking_at_any_page_changes_no_row(who: str, look: Callable[[str], Look]) -> None:
    assert look(who).changed == []


@pytest.mark.parametrize("who", ["nobody", "mentee", "mentor", "admin", "superuser"])
def test_every_page_is_whole_and_keeps_to_itself(who: str, look: Callable[[str], Look]) -> None:
    wrong = [f"{path}: {said}" for path, page, headers in look(who).pages() for said in faults(page, headers)]
    assert not wrong, "\n".join(wrong)


def faults(page: Markup, headers: Mapping[str, str]) -> Iterator[str]:
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
    policy = headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"policy: {policy!r}"
    if headers.get("X-Content-Type-Options") != "nosniff":
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
    who: str, look: Callable[[str], Look], mentee: User, mentor: User
) -> None:
    names = "|".join(re.escape(name) for user in (mentee, mentor) for name in (user.first_name, user.name))
    beside_a_name = re.compile(rf"\b\d+\W{{0,3}}({names})\b|\b({names})\b\W{{0,3}}\d")
    wrong = [
        f"{path}: {text}"
        for path, page, _headers in look(who).pages()
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
    who: str, may_read: set[str], look: Callable[[str], Look]
) -> None:
    """On all pages together: every word that they may read, and no other."""
    read = "\n".join(one.html for one in look(who).found)
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
        assert {each.text for each in (*answers, *moments)} == may_read, person
        assert {thing.text for thing in (*answers, *moments)} == may_read, person
