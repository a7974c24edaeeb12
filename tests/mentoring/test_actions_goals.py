"""What two people work towards: who may write down, change, tick and delete what, and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from mentoring import actions
from mentoring.models import Action, Goal, Pairing, Possibility, Program
from tests.conftest import NOW, TODAY, pair
from tests.mentoring.test_races import at_once

LATER = NOW + timedelta(hours=1)
SENTENCE = "hold a pricing conversation alone"


def goal_of(pairing: Pairing, by: User, **fields: Any) -> Goal:
    values = {"text": SENTENCE, "why": "", "owner": "mentee", "now": NOW} | fields
    return actions.add_goal(pairing, by=by, **values)


def step_of(pairing: Pairing, by: User, **fields: Any) -> Action:
    values = {"text": "name the number first", "owner": "mentee", "now": NOW} | fields
    return actions.add_action(pairing, by=by, **values)


# --- Who, and when


def everything(pairing: Pairing, by: User, goal: Goal, step: Action, thing: Possibility) -> dict[str, Any]:
    return {
        "add_goal": lambda: goal_of(pairing, by, text="another"),
        "change_goal": lambda: actions.change_goal(goal, by=by, text="a", why="", owner="both"),
        "move_goal": lambda: actions.move_goal(goal, by=by, state="reached", now=LATER),
        "delete_goal": lambda: actions.delete_goal(goal, by=by),
        "add_action": lambda: step_of(pairing, by, text="another"),
        "change_action": lambda: actions.change_action(
            step, by=by, text=None, owner="both", by_on=None, goal=None
        ),
        "tick_actions": lambda: actions.tick_actions(pairing, by=by, done=[step.pk], not_done=[], now=LATER),
        "delete_action": lambda: actions.delete_action(step, by=by),
        "add_possibility": lambda: actions.add_possibility(pairing, by=by, text="another", now=NOW),
        "change_possibility": lambda: actions.change_possibility(thing, by=by, text="a"),
        "delete_possibility": lambda: actions.delete_possibility(thing, by=by),
    }


VERBS = list(everything(*[None] * 5))  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_is_changed_by_others_or_once_it_is_over(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User, admin: User, superuser: User,
    verb: str,
) -> None:  # fmt: skip
    written = (
        goal_of(pairing, mentee),
        step_of(pairing, mentee),
        actions.add_possibility(pairing, by=mentee, text="a workshop of my own", now=NOW),
    )
    before = rows()
    for stranger in (member, admin, superuser):
        with pytest.raises(actions.Refused):
            everything(pairing, stranger, *written)[verb]()
    Program.objects.filter(pk=program.pk).update(status=Program.Status.CLOSED)
    with pytest.raises(actions.Refused):
        everything(pairing, mentee, *written)[verb]()
    Program.objects.filter(pk=program.pk).update(status=Program.Status.ACTIVE)
    User.objects.filter(pk=mentee.pk).update(is_active=False)
    for status in ("completed", "ended"):
        Pairing.objects.filter(pk=pairing.pk).update(status=status, ended_on=TODAY)
        with pytest.raises(actions.Refused):
            everything(pairing, mentee, *written)[verb]()
    assert rows() == before


def rows() -> list[Any]:
    return [list(model._default_manager.values().order_by("pk")) for model in (Goal, Action, Possibility)]


@pytest.mark.parametrize("status", ["accepted", "active", "paused"])
@pytest.mark.parametrize("verb", VERBS)
def test_whoever_wrote_it_may_do_all_of_it_while_the_pairing_goes_on(
    program: Program, mentor: User, mentee: User, status: str, verb: str
) -> None:
    pairing = pair(program, mentor, mentee, status=status)
    goal, step = goal_of(pairing, mentee), step_of(pairing, mentee)
    thing = actions.add_possibility(pairing, by=mentee, text="a workshop of my own", now=NOW)
    before = rows()
    everything(pairing, mentee, goal, step, thing)[verb]()
    assert rows() != before


@pytest.mark.parametrize("status", ["requested", "proposed", "declined", "expired"])
def test_before_the_second_yes_there_is_no_room(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    pairing = pair(program, mentor, mentee, status=status)
    with pytest.raises(actions.Refused):
        goal_of(pairing, mentee)


@pytest.mark.parametrize(
    "verb", ["change_goal", "delete_goal", "delete_action", "change_possibility", "delete_possibility"]
)
def test_the_words_of_one_are_not_changed_by_the_other(
    pairing: Pairing, mentor: User, mentee: User, verb: str
) -> None:
    written = (
        goal_of(pairing, mentee),
        step_of(pairing, mentee),
        actions.add_possibility(pairing, by=mentee, text="a workshop of my own", now=NOW),
    )
    before = rows()
    with pytest.raises(actions.Refused, match="whoever wrote it"):
        everything(pairing, mentor, *written)[verb]()
    step = written[1]
    with pytest.raises(actions.Refused, match="whoever wrote it"):
        actions.change_action(step, by=mentor, text="x", owner="both", by_on=TODAY, goal=None)
    assert rows() == before


# --- What is in the database


def test_words_are_sealed_for_whoever_wrote_them(pairing: Pairing, mentee: User) -> None:
    goal_of(pairing, mentee, why="so that clients trust me")
    step_of(pairing, mentee)
    actions.add_possibility(pairing, by=mentee, text="a workshop of my own", now=NOW)
    with connection.cursor() as cursor:
        for table, column in (("goal", "text"), ("goal", "why"), ("action", "text"), ("possibility", "text")):
            cursor.execute(f"SELECT {column} FROM mentoring_{table}")  # noqa: S608
            ((held,),) = cursor.fetchall()
            assert len(bytes(held)) > 20
            for word in (b"pricing", b"clients", b"number", b"workshop"):
                assert word not in bytes(held)
    assert Goal.objects.get().text == SENTENCE


def test_what_is_sent_twice_is_written_down_once(pairing: Pairing, mentor: User, mentee: User) -> None:
    assert goal_of(pairing, mentee).pk == goal_of(pairing, mentee).pk
    assert goal_of(pairing, mentor).pk != goal_of(pairing, mentee).pk
    assert step_of(pairing, mentee).pk == step_of(pairing, mentee).pk
    # The same thing to do for each of the two is two.
    step_of(pairing, mentee, owner="mentor")
    assert Action.objects.count() == 2
    assert goal_of(pairing, mentee, now=LATER).pk != goal_of(pairing, mentee).pk


# --- Goals move


@pytest.mark.parametrize("state", ["reached", "moved_on", "let_go"])
def test_either_of_the_two_says_what_became_of_a_goal_and_takes_it_up_again(
    pairing: Pairing, mentor: User, mentee: User, state: str
) -> None:
    goal = goal_of(pairing, mentee)
    actions.move_goal(goal, by=mentor, state=state, now=LATER)
    goal.refresh_from_db()
    assert (goal.state, goal.closed_at) == (state, LATER)
    assert goal.text == SENTENCE
    # Said twice, it was said once, with the time of the first.
    actions.move_goal(goal, by=mentee, state=state, now=LATER + timedelta(days=1))
    goal.refresh_from_db()
    assert goal.closed_at == LATER
    actions.move_goal(goal, by=mentee, state="open", now=LATER)
    goal.refresh_from_db()
    assert (goal.state, goal.closed_at) == ("open", None)


def test_who_says_something_else_at_the_same_moment_is_told(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    goal = goal_of(pairing, mentee)
    actions.move_goal(goal, by=mentor, state="reached", now=NOW)
    with pytest.raises(actions.Refused, match="in the meantime"):
        actions.move_goal(goal, by=mentee, state="let_go", now=NOW)
    goal.refresh_from_db()
    assert goal.state == "reached"


def test_steps_of_a_goal_that_is_deleted_stay(pairing: Pairing, mentor: User, mentee: User) -> None:
    goal = goal_of(pairing, mentee)
    step = step_of(pairing, mentor, goal=goal)
    actions.delete_goal(goal, by=mentee)
    step.refresh_from_db()
    assert step.goal is None
    assert step.text == "name the number first"


# --- Steps


def test_a_step_is_towards_an_open_goal_of_the_same_two(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    other = pair(program, mentor, member)
    theirs, over = goal_of(other, member), goal_of(pairing, mentee)
    actions.move_goal(over, by=mentee, state="let_go", now=NOW)
    for goal in (theirs, over):
        with pytest.raises(actions.Refused, match="still working towards"):
            step_of(pairing, mentee, goal=goal)
    step = step_of(pairing, mentee)
    with pytest.raises(actions.Refused, match="still working towards"):
        actions.change_action(step, by=mentee, text="x", owner="both", by_on=None, goal=theirs)


def test_a_step_stays_with_its_goal_when_that_is_over(pairing: Pairing, mentor: User, mentee: User) -> None:
    goal = goal_of(pairing, mentee)
    step = step_of(pairing, mentee, goal=goal)
    actions.move_goal(goal, by=mentee, state="reached", now=NOW)
    actions.change_action(step, by=mentor, text=None, owner="both", by_on=TODAY, goal=goal)
    step.refresh_from_db()
    assert (step.goal, step.owner, step.by_on, step.text) == (goal, "both", TODAY, "name the number first")


def test_ticking_leaves_others_alone(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User
) -> None:
    mine, theirs = step_of(pairing, mentee), step_of(pair(program, mentor, member), member)
    actions.tick_actions(pairing, by=mentor, done=[mine.pk, theirs.pk], not_done=[], now=NOW)
    actions.tick_actions(pairing, by=mentee, done=[mine.pk], not_done=[], now=LATER)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert mine.done_at == NOW
    assert theirs.done_at is None
    actions.tick_actions(pairing, by=mentee, done=[], not_done=[mine.pk], now=LATER)
    mine.refresh_from_db()
    assert mine.done_at is None


# --- At one moment


@pytest.mark.django_db(transaction=True)
def test_two_ends_of_one_goal_at_once_leave_one_and_an_answer(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    goal = goal_of(pairing, mentee)
    ends = at_once(
        [
            lambda: actions.move_goal(goal, by=mentor, state="reached", now=NOW),
            lambda: actions.move_goal(goal, by=mentee, state="let_go", now=NOW),
        ]
    )
    assert ends[0] == "done"
    assert ends[1].startswith("refused: Somebody has changed this goal")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_once_writes_one_goal(pairing: Pairing, mentee: User) -> None:
    ends = at_once([lambda: goal_of(pairing, mentee)] * 4)
    assert ends == ["done"] * 4
    assert Goal.objects.count() == 1
