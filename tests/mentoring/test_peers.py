"""In a program of equals nobody is called a mentor or a mentee of the other."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.mail import letters
from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, answer_links
from mentoring.models import Pairing, Program
from tests.conftest import NOW, TODAY, enroll, make_person, signed_in

pytestmark = pytest.mark.django_db
HEADED = re.compile(r"<main.*</main>", re.S)
TALK = re.compile(r"\bment(?:or|ors|ored|ee|ees)\b(?! Mentors)", re.I)


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def peers(program: Program) -> tuple[User, User]:
    Program.objects.filter(pk=program.pk).update(roles="peers", name="Harbor Circle", slug="circle")
    program.refresh_from_db()
    people = [make_person(f"{name.lower()}@harbor.example", f"{name} Fry") for name in ("Mara", "Kofi")]
    for person in people:
        enroll(program, person, "both", capacity=1)
    return people[0], people[1]


def talk(text: str) -> list[str]:
    """What it says of mentors and mentees."""
    found = HEADED.search(text)
    return TALK.findall(re.sub(r"<[^>]*>", " ", found[0] if found else text))


def propose(program: Program, peers: tuple[User, User], admin: User, **fields: object) -> Pairing:
    values = {"starts_on": TODAY, "approval": "both", "focus": "giving feedback", "now": NOW} | fields
    return actions.create_pairing(program, *peers, by=admin, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["proposed", "accepted", "active", "paused", "completed", "ended"])
@pytest.mark.parametrize("focus", ["", "giving feedback"])
def test_a_pair_of_equals_reads_of_no_mentor_on_its_page_in_any_state(
    program: Program, peers: tuple[User, User], admin: User, status: str, focus: str
) -> None:
    pairing = propose(program, peers, admin, focus=focus)
    said = {} if status == "proposed" else {"mentor_accepted_at": NOW, "mentee_accepted_at": NOW}
    ended_on = TODAY if status in Pairing.OVER else None
    Pairing.objects.update(status=status, ended_on=ended_on, **said)
    for person in peers:
        page = signed_in(person).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
        assert talk(page) == []
        assert "each other" in page
        other = pairing.partner_of(person).first_name
        listed = signed_in(person).get(reverse("pairings:list")).content.decode()
        assert f">You and {other}" in listed


def test_neither_do_the_link_and_the_e_mails(program: Program, peers: tuple[User, User], admin: User) -> None:
    pairing = propose(program, peers, admin)
    token = answer_links.token_for(pairing, peers[0])
    page = Client().get(reverse("pairings:answer", args=[token])).content.decode()
    assert "Would you like to be paired with Kofi?" in page
    assert talk(page) == []
    for person in peers:
        actions.accept_pairing(pairing, by=person, now=NOW)
    later = TODAY + timedelta(days=9)
    for starts_on in (TODAY, later):
        status = "active" if starts_on == TODAY else "accepted"
        Pairing.objects.update(starts_on=starts_on, status=status)
        for message in Message.objects.filter(kind__in=["pairing_proposed", "pairing_made"]):
            email = letters.compose(message)
            assert talk(str(email.body)) == [], email.body


def test_neither_does_the_home_page_of_their_pairing(
    program: Program, peers: tuple[User, User], admin: User
) -> None:
    propose(program, peers, admin)
    for status, words in (("proposed", "Kofi could be your peer."), ("active", "You and Kofi are peers.")):
        said = {} if status == "proposed" else {"mentor_accepted_at": NOW, "mentee_accepted_at": NOW}
        Pairing.objects.update(status=status, **said)
        assert words in signed_in(peers[0]).get("/").content.decode()


def test_in_other_programs_each_is_still_called_what_they_are(pairing: Pairing, mentor: User) -> None:
    page = signed_in(mentor).get(reverse("pairings:detail", args=[pairing.pk])).content.decode()
    assert "You mentor Tomasz on clients and pricing." in page
