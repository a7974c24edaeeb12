"""The filters of people, pairs, rounds and mail: what each finds, of one's own programs alone, in one query."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.mail import outbox
from accounts.mail.models import Message, Suppression
from accounts.models import User
from mentoring.admin.today.people import Unmatched
from mentoring.models import Enrollment, Meeting, Pairing, Program, ProgramAdmin
from reflections.models import Round
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.mentoring.agreeing import agreed, suggest

from .conftest import World
from .test_scope import url

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browser(admin: User) -> Client:
    return signed_in(admin)


def rows(client: Client, model: type, query: str) -> set[int]:
    response = client.get(f"{url(model, 'changelist')}?{query}")
    assert response.status_code == 200, query
    return {row.pk for row in response.context["cl"].result_list}


def people(client: Client, query: str) -> set[str]:
    found = Enrollment.objects.filter(pk__in=rows(client, Enrollment, query)).select_related("person")
    return {place.person.name for place in found}


def dies(person: User) -> None:
    Suppression.objects.create(person=person, address=person.email, reason="bounced", suppressed_at=NOW - DAY)


# --- People ----------------------------------------------------------------------------------------------------------


def test_whoever_has_no_pairing_or_room_for_one_more(
    program: Program, mentor: User, mentee: User, browser: Client
) -> None:
    free = enroll(program, make_person("free@x.example", "Free Mentor"), "mentor", capacity=1).person
    both = enroll(program, make_person("both@x.example", "Both Sides"), "both", capacity=1).person
    enroll(program, make_person("rests@x.example", "Rests"), "mentor", status="paused")
    enroll(program, make_person("alone@x.example", "Alone"), "mentee")
    Enrollment.objects.filter(person=mentor).update(capacity=2)
    pair(program, mentor, mentee)
    assert people(browser, "pairing=mentor_without") == {free.name, both.name}
    assert people(browser, "pairing=mentee_without") == {both.name, "Alone"}
    assert people(browser, "pairing=with_room") == {mentor.name, free.name, both.name}
    # A proposal counts for both, a request for neither.
    alone = User.objects.get(name="Alone")
    pair(program, both, alone, status="requested", mentor_accepted_at=None)
    assert people(browser, "pairing=mentee_without") == {both.name, "Alone"}
    pair(program, free, alone, status="proposed", mentor_accepted_at=None)
    assert people(browser, "pairing=with_room") == {mentor.name, both.name}
    assert people(browser, "pairing=mentor_without") == {both.name}
    assert people(browser, "pairing=mentee_without") == {both.name}
    assert people(browser, "pairing=nonsense") == set()


def test_without_a_pairing_means_the_same_in_the_list_and_on_the_first_page(
    program: Program, mentor: User, mentee: User, browser: Client
) -> None:
    for number, state in enumerate(("requested", "proposed", "accepted", "paused", "declined", "ended"), 1):
        one = enroll(program, make_person(f"m{number}@x.example", f"Mentor {number}"), "mentor").person
        other = enroll(program, make_person(f"e{number}@x.example", f"Mentee {number}"), "mentee").person
        pair(program, one, other, status=state, ended_on=TODAY if state == "ended" else None)
    going = enroll(program, make_person("going@x.example", "Going"), "mentee").person
    User.objects.filter(pk=going.pk).update(erasure_due_at=NOW + DAY)
    first = browser.get(reverse("admin:index")).content.decode().replace("&amp;", "&")
    link = f"program={program.pk}&pairing=mentee_without"
    assert link in first
    listed = people(browser, link)
    assert listed == {mentee.name, "Mentee 1", "Mentee 5", "Mentee 6"}
    assert Unmatched().counts([program], NOW) == {program.pk: len(listed)}


def test_whoever_joined_lately(program: Program, mentor: User, browser: Client) -> None:
    for number, day in ((1, TODAY), (2, TODAY - 29 * DAY), (3, TODAY - 31 * DAY), (4, TODAY + 2 * DAY)):
        enroll(program, make_person(f"j{number}@x.example", f"Joined {number}"), "mentee", joined_on=day)
    assert people(browser, "joined=30") == {"Joined 1", "Joined 2"}


def test_a_department_where_there_are_few(program: Program, mentor: User, browser: Client) -> None:
    Enrollment.objects.filter(person=mentor).update(department="Dock 4")
    assert people(browser, "department=Dock+4") == {mentor.name}
    assert "department=Dock" in browser.get(url(Enrollment, "changelist")).content.decode()
    Enrollment.objects.bulk_create(
        Enrollment(
            program=program, person=make_person(f"d{n}@x.example", f"D {n}"), role="mentee",
            joined_on=TODAY, department=f"Team {n}",
        )
        for n in range(21)
    )  # fmt: skip
    assert "department=Team" not in browser.get(url(Enrollment, "changelist")).content.decode()
    assert people(browser, "department=Team+7") == {"D 7"}


def test_the_department_of_another_program_is_no_choice(own: World, foreign: World, browser: Client) -> None:
    Enrollment.objects.filter(program=foreign.program).update(department="Hilltop")
    assert "Hilltop" not in browser.get(url(Enrollment, "changelist")).content.decode()
    assert rows(browser, Enrollment, "department=Hilltop") == set()


def test_whose_address_does_not_work(program: Program, mentor: User, mentee: User, browser: Client) -> None:
    dies(mentor)
    Suppression.objects.create(person=mentee, address=mentee.email, reason="complaint", suppressed_at=NOW)
    assert people(browser, "mail=dead") == {mentor.name}


def test_who_never_signed_in_is_for_superusers_alone(
    program: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    User.objects.filter(pk=mentor.pk).update(last_login=NOW)
    assert people(signed_in(superuser), "signed_in=never") == {mentee.name}
    assert signed_in(admin).get(f"{url(Enrollment, 'changelist')}?signed_in=never").status_code == 400


# --- Pairs -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pairs(program: Program) -> dict[str, Pairing]:
    made = {}
    for name in ("met", "planned", "never", "long", "rests", "young", "said_no"):
        two = [make_person(f"{name}{side}@x.example", f"{name} {side}") for side in "ab"]
        enroll(program, two[0], "mentor")
        enroll(program, two[1], "mentee")
        made[name] = pair(program, *two, starts_on=TODAY - 90 * DAY)
    Pairing.objects.filter(pk=made["young"].pk).update(starts_on=TODAY - 10 * DAY)
    Pairing.objects.filter(pk=made["rests"].pk).update(rested_on=TODAY - 5 * DAY)

    def meets(name: str, at: datetime, **fields: object) -> None:
        Meeting.objects.create(pairing=made[name], starts_at=at, **fields)

    meets("met", NOW - 7 * DAY)
    meets("long", NOW - 60 * DAY, took_place=True, said_at=NOW)
    meets("planned", NOW + 2 * DAY)
    meets("said_no", NOW - 3 * DAY, took_place=False, said_at=NOW)
    meets("never", NOW - 3 * DAY, cancelled_at=NOW)
    return made


def test_who_has_a_meeting_behind_them(pairs: dict[str, Pairing], browser: Client) -> None:
    def found(query: str) -> set[str]:
        keys = rows(browser, Pairing, query)
        return {name for name, each in pairs.items() if each.pk in keys}

    # Whether they say that they met is theirs: it makes no difference.
    assert found("met=yes") == {"met", "long", "said_no"}
    assert found("met=no") == {"planned", "never", "rests", "young"}
    assert found("met=long_ago") == {"never", "long"}


def test_a_note_or_a_moment_is_no_meeting(own: World, browser: Client) -> None:
    """What the two of that pair wrote today changes nothing: it is not looked at."""
    Meeting.objects.all().delete()
    Pairing.objects.update(starts_on=TODAY - 60 * DAY)
    assert own.pairing.pk in rows(browser, Pairing, "met=long_ago")


def test_what_ends_soon(pairs: dict[str, Pairing], browser: Client) -> None:
    Pairing.objects.filter(pk=pairs["met"].pk).update(runs_until=TODAY + 20 * DAY)
    Pairing.objects.filter(pk=pairs["long"].pk).update(runs_until=TODAY + 40 * DAY)
    assert rows(browser, Pairing, "ends=30") == {pairs["met"].pk}


def test_who_has_an_agreement(pairs: dict[str, Pairing], browser: Client) -> None:
    agreed(pairs["met"], by=pairs["met"].mentor)
    suggest(pairs["long"], pairs["long"].mentee)
    assert rows(browser, Pairing, "agreement=yes") == {pairs["met"].pk}
    assert rows(browser, Pairing, "agreement=no") == {each.pk for each in pairs.values()} - {pairs["met"].pk}


def test_who_can_be_reached(pairs: dict[str, Pairing], browser: Client) -> None:
    dies(pairs["met"].mentee)
    User.objects.filter(pk=pairs["long"].mentor_id).update(is_active=False)
    lost = {pairs["met"].pk, pairs["long"].pk}
    assert rows(browser, Pairing, "reachable=no") == lost
    assert rows(browser, Pairing, "reachable=yes") == {each.pk for each in pairs.values()} - lost


# --- Rounds and mail -------------------------------------------------------------------------------------------------


def test_which_rounds_run(own: World, browser: Client) -> None:
    running = own.rows[Round]
    closed = Round.objects.create(
        program=own.program, quarter_start=date(2026, 1, 1), opens_on=date(2026, 3, 10),
        due_on=date(2026, 3, 31), closes_on=date(2026, 4, 21), held_at=NOW,
    )  # fmt: skip
    assert rows(browser, Round, "state=running") == {running.pk}
    assert rows(browser, Round, "state=closed") == {closed.pk}
    assert rows(browser, Round, "state=held") == {closed.pk}


def test_mail_of_a_program_and_of_some_days(own: World, foreign: World, admin: User, superuser: User) -> None:
    client = signed_in(superuser)
    ours, theirs = own.rows[Message], foreign.rows[Message]
    assert {ours.pk, theirs.pk} <= rows(client, Message, "")
    mine = rows(client, Message, f"program={own.program.pk}")
    assert ours.pk in mine
    assert theirs.pk not in mine
    old = outbox.owe(
        "pairing_made", own.mentee.pk, own.pairing.pk, due_at=NOW - 10 * DAY, expires_at=NOW + DAY
    )
    coming = outbox.owe("ask", own.mentee.pk, own.rows[Round].pk, due_at=NOW + DAY, expires_at=NOW + 9 * DAY)
    Message.objects.filter(kind="ask", person=own.mentee).update(due_at=NOW + DAY)
    late = Message.objects.get(kind="pairing_made", person=own.mentee)
    later = Message.objects.get(kind="ask", person=own.mentee)
    assert old is not None or coming is not None
    assert late.pk not in rows(client, Message, "days=7")
    assert late.pk in rows(client, Message, "days=30")
    assert later.pk in rows(client, Message, "days=coming")
    assert later.pk not in rows(client, Message, "days=30")


def test_mail_of_another_program_is_not_found_by_its_number(
    own: World, foreign: World, admin: User, browser: Client
) -> None:
    assert foreign.rows[Message].pk not in rows(browser, Message, f"program={foreign.program.pk}")
    more = Program.objects.create(name="More", slug="more", status="active", starts_on=TODAY)
    ProgramAdmin.objects.create(program=more, person=admin)
    assert rows(browser, Message, f"program={foreign.program.pk}") == set()
    assert own.rows[Message].pk in rows(browser, Message, f"program={own.program.pk}")
    assert rows(browser, Message, "program=all") == rows(browser, Message, "")


# --- As many queries for many ----------------------------------------------------------------------------------------

ASKED = {
    Enrollment: ("pairing=mentor_without", "pairing=with_room", "mail=dead", "joined=30", "q=many+x"),
    Pairing: (
        "met=yes",
        "met=no",
        "met=long_ago",
        "ends=30",
        "agreement=no",
        "reachable=yes",
        "reachable=no",
    ),
}


def test_a_question_takes_as_many_queries_for_many_as_for_few(program: Program, browser: Client) -> None:
    def more(first: int, last: int) -> None:
        for number in range(first, last):
            two = [make_person(f"{side}{number}@x.example", f"Many {side}{number}") for side in "ab"]
            enroll(program, two[0], "mentor", capacity=2)
            enroll(program, two[1], "mentee")
            pair(program, *two, starts_on=TODAY - 50 * DAY)

    def counted() -> dict[str, int]:
        counts = {}
        for model, queries in ASKED.items():
            for query in queries:
                with CaptureQueriesContext(connection) as found:
                    browser.get(f"{url(model, 'changelist')}?{query}")
                counts[query] = len(found)
        return counts

    more(0, 3)
    counted()
    few = counted()
    more(3, 65)
    assert counted() == few
    assert len(rows(browser, Pairing, "met=no&p=2")) == 15
