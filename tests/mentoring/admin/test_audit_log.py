"""What the admin writes into the audit log about a deed, and the page on which superusers read it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import concerned_by
from accounts.models import AuditEntry, User
from mentoring.models import (
    AdminNote,
    Enrollment,
    FitCheck,
    Pairing,
    PairingRequest,
    Program,
    ProgramAdmin,
    RuledOut,
    Step,
)
from reflections.models import NoteReport
from tests.conftest import make_person, signed_in

from .conftest import CANARY, World
from .test_scope import url

pytestmark = pytest.mark.django_db
LOG = "/admin/audit/"


def said_of(row: Any) -> list[tuple[Any, ...]]:
    entries = AuditEntry.objects.filter(
        object_type=row._meta.label_lower, object_id=str(row.pk), route="admin"
    )
    return [(each.verb, each.action, each.actor_id, each.program_id, each.subject_ids) for each in entries]


def test_a_change_is_on_record_with_its_fields_and_not_with_what_they_hold(own: World, admin: User) -> None:
    place = own.rows[Enrollment]
    form = {
        "role": "mentor",
        "status": "active",
        "capacity": "4",
        "joined_on": "2026-01-05",
        "department": CANARY,
    }
    signed_in(admin).post(url(Enrollment, "change", place.pk), form)
    assert said_of(place) == [("changed", "", admin.pk, own.program.pk, [own.mentor.pk])]
    entry = AuditEntry.objects.get(verb="changed")
    assert {"capacity", "department"} <= set(entry.fields)
    assert CANARY not in repr(vars(entry))


def test_an_action_is_on_record_by_its_name_for_both_of_a_pair(own: World, admin: User) -> None:
    data = {"action": "pause", "_selected_action": [own.pairing.pk]}
    browser = signed_in(admin)
    browser.post(url(Pairing, "changelist"), data)
    assert said_of(own.pairing) == []
    browser.post(url(Pairing, "changelist"), data | {"confirmed": "yes"})
    both = sorted([own.mentor.pk, own.mentee.pk])
    assert said_of(own.pairing) == [("acted", "pause", admin.pk, own.program.pk, both)]
    page = signed_in(own.mentor).get(reverse("accounts:audit")).content.decode()
    assert "Rosa Lind" in page
    assert "Pairing: “Pause”" in page


def test_an_export_is_on_record_with_how_many_rows_left(own: World, admin: User) -> None:
    signed_in(admin).post(url(Pairing, "export"), {"format": "csv", "rows": f"program={own.program.pk}"})
    entry = AuditEntry.objects.get(verb="exported")
    assert (entry.object_type, entry.number, entry.program_id) == ("mentoring.pairing", 1, own.program.pk)


def test_a_right_that_is_given_in_the_admin_is_there_once_and_by_whom(
    own: World, admin: User, superuser: User
) -> None:
    before = AuditEntry.objects.count()
    form = {"program": own.program.pk, "email": own.mentor.email, "name": "x"}
    signed_in(admin).post(url(ProgramAdmin, "add"), form)
    right = ProgramAdmin.objects.get(person=own.mentor)
    assert said_of(right) == [("runs", "", admin.pk, own.program.pk, [own.mentor.pk])]
    assert AuditEntry.objects.count() == before + 1
    # The next request of somebody else is not taken for theirs.
    signed_in(superuser).post(url(ProgramAdmin, "delete", right.pk), {"post": "yes"})
    assert AuditEntry.objects.values_list("verb", "actor_id").first() == ("runs_no_more", superuser.pk)


def test_what_an_admin_page_changes_without_saying_so_is_on_record_all_the_same(
    own: World, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib import admin as django_admin

    page = django_admin.site._registry[Pairing]
    monkeypatch.setattr(page, "log_change", lambda *args: None)
    data = {"action": "pause", "_selected_action": [own.pairing.pk], "confirmed": "yes"}
    signed_in(admin).post(url(Pairing, "changelist"), data)
    entry = AuditEntry.objects.get(action="pause")
    assert (entry.verb, entry.actor_id, entry.object_type) == ("acted", admin.pk, "mentoring.pairing")


def test_what_is_undone_or_refused_is_not_on_record(own: World, admin: User) -> None:
    before = AuditEntry.objects.count()
    browser = signed_in(admin)
    browser.post(url(Enrollment, "add"), {"program": own.program.pk})
    data = {"action": "resume", "_selected_action": [own.pairing.pk], "confirmed": "yes"}
    browser.post(url(Pairing, "changelist"), data)
    assert AuditEntry.objects.count() == before


def test_nobody_learns_from_it_what_is_hidden_from_them(own: World, superuser: User) -> None:
    """Whose note was reported; whom somebody ruled out in confidence; whom a request has not reached."""
    browser = signed_in(superuser)
    report, request = own.rows[NoteReport], own.rows[PairingRequest]
    assert concerned_by(own.rows[RuledOut]) == sorted([own.mentor.pk, own.mentee.pk])
    RuledOut.objects.update(because=RuledOut.Because.NOT_A_FIT)
    assert concerned_by(RuledOut.objects.get(pk=own.rows[RuledOut].pk)) == []
    for row, action in ((report, "see_to"), (request, "keep_back")):
        data = {"action": action, "_selected_action": [row.pk], "confirmed": "yes"}
        browser.post(url(type(row), "changelist"), data)
    subjects = {entry.object_type: entry.subject_ids for entry in AuditEntry.objects.filter(route="admin")}
    assert subjects == {"reflections.notereport": [], "mentoring.pairingrequest": [own.mentee.pk]}


def test_what_one_of_two_asked_for_is_seen_to_and_the_other_learns_nothing_of_it(
    own: World, admin: User
) -> None:
    step = Step.objects.create(pairing=own.pairing, person=own.mentee, kind="pause", next_step="talk")
    signed_in(admin).post(reverse("admin:mentoring_pairing_next_steps_seen_to", args=[step.pk]))
    assert said_of(step) == [("acted", "next_steps_seen_to", admin.pk, own.program.pk, [own.mentee.pk])]
    assert "seen to" in signed_in(own.mentee).get(reverse("accounts:audit")).content.decode()
    assert not AuditEntry.objects.visible_to(own.mentor).exists()
    assert str(own.mentor) not in LogEntry.objects.latest("pk").object_repr


def test_a_note_is_told_to_those_in_whose_copies_of_their_data_it_is(own: World, admin: User) -> None:
    """And to nobody else; what it says is not in the log."""
    browser, both = signed_in(admin), sorted([own.mentor.pk, own.mentee.pk])
    place = own.rows[Enrollment]
    for row, people in ((place, [own.mentor.pk]), (own.pairing, both)):
        browser.post(url(type(row), "notes", row.pk), {"text": CANARY})
        note = AdminNote.objects.latest("pk")
        browser.post(url(type(row), "note_back", row.pk, note.pk))
        assert [(said[1], said[4]) for said in said_of(row)] == [("note_back", people), ("notes", people)]
    assert CANARY not in repr(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("action", ["end_for_another", "see_to"])
def test_an_answer_to_a_fit_check_is_seen_to_and_the_other_learns_nothing_of_it(
    own: World, superuser: User, action: str
) -> None:
    check = own.rows[FitCheck]
    data = {"action": action, "_selected_action": [check.pk], "confirmed": "yes"}
    signed_in(superuser).post(url(FitCheck, "changelist"), data)
    found = AuditEntry.objects.filter(route="admin")
    assert found.exists()
    assert {tuple(entry.subject_ids) for entry in found} == {(check.person_id,)}


# --- The page


def test_it_is_there_for_superusers_alone(own: World, admin: User, mentor: User, superuser: User) -> None:
    assert signed_in(superuser).get(LOG).status_code == 200
    for person in (admin, mentor):
        assert signed_in(person).get(LOG).status_code == 404
    assert signed_in(superuser).post(LOG).status_code == 405


def test_it_is_narrowed_down_by_who_whom_program_what_and_day(
    own: World, foreign: World, admin: User, other_admin: User, superuser: User
) -> None:
    for person, world in ((admin, own), (other_admin, foreign)):
        data = {"action": "pause", "_selected_action": [world.pairing.pk], "confirmed": "yes"}
        signed_in(person).post(url(Pairing, "changelist"), data)
    browser = signed_in(superuser)

    def found(**wanted: object) -> set[int | None]:
        rows = browser.get(LOG, {"verb": "acted", **wanted}).context["rows"]
        return {row.entry.actor_id for row, _route in rows}

    both = {admin.pk, other_admin.pk}
    day = AuditEntry.objects.filter(verb="acted").earliest("pk").at.astimezone(superuser.zone).date()
    assert found() == both
    assert found(actor=admin.pk) == {admin.pk}
    assert found(subject=foreign.mentee.pk) == {other_admin.pk}
    assert found(program=own.program.pk) == {admin.pk}
    assert found(day=day) == both
    assert found(day="2001-01-01") == set()
    for nonsense in ({"day": "x"}, {"actor": "x"}, {"program": "999999"}, {"verb": "x"}):
        answer = browser.get(LOG, nonsense)
        assert answer.status_code == 200
        assert answer.context["errors"]
        assert "No entry is like that." in answer.content.decode()


def test_it_takes_as_many_questions_for_many_entries_as_for_few(
    own: World, superuser: User, program: Program, django_assert_num_queries: Callable[..., Any]
) -> None:
    def entry(person: User) -> None:
        AuditEntry.objects.create(
            verb="changed",
            route="admin",
            actor_id=person.pk,
            object_type="mentoring.pairing",
            subject_ids=[own.mentor.pk, own.mentee.pk],
            program_id=program.pk,
        )

    browser = signed_in(superuser)
    entry(superuser)
    browser.get(LOG)
    with CaptureQueriesContext(connection) as few:
        browser.get(LOG)
    for number in range(60):
        entry(make_person(f"a{number}@x.example", f"A{number}"))
    with django_assert_num_queries(len(few)):
        page = browser.get(LOG)
    assert len(page.context["rows"]) == 50
    assert "Pages of the audit log" in page.content.decode()
