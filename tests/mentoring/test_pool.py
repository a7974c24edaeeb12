"""The rows of a program as the matching wants them."""

import pytest

from accounts.models import Profile, User, UsualHours
from mentoring.matching.people import Pair
from mentoring.models import Enrollment, MatchingRun, Pairing, Program, RuledOut
from mentoring.pool import to_match
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, TODAY, enroll, make_person, pair, say_skills

pytestmark = pytest.mark.django_db


def keys(people: object) -> set[int]:
    return {each.key for each in people}  # type: ignore[attr-defined]


def test_those_who_could_get_somebody_are_in_the_pool_with_the_room_that_is_left(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=2)
    pair(program, mentor, mentee)
    waiting = make_person("w@harbor.example", "Wen Waits")
    enroll(program, waiting, "mentee", status="waitlisted", joined_on=None)
    matching = to_match(program, NOW).matching
    assert mentee.pk not in keys(matching.mentees)
    assert waiting.pk not in keys(matching.mentees)
    assert [each.capacity for each in matching.mentors if each.key == mentor.pk] == [1]
    Pairing.objects.update(status=Pairing.Status.ENDED, ended_on=TODAY)
    assert mentee.pk in keys(to_match(program, NOW).matching.mentees)
    assert Pair(mentee.pk, mentor.pk) in to_match(program, NOW).matching.earlier


def test_what_people_said_is_what_they_are_matched_by(program: Program, mentor: User, mentee: User) -> None:
    for person, side in ((mentor, "offers"), (mentee, "seeks")):
        say_skills(Enrollment.objects.get(program=program, person=person), side, "Pricing")
        Profile.objects.update_or_create(person=person, defaults={"languages": ["en", "de"]})
        UsualHours.objects.create(person=person, weekday=0, begins=18, ends=20)
    matching = to_match(program, NOW).matching
    [one] = [each for each in matching.mentees if each.key == mentee.pk]
    [other] = [each for each in matching.mentors if each.key == mentor.pk]
    assert one.seeks == other.offers == frozenset({"Pricing"})
    assert one.languages == frozenset({"en", "de"})
    # In summer Lisbon is an hour ahead and Warsaw two: 09:00 to 10:00 there begins at 08:00 and at 07:00 UTC.
    assert (other.hours, one.hours) == ((1 << 16) | (1 << 17), (1 << 14) | (1 << 15))
    assert (other.zone, one.zone) == (60, 120)


def test_a_pair_that_is_ruled_out_is_so_in_both_directions(
    program: Program, mentor: User, mentee: User
) -> None:
    RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee)
    Enrollment.objects.filter(program=program).update(role="both")
    shut = to_match(program, NOW).matching.forbidden
    assert {Pair(mentee.pk, mentor.pk), Pair(mentor.pk, mentee.pk)} <= shut


def test_a_run_keeps_its_pairs_and_its_figures(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    run = in_one_go(program, NOW, created_by=admin)
    assert run.state == MatchingRun.State.MADE
    assert run.matched == run.pairs.count() > 0
    assert run.mentees == run.matched + run.without.filter(side="mentee").count()
    again = in_one_go(program, NOW, created_by=admin, after=run)
    assert again.fingerprint == run.fingerprint
