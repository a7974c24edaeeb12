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
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, User
from mentoring.admin.asking import CHOSEN

from .admin_desk import WHO, DeskDoor, desk_doors, pages_of_the_desk
from .admin_world import (
    NOT_THERE,
    PAGES,
    AnyPage,
    World,
    act,
    actions_of,
    addresses_of,
    by_two_steps,
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
PEOPLE_WITHOUT_RIGHTS = (
    "nobody",
    "outsider",
    "participant",
    "former admin",
    "admin without a second factor",
    "superuser without a second factor",
)
WITHOUT_A_SECOND_FACTOR = "without a second factor"
# As the tick for all rows on all pages of a list sends it.
ALL_PAGES = {"select_across": "1"}
# The name of the other program first, then its people.
OF_THE_OTHER = ("Hill Mentors", "Mara Olsen", "Kofi Mensah", "@hill.example")


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# --- Coming in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", PEOPLE_WITHOUT_RIGHTS)
def test_without_rights_nothing_opens_and_nothing_changes(who: str, world: World, settings: Settings) -> None:  # noqa: F811
    settings.REQUIRE_ADMIN_SECOND_FACTOR = who.endswith(WITHOUT_A_SECOND_FACTOR)
    expected = {"nobody": {"302", "login"}}.get(
        who, {"302"} if who.endswith(WITHOUT_A_SECOND_FACTOR) else {"404"}
    )
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
    for door in desk_doors():
        for is_own in (True, False):
            path = door.path(world, is_own=is_own)
            answers = [client.get(path), client.post(path), door.ask(client, world, is_own=is_own)]
            got = {outcome(answer) for answer in answers}  # type: ignore[arg-type]
            if not got <= expected:
                wrong.append(f"{path}: {got}")
    assert not wrong, "\n".join(wrong)
    assert print_of_all("django_session", "usersessions_usersession") == before


# --- The desk's own pages ------------------------------------------------------------------------------------------


def test_each_page_of_the_desk_has_its_lines() -> None:
    """What is registered with `add_page` is tried below, or this fails."""
    assert {door.name for door in desk_doors()} == pages_of_the_desk()


@pytest.mark.parametrize("is_asked_for_two_steps", [False, True], ids=["one step", "two steps"])
@pytest.mark.parametrize("door", desk_doors(), ids=str)
def test_a_page_of_the_desk_is_about_ones_own_programs_alone(
    door: DeskDoor,
    is_asked_for_two_steps: bool,
    world: World,  # noqa: F811
    settings: Settings,
) -> None:
    """And says nothing of another: neither its name, nor that of anybody in it."""
    settings.REQUIRE_ADMIN_SECOND_FACTOR = is_asked_for_two_steps
    before, wrong = print_of(world.foreign), []
    for who in WHO:
        client = world.browser(who)
        if is_asked_for_two_steps:
            by_two_steps(client, world.people[who])
        for is_own, expected in zip((True, False), door.answers[who], strict=True):
            with transaction.atomic():
                answer = door.ask(client, world, is_own=is_own)
                if (got := outcome(answer)) != expected:
                    wrong.append(f"{who}, {'own' if is_own else 'other'}: {got}, not {expected}")
                if who == "admin":
                    assert print_of(world.foreign) == before, door
                wrong += _told_of_the_other(answer, who, door, is_own=is_own)
                transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def _told_of_the_other(answer: HttpResponse, who: str, door: DeskDoor, *, is_own: bool) -> list[str]:
    """What the admin of one program reads of the other; and that whoever runs both would have read it."""
    if answer.status_code != 200:
        return []
    text = "".join(part.decode() for part in answer) if answer.streaming else answer.content.decode()
    if who == "admin":
        return [f"{door} tells its admin of {word}" for word in OF_THE_OTHER if word in text]
    if who == "both" and not is_own and door.tells_of_a_program() and OF_THE_OTHER[0] not in text:
        return [f"{door} does not tell of {OF_THE_OTHER[0]}, so nothing was tried"]
    return []


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
    """Also when they are sent along with one's own, or in place of those that the page before named; and nothing to any
    row before it was said once more."""
    mine, theirs = rows_of(page, world, is_own=True), rows_of(page, world, is_own=False)
    admin, superuser = world.browser("admin"), shown_again(world.browser("superuser"))
    shown_again(admin)
    for action in actions_of(page, world.people["superuser"]):  # type: ignore[arg-type]
        for rows, way in (
            (theirs, {}),
            ([*mine, *theirs], {}),
            (theirs, ALL_PAGES),
            ([], {CHOSEN: _listed(theirs)}),
        ):
            with transaction.atomic():
                before = made_ready(page, action, world, theirs)
                answer = act(admin, page, action, rows, confirmed=True, **way)
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


def _listed(rows: list[int]) -> str:
    return ",".join(str(pk) for pk in rows)


def _says_nothing_of(theirs: list[int], page: AnyPage) -> None:
    label = page.opts.label_lower
    ids = [str(pk) for pk in theirs]
    assert not AuditEntry.objects.filter(object_type=label, object_id__in=ids, route="admin").exists()


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.list_editable], ids=lambda page: page.opts.label_lower
)
def test_what_is_edited_in_a_list_reaches_no_row_of_another_program(page: AnyPage, world: World) -> None:  # noqa: F811
    """Also when it is sent with its number in place of one's own, or beside one's own."""
    mine, theirs = rows_of(page, world, is_own=True)[0], rows_of(page, world, is_own=False)[0]
    admin, foreign = world.browser("admin"), print_of(world.foreign)
    for rows in ([theirs], [mine, theirs], [theirs, mine]):
        with transaction.atomic():
            assert _edited(admin, page, rows).status_code in (200, 400)
            assert print_of(world.foreign) == foreign, f"{page.opts.label} edited by another program's admin"
            _says_nothing_of([theirs], page)
            transaction.set_rollback(True)
    with transaction.atomic():
        assert _edited(admin, page, [mine]).status_code == 302
        assert page.model._base_manager.get(pk=mine).position == ELSEWHERE
        transaction.set_rollback(True)


ELSEWHERE = 77


def _edited(client: Client, page: AnyPage, rows: list[int]) -> HttpResponse:
    """What a list sends when all that it lets edit was changed in these rows."""
    said = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), "_save": "Save"}
    for number, pk in enumerate(rows):
        said[f"form-{number}-id"] = str(pk)
        said |= {f"form-{number}-{name}": str(ELSEWHERE) for name in page.list_editable if name == "position"}
    path = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
    return client.post(path, said)  # type: ignore[return-value]
