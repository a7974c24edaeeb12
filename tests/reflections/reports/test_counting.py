"""A quarter is counted once, four weeks after it is over."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.models import Enrollment, Pairing, Program, Retention, Silence, Step
from mentoring.quarter import Quarter
from reflections.models import QuarterFigure, Round
from reflections.reports.counting import count_due, counts, due_quarters
from reflections.reports.figures import Measure
from tests.conftest import NOW, enroll, make_person, pair
from tests.mentoring.test_races import at_once

from .conftest import FIRST, IN_IT, crowd, in_pairs, met, reflected

pytestmark = pytest.mark.django_db

WINTER = Quarter(FIRST, 4)


def told(program: Program) -> dict[str, int]:
    rows = QuarterFigure.objects.filter(program=program, quarter_start=FIRST)
    return dict(rows.values_list("measure", "at_least"))


def test_what_is_kept_of_a_quarter_is_told_in_steps_of_five_and_the_count_itself_is_not(
    counted: Program,
) -> None:
    assert told(counted) == {
        "enrolled": 10,
        "matched": 10,
        "met": 10,
        "reflected": 5,
        "completed": 0,
        "ended_by_one": 0,
        "ended_in_silence": 0,
    }


def test_people_are_counted_once_and_only_among_those_who_had_a_place(
    program: Program, first_round: Round
) -> None:
    one, two, three, four = crowd(program, 4)
    first, second = pair(program, one, two), pair(program, one, three)
    met(first)
    met(first)
    met(second, said=False)
    met(second, said=None)
    met(second, datetime(2026, 4, 1, 12, tzinfo=UTC))
    outsider = make_person("gone@harbor.example", "Gone")
    reflected(first_round, one, four, outsider)
    assert counts(program, WINTER) == {
        Measure.ENROLLED: 4,
        Measure.MATCHED: 3,
        Measure.MET: 2,
        Measure.REFLECTED: 2,
        Measure.COMPLETED: 0,
        Measure.ENDED_BY_ONE: 0,
        Measure.ENDED_IN_SILENCE: 0,
    }


def test_a_meeting_belongs_to_the_quarter_of_the_programs_own_calendar(other_program: Program) -> None:
    """Midnight in Denver is in the morning of Greenwich."""
    pairing = pair(other_program, *crowd(other_program, 2))
    last_evening = datetime(2026, 4, 1, 4, tzinfo=UTC)
    met(pairing, last_evening)
    assert counts(other_program, Quarter(FIRST))[Measure.MET] == 2
    assert counts(other_program, Quarter(FIRST).next)[Measure.MET] == 0


def test_a_place_counts_from_the_day_somebody_joined_until_it_was_over(program: Program) -> None:
    there = crowd(program, 1)[0]
    states = Enrollment.Status
    late = make_person("late@harbor.example", "Late")
    enroll(program, late, "mentor", joined_on=date(2026, 4, 1))
    for email, status, over_since in (
        ("left@harbor.example", states.WITHDRAWN, date(2026, 1, 20)),
        ("before@harbor.example", states.WITHDRAWN, date(2025, 12, 31)),
        ("unseen@harbor.example", states.COMPLETED, None),
    ):
        place = enroll(program, make_person(email, email), "mentor", status=status)
        if over_since:
            Retention.objects.create(enrollment=place, over_since=over_since)
    enroll(program, make_person("asks@harbor.example", "Asks"), "mentor", status=states.APPLIED)
    enroll(program, make_person("no@harbor.example", "No"), "mentor", status=states.DECLINED, joined_on=None)
    gone = make_person("gone@harbor.example", "Gone")
    enroll(program, gone, "mentor")
    erase(gone, now=datetime(2025, 12, 30, tzinfo=UTC))
    assert counts(program, WINTER)[Measure.ENROLLED] == 3
    Enrollment.objects.filter(person=there).update(status=states.PAUSED)
    assert counts(program, WINTER)[Measure.ENROLLED] == 3


def test_each_ending_has_its_reason_and_one_of_them_is_never_told(program: Program) -> None:
    people = crowd(program, 12)
    over = {"status": Pairing.Status.ENDED, "ended_on": date(2026, 3, 31)}
    by_one, silent, by_admins = in_pairs(program, people[:6], **over)
    (completed,) = in_pairs(program, people[6:8], status=Pairing.Status.COMPLETED, ended_on=date(2026, 1, 30))
    in_pairs(program, people[8:10], status=Pairing.Status.ENDED, ended_on=date(2026, 4, 1))
    in_pairs(program, people[10:], status=Pairing.Status.DECLINED)
    Step.objects.create(pairing=by_one, person=by_one.mentor, kind=Step.Kind.END)
    Step.objects.create(pairing=completed, person=completed.mentor, kind=Step.Kind.COMPLETE)
    for number in (1, 2, 3):
        Silence.objects.create(pairing=silent, person=silent.mentor, since=FIRST, number=number)
    Silence.objects.create(
        pairing=by_admins,
        person=by_admins.mentor,
        since=FIRST,
        number=3,
        answer="in_touch",
        answered_at=IN_IT,
    )
    found = counts(program, WINTER)
    assert found[Measure.MATCHED] == 10
    assert [found[each] for each in (Measure.COMPLETED, Measure.ENDED_BY_ONE, Measure.ENDED_IN_SILENCE)] == [
        2,
        2,
        2,
    ]


# --- Once -----------------------------------------------------------------------------------------------------------


def test_what_happens_afterwards_changes_no_report(
    counted: Program, first_round: Round, settings: object
) -> None:
    """Two more come, one goes for good, and somebody writes late: the same figures on another day."""
    before = list(QuarterFigure.objects.order_by("pk").values())
    people = list(User.objects.filter(enrollments__program=counted).order_by("pk"))
    crowd(counted, 2, start=50)
    reflected(first_round, *people[8:12])
    met(Pairing.objects.filter(program=counted).latest("pk"))
    erase(people[0], now=NOW)
    assert count_due(NOW) == 0
    assert count_due(NOW + timedelta(days=3)) == 0
    assert list(QuarterFigure.objects.order_by("pk").values()) == before


def test_a_quarter_is_counted_when_it_is_four_weeks_over_and_the_next_one_after_it(program: Program) -> None:
    enough = datetime(2026, 4, 29, 12, tzinfo=UTC)
    assert count_due(enough - timedelta(days=1)) == 0
    assert count_due(enough) == 1
    assert count_due(enough) == 0
    assert count_due(enough + timedelta(days=92)) == 1
    starts = QuarterFigure.objects.order_by("quarter_start").values_list("quarter_start", flat=True)
    assert list(starts.distinct()) == [FIRST, date(2026, 4, 1)]


def test_drafts_are_not_counted_and_no_program_after_its_last_day(
    program: Program, other_program: Program
) -> None:
    Program.objects.filter(pk=other_program.pk).update(status=Program.Status.DRAFT)
    Program.objects.filter(pk=program.pk).update(
        ends_on=date(2026, 4, 2), status=Program.Status.ARCHIVED, starts_on=date(2025, 12, 30)
    )
    found = [(each.pk, quarter.start) for each, quarter in due_quarters(datetime(2027, 6, 1, tzinfo=UTC))]
    assert found == [
        (program.pk, date(2025, 10, 1)),
        (program.pk, FIRST),
        (program.pk, date(2026, 4, 1)),
    ]


def test_of_an_old_program_ten_years_are_counted(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(starts_on=date(1990, 1, 1))
    due = list(due_quarters(NOW))
    assert 38 <= len(due) <= 40
    assert due[-1][1] == WINTER


def test_a_program_that_cannot_be_counted_holds_nobody_up(
    program: Program, other_program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted_or_not(which: Program, quarter: Quarter) -> dict[Measure, int]:
        if which == program:
            raise RuntimeError("cannot")
        return {}

    monkeypatch.setattr("reflections.reports.counting.counts", counted_or_not)
    assert count_due(NOW) == 1
    assert set(QuarterFigure.objects.values_list("program", flat=True)) == {other_program.pk}


def test_a_quarter_that_failed_once_is_counted_by_the_next_tick_and_before_later_ones(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    Program.objects.filter(pk=program.pk).update(starts_on=NOW.date() - timedelta(days=400))
    first = next(iter(due_quarters(NOW)))[1]

    def breaks(program: Program, quarter: Quarter) -> object:
        if quarter == first:
            raise RuntimeError("cut off")
        return counts(program, quarter)

    with monkeypatch.context() as patch:
        patch.setattr("reflections.reports.counting.counts", breaks)
        assert count_due(NOW) == 0
    assert count_due(NOW) >= 2
    assert QuarterFigure.objects.filter(program=program, quarter_start=first.start).exists()


def test_a_quarter_of_many_people_costs_no_more_questions_than_one_of_few(
    program: Program, first_round: Round, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    in_pairs(program, crowd(program, 2, start=90), status=Pairing.Status.ENDED, ended_on=FIRST)
    with django_assert_num_queries(6):
        counts(program, WINTER)
    people = crowd(program, 20)
    for pairing in in_pairs(program, people):
        met(pairing)
    with django_assert_num_queries(6):
        counts(program, WINTER)


@pytest.mark.django_db(transaction=True)
def test_two_clocks_that_count_at_one_moment_count_once(program: Program) -> None:
    acts: list[Callable[[], object]] = [lambda: count_due(NOW)] * 2
    assert at_once(acts) == ["done", "done"]
    assert QuarterFigure.objects.count() == len(Measure)
