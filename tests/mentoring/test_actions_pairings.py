"""Making pairings, answering, pausing and ending them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Pairing, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair

Status = Pairing.Status


def propose(program: Program, mentor: User, mentee: User, by: User, **fields: object) -> Pairing:
    values: dict[str, object] = {"starts_on": TODAY, "approval": "both", "now": NOW}
    return actions.create_pairing(program, mentor, mentee, by=by, **(values | fields))


def owed(pairing: Pairing) -> set[tuple[int, str]]:
    return set(Message.objects.filter(subject_id=pairing.pk).values_list("person_id", "kind"))


# --- Making a pair


def test_an_admin_who_matches_two_people_makes_them_a_pair_at_once(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = propose(program, mentor, mentee, admin, approval="admins", focus="clients")
    pairing.refresh_from_db()
    assert pairing.status == Status.ACTIVE
    assert pairing.mentor_accepted_at == pairing.mentee_accepted_at == NOW
    assert pairing.focus == "clients"
    assert owed(pairing) == {(mentor.pk, "pairing_made"), (mentee.pk, "pairing_made")}


def test_a_pair_that_begins_later_waits_for_its_first_day(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = propose(program, mentor, mentee, admin, approval="admins", starts_on=TODAY + timedelta(days=9))
    assert pairing.status == Status.ACCEPTED
    assert owed(pairing) == {(mentor.pk, "pairing_made"), (mentee.pk, "pairing_made")}


def test_two_who_are_asked_first_get_a_question_and_no_pairing_yet(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = propose(program, mentor, mentee, admin)
    assert pairing.status == Status.PROPOSED
    assert pairing.mentor_accepted_at is None
    assert owed(pairing) == {(mentor.pk, "pairing_proposed"), (mentee.pk, "pairing_proposed")}


def test_nobody_else_makes_pairings(
    program: Program, mentor: User, mentee: User, member: User, other_admin: User
) -> None:
    for person in (mentor, member, other_admin):
        with pytest.raises(Refused, match="run a program"):
            propose(program, mentor, mentee, person)
    assert not Pairing.objects.exists()
    assert not Message.objects.exists()


def test_a_superuser_makes_pairings_in_every_program(
    program: Program, mentor: User, mentee: User, superuser: User
) -> None:
    assert propose(program, mentor, mentee, superuser).pk


@pytest.mark.parametrize("status", ["paused", "withdrawn", "invited", "completed"])
def test_somebody_who_is_not_active_in_the_program_is_not_paired(
    program: Program, mentor: User, mentee: User, admin: User, status: str
) -> None:
    Enrollment.objects.filter(person=mentee).update(status=status)
    with pytest.raises(Refused, match="Tomasz is not active in this program"):
        propose(program, mentor, mentee, admin)


def test_somebody_of_another_program_is_not_paired_here(
    program: Program, other_program: Program, mentor: User, admin: User
) -> None:
    stranger = make_person("vera@hill.example", "Vera Hill")
    enroll(other_program, stranger, Enrollment.Role.MENTEE)
    with pytest.raises(Refused, match="Vera is not active"):
        propose(program, mentor, stranger, admin)


def test_a_deactivated_person_is_not_paired(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    mentor.is_active = False
    mentor.save()
    with pytest.raises(Refused, match="Noor is not active"):
        propose(program, mentor, mentee, admin)


def test_a_mentee_mentors_nobody_and_a_mentor_is_not_mentored(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    with pytest.raises(Refused, match="Tomasz is in this program as mentee"):
        propose(program, mentee, mentor, admin)


def test_somebody_who_is_both_may_stand_on_either_side(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentee).update(role=Enrollment.Role.BOTH)
    propose(program, mentor, mentee, admin)
    propose(program, mentee, member, admin)
    assert Pairing.objects.count() == 2


def test_nobody_is_paired_with_themselves(program: Program, mentor: User, admin: User) -> None:
    Enrollment.objects.filter(person=mentor).update(role=Enrollment.Role.BOTH)
    with pytest.raises(Refused, match="own mentor"):
        propose(program, mentor, mentor, admin)


def test_a_mentor_without_room_gets_no_other_mentee(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    first = propose(program, mentor, mentee, admin)
    with pytest.raises(Refused, match="Noor has no room"):
        propose(program, mentor, member, admin)
    actions.withdraw_pairing(first, by=admin, now=NOW)
    assert propose(program, mentor, member, admin).pk


def test_a_paused_pairing_keeps_its_room(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    pair(program, mentor, mentee, status=Status.PAUSED)
    with pytest.raises(Refused, match="no room"):
        propose(program, mentor, member, admin)


def test_room_in_one_program_is_not_taken_by_another(
    program: Program, other_program: Program, mentor: User, mentee: User, member: User, superuser: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    enroll(other_program, mentor, Enrollment.Role.MENTOR)
    enroll(other_program, mentee, Enrollment.Role.MENTEE)
    pair(other_program, mentor, mentee)
    assert propose(program, mentor, member, superuser).pk


def test_two_with_an_open_pairing_are_not_paired_again_either_way_round(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User
) -> None:
    Enrollment.objects.update(role=Enrollment.Role.BOTH, capacity=5)
    for one, other in ((mentor, mentee), (mentee, mentor)):
        with pytest.raises(Refused, match="already have an open pairing"):
            propose(program, one, other, admin)


def test_two_of_whom_one_has_asked_the_other_are_not_said_to_be_a_pair(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    Enrollment.objects.update(role=Enrollment.Role.BOTH, capacity=5)
    pair(program, mentor, mentee, status="requested", mentor_accepted_at=None)
    for one, other in ((mentor, mentee), (mentee, mentor)):
        with pytest.raises(Refused, match="One of the two has asked the other; that request is still open"):
            propose(program, one, other, admin)


def test_two_whose_pairing_is_over_may_be_paired_anew(
    program: Program, pairing: Pairing, mentor: User, mentee: User, admin: User
) -> None:
    actions.complete_pairing(pairing, by=admin, now=NOW)
    assert propose(program, mentor, mentee, admin).pk


def test_a_pairing_begins_within_its_program(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    program.ends_on = date(2026, 12, 31)
    program.save()
    for day in (date(2026, 1, 4), date(2027, 1, 1)):
        with pytest.raises(Refused, match="within the program"):
            propose(program, mentor, mentee, admin, starts_on=day)


def test_a_closed_program_pairs_nobody(program: Program, mentor: User, mentee: User, admin: User) -> None:
    program.status = Program.Status.CLOSED
    program.save()
    with pytest.raises(Refused, match="closed"):
        propose(program, mentor, mentee, admin)


# --- Answering


def test_the_second_yes_makes_the_pair_and_tells_both(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = propose(program, mentor, mentee, admin)
    actions.accept_pairing(pairing, by=mentee, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == Status.PROPOSED
    assert "pairing_made" not in {kind for _person, kind in owed(pairing)}
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == Status.ACTIVE
    assert {(mentor.pk, "pairing_made"), (mentee.pk, "pairing_made")} <= owed(pairing)


def test_a_pair_begins_on_the_day_of_the_second_yes_at_the_earliest(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = propose(program, mentor, mentee, admin)
    later = NOW + timedelta(days=4)
    for person in (mentor, mentee):
        actions.accept_pairing(pairing, by=person, now=later)
    pairing.refresh_from_db()
    assert pairing.starts_on == TODAY + timedelta(days=4)


def test_a_pair_that_says_yes_before_its_first_day_waits_for_it(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pairing = propose(program, mentor, mentee, admin, starts_on=TODAY + timedelta(days=2))
    for person in (mentor, mentee):
        actions.accept_pairing(pairing, by=person, now=NOW)
    pairing.refresh_from_db()
    assert (pairing.status, pairing.starts_on) == (Status.ACCEPTED, TODAY + timedelta(days=2))


def test_a_yes_said_twice_is_one_yes(program: Program, mentor: User, mentee: User, admin: User) -> None:
    pairing = propose(program, mentor, mentee, admin)
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    actions.accept_pairing(pairing, by=mentor, now=NOW + timedelta(hours=1))
    pairing.refresh_from_db()
    assert pairing.mentor_accepted_at == NOW
    assert pairing.status == Status.PROPOSED


def test_a_no_ends_the_question_for_both(program: Program, mentor: User, mentee: User, admin: User) -> None:
    pairing = propose(program, mentor, mentee, admin)
    actions.accept_pairing(pairing, by=mentor, now=NOW)
    actions.decline_pairing(pairing, by=mentee, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        actions.accept_pairing(pairing, by=mentee, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        actions.accept_pairing(pairing, by=mentor, now=NOW)
    with pytest.raises(Refused, match="no longer open"):
        actions.decline_pairing(pairing, by=mentor, now=NOW)
    assert not Pairing.objects.visible_to(mentor).exists()


def test_only_the_two_answer(
    program: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    pairing = propose(program, mentor, mentee, admin)
    for person in (admin, superuser):
        with pytest.raises(Refused):
            actions.accept_pairing(pairing, by=person, now=NOW)
        with pytest.raises(Refused):
            actions.decline_pairing(pairing, by=person, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == Status.PROPOSED


# --- Going on


def test_a_pairing_is_paused_and_resumed(pairing: Pairing, admin: User) -> None:
    actions.pause_pairing(pairing, by=admin, now=NOW)
    with pytest.raises(Refused, match="Only an active pairing"):
        actions.pause_pairing(pairing, by=admin, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == Status.PAUSED
    actions.resume_pairing(pairing, by=admin)
    with pytest.raises(Refused, match="Only a paused pairing"):
        actions.resume_pairing(pairing, by=admin)
    pairing.refresh_from_db()
    assert pairing.status == Status.ACTIVE


@pytest.mark.parametrize(
    ("verb", "status"), [(actions.complete_pairing, "completed"), (actions.end_pairing, "ended")]
)
def test_a_pairing_that_is_over_has_a_last_day(
    pairing: Pairing, admin: User, verb: object, status: str
) -> None:
    verb(pairing, by=admin, now=NOW)  # type: ignore[operator]
    pairing.refresh_from_db()
    assert (pairing.status, pairing.ended_on) == (status, TODAY)
    with pytest.raises(Refused, match="under way"):
        actions.end_pairing(pairing, by=admin, now=NOW)


def test_a_pairing_that_has_begun_is_not_taken_back(pairing: Pairing, admin: User) -> None:
    with pytest.raises(Refused, match="not begun"):
        actions.withdraw_pairing(pairing, by=admin, now=NOW)


def test_only_those_who_run_the_program_pause_and_end_pairings(
    pairing: Pairing, mentor: User, other_admin: User
) -> None:
    for person in (mentor, other_admin):
        with pytest.raises(Refused):
            actions.pause_pairing(pairing, by=person, now=NOW)
        with pytest.raises(Refused):
            actions.end_pairing(pairing, by=person, now=NOW)
        with pytest.raises(Refused):
            actions.withdraw_pairing(pairing, by=person, now=NOW)
    pairing.refresh_from_db()
    assert pairing.status == Status.ACTIVE


def test_accepted_pairings_begin_on_their_day_on_the_programs_calendar(
    program: Program, other_program: Program, mentor: User, mentee: User
) -> None:
    here = pair(program, mentor, mentee, status=Status.ACCEPTED, starts_on=date(2026, 6, 24))
    there = pair(other_program, mentor, mentee, status=Status.ACCEPTED, starts_on=date(2026, 6, 24))
    # 23:30 in Lisbon is 00:30 a day later nowhere west of it: in Denver it is the afternoon before.
    assert actions.start_due_pairings(datetime(2026, 6, 23, 22, 30, tzinfo=UTC)) == 0
    assert actions.start_due_pairings(datetime(2026, 6, 23, 23, 30, tzinfo=UTC)) == 1
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.status, there.status) == (Status.ACTIVE, Status.ACCEPTED)
    assert actions.start_due_pairings(datetime(2026, 6, 23, 23, 30, tzinfo=UTC)) == 0
    assert actions.start_due_pairings(datetime(2026, 6, 24, 6, 0, tzinfo=UTC)) == 1


def test_a_pairing_whose_day_was_missed_begins_late(program: Program, mentor: User, mentee: User) -> None:
    missed = pair(program, mentor, mentee, status=Status.ACCEPTED, starts_on=date(2026, 6, 1))
    assert actions.start_due_pairings(NOW) == 1
    missed.refresh_from_db()
    assert (missed.status, missed.starts_on) == (Status.ACTIVE, date(2026, 6, 1))
