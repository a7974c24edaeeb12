"""What is told of how a round goes: totals that tell of nobody, on a day and between two days."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail.models import Message
from accounts.models import User
from mentoring.models import Program
from reflections.models import Reflection, Round
from reflections.round_told import Step, sent_of, steps, told_of
from tests.conftest import NOW, enroll, make_person, pair, signed_in

from .conftest import open_round

DAY = timedelta(days=1)
TODAY = date(2026, 6, 23)


def people(program: Program, number: int, name: str = "p") -> tuple[list[User], list[User]]:
    """Mentors and as many mentees, in pairs."""
    found: tuple[list[User], list[User]] = ([], [])
    for n in range(number):
        two = [make_person(f"{name}{n}{role}@harbor.example", f"{role} {n}") for role in ("mentor", "mentee")]
        for person, role, side in zip(two, ("mentor", "mentee"), found, strict=True):
            enroll(program, person, role)
            side.append(person)
        pair(program, *two)
    return found


def finish(round: Round, who: list[User], at: datetime) -> None:
    Reflection.objects.bulk_create(
        Reflection(
            person=person, round=round, role="mentor", status="submitted", started_at=at, submitted_at=at
        )
        for person in who
    )


@given(
    st.dictionaries(st.integers(0, 40), st.integers(0, 12), max_size=30),
    st.integers(0, 45),
)
def test_between_any_two_steps_five_people_have_finished_and_of_today_nothing_is_told(
    days: dict[int, int], today: int
) -> None:
    first = date(2026, 6, 1)
    finished = {first + number * DAY: many for number, many in days.items()}
    found = steps(finished, first + today * DAY)
    told = [0, *(step.finished for step in found)]
    assert all(later - earlier >= 5 for earlier, later in pairwise(told))
    assert all(step.until <= first + today * DAY for step in found)
    for step in found:
        assert step.finished == sum(many for day, many in finished.items() if day < step.until)


@given(st.dictionaries(st.integers(0, 40), st.integers(0, 12), max_size=30))
def test_whoever_looks_every_day_sees_what_was_told_before_stay_as_it_was(days: dict[int, int]) -> None:
    first = date(2026, 6, 1)
    finished = {first + number * DAY: many for number, many in days.items()}
    before: list[Step] = []
    for today in range(45):
        now = steps(finished, first + today * DAY)
        assert now[: len(before)] == before
        before = now


def test_of_fewer_than_five_nothing_is_told(program: Program) -> None:
    mentors, mentees = people(program, 2)
    round = open_round(program)
    finish(round, [*mentors, *mentees], NOW - 3 * DAY)
    told = told_of(round, NOW)
    assert (told.asked, told.everybody, told.steps, told.mentors) == (4, None, [], None)


def test_both_sides_are_told_apart_once_each_part_of_both_has_five(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors[:6], *mentees[:5]], NOW - 3 * DAY)
    told = told_of(round, NOW)
    assert told.everybody is not None
    assert told.mentors is not None
    assert told.mentees is not None
    assert (told.everybody.asked, told.everybody.finished, told.everybody.others) == (24, 11, 13)
    assert (told.mentors.finished, told.mentees.finished) == (6, 5)
    assert told.as_of == TODAY - 2 * DAY


def test_a_side_of_which_few_or_none_have_finished_is_not_told(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors[:6], *mentees[:2]], NOW - 3 * DAY)
    told = told_of(round, NOW)
    assert told.everybody is not None
    assert told.everybody.finished == 8
    assert (told.mentors, told.mentees) == (None, None)
    Reflection.objects.filter(person__in=mentees).delete()
    assert told_of(round, NOW).mentors is None


def test_those_who_write_are_told_only_where_they_are_five_and_others_too(program: Program) -> None:
    mentors, _mentees = people(program, 12)
    round = open_round(program)
    finish(round, mentors[:6], NOW - 3 * DAY)
    for person in mentors[6:8]:
        Reflection.objects.create(person=person, round=round, role="mentor", started_at=NOW - 4 * DAY)
    told = told_of(round, NOW)
    assert told.everybody is not None
    assert (told.everybody.finished, told.everybody.writing, told.everybody.rest) == (6, None, None)


def test_what_happened_today_is_not_told(program: Program) -> None:
    mentors, _mentees = people(program, 12)
    round = open_round(program)
    finish(round, mentors[:6], NOW - timedelta(hours=1))
    assert told_of(round, NOW).everybody is None
    assert told_of(round, NOW + DAY).everybody is not None


def test_reminders_are_told_in_fives_and_the_question_as_it_is(program: Program, mentor: User) -> None:
    round = open_round(program)
    mentors, mentees = people(program, 6)
    for kind, states in (
        ("ask", ["sent"] * 9 + ["bounced", "failed"]),
        ("reminder", ["sent"] * 8 + ["queued"]),
    ):
        for person, state in zip([*mentors, *mentees], states, strict=False):
            at = NOW - DAY
            Message.objects.create(
                kind=kind, person=person, message_id=f"<{kind}-{person.pk}@harbor.example>",
                subject_id=round.pk, due_at=at, next_attempt_at=at,
                expires_at=NOW + DAY, state=state, sent_at=at if state in ("sent", "bounced") else None,
                sending_at=at if state in ("sent", "bounced") else None,
            )  # fmt: skip
    ask, reminder, last = sent_of(round)
    assert (ask.sent, ask.arrived, ask.failed, ask.to_come) == (11, 9, 2, 0)
    assert (reminder.sent, reminder.arrived, reminder.failed, reminder.to_come) == (5, 5, 0, None)
    assert not last.has_begun


@pytest.mark.usefixtures("now")
def test_the_first_page_draws_it_with_a_table_beside_and_names_nobody(
    program: Program, admin: User, django_assert_max_num_queries: Any
) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors[:6], *mentees[:5]], NOW - 3 * DAY)
    with django_assert_max_num_queries(45):
        page = signed_in(admin).get("/admin/").content.decode()
    assert "Eleven of 24 people have finished their reflection." in page
    assert "Mentors: 6 have finished, 0 are writing, 6 neither." in page
    assert page.count('<svg class="chart"') == 2
    assert "Finished, day by day, table" in page
    assert "mentor 3" not in page
    Reflection.objects.all().delete()
    Round.objects.all().delete()
    assert "No round has opened yet." in signed_in(admin).get("/admin/").content.decode()
