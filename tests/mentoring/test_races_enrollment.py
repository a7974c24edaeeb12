"""Two admins, or an admin and the clock, at one moment: one answer, one letter, and no more places than there are."""

from collections.abc import Callable

import pytest

from accounts.mail.models import Message
from accounts.models import User
from mentoring import actions
from mentoring.models import Enrollment, EnrollmentSkill, Notice, Program, Skill
from tests.conftest import NOW, enroll, make_person, say_skills

from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def applicant(program: Program, name: str, status: str = "applied") -> Enrollment:
    person = make_person(f"{name.lower()}@new.example", name)
    return enroll(program, person, "mentee", status=status, joined_on=None)


def act(verb: Callable[..., object], place: Enrollment, by: User) -> Callable[[], object]:
    return lambda: verb(place, by=by, now=NOW)


def test_two_admins_who_answer_at_once_give_one_answer_and_one_letter(
    program: Program, admin: User, superuser: User
) -> None:
    place = applicant(program, "Ada")
    for one, other in (
        (actions.approve, actions.approve),
        (actions.approve, actions.decline),
        (actions.waitlist, actions.decline),
        (actions.waitlist, actions.waitlist),
    ):
        for _round in range(3):
            Message.objects.all().delete()
            Notice.objects.all().delete()
            Enrollment.objects.update(status="applied", applied_at=NOW, waitlisted_at=None)
            ends = at_once([act(one, place, admin), act(other, place, superuser)])
            place.refresh_from_db()
            if (one, other) == (actions.waitlist, actions.decline) and ends == ["done", "done"]:
                # Whoever was put on the list first may be declined next; each was told what was true.
                assert place.status == "declined"
                continue
            assert ends.count("done") == 1
            assert Message.objects.count() == Notice.objects.count() == 1
            assert Notice.objects.get().kind == {"active": "approved"}.get(place.status, place.status)


def test_the_last_place_is_given_once(program: Program, admin: User, superuser: User) -> None:
    rows = [applicant(program, name) for name in ("Ada", "Ben", "Cleo", "Dora")]
    waiting = applicant(program, "Eve", "waitlisted")
    Program.objects.update(places_for_mentees=1)
    for _round in range(4):
        Enrollment.objects.exclude(pk=waiting.pk).update(status="applied", joined_on=None, applied_at=NOW)
        Enrollment.objects.filter(pk=waiting.pk).update(offered_at=None, offer_expires_at=None)
        Notice.objects.all().delete()
        clicks = [act(actions.approve, row, by) for row, by in zip(rows, [admin, superuser] * 2, strict=True)]
        ends = at_once([*clicks, lambda: actions.offer_freed_places(NOW)])
        assert program.enrollments.taking_places().count() == 1, ends
        assert Notice.objects.count() == 1


def test_two_clocks_offer_and_end_each_place_once(program: Program) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        applicant(program, name, "waitlisted")
    Program.objects.update(places_for_mentees=2)
    counts: list[int] = []
    ends = at_once([lambda: counts.append(actions.offer_freed_places(NOW)) for _clock in range(4)])
    assert ends == ["done"] * 4
    assert sum(counts) == 2
    assert Message.objects.filter(kind="place_offered").count() == 2
    deadline = Enrollment.objects.filter(offered_at__isnull=False)[0].offer_expires_at
    assert deadline
    counts.clear()
    at_once([lambda: counts.append(actions.expire_offers(deadline)) for _clock in range(4)])
    assert sum(counts) == Message.objects.filter(kind="place_offer_ended").count() == 2


def test_two_merges_at_once_leave_no_chain_and_no_use_behind(
    program: Program, mentor: User, admin: User, superuser: User
) -> None:
    for _round in range(4):
        Skill.objects.all().delete()
        say_skills(Enrollment.objects.get(person=mentor), "offers", "One", "Two", "Three")
        one, two, three = (Skill.objects.get(name=name) for name in ("One", "Two", "Three"))
        ends = at_once(
            [
                lambda: actions.merge_skills([one, two], two, by=admin),  # noqa: B023
                lambda: actions.merge_skills([two, three], three, by=superuser),  # noqa: B023
            ]
        )
        assert ends.count("done") >= 1
        assert not EnrollmentSkill.objects.filter(skill__state="merged").exists()
        assert not Skill.objects.filter(merged_into__state="merged").exists()


def test_a_skill_is_put_on_the_list_once_when_two_paste_it_at_once(
    program: Program, admin: User, superuser: User
) -> None:
    lists = [
        [f"Skill {number}" for number in range(20)],
        [f"SKILL {number}" for number in reversed(range(20))],
    ]
    ends = at_once(
        [
            lambda by=by, names=names: actions.add_skills(program, names, by=by, now=NOW)  # type: ignore[misc]
            for by, names in zip((admin, superuser), lists, strict=True)
        ]
    )
    assert "done" in ends
    assert Skill.objects.count() == 20
