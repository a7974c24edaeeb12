"""Who may read a thing: what is said of one thing, and what the database is asked of many, are the same; over worlds
that nobody thought of."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from reflections import who_reads
from reflections.actions.naming import look_for_names
from reflections.models import Answer, Audience, Moment, Naming, Reflection, Round
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.reflections.conftest import FIRST, HARD, write

pytestmark = pytest.mark.django_db

STATES = ["active", "paused", "completed", "ended", "accepted", "proposed"]
PLACES = ["active", "paused", "withdrawn", "completed"]
SAYS = ["found", "asked", "agreed", "declined", "old no", "somebody else"]


class UndoneAgain(Exception):
    pass


def named(person: User, thing: Moment | Answer, says: str) -> Naming:
    """As it stands in the database."""
    what = {"moment": thing} if isinstance(thing, Moment) else {"answer": thing}
    return Naming.objects.create(
        person=person,
        is_somebody_else=says == "somebody else",
        asked_at=NOW if says in {"asked", "agreed", "declined"} else None,
        agreed_at=NOW if says == "agreed" else None,
        declined_at=NOW if says in {"declined", "old no"} else None,
        **what,
    )


@pytest.fixture
def people(
    program: Program, mentor: User, mentee: User, member: User, outsider: User, admin: User, superuser: User
) -> list[User]:
    ayo = make_person("ayo@harbor.example", "Ayo Bello")
    enroll(program, ayo, Enrollment.Role.MENTEE)
    return [mentor, mentee, ayo, member, outsider, admin, superuser]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_of_one_thing_and_of_many_the_same_is_said(
    people: list[User], program: Program, quarter_round: Round, data: st.DataObject
) -> None:
    try:
        with transaction.atomic():
            thing = _made(people, program, quarter_round, data)
            rows = Moment.objects if isinstance(thing, Moment) else Answer.objects
            said = who_reads.people(rows.get(pk=thing.pk))
            if isinstance(thing, Moment):
                found = [one for one in people if Moment.objects.visible_to(one).filter(pk=thing.pk)]
            else:
                found = [one for one in people if Answer.objects.readable_by(one).filter(pk=thing.pk)]
            assert said == {one.pk for one in found}
            assert thing.sealed_for in said
            raise UndoneAgain
    except UndoneAgain:
        pass


def _made(people: list[User], program: Program, quarter_round: Round, data: st.DataObject) -> Moment | Answer:
    mentor, mentee, ayo, member, *_others = people
    for person in (mentor, mentee, ayo, member):
        Enrollment.objects.filter(person=person).update(status=data.draw(st.sampled_from(PLACES)))
    Program.objects.update(has_wall=data.draw(st.booleans()))
    pairings = [
        pair(program, mentor, other, **_state(data.draw(st.sampled_from(STATES)))) for other in (mentee, ayo)
    ]
    audience = data.draw(st.sampled_from(Audience.values))
    if data.draw(st.booleans()):
        kind = data.draw(st.sampled_from(["", "aha", "hard_call", "brave_try"]))
        if audience == Audience.PROGRAM and kind in Moment.NEEDS_CARE:
            kind = ""
        thing: Moment | Answer = Moment.objects.create(
            person=data.draw(st.sampled_from([mentor, mentee])),
            text="x",
            kind=kind,
            happened_on=TODAY,
            audience=audience,
            pairing=pairings[0] if audience == Audience.PAIRING else None,
            program=program if audience == Audience.PROGRAM else None,
        )
    else:
        thing = write(
            mentor,
            quarter_round,
            data.draw(st.sampled_from([FIRST, HARD])),
            data.draw(st.sampled_from(["x", ""])),
            audience=audience,
            pairings=tuple(data.draw(st.sets(st.sampled_from(pairings)))),
            status=Reflection.Status(data.draw(st.sampled_from(["draft", "submitted", "declined"]))),
        )
        thing.after = data.draw(st.sampled_from(["", "y"]))
        thing.save()
    for person in data.draw(st.sets(st.sampled_from(people), max_size=3)):
        if person.pk != thing.sealed_for:
            named(person, thing, data.draw(st.sampled_from(SAYS)))
    return thing


def _state(status: str) -> dict[str, object]:
    over = status in {"completed", "ended"}
    waits = status == "proposed"
    return {
        "status": status,
        "ended_on": TODAY - timedelta(days=1) if over else None,
        **({"mentor_accepted_at": None, "mentee_accepted_at": None} if waits else {}),
    }


def test_a_thing_waits_for_everybody_who_is_named(people: list[User], program: Program) -> None:
    mentor, mentee, ayo, member, *_others = people
    moment = Moment.objects.create(
        person=mentor, text="x", happened_on=TODAY, audience="program", program=program
    )
    assert who_reads.people(moment) == {mentor.pk, mentee.pk, ayo.pk, member.pk}
    of_ayo, of_mentee = named(ayo, moment, "found"), named(mentee, moment, "agreed")
    assert who_reads.people(moment) == {mentor.pk, mentee.pk, ayo.pk}
    assert who_reads.said_of(moment) == "Nobody else reads it yet: it names Ayo."
    Naming.objects.filter(pk=of_ayo.pk).update(asked_at=NOW)
    assert who_reads.said_of(moment) == "Nobody else reads it yet. It waits for a yes from Ayo."
    Naming.objects.filter(pk=of_ayo.pk).update(declined_at=NOW)
    assert who_reads.said_of(moment) == "Nobody else reads it: Ayo did not agree."
    Naming.objects.filter(pk=of_ayo.pk).update(declined_at=None, agreed_at=NOW)
    assert who_reads.people(moment) == {mentor.pk, mentee.pk, ayo.pk, member.pk}
    assert who_reads.said_of(moment) == ""
    Naming.objects.filter(pk=of_mentee.pk).update(agreed_at=None, asked_at=None)
    assert member.pk not in who_reads.people(moment)


def test_an_after_without_a_before_waits_for_whoever_it_names_too(
    people: list[User], program: Program, quarter_round: Round
) -> None:
    mentor, mentee, _ayo, member, *_others = people
    submitted = Reflection.Status.SUBMITTED
    answer = write(mentor, quarter_round, FIRST, "", audience="program", status=submitted)
    answer.after = "Tomasz carried us."
    answer.save()
    answer = Answer.objects.get()
    assert member.pk in who_reads.people(answer)
    look_for_names([answer], changed=True, widened=True, now=NOW)
    assert Naming.objects.get().person == mentee
    assert who_reads.people(answer) == {mentor.pk, mentee.pk}
    assert not Answer.objects.readable_by(member)


def test_whoever_alone_reads_it_stands_in_nobodys_way(people: list[User], pairing: Pairing) -> None:
    mentor, mentee, *_others = people
    moment = Moment.objects.create(
        person=mentor, text="x", happened_on=TODAY, audience="pairing", pairing=pairing
    )
    named(mentee, moment, "found")
    assert who_reads.people(moment) == {mentor.pk, mentee.pk}
    assert who_reads.said_of(moment) == ""


def test_the_wall_is_empty_for_others_as_soon_as_it_is_off_or_its_writer_leaves(
    people: list[User], program: Program
) -> None:
    mentor, _mentee, _ayo, member, *_others = people
    moment = Moment.objects.create(
        person=mentor, text="x", happened_on=TODAY, audience="program", program=program
    )
    assert Moment.objects.on_the_wall(member).get() == moment
    Program.objects.update(has_wall=False)
    assert not Moment.objects.on_the_wall(member)
    Program.objects.update(has_wall=True)
    Enrollment.objects.filter(person=mentor).update(status="withdrawn")
    assert not Moment.objects.on_the_wall(member)
    assert not Moment.objects.visible_to(member)
