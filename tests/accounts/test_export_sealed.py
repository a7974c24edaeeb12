"""While a copy of somebody's data waits to be fetched, it lies sealed."""

import io
import zipfile
from base64 import b64encode
from typing import Any, BinaryIO

import pytest
import time_machine
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from accounts.models import DataKey, Export, ExportPart, User
from accounts.mydata import archive, exports
from accounts.vault import remembered, rotation
from reflections.models import Moment
from tests import tables
from tests.accounts.conftest import lately_seen
from tests.conftest import NOW, TODAY, signed_in
from tests.databases import copied, reached

CANARY = b"sandpiper-in-an-export"


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "ring", lambda _pk: None)


def ready(person: User) -> Export:
    export = exports.ask(person, now=NOW)
    assert exports.make(export.pk, now=NOW)
    export.refresh_from_db()
    return export


def fetched(person: User, export: Export) -> Any:
    with time_machine.travel(NOW, tick=False):
        client = lately_seen(person, signed_in(person))
        return client.get(reverse("accounts:export_download", args=[export.pk]))


@pytest.mark.django_db
def test_no_table_holds_a_word_of_it(mentee: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The canary is written as it is, where a ZIP would squeeze it, so that it would be seen in clear."""

    def write(_person: User, target: BinaryIO, **_more: Any) -> None:
        target.write(CANARY)

    monkeypatch.setattr(archive, "write", write)
    export = ready(mentee)
    assert b"".join(exports.content_of(export)) == CANARY
    for _table, rows in tables.contents():
        for form in (CANARY.decode(), CANARY.hex(), b64encode(CANARY).decode(), b64encode(CANARY).hex()):
            assert form not in rows


@pytest.mark.django_db
def test_its_owner_gets_the_same_file(mentee: User, monkeypatch: pytest.MonkeyPatch) -> None:
    Moment.objects.create(person=mentee, text=CANARY.decode(), happened_on=TODAY)
    monkeypatch.setattr(exports, "PART", 1000)
    export = ready(mentee)
    assert ExportPart.objects.count() > 1
    file = io.BytesIO(b"".join(fetched(mentee, export).streaming_content))
    assert CANARY.decode() in zipfile.ZipFile(file).read("data.json").decode()


@pytest.mark.django_db
def test_it_opens_also_after_its_owner_got_another_key(mentee: User) -> None:
    export = ready(mentee)
    rotation.reseal(mentee.pk)
    remembered.forget()
    assert zipfile.is_zipfile(io.BytesIO(b"".join(exports.content_of(export))))


@pytest.mark.django_db
def test_without_its_owners_key_the_page_says_so(mentee: User) -> None:
    export = ready(mentee)
    DataKey.objects.all().delete()
    remembered.forget()
    response = fetched(mentee, export)
    assert response.status_code == 302
    assert response["Location"] == reverse("accounts:data")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("way", "there"), [("back", "0006_data_key"), ("on", "0011_exports_are_made_again")])
def test_a_copy_that_lies_there_is_made_again(mentee: User, way: str, there: str) -> None:
    """Either way over the migration: none is left in a form that cannot be read, and none is lost."""
    connection.close()
    with copied(connection.settings_dict["NAME"]) as name, reached(name):
        if way == "on":
            executor = MigrationExecutor(connection)
            executor.migrate([("accounts", "0006_data_key")])
            before = executor.loader.project_state([("accounts", "0006_data_key")]).apps
            export = before.get_model("accounts", "Export").objects.create(
                person_id=mentee.pk, state="ready", requested_at=NOW, ready_at=NOW, expires_at=NOW
            )
            before.get_model("accounts", "ExportPart").objects.create(export=export, number=0, content=CANARY)
        else:
            ready(mentee)
        MigrationExecutor(connection).migrate([("accounts", there)])
        assert CANARY.hex() not in "".join(rows for _table, rows in tables.contents())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_exportpart")
            assert cursor.fetchone() == (0,)
        assert Export.objects.get().state == Export.State.WANTED
        MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
        assert exports.make_due(NOW) == 1
        assert Export.objects.get().state == Export.State.READY
