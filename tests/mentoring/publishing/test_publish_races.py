"""Publishing at one moment with whatever else moves the same people: one pairing and one e-mail each."""

from collections.abc import Callable

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import Enrollment, MatchingRun, Pairing, Program, ProposedPair, Publication
from mentoring.runs.making import in_one_go
from tests.conftest import NOW, TODAY
from tests.mentoring.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def anew(program: Program) -> list[ProposedPair]:
    ProposedPair.objects.all().delete()
    Publication.objects.all().delete()
    Pairing.objects.all().delete()
    Message.objects.all().delete()
    MatchingRun.objects.all().delete()
    return list(in_one_go(program, NOW).pairs.with_people())


def telling(
    pairs: list[ProposedPair], by: User, *, approval: str = "both", told: list[int] | None = None
) -> Callable[[], object]:
    def act() -> None:
        done = actions.publish(pairs[0].run, pairs, by=by, approval=approval, starts_on=TODAY, now=NOW)
        if told is not None:
            told.append(len(done.pairings))

    return act


def letters() -> list[str]:
    return sorted(Message.objects.values_list("kind", flat=True))


def test_two_admins_who_publish_one_run_tell_each_pair_once(
    program: Program, mentor: User, mentee: User, member: User, admin: User, superuser: User
) -> None:
    for _round in range(ROUNDS):
        pairs = anew(program)
        told: list[int] = []
        assert at_once([telling(pairs, by, told=told) for by in (admin, superuser)]) == ["done"] * 2
        assert sorted(told) == [0, 2]
        assert Pairing.objects.count() == 2
        assert Publication.objects.count() == 1
        # Noor is asked of each of the two.
        assert letters() == ["pairing_proposed"] * 4
        assert not ProposedPair.objects.filter(pairing__isnull=True).exists()


def test_two_runs_that_share_people_give_nobody_too_many(
    program: Program, mentor: User, mentee: User, member: User, admin: User, superuser: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=2)
    for _round in range(ROUNDS):
        first = anew(program)
        second = list(in_one_go(program, NOW).pairs.with_people())
        ends = at_once(
            [telling(first, admin, approval="admins"), telling(second[::-1], superuser, approval="admins")]
        )
        assert ends == ["done"] * 2
        assert Pairing.objects.active().count() == 2
        assert letters() == ["pairing_made"] * 4


def test_a_capacity_lowered_at_that_moment_is_kept_or_came_too_late(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    for _round in range(ROUNDS):
        Enrollment.objects.filter(person=mentor).update(capacity=3)
        pairs = anew(program)
        ends = at_once(
            [
                telling(pairs, admin, approval="admins"),
                lambda: Enrollment.objects.filter(person=mentor).update(capacity=1),
            ]
        )
        assert ends == ["done"] * 2
        assert Pairing.objects.active().count() in (1, 2)
        assert len(letters()) == 2 * Pairing.objects.active().count()


def test_whoever_withdraws_at_that_moment_is_in_no_open_pairing(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    for _round in range(ROUNDS):
        place = Enrollment.objects.get(person=mentee)
        Enrollment.objects.filter(pk=place.pk).update(status="active")
        pairs = anew(program)
        ends = at_once(
            [
                telling(pairs, admin),
                lambda: actions.withdraw(place, now=NOW),  # noqa: B023
            ]
        )
        assert ends == ["done"] * 2
        place.refresh_from_db()
        assert place.status == "withdrawn"
        assert not Pairing.objects.open().filter(mentee=mentee).exists()


def test_a_request_that_is_accepted_at_that_moment_gives_the_mentee_one_mentor(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    """The mentee has asked Ines, who mentors too; the run proposes Noor."""
    Program.objects.filter(pk=program.pk).update(matched_by="both")
    program.refresh_from_db()
    Enrollment.objects.filter(person=member).update(role="mentor")
    for _round in range(ROUNDS):
        pairs = [each for each in anew(program) if each.mentee_id == mentee.pk]
        # Whomever the run did not choose is the one who was asked.
        (other,) = {mentor, member} - {pairs[0].mentor}
        request = actions.ask_mentor(program, other, by=mentee, note="Would you?", now=NOW)
        asked = request.pairing
        assert asked is not None
        ends = at_once(
            [
                telling(pairs, admin, approval="admins"),
                lambda: actions.accept_pairing(asked, by=other, now=NOW),  # noqa: B023
            ]
        )
        assert "done" in ends
        assert Pairing.objects.holding().filter(mentee=mentee).count() == 1
        request.delete()


def test_a_run_that_is_put_away_at_that_moment_tells_all_or_nothing(
    program: Program, mentor: User, mentee: User, member: User, admin: User, superuser: User
) -> None:
    for _round in range(ROUNDS):
        pairs = anew(program)
        ends = at_once(
            [telling(pairs, admin), lambda: actions.leave_run(pairs[0].run, by=superuser, now=NOW)]  # noqa: B023
        )
        assert ends.count("done") >= 1
        assert Pairing.objects.count() == (2 if ends == ["done"] * 2 else 0)


def test_runs_with_the_same_people_in_other_roles_do_not_wait_for_each_other_forever(
    program: Program, mentor: User, mentee: User, member: User, admin: User, superuser: User
) -> None:
    Enrollment.objects.update(role="both", capacity=2)
    Program.objects.update(pairings_per_mentee=2)
    program.refresh_from_db()
    for _round in range(ROUNDS):
        pairs = anew(program)
        add = [
            lambda one=one: actions.create_pairing(  # type: ignore[misc]
                program, one.mentee, one.mentor, by=superuser, starts_on=TODAY, approval="both", now=NOW
            )
            for one in pairs
        ]
        ends = at_once([telling(pairs, admin), *add])
        assert not [end for end in ends if end != "done" and not end.startswith("refused")]
        for one in pairs:
            assert Pairing.objects.open().between(one.mentor, one.mentee).count() <= 1
