"""The audit log: it is only added to, rights are on record by whatever way they change, and it forgets by one door."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry, User
from accounts.mydata import erasing
from mentoring.models import Program, ProgramAdmin
from tests import tables
from tests.conftest import NOW, make_person, signed_in

pytestmark = pytest.mark.django_db
LOG = "accounts_auditentry"
Verb = AuditEntry.Verb


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def entry(days_ago: int = 0, **fields: Any) -> AuditEntry:
    row = AuditEntry.objects.create(**{"verb": Verb.CHANGED, "route": "admin", **fields})
    if days_ago:
        # As it would be by now: what is in the log cannot be made older.
        run("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
        run(
            "UPDATE accounts_auditentry SET at = now() - make_interval(days => %s) WHERE id = %s",
            days_ago,
            row.pk,
        )
        run("ALTER TABLE accounts_auditentry ENABLE TRIGGER USER")
    return row


@pytest.fixture
def said(superuser: User) -> AuditEntry:
    return entry(actor_id=superuser.pk, object_type="accounts.user")


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {LOG} SET actor_id = NULL",  # noqa: S608
        f"DELETE FROM {LOG}",  # noqa: S608
        f"TRUNCATE {LOG}",
        f"TRUNCATE {LOG} CASCADE",
        # With the door held open: nothing so young goes through it.
        f"SELECT set_config('best_stuff.audit_door', 'open', true); DELETE FROM {LOG}",  # noqa: S608
        f"SELECT set_config('best_stuff.audit_door', 'open', true); UPDATE {LOG} SET at = '2001-01-01'",  # noqa: S608
        f"SELECT set_config('best_stuff.audit_door', 'open', true); TRUNCATE {LOG}",
    ],
)
def test_nothing_in_it_is_changed_or_deleted_not_even_by_the_owner_of_the_table(
    said: AuditEntry, sql: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s", [LOG])
        assert cursor.fetchone()[0]
    before = dict(tables.contents())[LOG]
    with pytest.raises((InternalError, ProgrammingError), match="only added to"), transaction.atomic():
        run(sql)
    assert dict(tables.contents())[LOG] == before


def test_the_orm_does_not_get_past_it_either(said: AuditEntry) -> None:
    for act in (
        said.delete,
        said.save,
        lambda: AuditEntry.objects.update(verb=Verb.ADDED),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
            act()


# --- Rights


def last() -> tuple[Any, ...]:
    row = AuditEntry.objects.first()
    assert row is not None
    return row.verb, row.actor_id, row.route, row.program_id, row.subject_ids


def test_who_runs_a_program_is_on_record_whoever_changed_it(program: Program, mentor: User) -> None:
    right = ProgramAdmin.objects.create(program=program, person=mentor)
    assert last() == (Verb.RUNS, None, "other", program.pk, [mentor.pk])
    run("DELETE FROM mentoring_programadmin WHERE id = %s", right.pk)
    assert last() == (Verb.RUNS_NO_MORE, None, "other", program.pk, [mentor.pk])


def test_a_right_that_is_moved_to_somebody_else_is_two_changes(
    program: Program, admin: User, mentor: User
) -> None:
    before = AuditEntry.objects.count()
    run("UPDATE mentoring_programadmin SET created_at = now()")
    assert AuditEntry.objects.count() == before
    run("UPDATE mentoring_programadmin SET person_id = %s", mentor.pk)
    new = AuditEntry.objects.order_by("pk")[before:]
    assert [(row.verb, row.subject_ids) for row in new] == [
        (Verb.RUNS_NO_MORE, [admin.pk]),
        (Verb.RUNS, [mentor.pk]),
    ]


def test_what_becomes_of_an_account_in_a_shell_or_in_sql_is_on_record(mentor: User) -> None:
    steps: list[tuple[Callable[[], Any], AuditEntry.Verb]] = [
        (lambda: User.objects.filter(pk=mentor.pk).update(is_superuser=True), Verb.SUPERUSER),
        (lambda: run("UPDATE accounts_user SET is_superuser = false"), Verb.SUPERUSER_NO_MORE),
        (lambda: run("UPDATE accounts_user SET is_active = false"), Verb.DISABLED),
        (lambda: run("UPDATE accounts_user SET is_active = true"), Verb.ENABLED),
    ]
    for act, verb in steps:
        before = AuditEntry.objects.count()
        act()
        assert AuditEntry.objects.count() == before + 1
        assert last() == (verb, None, "other", None, [mentor.pk])
    before = AuditEntry.objects.count()
    mentor.refresh_from_db()
    mentor.save()
    assert AuditEntry.objects.count() == before


def test_a_superuser_who_is_made_or_deleted_by_hand_is_on_record(db: None) -> None:
    person = make_person("sam@harbor.example", "Sam", is_superuser=True)
    assert last()[0] == Verb.SUPERUSER
    run("DELETE FROM accounts_user WHERE id = %s", person.pk)
    assert last() == (Verb.SUPERUSER_NO_MORE, None, "other", None, [person.pk])


def test_what_is_undone_is_not_on_record(program: Program, mentor: User) -> None:
    before = AuditEntry.objects.count()
    with transaction.atomic():
        ProgramAdmin.objects.create(program=program, person=mentor)
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == before


# --- Forgetting


def test_after_two_years_entries_go_and_that_they_did_is_an_entry(db: None) -> None:
    old, young = entry(days_ago=732), entry(days_ago=729)
    assert audit.forget_old() == 1
    assert not AuditEntry.objects.filter(pk=old.pk).exists()
    assert AuditEntry.objects.filter(pk=young.pk).exists()
    told = AuditEntry.objects.get(verb=Verb.FORGOTTEN)
    assert (told.number, told.actor_id) == (1, None)
    assert audit.forget_old() == 0
    assert AuditEntry.objects.filter(verb=Verb.FORGOTTEN).count() == 1
    with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
        young.delete()


# --- One's own page


def page_of(person: User, number: int = 1) -> str:
    return str(signed_in(person).get(reverse("accounts:audit"), {"page": number}).content.decode())


def test_somebody_reads_what_was_done_to_them_and_nothing_else(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    entry(
        actor_id=admin.pk,
        object_type="mentoring.enrollment",
        subject_ids=[mentor.pk],
        program_id=program.pk,
        fields=["capacity"],
    )
    page = page_of(mentor)
    assert "Rosa Lind" in page
    assert "Harbor Mentors" in page
    assert "Enrollment: changed" in page
    assert "capacity" in page or "room for" in page
    assert "Nothing so far." in page_of(mentee)
    assert "Enrollment: changed" not in page_of(admin)


def test_what_they_did_themselves_is_not_told_to_them(mentor: User) -> None:
    entry(actor_id=mentor.pk, object_type="mentoring.enrollment", subject_ids=[mentor.pk])
    assert "Nothing so far." in page_of(mentor)


def test_it_is_read_in_the_language_of_whoever_reads(mentor: User, admin: User) -> None:
    entry(
        actor_id=admin.pk,
        object_type="mentoring.pairing",
        action="pause",
        verb=Verb.ACTED,
        subject_ids=[mentor.pk],
    )
    assert "Pairing: “Pause”" in page_of(mentor)
    User.objects.filter(pk=mentor.pk).update(language="de")
    assert "Was getan wurde, das dich betrifft" in page_of(mentor)


def test_the_page_takes_as_many_questions_for_many_entries_as_for_one(
    program: Program, mentor: User, admin: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    from django.test.utils import CaptureQueriesContext

    common = {"object_type": "mentoring.pairing", "subject_ids": [mentor.pk], "program_id": program.pk}
    entry(actor_id=admin.pk, **common)
    client = signed_in(mentor)
    client.get(reverse("accounts:audit"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("accounts:audit"))
    others = [make_person(f"a{number}@x.example", f"A{number}") for number in range(3)]
    for number in range(60):
        entry(actor_id=others[number % 3].pk, **common)
    with django_assert_num_queries(len(few)):
        assert "Pages of what was done" in client.get(reverse("accounts:audit")).content.decode()
    assert "Rosa Lind" in page_of(mentor, 2)


def test_who_left_is_in_it_by_number_alone(program: Program, mentor: User, mentee: User, admin: User) -> None:
    entry(actor_id=admin.pk, object_type="mentoring.pairing", subject_ids=[mentor.pk, mentee.pk])
    ProgramAdmin.objects.create(program=program, person=mentee)
    assert erasing.erase(admin, now=NOW)
    said = dict(tables.contents())[LOG]
    assert "Rosa" not in said
    assert "rosa@harbor.example" not in said
    assert "Somebody who left" in page_of(mentor)
    assert erasing.erase(mentor, now=NOW)
    assert "Noor" not in dict(tables.contents())[LOG]
    assert AuditEntry.objects.filter(subject_ids__contains=[mentor.pk]).exists()


def test_the_guards_can_be_taken_away_and_put_back_by_their_migrations(said: AuditEntry) -> None:
    names = (
        "accounts.migrations.0041_audit_log_is_append_only",
        "mentoring.migrations.0160_rights_are_on_record",
    )
    accounts, mentoring = (import_module(name) for name in names)
    for sql in (mentoring.NO_RIGHTS, accounts.NO_RIGHTS, accounts.NO_GUARD):
        run(sql)
    with transaction.atomic():
        said.delete()
        transaction.set_rollback(True)
    for sql in (accounts.GUARD, accounts.RIGHTS, mentoring.RIGHTS):
        run(sql)
    with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
        AuditEntry.objects.all().delete()
