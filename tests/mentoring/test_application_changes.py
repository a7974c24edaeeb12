"""Saying otherwise what one said when asking for a place."""

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import ApplicationDraft, Enrollment, EnrollmentAnswer, EnrollmentSkill, Program, Skill
from tests.conftest import NOW, enroll, signed_in
from tests.mentoring.applying import (
    RULES,
    _then,
    ask,
    change,
    garden,
    meadow,
    page,
    place_of,
    said,
    send,
)

__all__ = ["_then", "garden", "meadow"]
pytestmark = pytest.mark.django_db


def answered(place: Enrollment, code: str) -> tuple[str, str, str, datetime]:
    answer = place.answers.get(code=code)
    return answer.asked, answer.audience, answer.text, answer.answered_at


def test_an_answer_that_is_left_as_it_is_keeps_its_wording_and_its_readers(
    meadow: Program, outsider: User
) -> None:
    """Whatever became of the question: it was changed, it is for others to read now, it is asked no more."""
    for code in ("kept", "changed", "retired", "deleted"):
        ask(meadow, code)
    typed = {f"answer_{code}": f"my {code}" for code in ("kept", "changed", "retired", "deleted")}
    send(meadow, outsider, **typed)
    place, questions = place_of(outsider, meadow), meadow.enrollment_questions
    questions.filter(code__in=["kept", "changed"]).update(text="Quite another question?", audience="pairing")
    questions.filter(code="retired").update(is_active=False)
    questions.filter(code="deleted").delete()
    shown = page("edit", meadow, outsider)
    assert "You answered this when it was asked like this: “What about kept?”." in shown
    assert "Only those who run the program read your answer." in shown
    assert "my retired" in shown
    before = {code: answered(place, code) for code in ("kept", "retired", "deleted")}
    change(place, answer_kept="my kept", answer_changed="now otherwise", department="Latin")
    assert {code: answered(place, code) for code in before} == before
    assert answered(place, "changed")[:3] == ("Quite another question?", "pairing", "now otherwise")
    place.refresh_from_db()
    assert (place.department, place.status, place.applied_at) == ("Latin", "applied", NOW)


def test_an_answer_is_emptied_and_an_old_one_deleted(meadow: Program, outsider: User) -> None:
    ask(meadow, "why")
    ask(meadow, "old")
    send(meadow, outsider, answer_why="because", answer_old="once")
    meadow.enrollment_questions.filter(code="old").update(is_active=False)
    place = place_of(outsider, meadow)
    change(place, answer_why="", dropped=[str(place.answers.get(code="old").pk)])
    assert not place.answers.exists()


def test_nobody_deletes_the_answers_of_somebody_else(meadow: Program, outsider: User, mentee: User) -> None:
    ask(meadow, "old")
    for person in (outsider, mentee):
        send(meadow, person, answer_old="once")
    meadow.enrollment_questions.update(is_active=False)
    theirs = place_of(mentee, meadow).answers.get()
    shown = change(place_of(outsider, meadow), dropped=[str(theirs.pk)]).content.decode()
    assert "Select a valid choice." in shown
    actions.change_place(place_of(outsider, meadow), said(dropped=[theirs.pk]), now=NOW)
    assert EnrollmentAnswer.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    ("status", "may", "may_role"),
    [
        ("applied", True, True),
        ("waitlisted", True, True),
        ("active", True, False),
        ("paused", False, False),
        ("invited", False, False),
        ("withdrawn", False, False),
        ("completed", False, False),
    ],
)
def test_a_place_is_changed_until_it_is_over_and_the_role_until_one_is_in(
    meadow: Program, outsider: User, status: str, may: bool, may_role: bool
) -> None:
    place = enroll(meadow, outsider, "mentor", status=status)
    response = signed_in(outsider).get(f"/programs/{meadow.pk}/about-you/")
    assert response.status_code == (200 if may else 302)
    if may:
        assert ('name="role"' in response.content.decode()) == may_role
        change(place, role="mentee", department="Latin")
        place.refresh_from_db()
        assert (place.department, place.role) == ("Latin", "mentee" if may_role else "mentor")
    else:
        with pytest.raises(Refused):
            actions.change_place(place_of(outsider, meadow), said("mentor"), now=NOW)
    if not may_role:
        with pytest.raises(Refused):
            actions.change_place(place_of(outsider, meadow), said("mentee"), now=NOW)


def test_the_role_stays_while_a_place_is_held_for_it(garden: Program, outsider: User) -> None:
    enroll(
        garden,
        outsider,
        "mentor",
        status="waitlisted",
        offered_at=NOW,
        offer_expires_at=NOW + timedelta(days=2),
    )
    assert 'name="role"' not in page("edit", garden, outsider)
    with pytest.raises(Refused, match="role cannot be changed"):
        actions.change_place(place_of(outsider, garden), said("mentee"), now=NOW)


def test_with_the_role_goes_what_only_the_other_one_is_asked(meadow: Program, outsider: User) -> None:
    ask(meadow, "years", asked_of="mentors")
    ask(meadow, "all")
    send(meadow, outsider, role="mentor", answer_years="nine", answer_all="yes")
    change(place_of(outsider, meadow), role="mentee", answer_years="nine", answer_all="yes")
    assert list(place_of(outsider, meadow).answers.values_list("code", flat=True)) == ["all"]


def test_whoever_came_in_by_an_invitation_is_asked_for_a_few_lines(
    program: Program, admin: User, outsider: User
) -> None:
    link = actions.invite_by_link(program, "mentor", by=admin, now=NOW, lives=timedelta(days=2))
    place = actions.join_by_invitation(link, outsider, now=NOW)
    Program.objects.filter(pk=program.pk).update(ground_rules=RULES)
    ask(program, "why", is_required=True)
    assert "Tell us about yourself" in page("detail", program, outsider)
    shown = page("edit", program, outsider)
    assert "I agree to these ground rules." in shown
    assert "has no answer yet" in change(place, agreed="on").content.decode()
    change(place, agreed="on", answer_why="to give back", offers="Calm", capacity="0")
    place.refresh_from_db()
    assert (place.status, place.agreed_to, place.capacity, place.applied_at) == ("active", RULES, 0, None)
    shown = page("detail", program, outsider)
    assert "Tell us about yourself" not in shown
    assert "to give back" in shown
    assert "I agree to these ground rules." not in page("edit", program, outsider)


def test_a_draft_is_none_of_a_place_that_is_there(program: Program, member: User) -> None:
    response = signed_in(member).post(f"/programs/{program.pk}/apply/draft/", {"department": "x"})
    assert response.status_code == 409
    assert not ApplicationDraft.objects.exists()
    assert "data-autosave" not in page("edit", program, member)


def test_skills_are_rewritten_only_when_they_change(meadow: Program, outsider: User) -> None:
    send(meadow, outsider, offers="Calm, Rye", seeks="Latin")
    before = list(EnrollmentSkill.objects.order_by("pk").values_list("pk", flat=True))
    change(place_of(outsider, meadow), offers="calm\nrye", seeks="LATIN")
    assert list(EnrollmentSkill.objects.order_by("pk").values_list("pk", flat=True)) == before
    change(place_of(outsider, meadow), offers="Rye", seeks="")
    assert [side.names for side in place_of(outsider, meadow).skills.by_side()] == [["Rye"]]
    assert list(Skill.objects.values_list("name", flat=True)) == [
        "Rye"
    ]  # What nobody chose after all is gone.
