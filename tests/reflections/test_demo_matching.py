"""Matching in the demo program: everything that there is to see of it, by the rules, and the same each time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from mentoring import rules
from mentoring.actions import Refused, ask_due_fit_checks, ask_mentor
from mentoring.models import (
    Enrollment,
    FitCheck,
    MatchingCriteria,
    MatchingRun,
    Pairing,
    PairingRequest,
    Program,
    ProposedPair,
    Publication,
    RoomWatch,
    RuledOut,
    WithoutMatch,
)
from mentoring.models.request import REMINDED_AFTER
from mentoring.pool import to_match
from reflections.demo import people, words
from reflections.demo.build import Made, build

from .test_demo_words import NEVER

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
    """One program for all tests of this file, which look and leave it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(40, NOW)
        transaction.set_rollback(True)


@pytest.fixture
def program(made: Made) -> Program:
    return made.program


def person(email: str) -> User:
    return User.objects.get(email=email)


def test_every_row_passes_its_own_model_and_lies_behind_us(made: Made) -> None:
    for model in (
        MatchingCriteria, MatchingRun, Publication, ProposedPair, WithoutMatch, RuledOut, PairingRequest, RoomWatch,
        FitCheck,
    ):  # fmt: skip
        rows = model._default_manager.all()
        assert rows.exists(), model
        relations = {field.name for field in model._meta.fields if field.is_relation}
        for row in rows:
            row.clean_fields(exclude=relations)
    for model, field in (
        (MatchingRun, "finished_at"),
        (Publication, "created_at"),
        (RuledOut, "created_at"),
        (PairingRequest, "created_at"),
        (PairingRequest, "asked_at"),
        (PairingRequest, "closed_at"),
        (PairingRequest, "question_at"),
        (RoomWatch, "created_at"),
        (FitCheck, "asked_at"),
        (FitCheck, "answered_at"),
        (FitCheck, "settled_at"),
    ):
        assert not model.objects.filter(**{f"{field}__gt": NOW}).exists(), f"{model.__name__}.{field}"


def test_every_state_is_there(made: Made) -> None:
    assert set(PairingRequest.objects.values_list("state", flat=True)) == set(PairingRequest.State.values)
    assert set(FitCheck.objects.values_list("answer", flat=True)) == {"", *FitCheck.Answer.values}
    assert set(RuledOut.objects.values_list("because", flat=True)) == set(RuledOut.Because.values)
    assert set(WithoutMatch.objects.values_list("side", flat=True)) == {"mentor", "mentee"}


def test_a_run_is_looked_over_and_one_was_told(program: Program) -> None:
    now, before = program.runs.order_by("-created_at")
    assert now.after == before
    drafts = now.pairs.all()
    assert drafts.filter(is_locked=True).count() == 2
    assert drafts.filter(is_by_hand=True).count() == 1
    assert drafts.count() == now.matched
    assert not drafts.exclude(publication=None).exists()
    admin = person(people.ADMIN_EMAIL)
    (told,) = before.publications.all()
    assert (told.created_by, before.created_by, now.created_by) == (admin, admin, admin)
    assert told.to_mentors != told.to_mentees
    assert told.pairs.count() == before.pairs.count() == before.matched
    for each in told.pairs.select_related("pairing"):
        assert each.pairing is not None
        assert (each.pairing.mentor_id, each.pairing.mentee_id) == (each.mentor_id, each.mentee_id)
        assert told.created_at <= each.pairing.created_at < each.pairing.mentor_accepted_at


def test_the_draft_keeps_the_rules_of_the_program(program: Program) -> None:
    run = program.runs.get(publications=None)
    matching = to_match(program, NOW).matching
    for pair in run.pairs.all():
        assert pair.mentee_id in matching.mentee_at
        assert pair.mentor_id in matching.mentor_at
        assert (pair.mentor_id, pair.mentee_id) not in {
            (shut.mentor, shut.mentee) for shut in matching.forbidden | matching.never | matching.earlier
        }
    for mentor in matching.mentors:
        assert run.pairs.filter(mentor=mentor.key).count() <= mentor.capacity
    matched = set(run.pairs.values_list("mentee", flat=True))
    without = set(run.without.filter(side="mentee").values_list("person", flat=True))
    assert matched.isdisjoint(without)
    assert matched | without == set(matching.mentee_at)
    mentors = set(run.pairs.values_list("mentor", flat=True))
    assert mentors.isdisjoint(run.without.filter(side="mentor").values_list("person", flat=True))


def test_somebody_is_without_a_match_because_of_a_must_have(program: Program) -> None:
    run = program.runs.get(publications=None)
    why = run.without.get(person__email="tamsin@harbor.example").why
    assert why["cause"] == "musts"
    assert [left["must"]["kind"] for left in why["musts"]] == ["zone"]


def test_those_who_are_asked_read_why(made: Made) -> None:
    asked = Pairing.objects.asked()
    assert asked.count() >= 5
    for pairing in asked:
        assert pairing.reasons, pairing
    assert any(reason["speaks_for"] for reason in asked.get(mentee__email="beatriz@harbor.example").reasons)


def test_the_mentor_has_a_request_and_the_mentee_may_ask(made: Made) -> None:
    program = Program.objects.get(slug="second-opinion")
    mentor, mentee = person(people.MENTOR_EMAIL), person(people.MENTEE_EMAIL)
    (waiting,) = PairingRequest.objects.asked_of(mentor).open()
    assert (waiting.program, waiting.state, waiting.waits_for_reply) == (program, "asked", False)
    assert waiting.pairing is not None
    assert rules.may_accept(mentor, waiting.pairing)
    assert waiting.asked_at is not None
    assert waiting.asked_at > NOW - REMINDED_AFTER
    assert rules.may_ask(mentee, program, NOW)
    with transaction.atomic():
        ask_mentor(program, person("greta@harbor.example"), by=mentee, note="Hello", now=NOW)
        transaction.set_rollback(True)


def test_requests_are_as_the_rules_would_have_them(made: Made) -> None:
    for request in PairingRequest.objects.with_people():
        assert request.program.takes_requests
        assert (request.pairing is not None) == (request.asked_at is not None)
        counted = PairingRequest.objects.counted().filter(program=request.program, mentee=request.mentee)
        assert counted.count() <= request.program.open_requests
        for someone, role in ((request.mentor, "mentor"), (request.mentee, "mentee")):
            place = Enrollment.objects.get(program=request.program, person=someone)
            assert place.status == "active"
            assert place.role in (role, "both")
    (back,) = [request for request in PairingRequest.objects.all() if request.waits_for_reply]
    assert back.state == "asked"
    (watch,) = RoomWatch.objects.all()
    with transaction.atomic(), pytest.raises(Refused, match="no room"):
        ask_mentor(watch.program, watch.mentor, by=watch.mentee, note="Hello", now=NOW)


def test_the_queue_holds_one_and_nobody_is_asked_twice_when_the_clock_starts(made: Made) -> None:
    assert FitCheck.objects.to_rematch().count() == 1
    waiting = FitCheck.objects.to_rematch().get()
    assert waiting.learned
    assert waiting.pairing.status == "active"
    assert FitCheck.objects.filter(settled_at__isnull=False).count() == 1
    for row in RuledOut.objects.filter(because="not_a_fit"):
        assert FitCheck.objects.filter(
            answer="not_a_fit", pairing__mentor=row.mentor, pairing__mentee=row.mentee
        ).exists()
    with transaction.atomic():
        assert ask_due_fit_checks(NOW) <= 10
        assert ask_due_fit_checks(NOW + timedelta(minutes=1)) == 0
        transaction.set_rollback(True)


def test_what_is_said_around_matching_is_in_our_voice() -> None:
    said = [text for header, text in words.blocks("matching.txt") if header[0] != "looking"]
    assert len(said) == len(set(said)) > 10
    for text in said:
        assert not NEVER.search(text), text
        assert not set(text) & set("\"'\n"), text
