"""What migrations of long ago make of rows that were there before them, and back again.

Their files change no more, and the way back to them is long: so this is a drill.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from pytest_django.plugin import DjangoDbBlocker

from mentoring.models import Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.databases import copied, reached
from tests.migrating import light_states

pytestmark = pytest.mark.django_db(transaction=True)

At = Callable[[str], Any]


def migrated_to(name: str) -> Any:
    """The apps as of that migration of `mentoring`, with the database to match."""
    with light_states():
        MigrationExecutor(connection).migrate([("mentoring", name)])
    return MigrationExecutor(connection).loader.project_state([("mentoring", name)]).apps


@pytest.fixture(autouse=True)
def _of_its_own(transactional_db: None) -> Iterator[None]:
    """Each test migrates a copy of the database, and leaves it where it has come to."""
    connection.close()
    with copied(connection.settings_dict["NAME"]) as name, reached(name):
        yield


# From the latest back to its target, each time the same. Newest first.
STATIONS = [
    "0028_fit_checks",
    "0022_no_archive_on_the_way_back",
    "0014_application_draft",
    "0010_skills",
    "0006_retention_goes_whole",
]


@pytest.fixture(scope="module")
def stations(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """Copies of the database as it is at those migrations: the way back is long, and is gone once.

    An archived program has come along from the latest.
    """
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:
        connection.close()
        goes_back = stack.enter_context(copied(connection.settings_dict["NAME"]))
        there = {}
        for name in STATIONS:
            with reached(goes_back):
                if not there:
                    Program.objects.create(name="Old", slug="old", starts_on=TODAY, status="archived")
                migrated_to(name)
            there[name] = stack.enter_context(copied(goes_back))
        yield there


@pytest.fixture
def at(stations: dict[str, str], _of_its_own: None) -> Iterator[At]:
    """The apps as of one of the stations, with a copy of the database to match."""
    with contextlib.ExitStack() as stack:

        def come_to(name: str) -> Any:
            stack.enter_context(reached(stack.enter_context(copied(stations[name]))))
            return MigrationExecutor(connection).loader.project_state([("mentoring", name)]).apps

        yield come_to


def place(apps: Any, **fields: object) -> Any:
    """Of somebody new, in one program."""
    person = make_person(f"{uuid.uuid4().hex}@harbor.example", "Ana")
    program, _made = apps.get_model("mentoring", "Program").objects.get_or_create(
        slug="harbor", defaults={"name": "Harbor", "starts_on": TODAY}
    )
    return apps.get_model("mentoring", "Enrollment").objects.create(
        program=program, person_id=person.pk, role="mentee", created_at=NOW, **fields
    )


def skills(place: Any, side: str) -> list[str]:
    return list(place.skills.filter(side=side).order_by("pk").values_list("skill__name", flat=True))


def test_what_stood_in_two_texts_becomes_skills_and_texts_again(at: At) -> None:
    before = at("0010_skills")
    words = place(
        before, status="applied", offers="Pricing, plain letters; pricing", seeks=" hiring ,, Plain  letters"
    )

    after = migrated_to("0012_skills_instead_of_words")
    same = after.get_model("mentoring", "Enrollment").objects.get(pk=words.pk)
    assert skills(same, "offers") == ["Pricing", "plain letters"]
    assert skills(same, "seeks") == ["hiring", "plain letters"]
    assert after.get_model("mentoring", "Skill").objects.count() == 3

    back = migrated_to("0010_skills").get_model("mentoring", "Enrollment").objects.get(pk=words.pk)
    assert (back.offers, back.seeks) == ("Pricing, plain letters", "hiring, plain letters")


def test_an_archived_program_is_closed_where_there_was_no_archive(at: At) -> None:
    before = at("0006_retention_goes_whole")

    assert before.get_model("mentoring", "Program").objects.get(slug="old").status == "closed"


def test_whoever_waits_is_said_to_wait_since_their_place_was_made(at: At) -> None:
    before = at("0014_application_draft")
    waiting = {status: place(before, status=status) for status in ("applied", "waitlisted")}

    after = migrated_to("0017_application_states").get_model("mentoring", "Enrollment").objects
    for status, row in waiting.items():
        waits = after.get(pk=row.pk)
        assert waits.applied_at == NOW
        assert waits.waitlisted_at == (NOW if status == "waitlisted" else None)


def test_the_guard_of_mentors_room_is_put_up_and_taken_down(at: At) -> None:
    guarded = Program.objects.create(name="Harbor", slug="harbor", starts_on=TODAY)
    mentor, *mentees = (make_person(f"{name}@harbor.example", name.title()) for name in ("ana", "bo", "cy"))
    enroll(guarded, mentor, "mentor", capacity=1)
    pair(guarded, mentor, mentees[0])
    with pytest.raises(IntegrityError, match="no room"), transaction.atomic():
        pair(guarded, mentor, mentees[1])

    # On the way back, which this database has gone, it was taken down.
    before = at("0028_fit_checks")
    mentor, *mentees = (make_person(f"{name}@harbor.example", name.title()) for name in ("ana", "bo", "cy"))
    program = before.get_model("mentoring", "Program").objects.create(
        name="Harbor", slug="harbor", starts_on=TODAY
    )
    before.get_model("mentoring", "Enrollment").objects.create(
        program=program, person_id=mentor.pk, role="mentor", capacity=1, joined_on=TODAY
    )
    for mentee in mentees:
        before.get_model("mentoring", "Pairing").objects.create(
            program_id=program.pk, mentor_id=mentor.pk, mentee_id=mentee.pk, starts_on=TODAY,
            status="active", mentor_accepted_at=NOW, mentee_accepted_at=NOW,
        )  # fmt: skip

    # Who was too many already stays, and nobody comes in addition.
    after = migrated_to("0029_mentors_have_room").get_model("mentoring", "Pairing")
    assert after.objects.filter(program_id=program.pk, status="active").count() == 2
    with pytest.raises(IntegrityError, match="no room"), transaction.atomic():
        after.objects.create(
            program_id=program.pk, mentor_id=mentor.pk, starts_on=TODAY,
            mentee_id=make_person("di@harbor.example", "Di").pk, status="proposed",
        )  # fmt: skip


def test_what_matching_keeps_goes_back_to_nothing_and_comes_again(at: At) -> None:
    before = at("0022_no_archive_on_the_way_back")
    assert "matchingrun" not in {model._meta.model_name for model in before.get_models()}
    program = before.get_model("mentoring", "Program").objects.create(
        name="Harbor", slug="harbor", starts_on=TODAY
    )

    after = migrated_to("0029_mentors_have_room").get_model("mentoring", "Program").objects.get(pk=program.pk)
    assert (after.approval, after.open_requests) == ("both", 3)
