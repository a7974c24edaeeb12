"""What a stranger cannot learn: each door does and says the same, whether an address is known or not.

Seconds would say little in a test; what takes them is counted instead: questions to the database, letters, and hashes
of passwords. `python -m bench.doors` measures the seconds.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.conftest import make_person

from .hashing import CountingHasher

pytestmark = pytest.mark.django_db

Step = tuple[str, str, dict[str, str]]
WRONG: Step = ("POST", "", {"code": "BBBB-BBBB"})
LOOK: Step = ("GET", "", {})
AGAIN: Step = ("POST", "", {"action": "resend"})
JOURNEYS: dict[str, list[Step]] = {
    "signing up": [
        ("POST", "account_signup", {"name": "Eve", "email": "{address}"}),
        LOOK, WRONG, AGAIN, LOOK, WRONG, WRONG,
        ("POST", "account_signup", {"name": "Eve", "email": "{address}"}),
    ],
    "asking for a code": [
        ("POST", "account_request_login_code", {"email": "{address}"}),
        LOOK, WRONG, AGAIN, AGAIN, AGAIN, LOOK, WRONG, WRONG,
        ("POST", "account_request_login_code", {"email": "{address}"}),
    ],
    "a password": [("POST", "account_login", {"login": "{address}", "password": "not this one"})] * 7,
    "a new password": [
        ("POST", "account_reset_password", {"email": "{address}"}),
        LOOK, WRONG, LOOK, WRONG, WRONG,
        ("POST", "account_reset_password", {"email": "{address}"}),
    ],
}  # fmt: skip
UNKNOWN = "nobody@harbor.example"


@dataclass(frozen=True)
class Seen:
    """What somebody outside could tell apart, and what it cost us."""

    status: int
    location: str
    headers: list[str]
    body: str
    cookies: list[str]
    letters: int
    questions: list[str]
    hashes: int


@pytest.fixture(autouse=True)
def _counted(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountingHasher"]


@pytest.fixture
def people(db: None) -> dict[str, str]:
    """The addresses of those who are known, each in another way."""
    known = make_person("known@harbor.example", "Known")
    closed = make_person("closed@harbor.example", "Closed", is_active=False)
    make_person("unverified@harbor.example", "Unverified")
    by_code = make_person("codes@harbor.example", "Codes")
    by_code.password = make_password(None)
    by_code.save()
    for person in (known, closed, by_code):
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return {person.name.lower(): person.email for person in User.objects.all()}


def shape(sql: str) -> str:
    """The verb and the tables of a statement."""
    tables = re.findall(r'(?:FROM|INTO|UPDATE|JOIN) "(\w+)"', sql)
    return " ".join([sql.split(" ", 1)[0], *tables])


def anonymous(text: str, address: str) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return text.replace(address, "ADDRESS")


def walk(steps: list[Step], address: str, ip: str) -> Iterator[Seen]:
    """Each step of a stranger with that address; an empty name is the page they were led to last."""
    browser, here = Client(REMOTE_ADDR=ip), ""
    for method, name, data in steps:
        path = reverse(name) if name else here
        filled = {key: value.format(address=address) for key, value in data.items()}
        letters, hashes = len(mail.outbox), CountingHasher.hashed
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response: Any = browser.generic("GET", path) if method == "GET" else browser.post(path, filled)
        here = response.headers.get("Location", path)
        yield Seen(
            response.status_code,
            response.headers.get("Location", ""),
            sorted(response.headers),
            anonymous(response.content.decode(), address),
            sorted(response.cookies),
            len(mail.outbox) - letters,
            [shape(each["sql"]) for each in asked if "SAVEPOINT" not in each["sql"]],
            CountingHasher.hashed - hashes,
        )


@pytest.mark.parametrize("door", JOURNEYS)
@pytest.mark.parametrize("how", ["known", "closed", "unverified", "codes"])
def test_a_known_address_is_met_like_an_unknown_one(door: str, how: str, people: dict[str, str]) -> None:
    steps = JOURNEYS[door]
    unknown = list(walk(steps, UNKNOWN, "192.0.2.1"))
    known = list(walk(steps, people[how], "192.0.2.2"))
    for number, (theirs, ours) in enumerate(zip(known, unknown, strict=True)):
        assert theirs == ours, f"step {number} of {door}: {steps[number]}"
    assert User.objects.count() == len(people)
    # The comparison has something to compare.
    assert unknown[0].status in (200, 302)
    assert door == "a password" or unknown[0].letters == 1
    assert door != "a password" or [each.hashes for each in unknown] == [1] * 5 + [0, 0]


def test_nothing_typed_in_is_right_for_an_address_that_nobody_has(people: dict[str, str]) -> None:
    """Not even what stands in the session: nobody got that code."""
    browser = Client()
    for address in (UNKNOWN, people["closed"]):
        browser.post(reverse("account_request_login_code"), {"email": address})
        state = browser.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
        page = browser.post(reverse("account_confirm_login_code"), {"code": state["code"]}).content.decode()
        assert "not the code we sent" in page
        browser.post(reverse("account_logout"))
    browser.post(reverse("account_signup"), {"name": "Eve", "email": people["closed"]})
    state = browser.session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    page = browser.post(reverse("account_confirm_login_code"), {"code": state["code"]}).content.decode()
    assert "not the code we sent" in page
    assert "_auth_user_id" not in browser.session
