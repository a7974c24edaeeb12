"""What a migration makes of rows that were there before it, and back again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mentoring.models import Program
from tests.conftest import NOW, TODAY, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def migrated_to(name: str) -> Any:
    """The apps as of that migration of `mentoring`, with the database to match."""
    executor = MigrationExecutor(connection)
    executor.migrate([("mentoring", name)])
    return MigrationExecutor(connection).loader.project_state([("mentoring", name)]).apps


@pytest.fixture(autouse=True)
def _back_to_the_latest() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def place(apps: Any, **fields: object) -> Any:
    person = make_person("ana@harbor.example", "Ana")
    program = apps.get_model("mentoring", "Program").objects.create(
        name="Harbor", slug="harbor", starts_on=TODAY
    )
    return apps.get_model("mentoring", "Enrollment").objects.create(
        program=program, person_id=person.pk, role="mentee", created_at=NOW, **fields
    )


def skills(place: Any, side: str) -> list[str]:
    return list(place.skills.filter(side=side).order_by("pk").values_list("skill__name", flat=True))


def test_what_stood_in_two_texts_becomes_skills_and_texts_again() -> None:
    before = migrated_to("0010_skills")
    words = place(
        before, status="applied", offers="Pricing, plain letters; pricing", seeks=" hiring ,, Plain  letters"
    )

    after = migrated_to("0011_skills_from_words")
    same = after.get_model("mentoring", "Enrollment").objects.get(pk=words.pk)
    assert skills(same, "offers") == ["Pricing", "plain letters"]
    assert skills(same, "seeks") == ["hiring", "plain letters"]
    assert after.get_model("mentoring", "Skill").objects.count() == 3

    migrated_to("0012_skills_instead_of_words")
    back = migrated_to("0010_skills").get_model("mentoring", "Enrollment").objects.get(pk=words.pk)
    assert (back.offers, back.seeks) == ("Pricing, plain letters", "hiring, plain letters")


def test_an_archived_program_is_closed_where_there_was_no_archive() -> None:
    program = Program.objects.create(name="Old", slug="old", starts_on=TODAY, status="archived")

    before = migrated_to("0006_retention_goes_whole")

    assert before.get_model("mentoring", "Program").objects.get(pk=program.pk).status == "closed"


@pytest.mark.parametrize("status", ["applied", "waitlisted"])
def test_whoever_waits_is_said_to_wait_since_their_place_was_made(status: str) -> None:
    waits = place(migrated_to("0014_application_draft"), status=status)

    after = (
        migrated_to("0017_application_states").get_model("mentoring", "Enrollment").objects.get(pk=waits.pk)
    )

    assert after.applied_at == NOW
    assert after.waitlisted_at == (NOW if status == "waitlisted" else None)
