"""In the demo one can see how people come in: settings, questions, skills, a waitlist, and other programs beside."""

from datetime import timedelta

import pytest

from accounts.models import Profile, User
from mentoring import places
from mentoring.models import Enrollment, EnrollmentAnswer, EnrollmentQuestion, Pairing, Program, Skill
from reflections.demo import people
from reflections.demo.build import Made

from .test_demo import NOW, made

__all__ = ["made"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(made: Made) -> Program:
    return Program.objects.get(pk=made.program.pk)


def test_every_setting_of_the_program_is_filled_in(program: Program) -> None:
    may_stay_empty = {"ends_on", "applications_until", "logo_key", "retention_months"}
    # Words of its own for whom a moment was: the usual ones will do.
    may_stay_empty |= {f"whom_{whom}" for whom in ("colleague", "client", "mentee", "mentor", "myself")}
    empty = {field.name for field in program._meta.fields if getattr(program, field.name) in (None, "")}
    assert empty <= may_stay_empty
    assert program.join_policy == Program.JoinPolicy.APPROVAL
    assert program.holidays.count() == 2
    today = program.today(NOW)
    assert not program.holidays.filter(starts_on__lte=today, ends_on__gte=today).exists()


def test_the_accent_is_seen_on_light_paper_and_on_dark(program: Program) -> None:
    """Three to one, as WCAG 2.2 asks of what is no text (1.4.11), on `--paper` and `--sheet` of both themes."""
    for paper in ("#fbfaf6", "#ffffff", "#191613", "#221e1a"):
        lighter, darker = sorted((_luminance(program.accent), _luminance(paper)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) > 3


def _luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_whoever_waits_stands_in_an_order_and_the_first_is_offered_the_last_place(program: Program) -> None:
    waiting = list(program.enrollments.waitlist())
    assert len(waiting) >= 3
    assert len({place.waitlisted_at for place in waiting}) == len(waiting)
    first, *rest = waiting
    assert first.offered_at is not None
    assert first.offer_expires_at == first.offered_at + timedelta(days=program.offer_days)
    assert first.offer_expires_at > NOW
    assert not any(place.offered_at for place in rest)
    assert places.free(program, Enrollment.Role.MENTEE) == 0
    assert places.free(program, Enrollment.Role.MENTOR) == 6
    assert {place.role for place in waiting} == {Enrollment.Role.MENTEE}


def test_applications_that_wait_are_complete(program: Program) -> None:
    waiting = program.enrollments.filter(status__in=["applied", "waitlisted"])
    assert waiting.filter(status="applied").count() >= 4
    for place in waiting:
        required = program.enrollment_questions.asked().for_role(place.role).filter(is_required=True)
        assert set(required.values_list("code", flat=True)) <= {answer.code for answer in place.answers.all()}
        assert (place.agreed_to, place.agreed_at) == (program.ground_rules, place.applied_at)
        assert place.skills.exists()
        assert place.department
    named = waiting.filter(person__email__in=[person.email for person in people.newcomers()])
    assert Profile.objects.filter(person__in=named.values("person")).count() == named.count() == 7


def test_answers_are_as_they_were_asked_and_fit_their_questions(program: Program) -> None:
    answers = EnrollmentAnswer.objects.filter(enrollment__program=program).select_related(
        "question", "enrollment"
    )
    assert {answer.code for answer in answers} == set(
        program.enrollment_questions.values_list("code", flat=True)
    )
    reworded = {answer.code for answer in answers if answer.asked != answer.question.text}
    assert reworded == {"years"}
    for answer in answers:
        assert answer.question in EnrollmentQuestion.objects.for_role(answer.enrollment.role)
        assert set(answer.chosen) <= set(answer.question.options)
        assert (answer.kind, answer.audience) == (answer.question.kind, answer.question.audience)
        assert answer.text or answer.chosen
        assert answer.enrollment.joined_on is None or answer.answered_at.date() <= answer.enrollment.joined_on


def test_some_skills_wait_to_be_looked_at_and_one_was_merged(program: Program) -> None:
    assert program.skills.listed().count() > 40
    proposed = program.skills.proposed()
    assert proposed.count() == 3
    assert all(skill.proposed_by and skill.uses.exists() for skill in proposed)
    (merged,) = program.skills.filter(state=Skill.State.MERGED)
    assert merged.merged_into is not None
    assert merged.merged_into.state == Skill.State.LISTED
    assert not merged.uses.exists()


def test_somebody_is_back_on_a_day(program: Program) -> None:
    paused = program.enrollments.filter(paused_until__gt=program.today(NOW))
    assert [place.status for place in paused] == [Enrollment.Status.PAUSED]


def test_an_earlier_cohort_is_archived_with_what_was_in_it(program: Program) -> None:
    earlier = program.follows
    assert earlier is not None
    assert earlier.name == "Harbor Mentors 2025"
    assert earlier.status == Program.Status.ARCHIVED
    assert earlier.ends_on is not None
    assert earlier.ends_on < program.starts_on
    assert set(earlier.enrollments.values_list("status", flat=True)) == {"completed"}
    assert not Pairing.objects.filter(program=earlier).open().exists()
    assert not earlier.rounds.exists()


def test_the_mentor_is_a_mentee_in_another_program(program: Program) -> None:
    mentor = User.objects.get(email=people.MENTOR_EMAIL)
    hats = mentor.enrollments.filter(status="active").values_list("program__slug", "role")
    assert set(hats) == {("five-harbors", "mentor"), ("fresh-eyes", "mentee"), ("second-opinion", "mentor")}
    assert Pairing.objects.active().filter(mentee=mentor, program__slug="fresh-eyes").count() == 1


def test_the_mentee_may_join_a_program_in_which_she_is_not_yet(program: Program) -> None:
    peers = Program.objects.get(slug="open-water")
    assert (peers.join_policy, peers.status) == (Program.JoinPolicy.OPEN, Program.Status.ACTIVE)
    assert not peers.enrollments.filter(person__email=people.MENTEE_EMAIL).exists()
    assert places.has_room(peers, Enrollment.Role.BOTH)
