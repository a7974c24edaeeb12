"""Places, applications and offers when several people, or one person twice, press at one moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions, places
from mentoring.actions import Application
from mentoring.models import ApplicationDraft, Enrollment, EnrollmentSkill, Pairing, Program, Skill
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.mentoring.applying import garden, meadow, said
from tests.mentoring.test_races import at_once

__all__ = ["garden", "meadow"]
pytestmark = pytest.mark.django_db(transaction=True)

THERE = "refused: You have a place in this program already, or have asked for one."
SOON = NOW + timedelta(days=2)


def apply(program: Program, person: User, application: Application | None = None) -> Callable[[], object]:
    return lambda: actions.apply(program, person, application or said(), now=NOW)


def test_a_double_click_is_one_application_with_one_receipt(meadow: Program, outsider: User) -> None:
    for _round in range(4):
        Enrollment.objects.all().delete()
        Message.objects.all().delete()
        assert at_once([apply(meadow, outsider, said(offers=["Rye"]))] * 3) == ["done", THERE, THERE]
        assert Enrollment.objects.filter(person=outsider).count() == 1
        assert Message.objects.filter(person=outsider).count() == 1


def test_ten_at_once_fill_exactly_the_places_there_are_and_the_rest_wait(garden: Program) -> None:
    Program.objects.filter(pk=garden.pk).update(places_for_mentees=3)
    people = [make_person(f"p{number}@harbor.example", f"Person {number}") for number in range(10)]
    assert at_once([apply(garden, person) for person in people]) == ["done"] * 10
    assert garden.enrollments.filter(status="active").count() == 3
    assert garden.enrollments.waitlist().count() == 7


def test_a_name_proposed_by_many_at_once_is_on_the_list_once(meadow: Program) -> None:
    names = ["Rye", "Sourdough", "Calm", "Latin"]
    people = [make_person(f"p{number}@harbor.example", f"Person {number}") for number in range(6)]
    for _round in range(3):
        Enrollment.objects.all().delete()
        Skill.objects.all().delete()
        acts = [
            apply(
                meadow, person, said(offers=names if number % 2 else [name.upper() for name in names[::-1]])
            )
            for number, person in enumerate(people)
        ]
        assert at_once(acts) == ["done"] * 6
        assert Skill.objects.count() == 4
        assert EnrollmentSkill.objects.count() == 24


def test_one_applies_or_comes_in_by_a_link_and_has_one_place(
    garden: Program, outsider: User, admin: User
) -> None:
    garden.admins.create(person=admin)
    for _round in range(5):
        Enrollment.objects.all().delete()
        link = actions.invite_by_link(garden, "mentor", by=admin, now=NOW, lives=timedelta(days=7))
        ends = at_once(
            [apply(garden, outsider), lambda: actions.join_by_invitation(link, outsider, now=NOW)]  # noqa: B023
        )
        assert ends.count("done") == 1, ends
        assert [end for end in ends if "You have a place in this program already" in end]
        assert Enrollment.objects.filter(person=outsider, status="active").count() == 1


def test_no_draft_is_left_behind_what_was_sent(meadow: Program, outsider: User) -> None:
    typed = {"department": ["Physics"]}
    for _round in range(6):
        Enrollment.objects.all().delete()
        ends = at_once(
            [
                apply(meadow, outsider),
                *[lambda: actions.keep_draft(meadow, outsider, typed, now=NOW)] * 3,
            ]
        )
        assert not [end for end in ends if end != "done" and end != THERE]
        assert Enrollment.objects.filter(person=outsider).count() == 1
        assert not ApplicationDraft.objects.exists()


def test_a_draft_kept_twice_at_once_is_one(meadow: Program, outsider: User) -> None:
    acts = [
        lambda text=text: actions.keep_draft(meadow, outsider, {"department": [text]}, now=NOW)  # type: ignore[misc]
        for text in ("a", "b", "c")
    ]
    assert at_once(acts) == ["done"] * 3
    assert ApplicationDraft.objects.count() == 1


def offered(program: Program, person: User) -> Enrollment:
    return enroll(
        program, person, "mentee", status="waitlisted", offered_at=NOW, offer_expires_at=SOON, joined_on=None
    )


def test_an_offer_is_taken_or_let_pass_never_both(garden: Program, outsider: User) -> None:
    for _round in range(6):
        Enrollment.objects.all().delete()
        place = offered(garden, outsider)
        ends = at_once(
            [
                lambda: actions.accept_offer(place, now=NOW),  # noqa: B023
                lambda: actions.pass_on_offer(place, now=NOW),  # noqa: B023
            ]
        )
        assert ends == ["done", "refused: This place is not offered to you any more."]
        place.refresh_from_db()
        assert place.status in ("active", "waitlisted")
        assert place.offered_at is None


def test_a_place_that_is_held_is_not_given_to_somebody_else_meanwhile(
    garden: Program, outsider: User, member: User
) -> None:
    Program.objects.filter(pk=garden.pk).update(places_for_mentees=1)
    for _round in range(4):
        Enrollment.objects.filter(program=garden).delete()
        place = offered(garden, outsider)
        ends = at_once([lambda: actions.accept_offer(place, now=NOW), apply(garden, member)])  # noqa: B023
        assert ends == ["done", "done"]
        assert garden.enrollments.get(person=outsider).status == "active"
        assert garden.enrollments.get(person=member).status == "waitlisted"
        garden.refresh_from_db()
        assert places.free(garden, "mentee") == 0


def test_nobody_is_paired_who_leaves_at_this_moment(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(5):
        Pairing.objects.all().delete()
        Enrollment.objects.filter(person=mentee).update(status="active")
        place = Enrollment.objects.select_related("program", "person").get(person=mentee)
        ends = at_once(
            [
                lambda: actions.withdraw(place, now=NOW),  # noqa: B023
                lambda: actions.create_pairing(
                    program, mentor, mentee, by=admin, starts_on=TODAY, approval="admins", now=NOW
                ),
            ]
        )
        assert "done" in ends
        assert not Pairing.objects.open().exists()
        assert Enrollment.objects.get(person=mentee).status == "withdrawn"


def test_a_yes_at_the_moment_of_leaving_leaves_no_open_pair(
    program: Program, mentor: User, mentee: User
) -> None:
    for _round in range(5):
        Pairing.objects.all().delete()
        Enrollment.objects.filter(person=mentee).update(status="active")
        place = Enrollment.objects.select_related("program", "person").get(person=mentee)
        asked = pair(program, mentor, mentee, status="proposed", mentor_accepted_at=None)
        at_once(
            [
                lambda: actions.withdraw(place, now=NOW),  # noqa: B023
                lambda: actions.accept_pairing(asked, by=mentor, now=NOW),  # noqa: B023
            ]
        )
        assert not Pairing.objects.open().exists()


def test_two_clocks_bring_somebody_back_once(program: Program, member: User) -> None:
    Enrollment.objects.filter(person=member).update(status="paused", paused_until=TODAY)
    back: list[int] = []
    at_once([lambda: back.append(actions.resume_due_places(NOW)) for _clock in range(4)])
    assert sum(back) == 1


def test_two_windows_that_change_a_place_leave_one_of_the_two(meadow: Program, outsider: User) -> None:
    enroll(meadow, outsider, "mentee", status="applied", joined_on=None)
    for _round in range(4):
        place = Enrollment.objects.select_related("program", "person").get(person=outsider)
        acts = [
            lambda words=words: actions.change_place(  # type: ignore[misc]
                place,  # noqa: B023
                said(department=words, offers=[words], seeks=[words]),
                now=NOW,
            )
            for words in ("one", "two")
        ]
        assert at_once(acts) == ["done", "done"]
        place.refresh_from_db()
        assert [side.names for side in place.skills.by_side()] == [[place.department]] * 2


def test_asking_and_being_invited_at_one_moment_wait_for_each_other(
    meadow: Program, outsider: User, admin: User
) -> None:
    meadow.admins.create(person=admin)

    def invite() -> object:
        guest = actions.Guest(outsider.email, "")
        return actions.invite_by_email(meadow, "mentee", [guest], by=admin, now=NOW, lives=timedelta(days=7))

    for _round in range(8):
        Enrollment.objects.all().delete()
        outsider.invitations.all().delete()
        ends = at_once([apply(meadow, outsider), invite])
        assert not [end for end in ends if "deadlock" in end.lower() or "Operational" in end], ends


def test_a_skill_that_is_merged_while_it_is_chosen_is_the_one_it_was_merged_into(
    meadow: Program, admin: User
) -> None:
    meadow.admins.create(person=admin)
    for number in range(8):
        person = make_person(f"p{number}@harbor.example", "P")
        bread, rye = (
            Skill.objects.create(program=meadow, name=f"{name} {number}") for name in ("Bread", "Rye")
        )
        application = said(offers=[rye.name], seeks=[bread.name, rye.name])
        ends = at_once(
            [
                apply(meadow, person, application),
                lambda: actions.merge_skills([rye], bread, by=admin),  # noqa: B023
            ]
        )
        assert ends == ["done", "done"]
        assert not EnrollmentSkill.objects.filter(skill__state=Skill.State.MERGED).exists()
