"""The rows of a program as the matching wants them."""

from datetime import timedelta

import pytest

from accounts.models import Profile, User, UsualHours
from mentoring.matching.fit import Musts
from mentoring.matching.people import Mentee, Mentor, Pair
from mentoring.matching.program import Matching
from mentoring.models import (
    Enrollment,
    EnrollmentQuestion,
    MatchingQuestion,
    Pairing,
    Program,
)
from mentoring.pool import to_match
from tests.conftest import NOW, TODAY, enroll, make_person, pair, say_skills
from tests.mentoring.runs.conftest import answer, counts, criteria, question

pytestmark = pytest.mark.django_db


def keys(people: object) -> set[int]:
    return {each.key for each in people}  # type: ignore[attr-defined]


def mentee_in(matching: Matching, person: User) -> Mentee:
    return matching.mentees[matching.mentee_at[person.pk]]


def mentor_in(matching: Matching, person: User) -> Mentor:
    return matching.mentors[matching.mentor_at[person.pk]]


def place_of(person: User) -> Enrollment:
    return Enrollment.objects.get(person=person)


def why_not(matching: Matching, mentee: User, mentor: User) -> list[str]:
    broken = Musts(matching).broken(mentee_in(matching, mentee), mentor_in(matching, mentor))
    return [must.kind for must in broken]


# --- Who is in it ----------------------------------------------------------------------------------------------------


def test_those_who_could_get_somebody_are_in_the_pool_with_the_room_that_is_left(
    program: Program, mentor: User, mentee: User, member: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=2)
    pair(program, mentor, mentee)
    matching = to_match(program, NOW).matching
    assert keys(matching.mentees) == {member.pk}
    assert [each.capacity for each in matching.mentors] == [1]
    Pairing.objects.update(status=Pairing.Status.ENDED, ended_on=TODAY)
    assert keys(to_match(program, NOW).matching.mentees) == {member.pk, mentee.pk}
    assert Pair(mentee.pk, mentor.pk) in to_match(program, NOW).matching.earlier


@pytest.mark.parametrize(
    "status", [each for each in Enrollment.Status.values if each != Enrollment.Status.ACTIVE]
)
def test_whoever_is_not_active_in_the_program_is_not_in_the_pool(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    for number, role in enumerate(("mentee", "mentor", "both")):
        person = make_person(f"p{number}@harbor.example", "Wen Waits")
        days = {"joined_on": None} if status not in ("paused", "completed") else {}
        enroll(program, person, role, status=status, **days)
    matching = to_match(program, NOW).matching
    assert (keys(matching.mentees), keys(matching.mentors)) == ({mentee.pk}, {mentor.pk})


@pytest.mark.parametrize(
    "gone",
    [
        {"is_active": False},
        {"erasure_due_at": NOW + timedelta(days=3)},
        {"is_active": False, "name": "", "erased_at": NOW},
    ],
)
def test_whoever_cannot_sign_in_or_is_leaving_is_not_in_the_pool(
    program: Program, mentor: User, mentee: User, gone: dict[str, object]
) -> None:
    User.objects.filter(pk__in=[mentor.pk, mentee.pk]).update(**gone)
    matching = to_match(program, NOW).matching
    assert not matching.mentees
    assert not matching.mentors


def test_a_mentee_is_in_the_pool_until_they_have_as_many_mentors_as_the_program_gives(
    program: Program, mentor: User, mentee: User
) -> None:
    program.pairings_per_mentee = 2
    other = make_person("greta@harbor.example", "Greta Holm")
    enroll(program, other, "mentor")
    pair(program, mentor, mentee)
    matching = to_match(program, NOW).matching
    assert keys(matching.mentees) == {mentee.pk}
    assert Pair(mentee.pk, mentor.pk) in matching.forbidden
    pair(program, other, mentee, status=Pairing.Status.PROPOSED)
    assert not to_match(program, NOW).matching.mentees


@pytest.mark.parametrize("status", Pairing.Status.values)
def test_a_pairing_takes_up_room_while_it_holds_a_place(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    ended = {"ended_on": TODAY} if status in Pairing.OVER else {}
    pair(program, mentor, mentee, status=status, **ended)
    matching = to_match(program, NOW).matching
    holds = status in Pairing.HOLDING
    assert bool(matching.mentors) is not holds
    assert bool(matching.mentees) is not holds


def test_whoever_is_both_is_on_either_side_and_never_with_themselves(program: Program, mentor: User) -> None:
    Enrollment.objects.filter(person=mentor).update(role="both", capacity=1)
    matching = to_match(program, NOW).matching
    assert keys(matching.mentees) == keys(matching.mentors) == {mentor.pk}
    assert why_not(matching, mentor, mentor) == ["self"]
    other = make_person("greta@harbor.example", "Greta Holm")
    enroll(program, other, "mentee")
    pair(program, mentor, other)
    matching = to_match(program, NOW).matching
    assert (keys(matching.mentees), keys(matching.mentors)) == ({mentor.pk}, set())


def test_people_of_another_program_are_not_in_it(
    program: Program, other_program: Program, mentor: User, mentee: User
) -> None:
    enroll(other_program, mentor, "mentee")
    enroll(other_program, make_person("kofi@hill.example", "Kofi Mensah"), "mentor")
    pair(other_program, make_person("mara@hill.example", "Mara Olsen"), mentor)
    matching = to_match(program, NOW).matching
    assert (keys(matching.mentees), keys(matching.mentors)) == ({mentee.pk}, {mentor.pk})


# --- What they said --------------------------------------------------------------------------------------------------


def test_what_people_said_is_what_they_are_matched_by(program: Program, mentor: User, mentee: User) -> None:
    for person, side in ((mentor, "offers"), (mentee, "seeks")):
        say_skills(place_of(person), side, "Pricing")
        Profile.objects.update_or_create(person=person, defaults={"languages": ["en", "de"]})
        UsualHours.objects.create(person=person, weekday=0, begins=18, ends=20)
    Enrollment.objects.filter(person=mentee).update(department="Sales")
    matching = to_match(program, NOW).matching
    one, other = mentee_in(matching, mentee), mentor_in(matching, mentor)
    assert one.seeks == other.offers == frozenset({"Pricing"})
    assert one.languages == frozenset({"en", "de"})
    # In summer Lisbon is an hour ahead and Warsaw two: 09:00 to 10:00 there begins at 08:00 and at 07:00 UTC.
    assert (other.hours, one.hours) == ((1 << 16) | (1 << 17), (1 << 14) | (1 << 15))
    assert (other.zone, one.zone) == (60, 120)
    assert (other.department, one.department) == ("", "Sales")


def test_whoever_has_said_nothing_is_in_it_all_the_same(program: Program, mentor: User) -> None:
    User.objects.update(time_zone="")
    found = mentor_in(to_match(program, NOW).matching, mentor)
    assert (found.hours, found.zone, found.languages, found.department) == (0, None, frozenset(), "")
    assert (found.line_manager, found.interests, found.seniority, found.answers) == (
        None,
        frozenset(),
        None,
        {},
    )


def test_hours_are_those_of_the_week_in_which_it_is_asked(program: Program, mentor: User) -> None:
    UsualHours.objects.create(person=mentor, weekday=0, begins=18, ends=20)
    summer = mentor_in(to_match(program, NOW).matching, mentor).hours
    winter = mentor_in(to_match(program, NOW + timedelta(days=180)).matching, mentor).hours
    assert winter == summer << 2


def test_answers_to_questions_that_count_are_there_and_named_only_where_that_was_promised(
    program: Program, mentor: User, mentee: User
) -> None:
    told, kept = question(program, "told"), question(program, "kept", audience="admins")
    other = question(program, "other")
    for each in (told, kept):
        counts(each)
    for each in (told, kept, other):
        answer(each, mentor, "senior")
    answer(told, mentee, "junior", audience="admins")
    matching = to_match(program, NOW).matching
    found = mentor_in(matching, mentor).answers
    assert {code: said.may_be_named for code, said in found.items()} == {"told": True, "kept": False}
    assert not mentee_in(matching, mentee).answers["told"].may_be_named
    assert [each.code for each in matching.criteria.questions] == ["told", "kept"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"kind": "short", "options": []}])
def test_a_question_that_is_asked_no_more_counts_for_nothing(
    program: Program, mentor: User, change: dict[str, object]
) -> None:
    asked = question(program, "step")
    counts(asked, must="same")
    criteria(program, interests_from=asked, seniority_from=asked)
    answer(asked, mentor, "senior")
    before = mentor_in(to_match(program, NOW).matching, mentor)
    assert (before.interests, before.seniority, set(before.answers)) == (frozenset({"senior"}), 2, {"step"})
    EnrollmentQuestion.objects.update(**change)
    matching = to_match(program, NOW).matching
    found = mentor_in(matching, mentor)
    assert (found.interests, found.seniority, found.answers) == (frozenset(), None, {})
    assert not matching.criteria.questions


def test_a_question_that_is_to_be_nothing_and_weighs_nothing_is_not_read(
    program: Program, mentor: User
) -> None:
    asked = question(program, "step")
    counts(asked, weight="off")
    answer(asked, mentor, "senior")
    assert not mentor_in(to_match(program, NOW).matching, mentor).answers
    MatchingQuestion.objects.update(must="same")
    assert mentor_in(to_match(program, NOW).matching, mentor).answers


def test_interests_and_seniority_are_known_only_from_answers_that_the_pair_reads(
    program: Program, mentor: User, mentee: User
) -> None:
    step, likes = (
        question(program, "step"),
        question(program, "likes", kind="choices", options=["a", "b", "c"]),
    )
    criteria(program, interests_from=likes, seniority_from=step)
    answer(step, mentor, "senior")
    answer(likes, mentor, "a", "b")
    answer(step, mentee, "junior", audience="admins")
    answer(likes, mentee, "a", audience="admins")
    matching = to_match(program, NOW).matching
    other = mentor_in(matching, mentor)
    assert (other.seniority, other.interests) == (2, frozenset({"a", "b"}))
    one = mentee_in(matching, mentee)
    assert (one.seniority, one.interests) == (None, frozenset())


def test_an_answer_that_is_no_choice_any_more_or_two_at_once_is_no_step(
    program: Program, mentor: User, mentee: User
) -> None:
    step = question(program, "step", kind="choices")
    criteria(program, seniority_from=step)
    answer(step, mentor, "junior", "senior")
    answer(step, mentee, "emeritus", "middle")
    matching = to_match(program, NOW).matching
    assert (mentor_in(matching, mentor).seniority, mentee_in(matching, mentee).seniority) == (None, 1)
