"""Workers claim imports, die in the middle, come back too late: one import, one set of mails, all or nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts.mail.models import Message
from accounts.models import User
from mentoring.imports import people, queue, requests, running
from mentoring.models import Enrollment, Import, ImportPart, ImportRow, Invitation, Program, ProgramAdmin
from mentoring.tasks import work_on_import
from reflections.tasks import run
from tests.conftest import NOW
from tests.mentoring.test_races import at_once
from tests.tables import prints

from .conftest import Importing, csv_of, figures

ROOT = Path(__file__).resolve().parents[3]
HEADINGS = ["E-mail", "Name", "Offers"]


def rows(number: int) -> list[list[str]]:
    return [HEADINGS, *[[f"p{n}@new.example", f"Person {n}", "Go; Rust"] for n in range(number)]]


@pytest.mark.django_db
def test_a_preview_leaves_no_trace_but_its_rows(importing: Importing, program: object) -> None:
    source = importing.sent("mentors", csv_of(*rows(700)))
    importing.choose(source)
    own = ("mentoring_import", "mentoring_importrow", "mentoring_importpart")
    before = prints(*own)
    assert queue.work(source.pk, now=NOW)
    assert prints(*own) == before
    assert ImportRow.objects.count() == 700
    assert not ImportPart.objects.exists()


@pytest.mark.django_db
def test_every_row_of_the_file_is_in_the_preview_once(importing: Importing) -> None:
    lines = rows(1200)
    lines[600] = ["", "", ""]
    lines[700] = ["nonsense", "", ""]
    source = importing.checked("mentors", *lines)
    numbers = list(source.rows.order_by("number").values_list("number", flat=True))
    assert numbers == [number for number in range(2, 1202) if number != 601]
    assert (source.rows_total, figures(source)) == (1199, {"new": 1198, "bad": 1})


@pytest.mark.django_db
def test_work_is_done_once_and_only_when_there_is_some(importing: Importing) -> None:
    source = importing.sent("mentors", csv_of(*rows(3)))
    assert not queue.work(source.pk, now=NOW)
    assert not queue.work(0, now=NOW)
    importing.choose(source)
    Import.objects.update(claimed_until=NOW + timedelta(minutes=1))
    assert not queue.work(source.pk, now=NOW)
    work_on_import(source.pk)  # Whose clock is far ahead of that claim.
    assert importing.fresh(source).state == Import.State.CHECKED
    assert not queue.work(source.pk, now=NOW)


@pytest.mark.django_db
def test_the_tick_works_on_what_nobody_does_and_leaves_what_lay_for_a_week(importing: Importing) -> None:
    source = importing.sent("mentors", csv_of(*rows(3)))
    importing.choose(source)
    done = run(NOW, wanted=lambda now: 0, imported=queue.work_due)
    assert (done["imports wanted"], done["imports tidied"]) == (1, 0)
    assert importing.fresh(source).state == Import.State.CHECKED
    assert queue.tidy(NOW + timedelta(days=7)) == 1
    left = importing.fresh(source)
    assert (left.state, left.headings, left.samples) == (Import.State.LEFT, [], [])
    assert not ImportRow.objects.exists()


@pytest.mark.django_db
def test_what_never_comes_to_an_end_says_so(importing: Importing) -> None:
    source = importing.sent("mentors", csv_of(*rows(3)))
    importing.choose(source)
    Import.objects.update(attempts=queue.ATTEMPTS)
    assert not queue.work(source.pk, now=NOW)
    failed = importing.fresh(source)
    assert failed.state == Import.State.FAILED
    assert "never came to an end" in failed.problem


@pytest.mark.django_db
def test_an_error_in_the_middle_leaves_it_to_the_next_worker(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = importing.checked("mentors", *rows(600))
    requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    real, calls = people.apply, []

    def fails(*given: object) -> None:
        calls.append(given)
        real(*given)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(people, "apply", fails)
    assert not queue.work(source.pk, now=NOW)
    assert importing.fresh(source).state == Import.State.IMPORTING
    assert not Invitation.objects.exists()
    assert queue.work(source.pk, now=NOW)
    assert importing.fresh(source).state == Import.State.DONE
    assert Invitation.objects.count() == Message.objects.count() == 600


@pytest.mark.django_db
def test_whoever_has_lost_the_right_meanwhile_imports_nothing(importing: Importing) -> None:
    source = importing.checked("mentors", *rows(3))
    requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    ProgramAdmin.objects.all().delete()
    queue.work(source.pk, now=NOW)
    failed = importing.fresh(source)
    assert (failed.state, Invitation.objects.count()) == (Import.State.FAILED, 0)
    assert "does not run this program any more" in failed.problem


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["closed", "archived"])
def test_a_program_that_is_closed_after_the_yes_takes_nobody_in(importing: Importing, status: str) -> None:
    source = importing.checked("mentors", *rows(3))
    requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    Program.objects.update(status=status)
    assert not queue.work(source.pk, now=NOW)
    failed = importing.fresh(source)
    assert failed.state == Import.State.FAILED
    assert "This program is over" in failed.problem
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_waits_for_nobody_who_holds_the_row(importing: Importing) -> None:
    """As an erasure does, which may wait for the worker at that moment."""
    source, claim = importing.sent("mentors", csv_of(*rows(3))), uuid.uuid4()
    importing.choose(source)
    Import.objects.update(claim=claim, claimed_until=NOW)
    with queue.Progress(source.pk, claim) as progress:
        assert progress.own is not None
        with progress.own.cursor() as cursor:
            # Were it to wait, this would be an error, and not a test without an end.
            cursor.execute("SET lock_timeout = '5s'")
        with transaction.atomic():
            Import.objects.select_for_update().get(pk=source.pk)
            progress(1)
        assert importing.fresh(source).rows_done == 0
        progress(2)
        assert importing.fresh(source).rows_done == 2


# --- Several at once -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_confirm_at_once_import_once(importing: Importing, superuser: User) -> None:
    source = importing.checked("mentors", *rows(40))

    def confirm(by: User) -> None:
        requests.confirm(source, source.fingerprint, by=by, now=NOW)
        queue.work(source.pk, now=NOW)

    ends = at_once([lambda by=by: confirm(by) for by in (importing.admin, superuser, importing.admin)])  # type: ignore[misc]
    assert ends.count("done") == 1
    assert all("gone on with this import meanwhile" in end for end in ends if end != "done")
    assert importing.fresh(source).state == Import.State.DONE
    assert Invitation.objects.count() == Message.objects.filter(kind="invitation").count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_work_once(importing: Importing) -> None:
    source = importing.checked("mentors", *rows(40))
    requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    at_once([lambda: queue.work(source.pk, now=NOW)] * 4)
    assert Invitation.objects.count() == Message.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_two_lists_with_the_same_people_at_once_invite_them_once(importing: Importing) -> None:
    lists = [rows(40), [HEADINGS, *rows(40)[:0:-1]]]
    sources = [importing.checked("mentors", *each) for each in lists]
    for source in sources:
        requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    at_once([lambda pk=source.pk: queue.work(pk, now=NOW) for source in sources])  # type: ignore[misc]
    queue.work_due(NOW + timedelta(hours=1))
    assert [importing.fresh(source).state for source in sources] == [Import.State.DONE] * 2
    assert Invitation.objects.count() == Message.objects.count() == Enrollment.objects.count() == 40


@pytest.mark.django_db(transaction=True)
def test_the_page_sees_how_far_a_worker_is_and_a_late_one_finds_it_gone(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 10)
    source = importing.checked("mentors", *rows(30))
    requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    real, seen, ended = people.apply, [], []

    def look() -> None:
        row = Import.objects.get(pk=source.pk)
        seen.append((row.rows_done, row.claimed_until is not None and row.claimed_until > NOW))
        if row.rows_done == 20:
            # As when its lease ran out: somebody else has taken it.
            ended.append(Import.objects.filter(pk=source.pk).update(claim="0" * 32))
        connection.close()

    def watched(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    monkeypatch.setattr(people, "apply", watched)
    assert not queue.work(source.pk, now=NOW)
    assert [done for done, _lease in seen] == [0, 10, 20]
    assert all(lease for _done, lease in seen)
    assert ended == [1]
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()


# --- Killed --------------------------------------------------------------------------------------------------------

CHILD = """
import django, sys
django.setup()
from mentoring.imports import people, queue
from tests.conftest import NOW
real, calls = people.apply, []
def apply(*given):
    real(*given)
    calls.append(1)
    if len(calls) == 2:
        print("in the middle", flush=True)
        sys.stdin.readline()
people.apply = apply
queue.work(int(sys.argv[1]), now=NOW)
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done_and_another_takes_over(
    importing: Importing, how: signal.Signals
) -> None:
    source = importing.checked("mentors", *rows(1200))
    requests.confirm(source, source.fingerprint, by=importing.admin, now=NOW)
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": address.geturl(),
        "DJANGO_SETTINGS_MODULE": "mentoring.settings",
        "LOG_LEVEL": "CRITICAL",
    }
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(source.pk)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "in the middle\n"
        worker.send_signal(how)
        worker.wait(timeout=30)
    ends_at = time.monotonic() + 30
    # The server lets go of what the dead one held a moment later.
    while not _nobody_holds_the_program():
        assert time.monotonic() < ends_at
        time.sleep(0.05)
    row = importing.fresh(source)
    assert (row.state, row.rows_done) == (Import.State.IMPORTING, 500)
    assert not Invitation.objects.exists()
    assert not Message.objects.exists()
    assert not User.objects.filter(email__startswith="p1").exists()
    assert not queue.work(source.pk, now=NOW), "its lease is not over"
    assert row.claimed_until is not None
    assert queue.work(source.pk, now=row.claimed_until)
    assert importing.fresh(source).state == Import.State.DONE
    assert Invitation.objects.count() == Message.objects.count() == 1200


def _nobody_holds_the_program() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE pid <> pg_backend_pid() "
            "AND datname = current_database() AND relation = 'mentoring_program'::regclass"
        )
        return cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_list_of_another_program_is_no_business_of_this_admin(
    importing: Importing, other_admin: User
) -> None:
    source = importing.checked("mentors", *rows(1))
    for act in (
        lambda: requests.confirm(source, source.fingerprint, by=other_admin, now=NOW),
        lambda: requests.leave(source, by=other_admin, now=NOW),
        lambda: requests.take_file(
            importing.program, "mentors", csv_of(*rows(1)), "x", by=other_admin, now=NOW
        ),
        lambda: requests.choose_columns(
            source, {0: "email"}, how="invite", days=7, ask_first=True, by=other_admin, now=NOW
        ),
        lambda: requests.mend(source, [(2, None)], by=other_admin, now=NOW),
    ):
        with pytest.raises(requests.Refused, match="Only those who run a program"):
            act()
    assert importing.fresh(source).state == Import.State.CHECKED


@pytest.mark.django_db
def test_a_broker_that_is_away_costs_a_long_list_time_and_nothing_else(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*arguments: object, **options: object) -> None:
        raise OperationalError

    monkeypatch.setattr("celery.app.base.Celery.send_task", away)
    source = importing.sent("mentors", csv_of(*rows(301)))
    importing.choose(source)
    queue.ring(source.pk)
    assert queue.ring_due(NOW) == 1
    assert importing.fresh(source).state == Import.State.CHECKING
    assert queue.work(source.pk, now=NOW)
    assert figures(importing.fresh(source)) == {"new": 301}
