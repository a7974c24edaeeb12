"""Workers claim runs, die in the middle, come back too late: one run, kept whole or not at all."""

import logging
from datetime import timedelta

import pytest
from kombu.exceptions import OperationalError

from accounts.models import User
from mentoring import actions
from mentoring.matching.program import NoSuchMatching
from mentoring.models import (
    Enrollment,
    MatchingRun,
    Program,
    ProgramAdmin,
    ProposedPair,
    WithoutMatch,
)
from mentoring.runs import making, queue
from mentoring.tasks import work_on_run
from reflections.tasks import run as tick
from tests.conftest import NOW, enroll, make_person

State, Stage = MatchingRun.State, MatchingRun.Stage


def asked(program: Program, admin: User) -> MatchingRun:
    return actions.start_run(program, by=admin, now=NOW)


def fresh(run: MatchingRun) -> MatchingRun:
    return MatchingRun.objects.get(pk=run.pk)


def kept() -> int:
    return ProposedPair.objects.count() + WithoutMatch.objects.count()


class Rung(list[int]):
    def __call__(self, name: str, *, args: list[int], **options: object) -> None:
        assert name == "mentoring.tasks.work_on_run"
        self.extend(args)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> Rung:
    """What is asked of the broker."""
    calls = Rung()
    monkeypatch.setattr(queue.current_app, "send_task", calls)
    return calls


# --- Here and now, or by a worker ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_small_run_is_made_while_the_page_waits(
    program: Program, mentor: User, mentee: User, member: User, admin: User, rung: Rung
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert (run.state, run.stage, run.finished_at) == (State.MADE, Stage.DONE, NOW)
    assert (run.mentees, run.mentors, run.matched, run.claim, run.problem) == (2, 1, 1, None, "")
    assert (run.pairs.count(), run.without.count()) == (1, 1)
    assert run.without.get().why["cause"] == "full"
    assert run.best_fit >= run.total_fit == run.worst_fit
    assert run.criteria["skills"] == 4000
    assert not rung


@pytest.mark.django_db
def test_a_large_run_is_left_to_a_worker_who_is_called_when_the_request_is_over(
    program: Program,
    mentor: User,
    mentee: User,
    admin: User,
    rung: Rung,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: object,
) -> None:
    monkeypatch.setattr(queue, "AT_ONCE", 1)
    run = asked(program, admin)
    with django_capture_on_commit_callbacks(execute=False) as callbacks:  # type: ignore[operator]
        queue.begin(run, now=NOW)
    assert not rung
    assert fresh(run).state == State.MAKING
    for callback in callbacks:
        callback()
    assert rung == [run.pk]
    work_on_run(run.pk)
    assert fresh(run).state == State.MADE


@pytest.mark.django_db
def test_how_many_people_it_is_about_counts_the_active_and_twice_whoever_is_both(
    program: Program, mentor: User, mentee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "AT_ONCE", 3)
    assert queue.is_small(program)
    enroll(program, make_person("w@harbor.example", "Wen"), "mentee", status="paused")
    assert queue.is_small(program)
    enroll(program, make_person("b@harbor.example", "Bo"), "both")
    assert not queue.is_small(program)


@pytest.mark.django_db
def test_a_broker_that_is_away_is_waited_for_by_the_tick(
    program: Program,
    mentor: User,
    mentee: User,
    admin: User,
    rung: Rung,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(*given: object, **named: object) -> None:
        raise OperationalError

    run = asked(program, admin)
    monkeypatch.setattr(queue.current_app, "send_task", away)
    queue.ring(run.pk)
    assert "broker is away" in caplog.text
    monkeypatch.setattr(queue.current_app, "send_task", rung)
    assert queue.ring_due(NOW) == 1
    assert rung == [run.pk]


@pytest.mark.django_db
def test_the_tick_makes_what_nobody_works_on(
    program: Program, mentor: User, mentee: User, admin: User, rung: Rung
) -> None:
    run = asked(program, admin)
    nothing = {"wanted": lambda now: 0, "imported": lambda now: 0}
    assert tick(NOW, **nothing)["matching runs wanted"] == 1  # type: ignore[arg-type]
    assert rung == [run.pk]
    MatchingRun.objects.update(claimed_until=NOW + timedelta(minutes=1), claim="0" * 32)
    assert tick(NOW, **nothing, matched=queue.work_due)["matching runs wanted"] == 0  # type: ignore[arg-type]
    later = NOW + timedelta(minutes=1)
    assert tick(later, **nothing, matched=queue.work_due)["matching runs wanted"] == 1  # type: ignore[arg-type]
    assert fresh(run).state == State.MADE
    assert tick(later, **nothing)["matching runs wanted"] == 0  # type: ignore[arg-type]


@pytest.mark.django_db
def test_work_is_done_once_and_only_when_there_is_some(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    run = asked(program, admin)
    assert not queue.work(0, now=NOW)
    assert queue.work(run.pk, now=NOW)
    before = kept()
    assert not queue.work(run.pk, now=NOW + timedelta(days=1))
    assert kept() == before


# --- What does not work out ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_error_leaves_it_to_the_next_worker_three_times_and_then_says_so(
    program: Program,
    mentor: User,
    mentee: User,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    run, real = asked(program, admin), making.propose

    def fails(*given: object) -> None:
        raise RuntimeError("Tomasz Zielinski said: canary")

    monkeypatch.setattr(making, "propose", fails)
    with caplog.at_level(logging.DEBUG):
        for attempts in (1, 2, 3):
            assert not queue.work(run.pk, now=NOW)
            row = fresh(run)
            assert (row.state, row.attempts, row.claim, row.stage) == (State.MAKING, attempts, None, 0)
    assert "RuntimeError" in caplog.text
    assert "canary" not in caplog.text
    assert "Tomasz" not in caplog.text
    monkeypatch.setattr(making, "propose", real)
    assert not queue.work(run.pk, now=NOW)
    row = fresh(run)
    assert (row.state, row.finished_at, row.attempts) == (State.FAILED, NOW, 3)
    assert "never came to an end" in row.problem
    assert not kept()


@pytest.mark.django_db
def test_an_error_while_it_is_kept_keeps_nothing(
    program: Program,
    mentor: User,
    mentee: User,
    member: User,
    admin: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=1)
    run = asked(program, admin)
    monkeypatch.setattr(making, "criteria_in_json", lambda criteria: 1 / 0)
    assert not queue.work(run.pk, now=NOW)
    assert not kept()
    monkeypatch.undo()
    assert queue.work(run.pk, now=NOW)
    assert kept() == 2


@pytest.mark.django_db
def test_what_the_database_refuses_is_undone_inside_of_a_pages_own_transaction(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    run = asked(program, admin)
    # Somebody of the sort that no code of ours makes: this pair of the run is there already.
    ProposedPair.objects.create(run=run, mentor=mentor, mentee=mentee, fit=1)
    queue.begin(run, now=NOW)
    assert (run.state, run.attempts) == (State.MAKING, 1)
    assert ProposedPair.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("gone", ["right", "person", "inactive"])
def test_whoever_asked_still_runs_the_program_when_it_is_made(
    program: Program, mentor: User, mentee: User, admin: User, gone: str
) -> None:
    run = asked(program, admin)
    if gone == "right":
        ProgramAdmin.objects.all().delete()
    elif gone == "person":
        MatchingRun.objects.update(created_by=None)
    else:
        User.objects.filter(pk=admin.pk).update(is_active=False)
    assert not queue.work(run.pk, now=NOW)
    row = fresh(run)
    assert (row.state, row.claim, kept()) == (State.FAILED, None, 0)
    assert "does not run this program any more" in row.problem


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["closed", "archived"])
def test_a_program_that_was_closed_meanwhile_is_not_matched(
    program: Program, mentor: User, mentee: User, admin: User, status: str
) -> None:
    run = asked(program, admin)
    Program.objects.update(status=status)
    assert not queue.work(run.pk, now=NOW)
    assert (fresh(run).state, fresh(run).problem) == (State.FAILED, "This program is closed.")


@pytest.mark.django_db
def test_what_is_wrong_is_said_in_the_language_of_whoever_asked(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    User.objects.filter(pk=admin.pk).update(language="de")
    run = asked(program, admin)
    Program.objects.update(status="closed")
    queue.work(run.pk, now=NOW)
    assert "Programm" in fresh(run).problem


@pytest.mark.django_db
def test_locks_that_cannot_be_kept_are_said_in_words(
    program: Program, mentor: User, mentee: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(program, admin)

    def impossible(*given: object, **named: object) -> None:
        raise NoSuchMatching

    monkeypatch.setattr(making, "to_match", impossible)
    assert not queue.work(run.pk, now=NOW)
    assert fresh(run).state == State.FAILED
    assert "locked pairs" in fresh(run).problem


@pytest.mark.django_db
def test_a_run_that_was_put_away_while_it_was_made_keeps_nothing(
    program: Program, mentor: User, mentee: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, real = asked(program, admin), queue.ask_why

    def put_away(*given: object) -> object:
        actions.leave_run(run, by=admin, now=NOW)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(queue, "ask_why", put_away)
    assert not queue.work(run.pk, now=NOW)
    assert (fresh(run).state, kept()) == (State.LEFT, 0)


@pytest.mark.django_db
def test_somebody_who_left_for_good_meanwhile_is_not_in_it(
    program: Program, mentor: User, mentee: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, real = asked(program, admin), queue.ask_why

    def leaves(*given: object) -> object:
        User.objects.filter(pk=mentee.pk).update(is_active=False, name="", erased_at=NOW)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(queue, "ask_why", leaves)
    assert not queue.work(run.pk, now=NOW)
    assert not kept()
    monkeypatch.undo()
    assert queue.work(run.pk, now=NOW)
    assert not ProposedPair.objects.exists()
