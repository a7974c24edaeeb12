"""What is settled about two people before they are matched; and when the pool has changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Profile, User, UsualHours
from mentoring import pool
from mentoring.matching.fit import Must, Musts
from mentoring.matching.people import Pair
from mentoring.models import (
    Enrollment,
    MatchingQuestion,
    MatchingRun,
    Pairing,
    Program,
    ProposedPair,
    RuledOut,
)
from mentoring.pool import pool_of, to_match
from mentoring.runs.making import in_one_go, locked_before
from tests.conftest import NOW, TODAY, enroll, make_person, pair, say_skills
from tests.mentoring.runs.conftest import answer, counts, criteria, question

from .test_pool import keys, place_of, why_not

pytestmark = pytest.mark.django_db


# --- Who is not for whom ---------------------------------------------------------------------------------------------


def reports_to(program: Program, person: User, address: str) -> None:
    Enrollment.objects.filter(program=program, person=person).update(line_manager=address)


@pytest.mark.parametrize("address", ["noor@harbor.example", "Noor@Harbor.Example"])
def test_nobody_is_matched_with_their_line_manager_in_whatever_case_the_address_is(
    program: Program, mentor: User, mentee: User, member: User, address: str
) -> None:
    reports_to(program, mentee, address)
    matching = to_match(program, NOW).matching
    assert why_not(matching, mentee, mentor) == ["line"]
    assert why_not(matching, member, mentor) == []


def test_nobody_is_matched_with_whoever_reports_to_them(program: Program, mentor: User, mentee: User) -> None:
    reports_to(program, mentor, mentee.email)
    assert why_not(to_match(program, NOW).matching, mentee, mentor) == ["line"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_line_goes_through_people_who_are_in_no_list(
    program: Program, mentor: User, mentee: User, turned: bool
) -> None:
    low, high = (mentor, mentee) if turned else (mentee, mentor)
    between = make_person("mid@harbor.example", "Mid Between")
    enroll(program, between, "mentee", status="paused", line_manager=high.email.upper())
    reports_to(program, low, between.email)
    matching = to_match(program, NOW).matching
    assert between.pk not in keys(matching.mentees)
    assert why_not(matching, mentee, mentor) == ["line"]
    criteria(program, outside_reporting_line=False)
    assert why_not(to_match(program, NOW).matching, mentee, mentor) == []


def test_an_address_that_nobody_has_and_ones_own_keep_nobody_apart(
    program: Program, mentor: User, mentee: User
) -> None:
    reports_to(program, mentee, mentee.email)
    reports_to(program, mentor, "boss@elsewhere.example")
    matching = to_match(program, NOW).matching
    assert matching.reports_to == {}
    assert why_not(matching, mentee, mentor) == []


def test_what_somebody_said_of_their_manager_in_another_program_is_not_used_here(
    program: Program, other_program: Program, mentor: User, mentee: User
) -> None:
    enroll(other_program, mentee, "mentee", line_manager=mentor.email)
    assert to_match(program, NOW).matching.reports_to == {}


@pytest.mark.parametrize("because", RuledOut.Because.values)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_pair_that_is_ruled_out_is_so_in_both_directions(
    program: Program, other_program: Program, mentor: User, mentee: User, because: str, elsewhere: bool
) -> None:
    said_in = other_program if elsewhere else program
    RuledOut.objects.create(program=said_in, mentor=mentor, mentee=mentee, because=because)
    Enrollment.objects.filter(program=program).update(role="both")
    matching = to_match(program, NOW).matching
    both = {Pair(mentee.pk, mentor.pk), Pair(mentor.pk, mentee.pk)}
    # What those who run another program said holds there; that the two were no fit holds everywhere, and is not told.
    is_no_fit = because == RuledOut.Because.NOT_A_FIT
    assert matching.never == (both if is_no_fit else set())
    assert matching.forbidden == (set() if elsewhere or is_no_fit else both)


@pytest.mark.parametrize(
    ("status", "is_shut"),
    [(status, status in (*Pairing.OPEN, Pairing.Status.DECLINED)) for status in Pairing.Status.values],
)
def test_who_are_asked_or_a_pair_or_said_no_are_not_proposed_to_each_other(
    program: Program, mentor: User, mentee: User, status: str, is_shut: bool
) -> None:
    program.pairings_per_mentee = 2
    ended = {"ended_on": TODAY} if status in Pairing.OVER else {}
    pair(program, mentor, mentee, status=status, **ended)
    Enrollment.objects.update(role="both")
    shut = to_match(program, NOW).matching.forbidden
    assert shut == ({Pair(mentee.pk, mentor.pk), Pair(mentor.pk, mentee.pk)} if is_shut else set())


@pytest.mark.parametrize("status", Pairing.Status.values)
def test_a_pair_of_another_program_is_none_again_here(
    program: Program, other_program: Program, mentor: User, mentee: User, status: str
) -> None:
    ended = {"ended_on": TODAY} if status in Pairing.OVER else {}
    pair(other_program, mentor, mentee, status=status, **ended)
    expected = ["earlier"] if status in Pairing.BEGUN else []
    assert why_not(to_match(program, NOW).matching, mentee, mentor) == expected
    criteria(program, not_again=False)
    assert why_not(to_match(program, NOW).matching, mentee, mentor) == []


# --- Locked pairs ----------------------------------------------------------------------------------------------------


def test_locked_pairs_stay_as_far_as_they_can(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    both = [Pair(mentee.pk, mentor.pk), Pair(member.pk, mentor.pk)]
    locked = to_match(program, NOW, locked=both).matching.locked
    assert locked == {min(both)}, "room for one"
    assert to_match(program, NOW, locked=[Pair(mentee.pk, 0)]).matching.locked == set()
    row = RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee)
    for because in RuledOut.Because.values:
        RuledOut.objects.filter(pk=row.pk).update(because=because)
        assert to_match(program, NOW, locked=both).matching.locked == {Pair(member.pk, mentor.pk)}
    Enrollment.objects.filter(person=member).update(status="paused")
    assert to_match(program, NOW, locked=both).matching.locked == set()


def test_a_mentee_who_is_locked_twice_keeps_one_and_nobody_is_locked_with_themselves(
    program: Program, mentor: User, mentee: User
) -> None:
    other = make_person("greta@harbor.example", "Greta Holm")
    enroll(program, other, "both")
    twice = [Pair(mentee.pk, mentor.pk), Pair(mentee.pk, other.pk), Pair(other.pk, other.pk)]
    assert len(to_match(program, NOW, locked=twice).matching.locked) == 1


def test_a_lock_stands_where_a_must_have_is_against_it(program: Program, mentor: User, mentee: User) -> None:
    criteria(program, language_in_common=True)
    pair_of_them = Pair(mentee.pk, mentor.pk)
    assert to_match(program, NOW, locked=[pair_of_them]).matching.locked == {pair_of_them}


def test_a_run_after_another_takes_over_what_is_locked_there_and_not_yet_told(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    first = in_one_go(program, NOW, created_by=admin)
    [only] = first.pairs.all()
    assert locked_before(MatchingRun(program=program, after=first)) == []
    ProposedPair.objects.filter(pk=only.pk).update(is_locked=True)
    assert locked_before(MatchingRun(program=program, after=first)) == [Pair(mentee.pk, mentor.pk)]
    assert in_one_go(program, NOW, created_by=admin, after=first).pairs.get().is_locked
    assert not in_one_go(program, NOW, created_by=admin).pairs.get().is_locked


# --- Its fingerprint -------------------------------------------------------------------------------------------------


def fingerprint(program: Program) -> str:
    return to_match(program, NOW).fingerprint


def test_the_fingerprint_is_the_same_for_the_same_people(
    program: Program, mentor: User, mentee: User
) -> None:
    say_skills(place_of(mentee), "seeks", "Pricing", "Hiring", "Law")
    Profile.objects.create(person=mentee, languages=["en", "de", "pl"])
    before = fingerprint(program)
    Profile.objects.update(languages=["pl", "de", "en"], about="Something else")
    User.objects.filter(pk=mentee.pk).update(name="Tomasz Z.")
    place_of(mentee).skills.all().delete()
    say_skills(place_of(mentee), "seeks", "Law", "Pricing", "Hiring")
    assert fingerprint(program) == before
    locked = to_match(program, NOW, locked=[Pair(mentee.pk, mentor.pk)])
    assert locked.matching.locked
    assert locked.fingerprint == before


def test_the_fingerprint_changes_when_anything_that_counts_does(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    step = question(program, "step", audience="admins")
    counts(step)
    seen = [fingerprint(program)]

    def changed() -> bool:
        seen.append(fingerprint(program))
        return len(set(seen)) == len(seen)

    say_skills(place_of(mentee), "seeks", "Pricing")
    assert changed()
    say_skills(place_of(mentor), "offers", "Pricing")
    assert changed()
    Profile.objects.create(person=mentee, languages=["en"])
    assert changed()
    UsualHours.objects.create(person=mentor, weekday=0, begins=18, ends=20)
    assert changed()
    Enrollment.objects.filter(person=mentor).update(capacity=2)
    assert changed()
    answer(step, mentee, "senior")
    assert changed()
    reports_to(program, member, mentor.email)
    assert changed()
    RuledOut.objects.create(program=program, mentor=mentor, mentee=mentee)
    assert changed()
    criteria(program, hours="low")
    assert changed()
    MatchingQuestion.objects.update(wanted="different")
    assert changed()
    Enrollment.objects.filter(person=member).update(status="paused")
    assert changed()


def test_the_fingerprint_stays_when_what_changes_counts_for_nothing(
    program: Program, mentor: User, mentee: User
) -> None:
    before = fingerprint(program)
    Enrollment.objects.filter(person=mentee).update(department="Sales", line_manager="boss@elsewhere.example")
    answer(question(program, "step"), mentee, "senior")
    User.objects.filter(pk=mentor.pk).update(time_zone="Asia/Tokyo")
    assert fingerprint(program) == before
    criteria(program, department="low")
    weighed = fingerprint(program)
    assert weighed != before
    Enrollment.objects.filter(person=mentee).update(department="Law")
    assert fingerprint(program) != weighed


# --- What it asks of the database ------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(
    program: Program, mentor: User, mentee: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            to_match(program, NOW)
        return len(asked)

    step = question(program, "step")
    counts(step)
    criteria(program, seniority_from=step, interests_from=step)
    reports_to(program, mentee, mentor.email)
    few = queries()
    for number in range(30):
        person = make_person(f"p{number}@harbor.example", f"Person {number}")
        place = enroll(
            program, person, ("mentee", "mentor", "both")[number % 3], line_manager="noor@harbor.example"
        )
        say_skills(place, "seeks", "Law")
        answer(step, person, "senior")
        Profile.objects.create(person=person, languages=["en"])
        UsualHours.objects.create(person=person, weekday=number % 7, begins=18, ends=20)
        RuledOut.objects.create(program=program, mentor=mentor, mentee=person)
    assert queries() == few == 14


def test_a_long_list_of_people_is_read_as_a_short_one(
    program: Program, other_program: Program, mentor: User, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = question(program, "step")
    counts(step)
    for number in range(6):
        person = make_person(f"p{number}@harbor.example", f"Person {number}")
        status = "active" if number < 4 else "paused"
        place = enroll(program, person, ("mentee", "mentor")[number % 2], status=status)
        say_skills(place, "seeks", "Law")
        answer(step, person, "senior")
        Profile.objects.create(person=person, languages=["en"])
        UsualHours.objects.create(person=person, weekday=number % 7, begins=18, ends=20)
        because = ("admins", "not_a_fit")[number // 3]
        RuledOut.objects.create(program=program, mentor=person, mentee=mentee, because=because)
        pair(other_program, mentor, person, status="ended", ended_on=TODAY)
    few = to_match(program, NOW).matching
    assert few.forbidden
    assert few.never
    assert few.earlier
    monkeypatch.setattr(pool, "FEW", 0)
    assert to_match(program, NOW).matching == few


def test_a_pool_of_two_is_made_of_the_places_that_are_given(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.update(status="paused")
    matching = pool_of(program, [place_of(mentee)], [place_of(mentor)], NOW).matching
    assert (keys(matching.mentees), keys(matching.mentors)) == ({mentee.pk}, {mentor.pk})
    assert matching.mentors[0].capacity == 3


def test_what_is_asked_is_in_the_order_of_the_must_haves(
    program: Program, mentor: User, mentee: User
) -> None:
    counts(question(program, "step"), must="same")
    criteria(program, language_in_common=True, half_hours_shared=2, zone_gap=30, other_department=True)
    asked = Musts(to_match(program, NOW).matching).asked
    assert [must.kind for must in asked] == [
        "blocked", "never", "self", "earlier", "line", "language", "hours", "zone", "department", "question"
    ]  # fmt: skip
    assert asked[-1] == Must("question", "step")
