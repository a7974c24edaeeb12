"""What two people write is not in a report about an error, whatever goes wrong while it is saved."""

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring.models import InTouch, Pairing, Program
from tests.conftest import NOW, TODAY, pair, signed_in

pytestmark = pytest.mark.django_db
GOING_ON = ["agreement_propose", "agreement_wish", "pause", "complete", "end", "note_private", "note_shared"]
GOING_ON += ["agenda", "goal_add", "action_add", "possibility_add", "concern"]


@pytest.mark.parametrize("name", GOING_ON)
def test_words_that_are_posted_are_left_out_of_reports(pairing: Pairing, mentor: User, name: str) -> None:
    _is_left_out(pairing, mentor, name)


@pytest.mark.parametrize("name", ["farewell", "postcards"])
def test_words_that_are_posted_at_the_end_are_left_out_of_reports(
    program: Program, mentor: User, mentee: User, name: str
) -> None:
    over = pair(program, mentor, mentee, status="ended", ended_on=TODAY)
    for person in (mentor, mentee):
        InTouch.objects.create(pairing=over, person=person, wants=True, said_at=NOW)
    _is_left_out(over, mentor, name)


def test_what_is_said_with_a_yes_is_left_out_of_reports(pairing: Pairing, mentor: User) -> None:
    _is_left_out(pairing, mentor, "agreement_accept", 0)


def _is_left_out(pairing: Pairing, person: User, name: str, *more: int) -> None:
    answer = signed_in(person).post(reverse(f"pairings:{name}", args=[pairing.pk, *more]), {"text": "words"})
    asked = answer.wsgi_request
    assert getattr(asked, "sensitive_post_parameters", None) == "__ALL__"
