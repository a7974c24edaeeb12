"""The database itself lets nobody have more mentees than room, whatever code forgot to look."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from mentoring.models import Enrollment, Pairing, Program
from tests.conftest import NOW, TODAY, make_person, pair
from tests.mentoring.test_races import at_once

ROOM = "no room for another mentee"


@pytest.fixture
def full(program: Program, mentor: User, mentee: User) -> Pairing:
    """Room for one, and that one is there."""
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    return pair(program, mentor, mentee)


@pytest.mark.django_db
@pytest.mark.parametrize("status", Pairing.HOLDING)
def test_a_pairing_takes_up_a_place_only_where_there_is_one(
    program: Program, mentor: User, member: User, full: Pairing, status: str
) -> None:
    with pytest.raises(IntegrityError, match=ROOM), transaction.atomic():
        pair(program, mentor, member, status=status)
    asked = pair(program, mentor, member, status=Pairing.Status.REQUESTED)
    with pytest.raises(IntegrityError, match=ROOM), transaction.atomic():
        Pairing.objects.filter(pk=asked.pk).update(status=status)
    full.status, full.ended_on = Pairing.Status.ENDED, TODAY
    full.save()
    Pairing.objects.filter(pk=asked.pk).update(status=status)


@pytest.mark.django_db
@pytest.mark.parametrize("status", Pairing.HOLDING)
def test_a_smaller_capacity_ends_nothing_and_holds_nothing_up(
    program: Program, mentor: User, full: Pairing, status: str
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=0)
    assert Pairing.objects.filter(pk=full.pk).update(status=status, mentor_accepted_at=NOW) == 1


@pytest.mark.django_db
def test_room_elsewhere_and_what_is_over_do_not_count(
    program: Program, other_program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    pair(other_program, mentor, mentee)
    pair(program, mentor, mentee, status=Pairing.Status.COMPLETED, ended_on=TODAY)
    pair(program, mentor, member)


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_once_past_all_code_leave_one(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    people = [mentee, member, make_person("third@harbor.example", "Third")]

    def with_(person: User) -> Callable[[], object]:
        return lambda: pair(program, mentor, person)

    for _round in range(5):
        Pairing.objects.all().delete()
        ends = at_once([with_(person) for person in people])
        assert ends.count("done") == 1
        assert sum(ROOM in end for end in ends) == 2
        assert Pairing.objects.count() == 1
