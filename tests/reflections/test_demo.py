"""The demo program: in every state, and by the rules."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import (
    Enrollment,
    EnrollmentAnswer,
    EnrollmentQuestion,
    EnrollmentSkill,
    Holiday,
    Meeting,
    Pairing,
    Program,
    ProgramAdmin,
    Skill,
)
from reflections import rules
from reflections.demo import people
from reflections.demo.build import Made, build
from reflections.keepsake.making import content_of
from reflections.models import Answer, Audience, Keepsake, Moment, Naming, Reflection, Round, Swap
from reflections.naming import found_in
from reflections.outlook import look, open_rounds
from reflections.schedule import Nudge

pytestmark = pytest.mark.django_db

# A Monday in the week in which its quarter, which ends on November 30, is first asked about.
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
    """One program for all tests of this file, which look and leave it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(40, NOW)
        transaction.set_rollback(True)


def test_every_state_of_every_model_is_there(made: Made) -> None:
    for model, field in (
        (Pairing, "status"),
        (Enrollment, "status"),
        (Enrollment, "role"),
        (Reflection, "status"),
        (Reflection, "role"),
        (Answer, "audience"),
        (Moment, "audience"),
        (Skill, "state"),
        (EnrollmentSkill, "side"),
        (EnrollmentQuestion, "kind"),
        (EnrollmentQuestion, "asked_of"),
        (EnrollmentQuestion, "audience"),
        (EnrollmentAnswer, "kind"),
        (EnrollmentAnswer, "audience"),
    ):
        choices = {value for value, _label in model._meta.get_field(field).flatchoices}
        assert set(model.objects.values_list(field, flat=True)) == choices, f"{model.__name__}.{field}"
    kinds = set(Moment.objects.values_list("kind", flat=True))
    assert {value for value, _label in Moment.Kind.choices} < kinds
    assert Meeting.objects.past(NOW).exists()
    assert Meeting.objects.coming(NOW).exists()
    assert Meeting.objects.filter(cancelled_at__isnull=False).exists()


def test_every_row_passes_its_own_model(made: Made) -> None:
    for model in (
        User, Program, Enrollment, Pairing, Meeting, Moment, Round, Reflection, Answer, Message,
        Holiday, Skill, EnrollmentSkill, EnrollmentQuestion, EnrollmentAnswer,
    ):  # fmt: skip
        # What a row points to, and the constraints, the database has checked already.
        relations = {field.name for field in model._meta.fields if field.is_relation}
        for row in model.objects.all():
            row.clean_fields(exclude={"password", *relations})


def test_what_people_did_lies_behind_them(made: Made) -> None:
    today = made.program.today(NOW)
    assert not Moment.objects.filter(happened_on__gt=today).exists()
    for model, field in (
        (Reflection, "started_at"),
        (Reflection, "submitted_at"),
        (Answer, "saved_at"),
        (Moment, "created_at"),
        (Pairing, "created_at"),
        (Message, "sent_at"),
        (User, "joined_at"),
        (Enrollment, "applied_at"),
        (Enrollment, "agreed_at"),
        (Enrollment, "decided_at"),
        (Enrollment, "waitlisted_at"),
        (Enrollment, "offered_at"),
        (EnrollmentAnswer, "answered_at"),
        (Skill, "created_at"),
    ):
        assert not model.objects.filter(**{f"{field}__gt": NOW}).exists(), f"{model.__name__}.{field}"
    for enrollment in made.program.enrollments.filter(joined_on__isnull=False):
        moments = Moment.objects.filter(person=enrollment.person, happened_on__lt=enrollment.joined_on)
        assert not moments.exclude(audience=Audience.ME).exists(), enrollment
        # Only the mentor of the cast kept something before the program began, for her own story.
        assert not moments.exclude(person__email=people.MENTOR_EMAIL).exists(), enrollment


def test_three_quarters_lie_behind_the_one_that_is_asked_about(made: Made) -> None:
    rounds = list(made.program.rounds.order_by("quarter_start"))
    assert [round.quarter.label for round in rounds] == ["FY26 Q1", "FY26 Q2", "FY26 Q3", "FY26 Q4"]
    assert made.open_round == rounds[-1]
    for round in rounds:
        assert round.questions.exists()
        assert round.reflections.filter(status=Reflection.Status.SUBMITTED).exists()
        assert Moment.objects.within(round.quarter).exists()


def test_people_were_asked_as_what_they_are(made: Made) -> None:
    for reflection in Reflection.objects.select_related("person", "round"):
        assert reflection.role == rules.role_for(reflection.person, reflection.round)
        asked = set(reflection.round.questions.for_role(reflection.role))
        assert {answer.question for answer in reflection.answers.select_related("question")} <= asked


def test_what_is_shared_goes_to_people_who_were_a_pair_with_its_writer(made: Made) -> None:
    shared = Answer.objects.filter(audience=Audience.PAIRING)
    assert shared.exists()
    for answer in shared.select_related("reflection").prefetch_related("pairings"):
        pairings = answer.pairings.all()
        assert pairings
        for pairing in pairings:
            assert pairing.is_begun
            assert answer.reflection.person_id in (pairing.mentor_id, pairing.mentee_id)
    assert not Answer.pairings.through.objects.exclude(answer__audience=Audience.PAIRING).exists()
    assert not Answer.objects.filter(question__is_locked=True).exclude(is_locked=True).exists()
    for moment in Moment.objects.filter(audience=Audience.PAIRING).select_related("pairing"):
        assert moment.pairing is not None
        assert moment.person_id in (moment.pairing.mentor_id, moment.pairing.mentee_id)
        assert moment.pairing.had_begun_by(moment.happened_on)


def test_nobody_writes_the_same_thing_twice(made: Made) -> None:
    for model, owner in ((Moment, "person"), (Answer, "reflection__person")):
        rows = list(model.objects.values_list(owner, "text"))
        assert len(rows) == len(set(rows))


def test_who_is_named_was_asked_and_has_agreed_or_not_yet(made: Made) -> None:
    for email in (people.MENTOR_EMAIL, people.MENTEE_EMAIL):
        asked = Naming.objects.asked_of(User.objects.get(email=email))
        assert asked.unanswered().count() == 1, email
        assert asked.filter(agreed_at__isnull=False).count() == 1, email
    for row in Naming.objects.select_related("person"):
        assert row.person in found_in((row.moment or row.answer).text, row.moment or row.answer)


def test_the_wall_has_what_names_nobody_and_what_those_named_agreed_to(made: Made) -> None:
    hung = Moment.objects.on_the_wall(User.objects.get(email=people.BOTH_EMAIL))
    assert hung.filter(namings__agreed_at__isnull=False).exists()
    assert hung.filter(namings=None).exists()
    for answer in Answer.objects.filter(audience=Audience.PROGRAM).select_related("reflection__round"):
        assert not found_in(answer.text, answer)


def test_a_book_and_swaps_in_every_state_are_there(made: Made) -> None:
    keepsake = Keepsake.objects.fetchable(NOW).get()
    assert keepsake.person.email == people.MENTEE_EMAIL
    assert b"My voice was in the room" in b"".join(content_of(keepsake, "markdown"))
    assert Swap.objects.shut().filter(agreed_at=None).exists()
    assert Swap.objects.shut().agreed().exists()
    assert Swap.objects.filter(opened_at__isnull=False).exists()


def test_mentors_have_room_for_those_they_mentor(made: Made) -> None:
    for enrollment in Enrollment.objects.mentors():
        taken = Pairing.objects.filter(program=enrollment.program, mentor=enrollment.person).open().count()
        assert taken <= enrollment.capacity


# --- Those who sign in ---


@pytest.mark.parametrize(("what", "email", "password"), people.SIGN_INS)
def test_whoever_is_named_signs_in_by_password(made: Made, what: str, email: str, password: str) -> None:
    browser = Client()
    answer = browser.post(reverse("account_login"), {"login": email, "password": password})

    assert answer.status_code == 302
    assert browser.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_everybody_has_a_verified_address_and_only_those_named_a_password(made: Made) -> None:
    not_here_yet = User.objects.filter(enrollments__status__in=["invited", "declined"])
    here = EmailAddress.objects.filter(verified=True, primary=True)
    assert here.count() == User.objects.count() - not_here_yet.count()
    assert not here.filter(user__in=not_here_yet).exists()
    can_sign_in = {person.email for person in User.objects.all() if person.has_usable_password()}
    assert can_sign_in == {email for _what, email, _password in people.SIGN_INS}


def test_the_program_admin_runs_one_program_kept_an_earlier_one_and_is_no_superuser(made: Made) -> None:
    admin = User.objects.get(email=people.ADMIN_EMAIL)
    assert not admin.is_superuser
    running = Program.objects.administered_by(admin).exclude(status__in=Program.OVER)
    assert list(running) == [made.program]
    assert [program.status for program in Program.objects.administered_by(admin)].count("archived") == 1
    other = User.objects.get(email=people.OTHER_ADMIN_EMAIL)
    assert list(Program.objects.administered_by(other)) == [Program.objects.get(slug="hill-school")]
    assert not ProgramAdmin.objects.filter(person=other).exclude(program__slug="hill-school").exists()


def test_the_mentor_finds_a_draft_a_notebook_and_a_question(made: Made) -> None:
    mentor = User.objects.get(email=people.MENTOR_EMAIL)
    assert Pairing.objects.active().filter(mentor=mentor).count() == 3
    assert Pairing.objects.filter(mentor=mentor, mentor_accepted_at=None, status="proposed").count() == 1
    assert Moment.objects.of(mentor).within(made.open_round.quarter).count() == 9
    assert Reflection.objects.drafts().filter(person=mentor, round=made.open_round).count() == 1
    assert Answer.objects.shared_with(mentor).filter(reflection__round=made.open_round).exists()
    assert Meeting.objects.visible_to(mentor).coming(NOW).exists()


def test_the_mentee_has_not_begun_and_is_asked(made: Made) -> None:
    mentee = User.objects.get(email=people.MENTEE_EMAIL)
    assert not Reflection.objects.filter(person=mentee, round=made.open_round).exists()
    assert Moment.objects.of(mentee).within(made.open_round.quarter).count() >= 5
    assert any(one.person.pk == mentee.pk and one.at for one in look([made.open_round], NOW))


def test_the_one_who_is_both_is_mentored_mentors_and_is_asked_by_somebody(made: Made) -> None:
    both = User.objects.get(email=people.BOTH_EMAIL)
    assert Pairing.objects.active().filter(mentor=both).exists()
    assert Pairing.objects.active().filter(mentee=both).exists()
    assert Pairing.objects.filter(mentor=both, status="requested", mentor_accepted_at=None).exists()


# --- Mail ---


def test_old_nudges_are_sent_and_a_few_dozen_real_ones_are_due_now(made: Made) -> None:
    nudges = Message.objects.of(*Nudge)
    assert {row.state for row in nudges} == {Message.State.SENT}
    assert set(nudges.values_list("kind", flat=True)) == set(Nudge)
    assert Message.objects.waiting().of(*Nudge).count() == 0
    waiting = Message.objects.waiting().count()
    soon = NOW + timedelta(minutes=5)
    asked_now = [one for one in look(open_rounds(NOW), NOW) if one.at and one.at <= soon]
    assert waiting >= 3
    assert 10 <= len(asked_now) + waiting <= 60
