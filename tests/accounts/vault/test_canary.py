"""Words and keys are where they belong alone: not in logs, errors, reports, queries, or the database's bytes."""

import base64
import logging
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views.debug import ExceptionReporter
from pytest_django.fixtures import Settings

from accounts.models import DataKey, User
from accounts.vault import data_keys, keyfile, remembered, rotation
from accounts.vault.errors import Unreadable
from tests import tables

from .notebook import Note

pytestmark = pytest.mark.django_db
CANARY = "curlew-in-the-reeds"


def secrets_of(key_file: Path, person: User) -> list[str]:
    """Whatever must be seen nowhere, in each way that somebody could write it."""
    found = [CANARY.encode()]
    for key in keyfile.read(key_file):
        found.append(key.secret)
    return [
        form
        for secret in found
        for form in (
            secret.hex(),
            base64.b64encode(secret).decode().rstrip("="),
            base64.urlsafe_b64encode(secret).decode().rstrip("="),
            repr(secret)[2:-1],
        )
    ]


def test_no_query_log_or_table_has_them(
    ana: User, key_file: Path, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection) as captured:
        note = Note.objects.create(writer=ana, text=CANARY)
        note.text = f"{CANARY} again"
        note.save()
        Note.objects.bulk_create([Note(writer=ana, text=CANARY)])
        assert CANARY in Note.objects.get(pk=note.pk).text
        rotation.rotate(key_file, keyfile.read(key_file)[0].made_on)
        rotation.rewrap()
        data_keys.renew(ana.pk)
        rotation.reseal_rows(Note, ana.pk)
    seen = "\n".join(
        [*(query["sql"] for query in captured), caplog.text, *(rows for _, rows in tables.contents())]
    )
    assert len(captured) > 10
    assert 'INSERT INTO "notebook_note"' in seen
    for secret in secrets_of(key_file, ana):
        assert secret not in seen


@pytest.mark.parametrize("trouble", ["moved", "no key", "wrong file", "torn file"])
def test_no_error_or_report_of_one_has_them(
    trouble: str, ana: User, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    note = Note.objects.create(writer=ana, text=CANARY)
    other = Note.objects.create(writer=ana, text="another")
    hidden = secrets_of(key_file, ana)
    if trouble == "moved":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notebook_note SET text = (SELECT text FROM notebook_note WHERE id = %s) WHERE id = %s",
                [note.pk, other.pk],
            )
    elif trouble == "no key":
        DataKey.objects.all().delete()
    else:
        key_file.unlink()
        key = keyfile.new_key(1, keyfile.date(2026, 1, 1))
        keyfile.write_new(key_file, [key] if trouble == "wrong file" else [])
        hidden += [key.line.split()[3]]
    remembered.forget()
    with pytest.raises(Unreadable) as caught:
        _ = Note.objects.get(pk=other.pk).text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    beyond_this_file = caught.tb.tb_next  # Which knows what must not be seen.
    reporter = ExceptionReporter(RequestFactory().get("/"), caught.type, caught.value, beyond_this_file)
    told = [str(caught.value), repr(caught.value), caught.value.why, caplog.text]
    told += [reporter.get_traceback_text(), reporter.get_traceback_html()]
    for secret in hidden:
        assert secret not in "\n".join(told)


def test_a_report_of_a_failure_while_sealing_hides_the_words(
    ana: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Production's reports leave out what is marked; the frames of the vault mark theirs."""
    settings.DEBUG = False
    data_keys.key_for_writing(ana.pk)  # It is there already.
    hidden = Note(writer=ana, text=CANARY)
    monkeypatch.setattr("os.urandom", lambda length: 1 / 0)
    try:
        hidden.save()
    except ZeroDivisionError:
        kind, value, traceback = sys.exc_info()
    reporter = ExceptionReporter(RequestFactory().get("/"), kind, value, traceback)
    report = reporter.get_traceback_html()
    assert "sealing.py" in report
    assert CANARY not in report
