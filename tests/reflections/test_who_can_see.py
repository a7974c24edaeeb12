"""The page "Who can see what", for somebody signed in: by name, and as things stand at this moment."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import DataKey, User
from accounts.vault import remembered
from mentoring.models import Enrollment, Pairing, Program, ProgramAdmin
from reflections import actions
from reflections.models import Answer, Audience, Moment, Thanks
from reflections.readers import ONLY_ME, Readers
from tests.conftest import NOW, TODAY, enroll, make_person, pair, signed_in
from tests.markup import Markup
from tests.world import CAUGHT, DRAFTED, LOCKED, NOT_SENT, ONLY_MINE, SHOWN, THANKED, things_of_the_pair

pytestmark = pytest.mark.django_db


def page_of(person: User | None) -> str:
    with time_machine.travel(NOW, tick=False):
        return signed_in(person).get(reverse("privacy")).content.decode()


def said_to(person: User | None) -> str:
    return " ".join(Markup(page_of(person)).texts)


def test_it_names_partners_program_admins_and_superusers(
    pairing: Pairing, mentee: User, admin: User, superuser: User
) -> None:
    said = said_to(mentee)
    for name in ("Noor Haddad", "Rosa Lind", "Sam Root"):
        assert name in said
    assert "Noor can read the moments and the finished answers that you share with your pairing" in said
    assert "They cannot read a word of your moments and reflections" in said
    assert "Ask Rosa: rosa@harbor.example" in said


def test_it_names_nobody_to_somebody_who_is_signed_out(
    pairing: Pairing, admin: User, superuser: User
) -> None:
    said = said_to(None)
    for name in ("Noor", "Rosa", "Sam Root", "By name"):
        assert name not in said


def test_it_names_nobody_of_a_program_that_is_not_ones_own(
    pairing: Pairing, mentee: User, other_admin: User
) -> None:
    assert "Hugo Stein" not in said_to(mentee)


def test_it_changes_with_the_rights(program: Program, pairing: Pairing, mentee: User, mentor: User) -> None:
    assert "Nobody but those who run this installation." in said_to(mentee)
    right = ProgramAdmin.objects.create(program=program, person=make_person("new@harbor.example", "Uma New"))
    assert "Uma New" in said_to(mentee)
    right.delete()
    assert "Uma New" not in said_to(mentee)
    Pairing.objects.update(status=Pairing.Status.ENDED, ended_on=TODAY)
    assert "Noor can still read what you shared with your pairing before it ended" in said_to(mentee)


def test_a_pairing_that_was_only_asked_reads_nothing(program: Program, mentor: User, mentee: User) -> None:
    asked = {"status": Pairing.Status.PROPOSED, "mentor_accepted_at": None, "mentee_accepted_at": None}
    pair(program, mentor, mentee, **asked)
    assert "You are paired with nobody here" in said_to(mentee)


def test_whoever_has_no_place_is_read_by_nobody(outsider: User) -> None:
    assert "You have no place in a program" in said_to(outsider)
    assert "Nothing: whatever you have written, only you can read." in said_to(outsider)


def test_it_links_to_each_thing_that_is_shared_now_and_to_no_other(
    pairing: Pairing, mentee: User, admin: User
) -> None:
    with time_machine.travel(NOW, tick=False):
        world = things_of_the_pair(pairing, mentee, admin)
    page = page_of(mentee)
    assert f'href="{reverse("moments:edit", args=[world["shown"]])}"' in page
    assert f'href="{reverse("reflections:done", args=[world["past"]])}"' in page
    said = " ".join(Markup(page).texts)
    assert SHOWN in said
    assert THANKED in said
    assert "You and Noor" in said
    for word in (CAUGHT, DRAFTED, LOCKED, ONLY_MINE, NOT_SENT):
        assert word not in said
    moment = Moment.objects.get(pk=world["shown"])
    actions.change_moment(
        moment, by=mentee, text=SHOWN, kind="", for_whom="", happened_on=TODAY, readers=ONLY_ME
    )
    actions.take_back(
        Answer.objects.get(audience="pairing", reflection__submitted_at__isnull=False), by=mentee, now=NOW
    )
    actions.take_back_note(Thanks.objects.get(pk=world["given"]), by=mentee, now=NOW)
    assert "Nothing: whatever you have written, only you can read." in said_to(mentee)


def test_words_that_cannot_be_read_any_more_are_said_so(pairing: Pairing, mentee: User, mentor: User) -> None:
    Thanks.objects.create(writer=mentee, recipient=mentor, text="You waited.", way="here", sent_at=NOW)
    DataKey.objects.filter(person=mentee).delete()
    remembered.forget()
    said = said_to(mentee)
    assert "You and Noor" in said
    assert "You waited." not in said


def test_what_is_shared_with_everyone_comes_first(program: Program, pairing: Pairing, mentee: User) -> None:
    for text, readers in (
        ("for us two", Readers(Audience.PAIRING, frozenset([pairing.pk]))),
        ("for everybody", Readers(Audience.PROGRAM, program=program.pk)),
    ):
        actions.keep_moment(mentee, text=text, happened_on=TODAY, readers=readers)
    said = said_to(mentee)
    assert said.index("Everyone in Harbor Mentors for everybody") < said.index("You and Noor for us two")


def test_the_months_of_a_program_that_forgets_are_said(
    program: Program, pairing: Pairing, mentee: User
) -> None:
    assert "You are told 30 days before" not in said_to(mentee)
    Program.objects.update(retention_months=12)
    assert "When your place here has been over for twelve months, what you wrote here is deleted." in said_to(
        mentee
    )


def test_more_programs_people_and_things_ask_the_database_no_more(
    program: Program, other_program: Program, pairing: Pairing, mentee: User, admin: User
) -> None:
    def cost(client: Client) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("privacy")).status_code == 200
        return len(asked)

    with_the_pair = Readers(Audience.PAIRING, frozenset([pairing.pk]))
    actions.keep_moment(mentee, text="one", happened_on=TODAY, readers=with_the_pair)
    client = signed_in(mentee)
    cost(client)  # the key of their words is remembered for seconds
    few = cost(client)
    enroll(other_program, mentee, Enrollment.Role.BOTH)
    for number in range(5):
        person = make_person(f"p{number}@harbor.example", f"Person {number}")
        ProgramAdmin.objects.create(program=other_program, person=person)
        pair(other_program, person, mentee)
        actions.keep_moment(
            mentee, text=f"more {number}", happened_on=TODAY - timedelta(days=number), readers=with_the_pair
        )
    assert cost(client) == few
