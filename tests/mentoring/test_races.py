"""Two clicks at one moment, in two transactions of a real database."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import Enrollment, Invitation, Meeting, Pairing, Program
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
            program, mentor, person, by=admin, starts_on=TODAY, approval="admins", now=NOW
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
                program, mentor, person, by=admin, starts_on=TODAY, approval="both", now=NOW
            )
            for person in people
        ]
    )
    assert ends.count("done") == 3
    assert Pairing.objects.open().filter(mentor=mentor).count() == 3


def test_a_mentee_gets_one_mentor_when_two_admins_click_at_once(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=member).update(role=Enrollment.Role.MENTOR)

    def with_(person: User) -> Callable[[], object]:
        return lambda: actions.create_pairing(
            program, person, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW
        )

    for _round in range(5):
        Pairing.objects.all().delete()
        ends = at_once([with_(mentor), with_(member)])
        refused = "refused: Tomasz has a mentor here already, and this program allows one at a time."
        assert ends == ["done", refused]
        assert Pairing.objects.open().count() == 1


def test_of_two_questions_one_becomes_a_pair_when_both_are_answered_at_once(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    Enrollment.objects.filter(person=member).update(role=Enrollment.Role.MENTOR)
    for _round in range(5):
        Pairing.objects.all().delete()
        questions = [
            pair(program, person, mentee, status="proposed", mentee_accepted_at=None)
            for person in (mentor, member)
        ]
        ends = at_once(
            [lambda one=one: actions.accept_pairing(one, by=mentee, now=NOW) for one in questions]  # type: ignore[misc]
        )
        assert ends == ["done", "refused: This question is no longer open."]
        assert Pairing.objects.active().count() == 1


def test_two_are_paired_one_way_only_when_both_ways_are_clicked_at_once(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    Enrollment.objects.update(role=Enrollment.Role.BOTH, capacity=3)

    def make(one: User, other: User) -> Callable[[], object]:
        return lambda: actions.create_pairing(
            program, one, other, by=admin, starts_on=TODAY, approval="admins", now=NOW
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


# --- Invitations ---------------------------------------------------------------------------------------------------

WEEK = timedelta(days=7)


def join(invitation: Invitation, person: User) -> Callable[[], object]:
    return lambda: actions.join_by_invitation(invitation, person, now=NOW)


def test_two_at_once_on_a_link_for_one_let_one_in(
    program: Program, admin: User, outsider: User, superuser: User
) -> None:
    for _round in range(5):
        Enrollment.objects.all().delete()
        link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK, most_uses=1)
        ends = at_once([join(link, outsider), join(link, superuser)])
        assert ends == ["done", "refused: This invitation opens nothing any more."]
        assert Enrollment.objects.filter(invitation=link).count() == 1


def test_eight_at_once_on_a_link_for_three_let_three_in(program: Program, admin: User) -> None:
    link = actions.invite_by_link(program, "mentee", by=admin, now=NOW, lives=WEEK, most_uses=3)
    people = [make_person(f"p{number}@harbor.example", f"Person {number}") for number in range(8)]
    ends = at_once([join(link, person) for person in people])
    assert ends.count("done") == 3
    assert Enrollment.objects.filter(invitation=link, status="active").count() == 3


def test_a_double_click_is_one_place(program: Program, admin: User, outsider: User) -> None:
    for _round in range(5):
        Enrollment.objects.all().delete()
        link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=WEEK)
        ends = at_once([join(link, outsider)] * 3)
        assert ends == ["done", *["refused: You have a place in this program already."] * 2]
        assert Enrollment.objects.filter(person=outsider).count() == 1


def test_two_links_at_once_are_one_place(program: Program, admin: User, outsider: User) -> None:
    for _round in range(5):
        Enrollment.objects.all().delete()
        links = [
            actions.invite_by_link(program, role, by=admin, now=NOW, lives=WEEK)
            for role in ("mentor", "mentee")
        ]
        ends = at_once([join(link, outsider) for link in links])
        assert ends == ["done", "refused: You have a place in this program already."]
        assert Enrollment.objects.filter(person=outsider).count() == 1


def test_one_comes_in_or_the_invitation_is_taken_back_never_both(
    program: Program, admin: User, outsider: User
) -> None:
    for _round in range(8):
        Enrollment.objects.all().delete()
        Invitation.objects.all().delete()
        guests = [actions.Guest(outsider.email)]
        (mail,) = actions.invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=WEEK)
        ends = at_once(
            [join(mail, outsider), lambda: actions.revoke_invitation(mail, by=admin, now=NOW)]  # noqa: B023
        )
        mail.refresh_from_db()
        assert ends.count("done") == 1
        is_in = Enrollment.objects.filter(person=outsider, status="active").exists()
        assert is_in == (mail.accepted_at is not None) == (mail.revoked_at is None)


def test_a_yes_and_a_no_to_an_invitation_at_once_are_one_answer(
    program: Program, admin: User, outsider: User
) -> None:
    for _round in range(8):
        Enrollment.objects.all().delete()
        guests = [actions.Guest(outsider.email)]
        (mail,) = actions.invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=WEEK)
        at_once([join(mail, outsider), lambda: actions.decline_invitation(mail, now=NOW)])  # noqa: B023
        mail.refresh_from_db()
        status = Enrollment.objects.get(person=outsider).status
        assert status == ("active" if mail.accepted_at else "declined")
        assert (mail.accepted_at is None) != (mail.declined_at is None)


def test_two_admins_who_invite_the_same_people_at_once_invite_them_once(
    program: Program, admin: User, superuser: User
) -> None:
    guests = [actions.Guest(f"p{number}@new.example") for number in range(5)]

    def invite(by: User, people: Sequence[actions.Guest]) -> Callable[[], object]:
        return lambda: actions.invite_by_email(program, "mentee", people, by=by, now=NOW, lives=WEEK)

    ends = at_once([invite(admin, guests), invite(superuser, guests[::-1])])
    assert ends == [
        "done",
        "refused: Some of these people are in the program, or invited, already.",
    ]
    assert Invitation.objects.count() == Message.objects.filter(kind="invitation").count() == 5


def test_two_clocks_remind_once_and_forget_once(program: Program, admin: User) -> None:
    guests = [actions.Guest("petra@new.example")]
    actions.invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=WEEK)
    half, long_after = NOW + WEEK / 2, NOW + timedelta(days=40)
    numbers: list[int] = []
    at_once([lambda: numbers.append(actions.remind_the_silent(half)) for _clock in range(4)])
    assert sum(numbers) == 1
    assert Message.objects.filter(kind="invitation_reminder").count() == 1
    ends = at_once([lambda: actions.forget_those_who_never_came(long_after) for _clock in range(4)])
    assert ends == ["done"] * 4
    assert not User.objects.filter(email="petra@new.example").exists()


def test_who_is_invited_anew_is_not_forgotten_at_that_moment(program: Program, admin: User) -> None:
    guests = [actions.Guest("petra@new.example", "Petra")]
    later = NOW + timedelta(days=40)
    for _round in range(5):
        Invitation.objects.all().delete()
        Enrollment.objects.all().delete()
        actions.invite_by_email(program, "mentee", guests, by=admin, now=NOW, lives=WEEK)
        ends = at_once(
            [
                lambda: actions.invite_by_email(program, "mentee", guests, by=admin, now=later, lives=WEEK),
                lambda: actions.forget_those_who_never_came(later),
            ]
        )
        assert ends == ["done", "done"]
        waiting = Invitation.objects.unanswered(later).filter(person__email="petra@new.example")
        assert waiting.exists()


def test_two_browsers_at_once_on_somebodys_first_link_sign_one_in(program: Program, admin: User) -> None:
    now = timezone.now()
    for number in range(4):
        guests = [actions.Guest(f"p{number}@new.example")]
        (mail,) = actions.invite_by_email(program, "mentee", guests, by=admin, now=now, lives=WEEK)
        browsers = [Client(), Client()]
        path = reverse("join:open", args=[mail.token])
        ends = at_once(
            [lambda browser=browser: browser.post(path, {"name": "P"}) for browser in browsers]  # type: ignore[misc] # noqa: B023
        )
        assert ends == ["done"] * 2
        assert ["_auth_user_id" in browser.session for browser in browsers].count(True) == 1
        assert Enrollment.objects.get(person__email=f"p{number}@new.example").status == "active"
