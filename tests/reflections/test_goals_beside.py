"""Beside the page of a quarter: what its writer worked towards, to be read and not changed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mentoring import actions
from mentoring.models import Enrollment, Pairing, Program
from reflections.models import Round
from tests.conftest import NOW, enroll, make_person, pair, signed_in
from tests.mentoring.test_actions_goals import goal_of
from tests.reflections.conftest import ASIDE, question_url

pytestmark = pytest.mark.usefixtures("now")
HEADING = "What you worked towards"


def beside(person: User, round: Round, **code: str) -> str:
    response = signed_in(person).get(question_url(round, *code.values()))
    assert response.status_code == 200
    return response.content.decode()


def test_goals_of_the_quarter_stand_beside_the_page_without_what_became_of_them(
    pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    goal_of(pairing, mentee, text="still open", why="for a reason")
    for text, days in (("done lately", 5), ("done long ago", 120)):
        goal = goal_of(pairing, mentor, text=text)
        actions.move_goal(goal, by=mentor, state="let_go", now=NOW - timedelta(days=days))
    for person, other in ((mentee, "With Noor"), (mentor, "With Tomasz")):
        html = beside(person, quarter_round)
        assert HEADING in html
        assert other in html
        assert "still open" in html
        assert "for a reason" in html
        assert "done lately" in html
        assert "done long ago" not in html
        shown = html[html.index(HEADING) :]
        for word in ("Let go", "Reached", "Next:"):
            assert word not in shown
    # Where shortfalls are set aside, nobody is shown what they might have fallen short of.
    assert HEADING not in beside(mentee, quarter_round, code=ASIDE)


def test_where_there_is_none_nothing_is_said_of_it(
    program: Program, pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    other = make_person("other@harbor.example", "Odd Other")
    enroll(program, other, Enrollment.Role.MENTEE)
    goal_of(pair(program, mentor, other), other, text="of another pair")
    html = beside(mentee, quarter_round)
    assert HEADING not in html
    assert "of another pair" not in html
    assert "of another pair" in beside(mentor, quarter_round)


def test_a_mentor_of_many_asks_the_database_as_often_as_one_of_few(
    program: Program, pairing: Pairing, mentor: User, mentee: User, quarter_round: Round
) -> None:
    Enrollment.objects.filter(person=mentor).update(capacity=20)

    def asked() -> int:
        client = signed_in(mentor)
        client.get(question_url(quarter_round))
        with CaptureQueriesContext(connection) as queries:
            client.get(question_url(quarter_round))
            return len(queries)

    goal_of(pairing, mentee)
    one = asked()
    for number in range(6):
        person = make_person(f"more{number}@harbor.example", f"More {number}")
        enroll(program, person, Enrollment.Role.MENTEE)
        goal_of(pair(program, mentor, person), person, text=f"goal {number}")
    assert asked() == one
