"""Who may do what in the admin, for whatever is registered there: each list, page, address and action, by each kind of
person, to things of their own program and of another.

Nothing here names a page: what is new is found in the registry and tried, and fails where it has nothing to be tried
with. The rule is one: what is of another program is not there (404), also among things of one's own, and nothing of it
changes. What each address answers in numbers is in tests/admin_doors.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User
from mentoring.admin_site import DeskPage

from .admin_world import (
    NOT_THERE,
    PAGES,
    SITE,
    AnyPage,
    World,
    act,
    actions_of,
    addresses_of,
    is_about_a_thing,
    made_ready,
    path_of,
    per_list,
    rows_of,
    shown_again,
    world,  # noqa: F401 (the fixture)
)
from .conftest import NOW
from .doors import outcome
from .footprint import print_of, print_of_all

pytestmark = pytest.mark.django_db
PEOPLE_WITHOUT_RIGHTS = ("nobody", "participant", "former admin", "superuser without a second factor")


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# --- Coming in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE_WITHOUT_RIGHTS)
def test_without_rights_nothing_opens_and_nothing_changes(who: str, world: World, settings: Settings) -> None:  # noqa: F811
    settings.REQUIRE_ADMIN_SECOND_FACTOR = who == "superuser without a second factor"
    expected = {"nobody": {"302", "login"}, "superuser without a second factor": {"302"}}.get(who, {"404"})
    client = world.browser(who)
    before = print_of_all("django_session", "usersessions_usersession")
    wrong = []
    for page in PAGES:
        pk = rows_of(page, world, is_own=True)[0]
        for address in addresses_of(page):
            path = path_of(address.name or "", address.pattern.converters, world, True, pk)
            got = {outcome(client.get(path)), outcome(client.post(path, {"post": "yes"}))}  # type: ignore[arg-type]
            if not got <= expected:
                wrong.append(f"{path}: {got}")
        for action in actions_of(page, world.people["superuser"]):  # type: ignore[arg-type]
            got = {outcome(act(client, page, action, [pk], confirmed=True))}
            if not got <= expected:
                wrong.append(f"{page.opts.label} {action}: {got}")
    for desk_page in SITE.pages:
        path = path_of(desk_page.name, _parameters(desk_page), world, True)
        got = {outcome(client.get(path)), outcome(client.post(path))}  # type: ignore[arg-type]
        if not got <= expected:
            wrong.append(f"{path}: {got}")
    assert not wrong, "\n".join(wrong)
    assert print_of_all("django_session", "usersessions_usersession") == before


def _parameters(desk_page: DeskPage) -> list[str]:
    url = next(each for each in SITE.urls[0] if getattr(each, "name", "") == desk_page.name)
    return list(url.pattern.converters)


# --- One's own and others' -----------------------------------------------------------------------------------------


@per_list
def test_an_address_of_another_program_is_not_there(page: AnyPage, world: World) -> None:  # noqa: F811
    """Or it looks as one's own does, where nobody may do that. Those who run both, and superusers, come to each."""
    mine, theirs = rows_of(page, world, is_own=True)[0], rows_of(page, world, is_own=False)[0]
    admin, both, superuser = (world.browser(who) for who in ("admin", "both", "superuser"))
    before, wrong = print_of(world.foreign), []
    for address in addresses_of(page):
        name, parameters = address.name or "", list(address.pattern.converters)
        if not is_about_a_thing(parameters):
            wrong += _of_a_list(name, parameters, world, admin, superuser)
            continue
        own, other = (path_of(name, parameters, world, *each) for each in ((True, mine), (False, theirs)))
        for method in ("GET", "POST"):
            got = outcome(_ask(admin, method, other))
            if got != "404" and not (got in ("403", "405") and got == outcome(_ask(admin, method, own))):
                wrong.append(f"{method} {other}: another program's, {got}")
        for who, client, path in (
            ("both", both, other),
            ("admin", admin, own),
            ("superuser", superuser, other),
        ):
            got = outcome(_ask(client, "GET", path))
            may = who == "superuser" or page.has_view_permission(_request_of(world.people[who]))
            if (got == "404" and may and name not in NOT_THERE) or got not in (
                "200",
                "204",
                "302",
                "403",
                "404",
                "405",
            ):
                wrong.append(f"GET {path}: {who}, {got}")
    assert not wrong, "\n".join(wrong)
    assert print_of(world.foreign) == before


def _of_a_list(
    name: str, parameters: list[str], things: World, admin: Client, superuser: Client
) -> list[str]:
    path = path_of(name, parameters, things, True)
    found = [(path, outcome(_ask(client, "GET", path))) for client in (admin, superuser)]
    return [
        f"GET {path}: {got}"
        for path, got in found
        if got not in ("200", "403", "405") and name not in NOT_THERE
    ]


def _ask(client: Client, method: str, path: str) -> HttpResponse:
    """One request, whose traces are undone."""
    with transaction.atomic():
        response: HttpResponse = client.generic(method, path)  # type: ignore[assignment]
        transaction.set_rollback(True)
    return response


def _request_of(person: User | None) -> Any:
    request = RequestFactory().get("/")
    request.user = person  # type: ignore[assignment]
    return request


@per_list
def test_an_action_does_nothing_to_rows_of_another_program(page: AnyPage, world: World) -> None:  # noqa: F811
    """Also when they are sent along with one's own; and nothing to any row before it was said once more."""
    mine, theirs = rows_of(page, world, is_own=True), rows_of(page, world, is_own=False)
    admin, superuser = world.browser("admin"), shown_again(world.browser("superuser"))
    shown_again(admin)
    for action in actions_of(page, world.people["superuser"]):  # type: ignore[arg-type]
        for rows in (theirs, [*mine, *theirs]):
            with transaction.atomic():
                before = made_ready(page, action, world, theirs)
                answer = act(admin, page, action, rows, confirmed=True)
                assert answer.status_code in (200, 302), (action, answer.status_code)
                assert print_of(world.foreign) == before, f"{action} by another program's admin"
                _says_nothing_of(theirs, page)
                transaction.set_rollback(True)
        with transaction.atomic():
            everything = print_of_all("django_session", "usersessions_usersession")
            assert act(superuser, page, action, [*mine, *theirs], confirmed=False).status_code in (200, 302)
            assert print_of_all("django_session", "usersessions_usersession") == everything, (
                f"{action} at once"
            )
            transaction.set_rollback(True)


def _says_nothing_of(theirs: list[int], page: AnyPage) -> None:
    label = page.opts.label_lower
    ids = [str(pk) for pk in theirs]
    assert not AuditEntry.objects.filter(object_type=label, object_id__in=ids, route="admin").exists()
