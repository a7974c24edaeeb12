"""Where one looks for a mentor, and follows what one has asked, the navigation says that these are the pairings."""

import pytest
from django.urls import reverse

from accounts.models import User
from mentoring import actions
from mentoring.models import Program
from tests.conftest import NOW, signed_in

pytestmark = pytest.mark.django_db


def test_the_directory_and_requests_are_marked_as_pairings(
    program: Program, mentor: User, mentee: User
) -> None:
    program.matched_by = Program.MatchedBy.MENTEES
    program.save()
    asked = actions.ask_mentor(program, mentor, by=mentee, note="Hello", now=NOW)
    marked = f'<a href="{reverse("pairings:list")}" aria-current="true">'
    for path in (
        reverse("programs:mentors", args=[program.pk]),
        reverse("programs:requests", args=[program.pk]),
        reverse("requests:detail", args=[asked.pk]),
    ):
        assert marked in signed_in(mentee).get(path).content.decode(), path
    assert marked not in signed_in(mentee).get(reverse("programs:detail", args=[program.pk])).content.decode()
