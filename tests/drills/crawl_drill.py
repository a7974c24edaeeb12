"""Every page as every role: somebody of each kind follows every link in a real browser, on the demo program.

No policy may be violated, no script may fail, no request may fail or go to another site, no link may lead nowhere, and
the server may have no error. CRAWL_OF_A_KIND says how many pages of one address each of them opens (2).
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from accounts.models import User
from mentoring.models import Enrollment
from reflections.demo import people
from tests.browser.conftest import browser
from tests.browser.stack import Ground, Stack, manage
from tests.browser.visitor import Visitor
from tests.browser.walker import Walk
from tests.conftest import enroll, make_outsider, make_person, signed_in

__all__ = ["browser"]

OF_A_KIND = int(os.environ.get("CRAWL_OF_A_KIND", "2"))
SIGNED_OUT = ("/", "/privacy/", "/help/", "/account/login/", "/account/signup/", "/account/password/reset/")
RUN_PROGRAMS = {"admin", "other admin", "superuser"}  # The admin is shown to nobody else.
# How many addresses somebody finds at least: fewer, and the links to the others are lost.
ROLES = {
    "signed out": 5,
    "deactivated": 4,
    "outsider": 15,
    "applicant": 15,
    "mentee": 40,
    "mentor": 40,
    "both": 40,
    "admin": 80,
    "other admin": 40,
    "superuser": 60,
}
WITHOUT_SCRIPTS = ("signed out", "mentee", "admin")


@dataclass(frozen=True)
class House:
    stack: Stack
    sessions: Mapping[str, str]


@pytest.fixture(scope="module")
def house(
    ground: Ground, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[House]:
    """The demo program, a program beside it, and the session of somebody of each role."""
    with ground.stack(tmp_path_factory.mktemp("stack"), reach=django_db_blocker.unblock) as stack:
        stack.secret_key, stack.web_processes = settings.SECRET_KEY, 2
        manage(stack.environment(), "seed_demo", "--people", str(people.SMALLEST))
        stack.start("web")
        with stack.database():
            sessions = {role: session_of(person) for role, person in cast().items()}
            User.objects.filter(email="gone@harbor.example").update(is_active=False)
        yield House(stack, sessions)


def cast() -> dict[str, User]:
    applicant = make_person("new@harbor.example", "Aino Salo")
    enroll(
        Enrollment.objects.select_related("program").earliest("pk").program,
        applicant,
        Enrollment.Role.MENTEE,
        status=Enrollment.Status.APPLIED,
    )
    return {
        "deactivated": make_person("gone@harbor.example", "Gil Away"),
        "outsider": make_outsider(),
        "applicant": applicant,
        "mentee": User.objects.get(email=people.MENTEE_EMAIL),
        "mentor": User.objects.get(email=people.MENTOR_EMAIL),
        "both": User.objects.get(email=people.BOTH_EMAIL),
        "admin": User.objects.get(email=people.ADMIN_EMAIL),
        "other admin": User.objects.get(email=people.OTHER_ADMIN_EMAIL),
        "superuser": User.objects.get(email=people.SUPERUSER_EMAIL),
    }


def session_of(person: User) -> str:
    return str(signed_in(person).session.session_key)


def kind_of(address: str) -> str:
    """Pages of one address and the same question (`?q=`, `?page=`) are alike, and those of several at once."""
    where = urlsplit(address)
    names = {name for name, _ in parse_qsl(where.query, keep_blank_values=True)}
    asked = "several" if len(names) > 1 else "".join(names)
    try:
        return f"{resolve(where.path).view_name} {asked}"
    except Resolver404:
        return f"{re.sub(r'[0-9]+', '0', where.path)} {asked}"


@pytest.fixture
def walk(house: House, browser: Browser) -> Iterator[Callable[..., Walk]]:
    visitors: list[Visitor] = []

    def walked(role: str, **options: Any) -> Walk:
        visitors.append(Visitor.at(house.stack, browser, **options))
        if role in house.sessions:
            # Of whoever was sent away, it opens nothing any more.
            cookie = {"name": "sessionid", "value": house.sessions[role], "url": house.stack.address}
            visitors[-1].context.add_cookies([cookie])
        walk = Walk.of(visitors[-1])
        starts = ("/",) if role in house.sessions else SIGNED_OUT
        walk.follow(
            [*starts, *(["/admin/"] if role in RUN_PROGRAMS else [])], alike=kind_of, of_a_kind=OF_A_KIND
        )
        print(f"{role}: {len(walk.pages)} pages, {len(walk.files)} files, {len(walk.amiss)} amiss")
        return walk

    yield walked
    for visitor in visitors:
        visitor.close()


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_amiss_on_any_page_that_links_lead_to(role: str, walk: Callable[..., Walk]) -> None:
    seen = walk(role)
    assert seen.amiss == [], "\n".join(seen.amiss)
    assert len({kind_of(path) for path in seen.pages}) >= ROLES[role]


@pytest.mark.parametrize("role", WITHOUT_SCRIPTS)
def test_nothing_is_amiss_without_scripts(role: str, walk: Callable[..., Walk]) -> None:
    seen = walk(role, java_script_enabled=False)
    assert seen.amiss == [], "\n".join(seen.amiss)
