"""What is true of every page: everybody finds their own and no word that is not theirs to read, looking changes
nothing, nothing is loaded from elsewhere, and nobody is counted.

Each of the cast opens every door once, and all tests of this file look at what they found.
"""

import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from accounts.headers import HEADERS
from accounts.models import User
from reflections.models import Answer, Moment, OwnMentor

from . import conftest as cast
from . import tables
from .admin_doors import ADMIN_GETS
from .canaries import MAY_READ, ON_THE_WALL, kept_in_redis, write_the_rest
from .conftest import NOW, pair, signed_in
from .doors import CAST, Door, ask, doors, outcome
from .markup import Markup
from .test_every_page import GETS
from .world import (
    AGREED_ON,
    BEGUN,
    CAUGHT,
    DRAFTED,
    GOAL,
    HEARD,
    KEPT,
    LOCKED,
    NOTED_FOR_TWO,
    ONLY_MINE,
    PICTURED,
    SHARED,
    SHOWN,
    STEP,
    WHY,
    things_of_strangers,
    things_of_the_pair,
)

pytestmark = pytest.mark.django_db
BANNED = re.compile(
    r"\b(overdue|scores?|streaks?|ranked|ranking|points|kudos|percent)\b|%|(?<!Aha)!", re.IGNORECASE
)
# With one who is in the program, and no more to the pair than that. The table does not know them.
PEOPLE = (*CAST, "member")


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class House:
    """Those who look, and what a door can be about, by the word for it in a table."""

    people: Mapping[str, User | None]
    world: Mapping[str, Any]

    def person(self, who: str) -> User:
        person = self.people[who]
        assert person is not None
        return person


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Made once, in a transaction that is never committed; each test has a savepoint in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False), translation.override(settings.LANGUAGE_CODE):
            house = make_house()
        yield house
        transaction.set_rollback(True)


def make_house() -> House:
    program, other_program = cast.make_program(), cast.make_other_program()
    mentor, mentee, admin = cast.make_mentor(program), cast.make_mentee(program), cast.make_admin(program)
    people = {
        "nobody": None,
        "outsider": cast.make_outsider(),
        "mentee": mentee,
        "mentor": mentor,
        "admin": admin,
        "other_admin": cast.make_other_admin(other_program),
        "superuser": cast.make_superuser(),
        "member": cast.make_member(program),
    }
    for person in filter(None, people.values()):  # As after the first sign-in.
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    pairing = pair(program, mentor, mentee, focus="clients and pricing")
    things = things_of_the_pair(pairing, mentee, admin) | things_of_strangers(other_program)
    write_the_rest(pairing, mentee)
    return House(people, things)


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
    """What one of the cast found behind all doors: pages; the private words, with the paths where each stands; and the
    tables in which looking has changed a row."""

    found: list[Found]
    words: Mapping[str, set[str]]
    changed: list[str]

    def pages(self) -> Iterator[tuple[str, Markup, Mapping[str, str]]]:
        """Every page of HTML, by its path."""
        for one in self.found:
            if one.html:
                yield one.path, Markup(one.html), one.headers


LOG, REDIS = "the log", "Redis"


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    return {}


@pytest.fixture
def look(house: House, looks: dict[str, Look], caplog: pytest.LogCaptureFixture) -> Callable[[str], Look]:
    """What this one finds, who looks when a test asks for the first time."""

    def look(who: str) -> Look:
        if who not in looks:
            caplog.set_level(logging.INFO)
            looks[who] = look_through(who, house, caplog)
        return looks[who]

    return look


def look_through(who: str, house: House, caplog: pytest.LogCaptureFixture) -> Look:
    client = signed_in(house.people[who])
    words: dict[str, set[str]] = {}
    before = tables.prints()
    found = [behind(door, client, house.world, words, asks_twice=asks_twice(who, door)) for door in DOORS]
    # All that somebody keeps there have a page, not only the one that the tables name.
    for pk in OwnMentor.objects.values_list("pk", flat=True):
        path = reverse("thanks:mentor", args=[pk])
        note(words, path, readable(client.get(path)))
    after = tables.prints()
    note(words, LOG, caplog.text)
    note(words, REDIS, kept_in_redis())
    return Look(found, words, [table for table in before if before[table] != after[table]])


DOORS = doors(GETS + ADMIN_GETS)
# Who asks by HEAD as well, which is as much work as to ask: at each door the first of these whom it lets in.
BY_HEAD = ("mentee", "admin", "superuser", "mentor", "other_admin", "outsider", "nobody")


def asks_twice(who: str, door: Door) -> bool:
    let_in = (one for one in BY_HEAD if door.expected[CAST.index(one)] in ("200", "302"))
    # A calendar fetches it, and the hour is noted for its owner (tests/mentoring/calendars/test_feed.py).
    return door.name != "calendar:feed" and who == next(let_in, None)


def behind(
    door: Door, client: Client, world: Mapping[str, Any], words: dict[str, set[str]], *, asks_twice: bool
) -> Found:
    path = door.path(world)
    response: Any = ask(client, "GET", path) if door.name == "calendar:feed" else client.get(path)
    came = outcome(response)
    if asks_twice:
        client.head(path)
    text = readable(response)
    note(words, path, text)
    is_page = came == "200" and response["Content-Type"].startswith("text/html")
    return Found(door, path, came, text if is_page else "", dict(response.headers))


def readable(response: Any) -> str:
    """A page as it is; of an archive all that is in it."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:4] != b"PK\x03\x04":
        return str(content.decode(errors="replace"))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def note(words: dict[str, set[str]], where: str, text: str) -> None:
    """Which private words stand there."""
    for each in MAY_READ:
        if each in text:
            words.setdefault(each, set()).add(where)


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
    wrong = [f"{path}: {said}" for path, page, _headers in look(who).pages() for said in faults(page)]
    assert not wrong, "\n".join(wrong)


def faults(page: Markup) -> Iterator[str]:
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


@pytest.mark.parametrize("who", CAST)
def test_every_answer_says_what_a_browser_may_not_do_with_it(who: str, look: Callable[[str], Look]) -> None:
    """Pages, files, redirects and refusals alike."""
    wrong = [f"{one.path}: {said}" for one in look(who).found for said in missing(one.headers)]
    assert not wrong, "\n".join(wrong)


# What the policy of a page says besides where its own parts come from.
ON_PAGES = {
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
}


def missing(headers: Mapping[str, str]) -> Iterator[str]:
    policy = headers.get("Content-Security-Policy", "")
    said = set(policy.split("; "))
    is_sandboxed = "default-src 'none'" in said and any(one.startswith("sandbox") for one in said)
    if "unsafe" in policy or not (is_sandboxed or said >= ON_PAGES):
        yield f"policy: {policy!r}"
    if headers.get("Content-Disposition", "").startswith("attachment") and not is_sandboxed:
        yield "a file that may act"
    expected = HEADERS | {
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    for name, value in expected.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)!r}"
    if headers.get("Referrer-Policy") not in {"same-origin", "strict-origin", "no-referrer"}:
        yield f"referrer: {headers.get('Referrer-Policy')!r}"
    if "Access-Control-Allow-Origin" in headers:
        yield "other sites may read it"


@pytest.mark.parametrize("who", ["nobody", "outsider", "mentee", "mentor"])
def test_no_page_scolds_or_counts_people(who: str, look: Callable[[str], Look], house: House) -> None:
    pair = (house.person("mentee"), house.person("mentor"))
    names = "|".join(re.escape(name) for user in pair for name in (user.first_name, user.name))
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


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_finds_what_is_not_theirs_to_read(who: str, look: Callable[[str], Look]) -> None:
    """Searches and exports among them; nor is a word of it logged, or kept in Redis."""
    wrong = [
        f"{each} at {path}"
        for each, paths in look(who).words.items()
        for path in paths
        if who not in MAY_READ[each] or path in (LOG, REDIS)
    ]
    assert not wrong, "\n".join(wrong)


def test_whoever_may_read_a_word_finds_it(look: Callable[[str], Look]) -> None:
    """Else they would find nothing else because they look wrongly."""
    assert look("mentee").words.keys() == MAY_READ.keys()
    assert look("mentor").words.keys() >= {SHARED, SHOWN, NOTED_FOR_TWO}


def test_the_one_rule_that_pages_ask_gives_everybody_their_own(house: House) -> None:
    """Of answers and moments alike, whatever a page adds to it: not to those who run the program, and to those who are
    in it what is for all of them."""
    own = {ONLY_MINE, LOCKED, DRAFTED, CAUGHT, SHARED, SHOWN, ON_THE_WALL}
    readers = {
        "mentee": own,
        "mentor": {SHARED, SHOWN, ON_THE_WALL},
        "member": {ON_THE_WALL},
        "outsider": set(),
        "admin": set(),
        "superuser": set(),
    }
    for who, may_read in readers.items():
        person = house.person(who)
        answers = Answer.objects.readable_by(person).select_related("reflection")
        moments = Moment.objects.visible_to(person)
        assert {each.text for each in (*answers, *moments)} == may_read, who
        assert {thing.text for thing in (*answers, *moments)} == may_read, who
