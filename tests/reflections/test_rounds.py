"""Rounds made by the clock: each quarter once, late starts caught up, the questions as they stood."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from mentoring.models import Program
from mentoring.quarter import Quarter
from reflections import rounds
from reflections.default_questions import FIRST_EDITION
from reflections.models import Prompt, Question, Questionnaire, RoleSet, Round
from reflections.rounds import (
    due_quarters,
    open_due_rounds,
    questions_of,
    round_of,
)
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def starts(program: Program) -> list[date]:
    return list(program.rounds.order_by("quarter_start").values_list("quarter_start", flat=True))  # type: ignore[attr-defined]


def asked(round: Round, role: RoleSet) -> list[str]:
    return list(Question.objects.filter(round=round).for_role(role).values_list("code", flat=True))


# --- Which rounds --------------------------------------------------------------------------------------------------


def test_a_program_gets_each_quarter_since_it_began_once(program: Program) -> None:
    new = open_due_rounds(NOW)
    assert [round.quarter_start for round in new] == [date(2026, 1, 1), date(2026, 4, 1)]
    assert open_due_rounds(NOW) == []
    assert starts(program) == [date(2026, 1, 1), date(2026, 4, 1)]


def test_the_dates_of_a_round_lie_around_the_quarters_last_day(program: Program) -> None:
    round = open_due_rounds(NOW)[-1]
    assert (round.opens_on, round.due_on, round.closes_on) == (
        date(2026, 6, 10),
        date(2026, 6, 30),
        date(2026, 7, 21),
    )


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        (
            "Pacific/Kiritimati",
            datetime(2026, 6, 9, 9, 59, tzinfo=UTC),
            datetime(2026, 6, 9, 10, 0, tzinfo=UTC),
        ),
        ("America/Denver", datetime(2026, 6, 10, 5, 59, tzinfo=UTC), datetime(2026, 6, 10, 6, 0, tzinfo=UTC)),
    ],
)
def test_the_programs_own_calendar_says_when_a_round_opens(
    program: Program, zone: str, before: datetime, after: datetime
) -> None:
    Program.objects.filter(pk=program.pk).update(time_zone=zone)
    open_due_rounds(before)
    assert starts(program) == [date(2026, 1, 1)]
    open_due_rounds(after)
    assert starts(program) == [date(2026, 1, 1), date(2026, 4, 1)]


def test_a_clock_that_starts_months_late_catches_up(program: Program) -> None:
    open_due_rounds(noon(date(2027, 2, 1)))
    assert starts(program) == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]
    assert Question.objects.filter(round__program=program).values("round").distinct().count() == 4


@pytest.mark.parametrize("status", [Program.Status.DRAFT, Program.Status.PAUSED, Program.Status.CLOSED])
def test_a_program_that_is_not_active_gets_none_until_it_is(program: Program, status: str) -> None:
    Program.objects.filter(pk=program.pk).update(status=status)
    assert open_due_rounds(NOW) == []
    Program.objects.filter(pk=program.pk).update(status=Program.Status.ACTIVE)
    assert len(open_due_rounds(NOW)) == 2


def test_a_program_that_has_not_begun_or_has_ended_gets_none(program: Program) -> None:
    Program.objects.filter(pk=program.pk).update(starts_on=date(2026, 6, 24))
    assert open_due_rounds(NOW) == []
    Program.objects.filter(pk=program.pk).update(starts_on=date(2026, 1, 5), ends_on=date(2026, 6, 22))
    assert open_due_rounds(NOW) == []
    Program.objects.filter(pk=program.pk).update(ends_on=date(2026, 6, 23))
    assert len(open_due_rounds(NOW)) == 2


def test_each_program_has_the_quarters_of_its_own_fiscal_year(
    program: Program, other_program: Program
) -> None:
    Program.objects.filter(pk=other_program.pk).update(fiscal_first_month=2)
    open_due_rounds(noon(date(2026, 7, 11)))
    assert starts(program) == [date(2026, 1, 1), date(2026, 4, 1)]
    assert starts(other_program) == [date(2025, 11, 1), date(2026, 2, 1), date(2026, 5, 1)]


def test_after_a_change_of_the_fiscal_year_no_day_is_asked_about_twice(program: Program) -> None:
    open_due_rounds(NOW)
    Program.objects.filter(pk=program.pk).update(fiscal_first_month=2)
    open_due_rounds(noon(date(2026, 12, 31)))
    assert starts(program) == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 8, 1)]


def test_a_program_that_cannot_be_served_does_not_keep_the_others_waiting(
    program: Program, other_program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    Questionnaire.objects.create(name="Its own", program=other_program)
    Questionnaire.objects.filter(program=None).delete()
    assert [round.program for round in open_due_rounds(NOW)] == [other_program] * 2
    assert f"program {program.pk} could not" in caplog.text
    assert starts(program) == []


def test_looking_for_due_quarters_asks_twice_however_many_programs_there_are(
    program: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        Program.objects.create(name=f"P{n}", slug=f"p{n}", starts_on=date(2026, 1, 5))
    open_due_rounds(NOW)
    with django_assert_num_queries(2):
        assert list(due_quarters(NOW)) == []


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_open_each_round_once_with_its_questions_once(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have seen that the rounds are missing before either writes."""
    both_looked = threading.Barrier(2, timeout=10)
    opened: list[Round] = []
    really_open = rounds._open

    def open_together(*args: object) -> list[Round]:
        both_looked.wait()
        return really_open(*args)  # type: ignore[arg-type]

    def run() -> None:
        try:
            opened.extend(open_due_rounds(NOW))
        finally:
            connection.close()

    monkeypatch.setattr(rounds, "_open", open_together)
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        sorted(round.quarter_start for round in opened)
        == starts(program)
        == [date(2026, 1, 1), date(2026, 4, 1)]
    )
    for round in opened:
        codes = list(Question.objects.filter(round=round).values_list("code", flat=True))
        assert len(codes) == len(set(codes)) >= len(FIRST_EDITION) - 3


# --- The questions -------------------------------------------------------------------------------------------------


def test_a_round_keeps_its_questions_when_a_prompt_is_edited(program: Program) -> None:
    round = open_due_rounds(NOW)[-1]
    Prompt.objects.filter(code="M1").update(text="What went well?")
    question = Question.objects.get(round=round, code="M1")
    assert (question.text, question.step, question.is_short) == ("What was your best stuff?", "first", True)
    assert Question.objects.get(round=round, code="M6").needs_care
    assert Question.objects.get(round=round, code="M15").is_locked
    later = open_due_rounds(noon(date(2026, 9, 20)))[-1]
    assert Question.objects.get(round=later, code="M1").text == "What went well?"


def test_a_programs_own_questionnaire_goes_before_the_default(program: Program) -> None:
    own = Questionnaire.objects.create(name="Ours", program=program)
    Prompt.objects.create(
        questionnaire=own, code="A", step="first", text="And?", mentor_position=1, both_position=1
    )
    Prompt.objects.create(
        questionnaire=own, code="B", step="again", text="Not any more", mentor_position=2, is_active=False
    )
    Prompt.objects.create(questionnaire=own, code="C", step="again", text="Asked of nobody")
    round = open_due_rounds(NOW)[-1]
    assert asked(round, RoleSet.MENTOR) == asked(round, RoleSet.BOTH) == ["A"]
    assert asked(round, RoleSet.MENTEE) == []
    assert Question.objects.filter(round=round).count() == 1


def test_at_most_two_rotating_questions_are_asked_and_all_have_their_turn(program: Program) -> None:
    prompts = list(Questionnaire.objects.for_program(program).prompts.all())
    quarter = Quarter(date(2026, 1, 1), 4)
    seen = []
    for _ in range(3):
        questions = questions_of(round_of(program, quarter), prompts)
        codes = {question.code for question in questions if question.mentor_position} & {"M9", "M10", "M11"}
        assert len(codes) == 2
        assert {"E10", "E11"} <= {question.code for question in questions if question.mentee_position}
        seen.append(frozenset(codes))
        quarter = quarter.next
    assert len(set(seen)) == 3


def test_what_is_asked_once_a_year_is_asked_in_the_programs_last_quarter(program: Program) -> None:
    prompts = list(Questionnaire.objects.for_program(program).prompts.all())
    quarter = Quarter(date(2026, 1, 1), program.fiscal_first_month)
    asked_in = []
    for _ in range(4):
        if "W1" in {question.code for question in questions_of(round_of(program, quarter), prompts)}:
            asked_in.append(quarter.number)
        quarter = quarter.next
    assert asked_in == [4]


def test_the_three_questions_of_a_rough_quarter_are_asked_of_nobody_who_did_not_ask_for_them(
    program: Program,
) -> None:
    round = open_due_rounds(NOW)[-1]
    for role in RoleSet:
        assert not {"R1", "R2", "R3"} & set(asked(round, role))
        rough = Question.objects.filter(round=round).rough_for(role)
        assert [question.code for question in rough] == ["R1", "R2", "R3"]
        assert all(question.is_locked for question in rough)


def test_a_rotating_prompt_rests_in_one_set_and_is_asked_in_another(program: Program) -> None:
    """A is the only rotating one for mentees, and one of three for mentors."""
    own = Questionnaire.objects.create(name="Ours", program=program)
    for place, code in enumerate("ABC", start=1):
        Prompt.objects.create(
            questionnaire=own,
            code=code,
            step="both_ways",
            text=f"{code}?",
            mentor_position=place,
            mentee_position=1 if code == "A" else None,
            is_rotating=True,
        )
    prompts = list(own.prompts.all())
    quarter = Quarter(date(2026, 1, 1), 4)
    mentors, mentees = [], []
    for _ in range(3):
        questions = questions_of(round_of(program, quarter), prompts)
        mentors.append("".join(sorted(one.code for one in questions if one.mentor_position is not None)))
        mentees.append("".join(sorted(one.code for one in questions if one.mentee_position is not None)))
        quarter = quarter.next
    assert sorted(mentors) == ["AB", "AC", "BC"]
    assert mentees == ["A", "A", "A"]
