"""Planning meetings and calling them off."""

from datetime import timedelta

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Meeting, Pairing
from tests.conftest import NOW

SOON = NOW + timedelta(days=2)


def plan(pairing: Pairing, by: User, **fields: object) -> Meeting:
    values: dict[str, object] = {"starts_at": SOON, "minutes": 60, "place": "Café Lux", "now": NOW}
    return actions.plan_meeting(pairing, by=by, **(values | fields))


def test_either_of_the_two_plans_a_meeting(pairing: Pairing, mentor: User, mentee: User) -> None:
    plan(pairing, mentor)
    plan(pairing, mentee, starts_at=SOON + timedelta(days=7))
    assert Meeting.objects.planned().count() == 2


def test_the_same_time_planned_twice_is_one_meeting(pairing: Pairing, mentor: User, mentee: User) -> None:
    assert plan(pairing, mentor) == plan(pairing, mentee)
    assert Meeting.objects.count() == 1


def test_others_plan_nothing_for_the_two(
    pairing: Pairing, member: User, admin: User, superuser: User
) -> None:
    for person in (member, admin, superuser):
        with pytest.raises(Refused):
            plan(pairing, person)


@pytest.mark.parametrize("status", ["proposed", "paused", "declined"])
def test_meetings_are_planned_while_the_pairing_is_under_way(
    pairing: Pairing, mentor: User, status: str
) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(status=status)
    with pytest.raises(Refused, match="under way"):
        plan(pairing, mentor)


def test_the_first_meeting_may_be_planned_before_the_first_day(pairing: Pairing, mentor: User) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(status=Pairing.Status.ACCEPTED)
    assert plan(pairing, mentor).pk


def test_a_time_that_has_gone_by_is_refused(pairing: Pairing, mentor: User) -> None:
    with pytest.raises(Refused, match="still to come"):
        plan(pairing, mentor, starts_at=NOW - timedelta(hours=1))


def test_a_year_that_was_mistyped_is_refused(pairing: Pairing, mentor: User) -> None:
    with pytest.raises(Refused, match="in the next two years"):
        plan(pairing, mentor, starts_at=NOW.replace(year=9996))


def test_either_of_the_two_cancels(pairing: Pairing, mentor: User, mentee: User) -> None:
    meeting = plan(pairing, mentor)
    actions.cancel_meeting(meeting, by=mentee, now=NOW)
    meeting.refresh_from_db()
    assert meeting.cancelled_at == NOW
    actions.cancel_meeting(meeting, by=mentor, now=NOW + timedelta(hours=1))
    meeting.refresh_from_db()
    assert meeting.cancelled_at == NOW


def test_a_canceled_time_may_be_planned_again(pairing: Pairing, mentor: User) -> None:
    first = plan(pairing, mentor)
    actions.cancel_meeting(first, by=mentor, now=NOW)
    assert plan(pairing, mentor) != first


def test_a_meeting_that_has_begun_is_not_canceled(pairing: Pairing, mentor: User) -> None:
    meeting = plan(pairing, mentor)
    with pytest.raises(Refused, match="no longer"):
        actions.cancel_meeting(meeting, by=mentor, now=SOON + timedelta(minutes=1))


def test_others_cancel_nothing(pairing: Pairing, mentor: User, member: User, superuser: User) -> None:
    meeting = plan(pairing, mentor)
    for person in (member, superuser):
        with pytest.raises(Refused):
            actions.cancel_meeting(meeting, by=person, now=NOW)
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None
