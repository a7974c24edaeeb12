"""Runs of odd programs, and several at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import User
from mentoring import actions
from mentoring.actions import Refused
from mentoring.models import (
    Enrollment,
    MatchingRun,
    Pairing,
    Program,
)
from mentoring.runs import making, queue
from tests.conftest import NOW, TODAY, enroll, make_person, pair
from tests.mentoring.test_races import at_once

from .test_queue import asked, fresh, kept

State, Stage = MatchingRun.State, MatchingRun.Stage


# --- Odd data --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_run_of_nobody_is_made_and_nobody_is_in_it(program: Program, admin: User) -> None:
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert (run.state, run.mentees, run.mentors, run.matched) == (State.MADE, 0, 0, 0)
    assert (run.worst_fit, run.total_fit, kept()) == (None, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "side"), [("mentor", "mentor"), ("mentee", "mentee")])
def test_a_run_with_nobody_on_the_other_side_says_so_of_each(
    program: Program, admin: User, role: str, side: str
) -> None:
    enroll(program, make_person("w@harbor.example", "Wen"), role)
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert run.state == State.MADE
    assert [(row.side, row.why["cause"]) for row in run.without.all()] == [(side, "nobody there")]


@pytest.mark.django_db
def test_a_mentor_who_reports_to_their_only_mentee_is_not_matched_and_nothing_says_why(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    Enrollment.objects.filter(person=mentor).update(line_manager=mentee.email)
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert (run.state, run.matched, run.without.count()) == (State.MADE, 0, 2)
    assert {row.why["cause"] for row in run.without.all()} == {"nobody there"}


@pytest.mark.django_db
def test_somebody_who_is_alone_and_both_is_without_on_either_side(program: Program, admin: User) -> None:
    enroll(program, make_person("w@harbor.example", "Wen"), "both")
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert (run.state, run.mentees, run.mentors, run.matched) == (State.MADE, 1, 1, 0)
    assert sorted(run.without.values_list("side", flat=True)) == ["mentee", "mentor"]


@pytest.mark.django_db
def test_a_run_finds_nobody_new_for_those_who_are_a_pair(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pair(program, mentor, mentee)
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert (run.mentees, run.mentors, run.matched) == (0, 1, 0)


@pytest.mark.django_db
def test_so_many_are_asked_why_and_the_others_when_somebody_looks(
    program: Program, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        enroll(program, make_person(f"p{number}@harbor.example", f"P{number}"), "mentee")
    run = asked(program, admin)
    pool, proposal = making.find(run, NOW)
    making.keep(run, pool, proposal, making.ask_why(proposal, 3))
    assert [bool(row.why) for row in run.without.order_by("pk")] == [True, True, True, False]


# --- Asking for one --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_run_is_asked_for_by_those_who_run_the_program_one_at_a_time(
    program: Program, other_program: Program, admin: User, other_admin: User, mentor: User
) -> None:
    for nobody in (mentor, other_admin):
        with pytest.raises(Refused, match="Only those who run"):
            asked(program, nobody)
    elsewhere = asked(other_program, other_admin)
    with pytest.raises(Refused, match="another program"):
        actions.start_run(program, by=admin, now=NOW, after=elsewhere)
    first = asked(program, admin)
    with pytest.raises(Refused, match="Another run"):
        asked(program, admin)
    queue.work(first.pk, now=NOW)
    second = actions.start_run(program, by=admin, now=NOW, after=fresh(first))
    with pytest.raises(Refused, match="Only those who run"):
        actions.leave_run(second, by=other_admin, now=NOW)
    actions.leave_run(second, by=admin, now=NOW)
    with pytest.raises(Refused, match="put away already"):
        actions.leave_run(second, by=admin, now=NOW)
    assert not queue.work(second.pk, now=NOW)
    Program.objects.update(status="closed")
    program.refresh_from_db()
    with pytest.raises(Refused, match="closed"):
        asked(program, admin)


# --- Several at once -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_run(
    program: Program, mentor: User, mentee: User, admin: User, superuser: User
) -> None:
    ends = at_once([lambda by=by: asked(program, by) for by in (admin, superuser, admin)])  # type: ignore[misc]
    assert ends.count("done") == 1
    assert MatchingRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_run(
    program: Program, mentor: User, mentee: User, member: User, admin: User
) -> None:
    run = asked(program, admin)
    made: list[bool] = []
    at_once([lambda: made.append(queue.work(run.pk, now=NOW))] * 4)
    assert sorted(made) == [False, False, False, True]
    assert (fresh(run).state, fresh(run).attempts, run.pairs.count()) == (State.MADE, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_the_page_sees_which_stage_it_is_in_and_a_late_worker_finds_it_gone(
    program: Program, mentor: User, mentee: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = asked(program, admin)
    seen: list[tuple[int, bool]] = []

    def look() -> None:
        row = fresh(run)
        seen.append((row.stage, row.claimed_until is not None and row.claimed_until > NOW))
        connection.close()

    def watched(name: str, module: object, takes_over: bool = False) -> None:
        real = getattr(module, name)

        def act(*given: object, **named: object) -> object:
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
            if takes_over:
                # As when its lease ran out, and another worker has made it.
                MatchingRun.objects.filter(pk=run.pk).update(claimed_until=NOW - timedelta(days=1))
                monkeypatch.undo()
                assert queue.work(run.pk, now=NOW)
            return real(*given, **named)

        monkeypatch.setattr(module, name, act)

    watched("to_match", making)
    watched("propose", making)
    watched("ask_why", queue, takes_over=True)
    assert not queue.work(run.pk, now=NOW)
    assert seen == [(Stage.PEOPLE, True), (Stage.BEST, True), (Stage.REASONS, True)]
    row = fresh(run)
    assert (row.state, row.stage, row.attempts, row.pairs.count()) == (State.MADE, Stage.DONE, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_waits_for_nobody_who_holds_the_row(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    run = asked(program, admin)
    claim = "00000000-0000-0000-0000-000000000001"
    MatchingRun.objects.update(claim=claim, claimed_until=NOW)
    with queue.Progress(run.pk, claim) as tell:  # type: ignore[arg-type]
        assert tell.own is not None
        with tell.own.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        with transaction.atomic():
            MatchingRun.objects.select_for_update().get(pk=run.pk)
            tell(Stage.BEST)
        assert fresh(run).stage == Stage.WAITING
        tell(Stage.BEST)
        assert fresh(run).stage == Stage.BEST


@pytest.mark.django_db(transaction=True)
def test_putting_away_and_making_at_once_ends_in_one_of_two_whole_states(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    for _round in range(4):
        run = asked(program, admin)
        at_once(
            [
                lambda run=run: queue.work(run.pk, now=NOW),  # type: ignore[misc]
                lambda run=run: actions.leave_run(run, by=admin, now=NOW),  # type: ignore[misc]
            ]
        )
        row = fresh(run)
        assert row.state == State.LEFT
        # Made before it was put away, or never.
        assert row.pairs.count() == row.matched == (1 if row.stage == Stage.DONE else 0)


@pytest.mark.django_db
def test_pairs_that_are_over_are_not_proposed_again(
    program: Program, mentor: User, mentee: User, admin: User
) -> None:
    pair(program, mentor, mentee, status=Pairing.Status.COMPLETED, ended_on=TODAY)
    run = asked(program, admin)
    queue.begin(run, now=NOW)
    assert (run.mentees, run.mentors, run.matched) == (1, 1, 0)
    assert run.without.get(side="mentee").why["emptied_by"] == {"kind": "earlier", "code": ""}
