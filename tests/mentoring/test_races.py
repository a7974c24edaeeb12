"""Two clicks at one moment, in two transactions of a real database."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Meeting, Pairing, Program
from tests.conftest import NOW, TODAY, enroll, make_person, pair

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Run all acts at one moment, each in a thread with its own connection; what each came to, in words."""
    barrier = threading.Barrier(len(acts))
    ends: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            act()
        except Refused as no:
            ends.append(f"refused: {no}")
        except Exception as error:
            ends.append(f"{type(error).__name__}: {error}")
        else:
            ends.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=40)
    return sorted(ends)


def test_a_mentor_with_room_for_one_is_paired_once_when_two_admins_click_at_once(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)

    def with_(person: User) -> Callable[[], object]:
        return lambda: actions.create_pairing(
            program, mentor, person, by=admin, starts_on=TODAY, ask_first=False, now=NOW
        )

    for _round in range(5):
        Pairing.objects.all().delete()
        ends = at_once([with_(mentee), with_(member)])
        assert ends == ["done", "refused: Noor has no room for another mentee now."]
        assert Pairing.objects.open().count() == 1


def test_six_mentees_at_once_fill_exactly_the_room_there_is(
    program: Program, mentor: User, admin: User
) -> None:
    people = [make_person(f"p{number}@harbor.example", f"Person {number}") for number in range(6)]
    for person in people:
        enroll(program, person, Enrollment.Role.MENTEE)
    ends = at_once(
        [
            lambda person=person: actions.create_pairing(  # type: ignore[misc]
                program, mentor, person, by=admin, starts_on=TODAY, ask_first=True, now=NOW
            )
            for person in people
        ]
    )
    assert ends.count("done") == 3
    assert Pairing.objects.open().filter(mentor=mentor).count() == 3


def test_two_are_paired_one_way_only_when_both_ways_are_clicked_at_once(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    Enrollment.objects.update(role=Enrollment.Role.BOTH, capacity=3)

    def make(one: User, other: User) -> Callable[[], object]:
        return lambda: actions.create_pairing(
            program, one, other, by=admin, starts_on=TODAY, ask_first=False, now=NOW
        )

    for _round in range(5):
        Pairing.objects.all().delete()
        ends = at_once([make(mentor, mentee), make(mentee, mentor)])
        assert ends == ["done", "refused: These two already have an open pairing in this program."]


def test_two_who_say_yes_at_once_are_one_pair_with_one_notice_each(
    program: Program, mentor: User, mentee: User
) -> None:
    for _round in range(5):
        Pairing.objects.all().delete()
        Message.objects.all().delete()
        asked = pair(
            program, mentor, mentee, status="proposed", mentor_accepted_at=None, mentee_accepted_at=None
        )
        clicks = [
            lambda person=person: actions.accept_pairing(asked, by=person, now=NOW)  # type: ignore[misc] # noqa: B023
            for person in (mentor, mentor, mentee, mentee)
        ]
        assert at_once(clicks) == ["done"] * 4
        asked.refresh_from_db()
        assert asked.status == Pairing.Status.ACTIVE
        assert Message.objects.filter(kind="pairing_made", subject_id=asked.pk).count() == 2


def test_a_yes_and_a_no_at_once_leave_no_pair(program: Program, mentor: User, mentee: User) -> None:
    for _round in range(5):
        Pairing.objects.all().delete()
        asked = pair(program, mentor, mentee, status="proposed", mentee_accepted_at=None)
        ends = at_once(
            [
                lambda: actions.accept_pairing(asked, by=mentee, now=NOW),  # noqa: B023
                lambda: actions.decline_pairing(asked, by=mentor, now=NOW),  # noqa: B023
            ]
        )
        asked.refresh_from_db()
        assert ends.count("done") == 1
        assert asked.status in (Pairing.Status.ACTIVE, Pairing.Status.DECLINED)
        assert (asked.status == Pairing.Status.ACTIVE) == (asked.mentee_accepted_at is not None)


def test_one_meeting_is_planned_when_both_write_it_down_at_once(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    when = NOW + timedelta(days=1)
    ends = at_once(
        [
            lambda person=person: actions.plan_meeting(  # type: ignore[misc]
                pairing, by=person, starts_at=when, minutes=60, now=NOW
            )
            for person in (mentor, mentee, mentor)
        ]
    )
    assert ends == ["done"] * 3
    assert Meeting.objects.count() == 1


def test_two_clocks_begin_a_pairing_once(program: Program, mentor: User, mentee: User) -> None:
    pair(program, mentor, mentee, status="accepted", starts_on=TODAY)
    started: list[int] = []
    at_once([lambda: started.append(actions.start_due_pairings(NOW)) for _clock in range(4)])
    assert sum(started) == 1
    assert Pairing.objects.active().count() == 1


def test_one_place_is_given_when_two_admins_enroll_at_once(
    program: Program, admin: User, superuser: User
) -> None:
    ends = at_once(
        [
            lambda by=by: actions.enroll_by_email(  # type: ignore[misc]
                program, "zoe@new.example", "Zoe", Enrollment.Role.MENTEE, by=by, now=NOW
            )
            for by in (admin, superuser)
        ]
    )
    assert ends == ["done", "refused: This person already has a place in this program."]
    assert User.objects.filter(email="zoe@new.example").count() == 1
