"""What an answer brings about, and what those who run the program do about one that says no fit."""

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused, ask_mentor
from mentoring.models import Enrollment, FitCheck, Pairing, Program, RuledOut
from mentoring.pool import to_match
from tests.conftest import NOW, make_person
from tests.mentoring.test_races import at_once

from .conftest import CANARY, DAY


def say(check: FitCheck, what: str, **more: object) -> None:
    actions.answer_fit_check(check, **({"by": check.person, "answer": what, "now": NOW} | more))  # type: ignore[arg-type]


def ruled_out() -> list[tuple[int, int, str]]:
    return list(RuledOut.objects.values_list("mentor", "mentee", "because"))


def test_good_is_the_end_of_it(check: FitCheck) -> None:
    say(check, "good", learned="nothing to learn")
    check.refresh_from_db()
    assert (check.answer, check.answered_at, check.learned) == ("good", NOW, "")
    assert ruled_out() == []
    assert not FitCheck.objects.to_rematch().exists()


def test_no_fit_waits_for_those_who_run_the_program_and_rules_the_pair_out(
    check: FitCheck, mentor: User, mentee: User
) -> None:
    say(check, "not_a_fit", learned=CANARY)
    check.refresh_from_db()
    assert (check.answer, check.learned) == ("not_a_fit", CANARY)
    assert list(FitCheck.objects.to_rematch()) == [check]
    assert ruled_out() == [(mentor.pk, mentee.pk, "not_a_fit")]
    assert RuledOut.objects.get().created_by is None
    check.pairing.refresh_from_db()
    assert check.pairing.status == "active"


def test_an_answer_that_is_taken_back_rules_nobody_out_any_more(check: FitCheck) -> None:
    say(check, "not_a_fit", learned=CANARY)
    say(check, "finding_out", now=NOW + DAY)
    check.refresh_from_db()
    assert (check.answer, check.answered_at, check.learned) == ("finding_out", NOW + DAY, "")
    assert ruled_out() == []


def test_what_the_other_one_said_too_is_not_taken_back_with_it(check: FitCheck, mentor: User) -> None:
    theirs = FitCheck.objects.create(pairing=check.pairing, person=mentor)
    say(check, "not_a_fit")
    say(theirs, "not_a_fit")
    say(check, "good")
    assert len(ruled_out()) == 1
    say(theirs, "good")
    assert ruled_out() == []


def test_what_was_said_of_them_elsewhere_and_by_others_stays(
    check: FitCheck, other_program: Program, mentor: User, mentee: User, admin: User
) -> None:
    RuledOut.objects.create(program=other_program, mentor=mentor, mentee=mentee, because="not_a_fit")
    actions.rule_out(check.pairing.program, mentor, mentee, by=admin, now=NOW)
    say(check, "not_a_fit")
    say(check, "good")
    assert sorted(each for *_two, each in ruled_out()) == ["admins", "not_a_fit"]


def test_the_same_answer_said_twice_is_of_the_first_day(check: FitCheck) -> None:
    say(check, "finding_out")
    say(check, "finding_out", now=NOW + 9 * DAY)
    check.refresh_from_db()
    assert check.answered_at == NOW


def test_nobody_answers_for_somebody_else(
    check: FitCheck, mentor: User, admin: User, superuser: User
) -> None:
    for person in (mentor, admin, superuser):
        with pytest.raises(Refused):
            say(check, "good", by=person)
    check.refresh_from_db()
    assert check.answer == ""


@pytest.mark.parametrize("status", ["completed", "ended"])
def test_nobody_answers_once_the_pairing_is_over(check: FitCheck, status: str) -> None:
    Pairing.objects.update(status=status, ended_on=NOW.date())
    with pytest.raises(Refused):
        say(check, "good")


def test_nobody_answers_once_the_program_is_over(check: FitCheck) -> None:
    Program.objects.update(status="closed")
    with pytest.raises(Refused):
        say(check, "good")


def test_only_the_last_question_is_answered_otherwise(check: FitCheck) -> None:
    say(check, "finding_out")
    FitCheck.objects.create(pairing=check.pairing, person=check.person, number=2)
    with pytest.raises(Refused):
        say(check, "not_a_fit")
    assert ruled_out() == []


# --- Those who run the program


def test_ending_the_pairing_sees_to_what_both_said_and_both_are_matched_anew(
    check: FitCheck, program: Program, mentor: User, mentee: User, admin: User
) -> None:
    theirs = FitCheck.objects.create(pairing=check.pairing, person=mentor)
    say(check, "not_a_fit")
    say(theirs, "not_a_fit")
    actions.end_as_no_fit(check, by=admin, now=NOW)
    check.pairing.refresh_from_db()
    assert (check.pairing.status, check.pairing.ended_on) == ("ended", program.today(NOW))
    assert not FitCheck.objects.to_rematch().exists()
    assert set(FitCheck.objects.values_list("settled_at", flat=True)) == {NOW}
    matching = to_match(program, NOW).matching
    assert mentee.pk in matching.mentee_at
    assert mentor.pk in matching.mentor_at
    with pytest.raises(Refused):
        actions.end_as_no_fit(theirs, by=admin, now=NOW)


def test_the_two_are_not_proposed_again_nor_in_another_direction_nor_elsewhere(
    check: FitCheck, program: Program, mentor: User, mentee: User, admin: User
) -> None:
    say(check, "not_a_fit")
    actions.end_as_no_fit(check, by=admin, now=NOW)
    Enrollment.objects.filter(program=program).update(role="both", capacity=2)
    elsewhere = Program.objects.create(name="Elsewhere", slug="elsewhere", starts_on=program.starts_on)
    for person in (mentor, mentee):
        Enrollment.objects.create(
            program=elsewhere, person=person, role="both", status="active", joined_on=program.starts_on
        )
    for one in (program, elsewhere):
        never = to_match(one, NOW).matching.never
        assert {(mentor.pk, mentee.pk), (mentee.pk, mentor.pk)} <= {
            (pair.mentor, pair.mentee) for pair in never
        }


def test_asking_the_same_mentor_again_is_refused_without_a_reason(
    check: FitCheck, program: Program, mentor: User, mentee: User, admin: User
) -> None:
    """Also where earlier pairs may be pairs again, and it was the mentor who said it."""
    theirs = FitCheck.objects.create(pairing=check.pairing, person=mentor)
    say(theirs, "not_a_fit")
    actions.end_as_no_fit(theirs, by=admin, now=NOW)
    Program.objects.filter(pk=program.pk).update(matched_by="both")
    program.refresh_from_db()
    with pytest.raises(Refused, match="what this program asks of a pair"):
        ask_mentor(program, mentor, by=mentee, note="Hello", now=NOW)


def test_a_pairing_that_has_ended_otherwise_is_left_as_it_is(check: FitCheck, admin: User) -> None:
    say(check, "not_a_fit")
    actions.complete_pairing(check.pairing, by=admin, now=NOW)
    actions.end_as_no_fit(check, by=admin, now=NOW + DAY)
    check.pairing.refresh_from_db()
    assert check.pairing.status == "completed"
    assert not FitCheck.objects.to_rematch().exists()


def test_seeing_to_it_keeps_the_pairing_and_the_answer(check: FitCheck, mentee: User, admin: User) -> None:
    say(check, "not_a_fit")
    actions.settle_fit_check(check, by=admin, now=NOW)
    check.pairing.refresh_from_db()
    assert check.pairing.status == "active"
    assert len(ruled_out()) == 1
    with pytest.raises(Refused):
        say(check, "good")
    with pytest.raises(Refused):
        actions.settle_fit_check(check, by=admin, now=NOW)


@pytest.mark.parametrize("what", ["", "good", "finding_out"])
def test_only_an_answer_that_says_no_fit_is_seen_to(check: FitCheck, admin: User, what: str) -> None:
    if what:
        say(check, what)
    for act in (actions.settle_fit_check, actions.end_as_no_fit):
        with pytest.raises(Refused):
            act(check, by=admin, now=NOW)
    check.pairing.refresh_from_db()
    assert check.pairing.status == "active"


def test_others_see_to_nothing(check: FitCheck, mentor: User, mentee: User, other_admin: User) -> None:
    say(check, "not_a_fit")
    for person in (mentor, mentee, other_admin):
        for act in (actions.settle_fit_check, actions.end_as_no_fit):
            with pytest.raises(Refused):
                act(check, by=person, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_an_answer_taken_back_at_the_moment_of_ending_leaves_one_of_the_two(
    check: FitCheck, admin: User
) -> None:
    for _round in range(4):
        FitCheck.objects.update(answer="not_a_fit", answered_at=NOW, settled_at=None)
        Pairing.objects.update(status="active", ended_on=None)
        ends = at_once([lambda: say(check, "good"), lambda: actions.end_as_no_fit(check, by=admin, now=NOW)])
        check.refresh_from_db()
        check.pairing.refresh_from_db()
        assert ends.count("done") == 1
        assert (check.answer, check.pairing.status) in {("good", "active"), ("not_a_fit", "ended")}


# --- Pairs that those who run a program rule out


def test_two_are_ruled_out_once_whichever_way_round(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    row = actions.rule_out(program, mentor, mentee, by=admin, now=NOW)
    assert (row.because, row.created_by, row.created_at) == ("admins", admin, NOW)
    for one, other in ((mentor, mentee), (mentee, mentor)):
        with pytest.raises(Refused, match="already"):
            actions.rule_out(program, one, other, by=admin, now=NOW)


def test_whoever_is_not_there_is_not_ruled_out(
    program: Program, mentor: User, mentee: User, outsider: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentee).update(status="withdrawn")
    for other in (mentee, outsider, mentor):
        with pytest.raises(Refused):
            actions.rule_out(program, mentor, other, by=admin, now=NOW)
    stranger = make_person("kim@harbor.example", "Kim")
    with pytest.raises(Refused, match="Only those who run"):
        actions.rule_out(program, mentor, mentee, by=stranger, now=NOW)
