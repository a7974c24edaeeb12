"""Answers by link and by page at one moment: one pairing, one e-mail each."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, answer_links
from mentoring.models import Pairing, Program
from tests.conftest import TODAY, signed_in
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def question(program: Program, mentor: User, mentee: User, by: User, approval: str = "both") -> Pairing:
    Pairing.objects.all().delete()
    Message.objects.all().delete()
    now = timezone.now()
    starts_on = max(TODAY, program.starts_on)
    return actions.create_pairing(
        program, mentor, mentee, by=by, starts_on=starts_on, approval=approval, now=now
    )


def by_link(pairing: Pairing, person: User, do: str) -> Callable[[], object]:
    client, path = Client(), reverse("pairings:answer", args=[answer_links.token_for(pairing, person)])
    return lambda: client.post(path, {"do": do})


def by_page(pairing: Pairing, person: User, do: str) -> Callable[[], object]:
    client = signed_in(person)
    path = reverse("pairings:accept" if do == "yes" else "pairings:decline", args=[pairing.pk])
    return lambda: client.post(path)


def made() -> int:
    return Message.objects.filter(kind="pairing_made").count()


def test_one_who_says_yes_by_link_and_page_at_once_says_it_once(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(ROUNDS):
        asked = question(program, mentor, mentee, admin, "mentor")
        acts = [by_link(asked, mentor, "yes"), by_page(asked, mentor, "yes"), by_link(asked, mentor, "yes")]
        assert at_once(acts) == ["done"] * 3
        asked.refresh_from_db()
        assert asked.status == "active"
        assert made() == 2


def test_both_who_say_yes_at_once_by_either_way_are_one_pair(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(ROUNDS):
        asked = question(program, mentor, mentee, admin)
        acts = [way(asked, person, "yes") for way in (by_link, by_page) for person in (mentor, mentee)]
        assert at_once(acts) == ["done"] * 4
        asked.refresh_from_db()
        assert asked.status == "active"
        assert made() == 2


def test_a_yes_and_a_no_at_once_are_one_of_the_two(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(ROUNDS):
        asked = question(program, mentor, mentee, admin, "mentee")
        assert at_once([by_link(asked, mentee, "yes"), by_page(asked, mentee, "no")]) == ["done"] * 2
        asked.refresh_from_db()
        assert asked.status in ("active", "declined")
        assert made() == (2 if asked.status == "active" else 0)


def test_a_yes_at_the_end_of_its_time_is_a_pair_or_came_too_late(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(ROUNDS):
        asked = question(program, mentor, mentee, admin)
        now = timezone.now()
        Pairing.objects.filter(pk=asked.pk).update(answer_by=now, mentee_accepted_at=now)
        at_once(
            [
                lambda: actions.accept_pairing(asked, by=mentor, now=now),  # noqa: B023
                lambda: actions.expire_questions(now),  # noqa: B023
                lambda: actions.expire_questions(now),  # noqa: B023
            ]
        )
        asked.refresh_from_db()
        assert asked.status in ("active", "expired")
        told = Message.objects.filter(kind="pairing_unanswered").values_list("person", flat=True)
        assert list(told) == ([] if asked.status == "active" else [mentee.pk])
        assert made() == (2 if asked.status == "active" else 0)
