"""Whatever is done in the admin is on record, and no word of anybody is: tried for each list and action that is
registered, and for each address of tests/admin_doors.py."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry

from .admin_doors import ADMIN_POSTS
from .admin_world import (
    DOES_NOTHING,
    AnyPage,
    World,
    act,
    actions_of,
    all_of,
    last_entry,
    made_ready,
    per_list,
    rows_of,
    shown_again,
    world,  # noqa: F401 (the fixture)
)
from .canaries import MAY_READ
from .conftest import NOW
from .doors import doors
from .footprint import print_of, print_of_all

pytestmark = pytest.mark.django_db
# What a request writes on its way, and what tells of it.
BESIDE = ("django_session", "usersessions_usersession", "accounts_auditentry", "django_admin_log")


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def url(page: AnyPage, what: str, *args: object) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_{what}", args=args)


def as_it_stands(client: Client, path: str) -> dict[str, Any] | None:
    """What the form of a page would send if nothing in it were changed; None where it has none."""
    answer = client.get(path)
    found = answer.context and answer.context.get("adminform")
    if answer.status_code != 200 or not found:
        return None
    forms = [found.form, *(each.formset.management_form for each in answer.context["inline_admin_formsets"])]
    forms += [form for each in answer.context["inline_admin_formsets"] for form in each.formset.initial_forms]
    return {field.html_name: _sent(field) for form in forms for field in form if _sent(field) is not None}


def _sent(field: Any) -> Any:
    value = field.value()
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return field.field.prepare_value(value) if value is not None else None


@per_list
def test_what_is_changed_deleted_and_exported_is_on_record(page: AnyPage, world: World) -> None:  # noqa: F811
    person, client = world.people["superuser"], shown_again(world.browser("superuser"))
    assert person is not None
    pk, label = rows_of(page, world, is_own=True)[0], page.opts.label_lower
    own = AuditEntry.objects.filter(actor_id=person.pk, route="admin")
    with transaction.atomic():
        form = as_it_stands(client, url(page, "change", pk))
        if form is not None and "change" in page.superusers_may:
            assert client.post(url(page, "change", pk), form).status_code == 302, label
            assert own.filter(verb="changed", object_type=label, object_id=str(pk)).exists()
        transaction.set_rollback(True)
    with transaction.atomic():
        if client.post(url(page, "delete", pk), {"post": "yes"}).status_code == 302:
            verb = "runs_no_more" if label == "mentoring.programadmin" else "deleted"
            assert own.filter(verb=verb, object_type=label, object_id=str(pk)).exists()
        transaction.set_rollback(True)
    with transaction.atomic():
        assert client.post(url(page, "export"), {"format": "csv", "rows": ""}).status_code == 200
        assert own.get(verb="exported").object_type == label
        assert not [word for word in MAY_READ if word in all_of(AuditEntry.objects.all())]
        transaction.set_rollback(True)


def test_whatever_an_address_of_the_admin_changes_is_on_record(world: World) -> None:  # noqa: F811
    client, person = shown_again(world.browser("superuser")), world.people["superuser"]
    assert person is not None
    wrong, changed = [], []
    before = print_of_all(*BESIDE)
    for door in doors(ADMIN_POSTS):
        if "hill_" in door.line or door.name in ("admin:logout", "admin:login"):
            continue
        with transaction.atomic():
            last = last_entry()
            client.post(door.path(world.things))
            new = AuditEntry.objects.filter(pk__gt=last)
            if print_of_all(*BESIDE) != before:
                changed.append(door.name)
                if not new.filter(actor_id=person.pk, route="admin").exists():
                    wrong.append(door.line)
            wrong += [f"{word} is on record" for word in MAY_READ if word in all_of(new)]
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
    # Else nothing was tried.
    assert changed


@per_list
def test_an_action_of_those_who_may_is_done_and_on_record(page: AnyPage, world: World) -> None:  # noqa: F811
    """By which the test above shows that it could have been done to those rows."""
    rows = rows_of(page, world, is_own=False)
    superuser = world.people["superuser"]
    assert superuser is not None
    client, wrong = shown_again(world.browser("superuser")), []
    for action in actions_of(page, superuser):
        with transaction.atomic():
            before, last = made_ready(page, action, world, rows), last_entry()
            answer = act(client, page, action, rows, confirmed=True)
            changed = print_of(world.foreign) != before
            new = AuditEntry.objects.filter(pk__gt=last)
            label = page.opts.label_lower
            if not changed and (label, action) not in DOES_NOTHING:
                wrong.append(f"{action} of {label} changes nothing here ({answer.status_code})")
            if changed and not new.filter(actor_id=superuser.pk, route="admin").exists():
                wrong.append(f"{action} of {label} is not on record")
            wrong += [f"{word} is on record" for word in MAY_READ if word in all_of(new)]
            transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)
