"""Who gets no e-mail finds among their pairings that one did not come about; and who was not to be told does not."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.mail.models import Message, Stopped
from accounts.models import User
from mentoring import actions
from mentoring.emails import UNANSWERED
from mentoring.models import Program
from tests.conftest import NOW, signed_in

pytestmark = pytest.mark.django_db
WORDS = "Did not come about"


def page(person: User, days: int) -> str:
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        return signed_in(person).get(reverse("pairings:list")).content.decode()


@pytest.fixture
def unanswered(program: Program, mentor: User, mentee: User, admin: User) -> None:
    Stopped.objects.stop(mentor.pk, "pairings")
    pairing = actions.create_pairing(
        program, mentor, mentee, by=admin, starts_on=NOW.date(), approval="both", now=NOW
    )
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    assert WORDS not in page(mentor, 13)
    assert actions.expire_questions(NOW + timedelta(days=14)) == 1


def test_whoever_said_yes_finds_it_there_for_a_while(unanswered: None, mentor: User, mentee: User) -> None:
    Message.objects.filter(kind=UNANSWERED).update(state="suppressed", last_error="stopped")
    shown = page(mentor, 15)
    assert WORDS in shown
    assert f"{mentor.first_name} and {mentee.first_name}" in shown
    assert "What the two of you had written" not in shown
    assert WORDS not in page(mentor, 14 + 91)


def test_whoever_did_not_answer_is_not_reminded_of_it_there(unanswered: None, mentee: User) -> None:
    assert WORDS not in page(mentee, 15)
