"""What is told of how a round goes: totals that tell of nobody, on a day and between two looks."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.mail.models import Message
from accounts.models import User
from accounts.mydata import leaving
from mentoring.models import Enrollment, Program
from reflections.closings import look_after
from reflections.models import Reflection, Round, RoundFigure
from reflections.round_counting import count_rounds, is_safe
from reflections.round_told import in_a_sentence, sent_of, told_of
from tests.conftest import NOW, enroll, make_person, pair, signed_in
from tests.mentoring.test_constraints import forbidden

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


def told(round: Round, now: datetime) -> list[tuple[date, int, int]]:
    return [(step.as_of, step.asked, step.at_least) for step in told_of(round, now).steps]


def pages(admin: User, round: Round) -> list[str]:
    """All that is told of how a round goes, as whoever runs the program sees it."""
    client = signed_in(admin)
    shown = [
        in_a_sentence(told_of(round, NOW)),
        str(look_after(round).totals),
    ]
    coming = reverse("admin:reflections_round_coming")
    addresses = ["/admin/", reverse("admin:reflections_round_change", args=[round.pk])]
    addresses += [
        f"{coming}?program={round.program_id}&on=2026-{day}" for day in ("06-23", "06-24", "06-30", "07-14")
    ]
    return shown + [_main(client.get(address).content.decode()) for address in addresses]


def _main(page: str) -> str:
    """Without the token and the nonce, which differ from look to look."""
    start = page.index('id="content-start"')
    return "\n".join(line for line in page[start:].splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_count_is_told_rounded_down_and_as_of_the_beginning_of_the_day(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors[:6], *mentees[:2]], NOW - 3 * DAY)
    finish(round, mentors[6:9], NOW - timedelta(minutes=1))
    assert count_rounds(NOW) == 1
    assert told(round, NOW) == [(TODAY, 24, 5)]
    assert in_a_sentence(told_of(round, NOW)) == "At least five of 24 people have finished their reflection."
    assert look_after(round).totals == (24, 5)


def test_it_is_counted_once_a_day_however_often_the_clock_ticks(program: Program) -> None:
    mentors, _mentees = people(program, 12)
    round = open_round(program)
    finish(round, mentors[:4], NOW - 3 * DAY)
    assert count_rounds(NOW) == 0
    finish(round, mentors[4:7], NOW - 3 * DAY)
    assert count_rounds(NOW) == 0
    assert count_rounds(NOW + DAY) == 1
    assert count_rounds(NOW + DAY) == 0


def test_a_step_needs_five_more_than_the_one_before_not_than_what_was_told(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, mentors[:9], NOW - 3 * DAY)
    count_rounds(NOW)
    finish(round, [*mentors[9:], mentees[0]], NOW)
    assert count_rounds(NOW + DAY) == 0
    finish(round, [mentees[1]], NOW + DAY)
    assert count_rounds(NOW + 2 * DAY) == 1
    assert [at_least for _day, _asked, at_least in told(round, NOW)] == [5, 10]


def test_the_last_of_those_who_are_asked_are_never_told(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors, *mentees], NOW - 3 * DAY)
    assert count_rounds(NOW) == 0
    small = [*mentors, *mentees][15:]
    Reflection.objects.filter(person__in=small).delete()
    assert count_rounds(NOW + DAY) == 1
    assert told(round, NOW) == [(TODAY + DAY, 24, 15)]


@given(st.integers(5, 300), st.integers(0, 300))
def test_whichever_number_it_is_five_others_are_left(finished: int, asked: int) -> None:
    figure = RoundFigure(finished=finished, asked=asked)
    assert 0 <= finished - figure.at_least < 5
    if is_safe(figure):
        assert all(asked - (figure.at_least + more) >= 5 for more in range(5))


def test_of_a_few_nothing_is_told(program: Program) -> None:
    mentors, mentees = people(program, 6)
    round = open_round(program)
    finish(round, [*mentors, mentees[0]], NOW - 3 * DAY)
    assert count_rounds(NOW) == 0
    assert in_a_sentence(told_of(round, NOW)) == "Twelve people are asked to reflect."


def test_whoever_writes_without_a_pair_changes_no_number(program: Program) -> None:
    mentors, _mentees = people(program, 12)
    alone = [make_person(f"alone{n}@harbor.example", f"Alone {n}") for n in range(5)]
    for person in alone:
        enroll(program, person, "mentee")
    round = open_round(program)
    finish(round, [*mentors[:4], *alone], NOW - 3 * DAY)
    assert told_of(round, NOW).asked == 24
    assert count_rounds(NOW) == 0


def test_between_any_two_rows_five_people_differ(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    for number, person in enumerate([*mentors, *mentees]):
        finish(round, [person], NOW + number * timedelta(hours=8))
        count_rounds(NOW + number * timedelta(hours=8))
    rows = list(RoundFigure.objects.filter(round=round).order_by("as_of"))
    assert len(rows) > 1
    assert all(later.finished - earlier.finished >= 5 for earlier, later in pairwise(rows))


# --- By comparison -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("now")
def test_no_look_before_and_after_somebody_does_something_differs(program: Program, admin: User) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, mentors[:9], NOW - 3 * DAY)
    Reflection.objects.create(
        person=mentors[9], round=round, role="mentor", status="declined", started_at=NOW - 3 * DAY,
        declined_at=NOW - 3 * DAY,
    )  # fmt: skip
    count_rounds(NOW)
    before = pages(admin, round)
    assert "At least five of 24 people" in "".join(before)

    finish(round, [mentees[0]], NOW - timedelta(minutes=5))
    assert pages(admin, round) == before
    Reflection.objects.create(person=mentees[1], round=round, role="mentee", started_at=NOW)
    assert pages(admin, round) == before
    Reflection.objects.filter(person=mentors[9]).update(status="draft", declined_at=None)
    assert pages(admin, round) == before
    Reflection.objects.filter(person=mentors[0]).update(status="draft", submitted_at=None)
    assert pages(admin, round) == before
    Reflection.objects.filter(person=mentors[1]).delete()
    count_rounds(NOW + timedelta(minutes=1))
    assert pages(admin, round) == before


def test_another_role_moves_nobody_from_one_number_to_another(program: Program) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors[:6], *mentees[:5]], NOW - 3 * DAY)
    count_rounds(NOW)
    before = told(round, NOW)
    Enrollment.objects.filter(person=mentees[0]).update(role="both")
    count_rounds(NOW + DAY)
    assert told(round, NOW) == before


def test_an_erasure_changes_nothing_that_was_told(program: Program) -> None:
    mentors, _mentees = people(program, 12)
    round = open_round(program)
    finish(round, mentors[:6], NOW - 3 * DAY)
    count_rounds(NOW)
    before = told(round, NOW)
    User.objects.filter(pk=mentors[0].pk).update(erasure_due_at=NOW)
    assert leaving.erase_due(NOW + timedelta(minutes=1)) == 1
    count_rounds(NOW + DAY)
    assert told(round, NOW) == before == [(TODAY, 24, 5)]


# --- What the database forbids -------------------------------------------------------------------------------------


def test_no_row_is_of_fewer_than_five_or_leaves_fewer_or_comes_twice_a_day(program: Program) -> None:
    round = open_round(program)
    for name, finished, asked in (
        ("round_figure_of_five_people", 4, 30),
        ("round_figure_leaves_five_others", 13, 18),
    ):
        with forbidden(name), transaction.atomic():
            RoundFigure.objects.create(round=round, as_of=TODAY, finished=finished, asked=asked)
    RoundFigure.objects.create(round=round, as_of=TODAY, finished=13, asked=19)
    with forbidden("round_figure_once_a_day"), transaction.atomic():
        RoundFigure.objects.create(round=round, as_of=TODAY, finished=20, asked=40)


# --- Its e-mails, and the page -------------------------------------------------------------------------------------


def test_the_question_is_told_once_it_went_and_of_reminders_nothing(program: Program) -> None:
    round = open_round(program)
    mentors, mentees = people(program, 6)
    for kind, states in (
        ("ask", ["sent"] * 8 + ["bounced", "failed", "queued"]),
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
    assert (ask.sent, ask.arrived, ask.failed) == (10, 8, 2)
    assert not reminder.has_begun
    assert not last.has_begun


@pytest.mark.usefixtures("now")
def test_the_first_page_draws_it_with_a_table_beside_and_names_nobody(
    program: Program, admin: User, django_assert_max_num_queries: Any
) -> None:
    mentors, mentees = people(program, 12)
    round = open_round(program)
    finish(round, [*mentors[:6], *mentees[:5]], NOW - 3 * DAY)
    count_rounds(NOW)
    with django_assert_max_num_queries(45):
        page = signed_in(admin).get("/admin/").content.decode()
    assert "At least ten of 24 people have finished their reflection." in page
    assert "At least 10 of 24 have finished." in page
    assert page.count('<svg class="chart"') == 2
    assert "Finished, day by day, table" in page
    assert "Goes to those who have not answered by then" in page
    assert "mentor 3" not in page
    Reflection.objects.all().delete()
    Round.objects.all().delete()
    assert "No round has opened yet." in signed_in(admin).get("/admin/").content.decode()
