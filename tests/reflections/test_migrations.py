"""What a migration makes of words that were there before it, and back again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from mentoring.models import Program
from reflections.models import Answer, IncomingMail, Moment, Reflection, Round
from tests import tables
from tests.conftest import NOW, TODAY
from tests.databases import copied, reached
from tests.migrating import light_states

pytestmark = pytest.mark.django_db(transaction=True)

CLEAR, SEALED = "0005_responses", "0008_no_clear_words"
MOMENT, ANSWER = "curlew, kept before", "plover, answered before"


@pytest.fixture(autouse=True)
def _of_its_own(transactional_db: None) -> Iterator[None]:
    """The test migrates a copy of the database, and leaves it where it has come to."""
    connection.close()
    with copied(connection.settings_dict["NAME"]) as name, reached(name):
        yield


def test_words_from_before_are_sealed_and_come_back(
    program: Program, mentee: User, quarter_round: Round
) -> None:
    question = quarter_round.questions.order_by("pk")[0]
    page = Reflection.objects.create(person=mentee, round=quarter_round, role="mentee", saved_at=NOW)
    Answer.objects.create(reflection=page, question=question, text=ANSWER)
    Answer.objects.create(reflection=page, question=quarter_round.questions.order_by("pk")[1], text="")
    Moment.objects.create(person=mentee, text=MOMENT, happened_on=TODAY)

    apps = migrated_to(CLEAR)
    assert apps.get_model("reflections", "Moment").objects.get().text == MOMENT
    texts = set(apps.get_model("reflections", "Answer").objects.values_list("text", flat=True))
    assert texts == {ANSWER, ""}
    assert MOMENT in everything()

    migrated_to(SEALED)
    assert MOMENT not in everything()
    assert ANSWER not in everything()

    migrated_to_the_latest()
    assert Moment.objects.get().text == MOMENT
    assert {answer.text for answer in Answer.objects.select_related("reflection")} == {ANSWER, ""}


def test_what_was_kept_by_mail_before_makes_no_second_moment_and_that_comes_back(mentee: User) -> None:
    kept = migrated_to("0086_asked_before_they_declined").get_model("reflections", "KeptMail")
    kept.objects.create(person_id=mentee.pk, message_hash=b"print", came_at=NOW)

    migrated_to_the_latest()
    row = IncomingMail.objects.get()
    assert (row.person, row.way, row.state, row.came_at) == (mentee, "keep", "taken", NOW)
    assert (bytes(row.message_hash), row.token_hash, row.text) == (b"print", "", "")

    kept = migrated_to("0086_asked_before_they_declined").get_model("reflections", "KeptMail")
    assert bytes(kept.objects.get().message_hash) == b"print"
    migrated_to_the_latest()


def migrated_to(name: str) -> Any:
    """The apps as of that migration of `reflections`, with the database to match."""
    with light_states():
        MigrationExecutor(connection).migrate([("reflections", name)])
    return MigrationExecutor(connection).loader.project_state([("reflections", name)]).apps


def migrated_to_the_latest() -> None:
    executor = MigrationExecutor(connection)
    with light_states():
        executor.migrate(executor.loader.graph.leaf_nodes())


def everything() -> str:
    return "\n".join(rows for _table, rows in tables.contents())
