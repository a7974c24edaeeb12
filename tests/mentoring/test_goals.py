"""The pages about what two people work towards: what each of the two sees, and what their forms do."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.mail.models import Message
from accounts.models import DataKey, User
from accounts.mydata import archive
from accounts.vault import remembered
from mentoring import actions
from mentoring.models import Action, Goal, Pairing, Possibility, Program
from mentoring.mydata import clear_program_words
from mentoring.room.due import due
from mentoring.room.goals import by_when
from tests.conftest import NOW, TODAY, make_person, pair, signed_in

from .test_actions_goals import SENTENCE, goal_of, step_of


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def to(name: str, pairing: Pairing, *keys: int) -> str:
    return reverse(f"pairings:{name}", args=[pairing.pk, *keys])


def page(person: User, url: str) -> str:
    response = signed_in(person).get(url)
    assert response.status_code == 200
    return response.content.decode()


def shelf_of(pairing: Pairing, by: User, text: str = "a workshop of my own") -> Possibility:
    return actions.add_possibility(pairing, by=by, text=text, now=NOW)


# --- Who reads it


def test_both_read_it_and_nobody_else_does(
    program: Program, pairing: Pairing, mentor: User, mentee: User, member: User, outsider: User, admin: User,
    superuser: User,
) -> None:  # fmt: skip
    goal, step, thing = goal_of(pairing, mentee), step_of(pairing, mentor), shelf_of(pairing, mentee)
    addresses = [
        (to("detail", pairing), SENTENCE),
        (to("goals", pairing), SENTENCE),
        (to("goal", pairing, goal.pk), SENTENCE),
        (to("action", pairing, step.pk), "name the number first"),
    ]
    for url, words in addresses:
        for person in (mentor, mentee):
            assert words in page(person, url)
        for person in (member, outsider, admin, superuser):
            assert signed_in(person).get(url).status_code == 404
    # By way of a pairing of one's own, another pair's row is not there either.
    own = pair(program, mentor, member)
    for name, row in (("goal", goal), ("action", step), ("possibility", thing)):
        assert signed_in(member).get(to(name, own, row.pk)).status_code == 404
        assert signed_in(mentor).get(to(name, own, row.pk)).status_code == 404


def test_the_next_mentor_does_not_read_what_was_with_the_one_before(
    program: Program, pairing: Pairing, mentee: User, mentor: User
) -> None:
    goal_of(pairing, mentee)
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=TODAY)
    new = make_person("next@harbor.example", "Nina Next")
    assert SENTENCE not in page(new, to("goals", pair(program, new, mentee)))
    assert signed_in(new).get(to("goals", pairing)).status_code == 404


@pytest.mark.parametrize("status", ["proposed", "requested"])
def test_there_is_no_such_page_before_the_second_yes(
    program: Program, mentor: User, mentee: User, status: str
) -> None:
    pairing = pair(program, mentor, mentee, status=status)
    assert signed_in(mentee).get(to("goals", pairing)).status_code == 404
    assert "Things we said we would do" not in page(mentee, to("detail", pairing))


@pytest.mark.parametrize("status", ["completed", "ended"])
def test_when_it_is_over_it_is_read_and_not_written(
    pairing: Pairing, mentor: User, mentee: User, status: str
) -> None:
    goal, step, thing = goal_of(pairing, mentee), step_of(pairing, mentee), shelf_of(pairing, mentee)
    Pairing.objects.filter(pk=pairing.pk).update(status=status, ended_on=TODAY)
    for url in (to("detail", pairing), to("goals", pairing), to("goal", pairing, goal.pk)):
        html = page(mentee, url)
        assert SENTENCE in html
        # Whether they stay in touch is asked apart from it.
        assert 'action="/pairings/' not in html.replace(to("in_touch", pairing), "")
        assert "Next: " not in html
    for name, row in (("action", step), ("possibility", thing)):
        response = signed_in(mentee).get(to(name, pairing, row.pk), follow=True)
        assert "can no longer be changed" in response.content.decode()
    response = signed_in(mentee).post(
        to("goal_add", pairing), {"goal-text": "a late one", "goal-owner": "both"}
    )
    assert "while the pairing is under way" in response.content.decode()
    assert "a late one" in response.content.decode()
    assert Goal.objects.count() == 1


def test_an_old_room_in_which_nothing_was_written_says_nothing_of_it(pairing: Pairing, mentee: User) -> None:
    assert "What could be" in page(mentee, to("detail", pairing))
    Pairing.objects.filter(pk=pairing.pk).update(status="ended", ended_on=TODAY)
    html = page(mentee, to("detail", pairing))
    assert "What could be" not in html
    assert "Things we said we would do" not in html


# --- What it says


def test_a_goal_stands_with_whose_it_is_and_its_next_step(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    goal = goal_of(pairing, mentee)
    step_of(pairing, mentee, text="some day", goal=goal)
    step_of(pairing, mentee, text="the first one", goal=goal, by_on=TODAY + timedelta(days=2))
    done = step_of(pairing, mentee, text="long ago", goal=goal)
    actions.tick_actions(pairing, by=mentee, done=[done.pk], not_done=[], now=NOW)
    html = page(mentor, to("detail", pairing))
    assert "Tomasz." in html
    assert "Next: the first one" in html
    assert "Next: some day" not in html
    assert "Tomasz, by Thursday" in html


def test_what_became_of_a_goal_is_said_without_a_count(pairing: Pairing, mentee: User) -> None:
    for state, words in (
        ("reached", "Reached,"),
        ("moved_on", "Moved on to something else,"),
        ("let_go", "Let go,"),
    ):
        goal = goal_of(pairing, mentee, text=f"to be {state}")
        actions.move_goal(goal, by=mentee, state=state, now=NOW)
        html = page(mentee, to("goals", pairing))
        assert f"to be {state}" in html
        assert f"{words} Tuesday, June 23, 2026" in html
    assert SENTENCE not in page(mentee, to("detail", pairing))


def test_a_day_is_said_as_short_as_may_be_and_never_as_late() -> None:
    for days, words in (
        (0, "today"), (1, "by tomorrow"), (2, "by Thursday"), (6, "by Monday"), (7, "by June 30"), (-1, "by June 22"),
    ):  # fmt: skip
        assert by_when(TODAY + timedelta(days=days), TODAY) == words
    assert by_when(date(2027, 1, 4), TODAY) == "by Monday, January 4, 2027"


def test_a_possibility_has_no_date_no_owner_and_no_end(pairing: Pairing, mentor: User, mentee: User) -> None:
    thing = shelf_of(pairing, mentee)
    html = page(mentor, to("goals", pairing))
    shelf = html[html.index('id="possibilities"') :]
    assert "a workshop of my own" in shelf
    assert "checkbox" not in shelf.split("</ul>")[0]
    assert to("possibility", pairing, thing.pk) not in html
    assert to("possibility", pairing, thing.pk) in page(mentee, to("goals", pairing))


def test_words_that_cannot_be_read_say_so_and_stand_in_no_field(pairing: Pairing, mentee: User) -> None:
    goal, step, thing = goal_of(pairing, mentee), step_of(pairing, mentee), shelf_of(pairing, mentee)
    DataKey.objects.filter(pk=mentee.pk).delete()
    remembered.forget()
    closed = "These words cannot be read any more."
    for name, keys in (
        ("goals", ()),
        ("goal", (goal.pk,)),
        ("action", (step.pk,)),
        ("possibility", (thing.pk,)),
    ):
        html = page(mentee, to(name, pairing, *keys))
        assert closed in html
        assert f'value="{closed}"' not in html
        assert f">\n{closed}</textarea>" not in html


# --- The forms


ADDS: list[tuple[str, dict[str, str], type[Any], str]] = [
    ("goal_add", {"goal-text": "x", "goal-why": "y", "goal-owner": "both"}, Goal, "goals"),
    ("action_add", {"action-text": "x", "action-owner": "mentor", "action-by_on": "2026-06-25"}, Action, "actions"),
    ("possibility_add", {"possibility-text": "x"}, Possibility, "possibilities"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "model", "part"), ADDS)
def test_each_is_added_from_the_pair_page_and_leads_back_there(
    pairing: Pairing, mentor: User, name: str, data: dict[str, str], model: Any, part: str
) -> None:
    sent = data | {"next": to("detail", pairing)}
    response = signed_in(mentor).post(to(name, pairing), sent)
    assert response["Location"] == f"{to('detail', pairing)}#{part}"
    row = model.objects.get()
    assert (row.text, row.author, row.pairing) == ("x", mentor, pairing)
    if model is Action:
        assert (row.owner, row.by_on) == ("mentor", date(2026, 6, 25))
    # Nobody is written to about it.
    assert not Message.objects.exists()


@pytest.mark.parametrize(("name", "data", "model", "part"), ADDS)
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_a_form_leads_to_no_other_site(
    pairing: Pairing, mentor: User, name: str, data: dict[str, str], model: Any, part: str, elsewhere: str
) -> None:
    response = signed_in(mentor).post(to(name, pairing), data | {"next": elsewhere})
    assert response["Location"] == f"{to('goals', pairing)}#{part}"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("goal_add", {"text": "", "why": "kept words", "owner": "both"}, "Say it in a sentence."),
        ("goal_add", {"text": "kept words", "owner": "nobody"}, "Choose whose it is."),
        ("goal_add", {"text": "kept words" + "x" * 300, "owner": "both"}, "at most 300 characters"),
        ("action_add", {"text": "kept words", "owner": "both", "by_on": "2026-06-22"}, "still to come"),
        ("action_add", {"text": "kept words", "owner": "both", "by_on": "2036-06-22"}, "next two years"),
        ("action_add", {"text": "kept words", "owner": "both", "by_on": "soon"}, "Write the day like"),
        ("possibility_add", {"text": "kept words" + "x" * 300}, "at most 300 characters"),
        ("possibility_add", {"text": "  "}, "Write a few words."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    pairing: Pairing, mentee: User, name: str, data: dict[str, str], said: str
) -> None:
    goal_of(pairing, mentee)
    part = name.removesuffix("_add")
    sent = {f"{part}-{field}": value for field, value in data.items()}
    response = signed_in(mentee).post(to(name, pairing), sent)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count(said) >= 2
    assert ("kept words" in html) == ("kept words" in "".join(data.values()))
    assert "<title>Error:" in html
    # The page that is shown then is found again at the form's address, too.
    response = signed_in(mentee).get(to(name, pairing), {"shelf": "2"})
    assert response["Location"] == f"{to('goals', pairing)}?shelf=2"


def test_ticks_say_what_was_shown_so_that_nobody_undoes_what_the_other_did(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    mine, theirs, old = (step_of(pairing, mentee, text=text) for text in ("mine", "theirs", "old"))
    actions.tick_actions(pairing, by=mentee, done=[old.pk], not_done=[], now=NOW - timedelta(days=1))
    # The mentee's page is open when the mentor ticks another one.
    shown = {"open": [mine.pk, theirs.pk], "was_done": [old.pk], "next": to("detail", pairing)}
    actions.tick_actions(pairing, by=mentor, done=[theirs.pk], not_done=[], now=NOW)
    response = signed_in(mentee).post(to("actions_done", pairing), shown | {"done": [mine.pk, old.pk]})
    assert response["Location"] == f"{to('detail', pairing)}#actions"
    assert Action.objects.open().count() == 0
    signed_in(mentee).post(to("actions_done", pairing), {"was_done": [old.pk], "done": ["nonsense", "²"]})
    assert list(Action.objects.open()) == [old]


def test_one_changes_own_words_and_the_other_day_and_owner(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    step = step_of(pairing, mentee, by_on=TODAY - timedelta(days=3))
    url = to("action", pairing, step.pk)
    assert 'name="action-text"' in page(mentee, url)
    assert 'name="action-text"' not in page(mentor, url)
    # A day that has gone by may stay as it is.
    data = {"action-owner": "both", "action-by_on": "2026-06-20", "action-text": "other words"}
    assert signed_in(mentor).post(url, data).status_code == 302
    step.refresh_from_db()
    assert (step.owner, step.text) == ("both", "name the number first")
    assert signed_in(mentee).post(url, data).status_code == 302
    step.refresh_from_db()
    assert step.text == "other words"


def test_a_goal_is_said_otherwise_moved_and_deleted(pairing: Pairing, mentor: User, mentee: User) -> None:
    goal = goal_of(pairing, mentee)
    url = to("goal", pairing, goal.pk)
    data = {"goal-text": "better words", "goal-why": "since I ask more", "goal-owner": "both"}
    assert 'name="goal-text"' not in page(mentor, url)
    assert (
        "can no longer be changed, or not by you"
        in signed_in(mentor).post(url, data, follow=True).content.decode()
    )
    assert signed_in(mentee).post(url, data)["Location"] == url
    assert "since I ask more" in page(mentor, url)
    signed_in(mentor).post(to("goal_move", pairing, goal.pk), {"state": "let_go"})
    assert "Let go, Tuesday, June 23, 2026" in page(mentee, url)
    signed_in(mentor).post(to("goal_move", pairing, goal.pk), {"state": "failed"})
    goal.refresh_from_db()
    assert goal.state == "let_go"
    assert signed_in(mentee).post(to("goal_delete", pairing, goal.pk)).status_code == 302
    assert not Goal.objects.exists()


def test_a_step_and_a_possibility_are_deleted_by_whoever_wrote_them(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    step, thing = step_of(pairing, mentee), shelf_of(pairing, mentee)
    for name, row in (("action_delete", step), ("possibility_delete", thing)):
        answer = signed_in(mentor).post(to(name, pairing, row.pk), follow=True)
        assert "Only whoever wrote it can do this." in answer.content.decode()
        assert "Deleted." in signed_in(mentee).post(to(name, pairing, row.pk), follow=True).content.decode()
    assert not Action.objects.exists()
    assert not Possibility.objects.exists()


def test_a_possibility_is_said_otherwise(pairing: Pairing, mentor: User, mentee: User) -> None:
    thing = shelf_of(pairing, mentee)
    url = to("possibility", pairing, thing.pk)
    assert signed_in(mentor).get(url).status_code == 302
    signed_in(mentee).post(url, {"possibility-text": "a school of my own"})
    assert "a school of my own" in page(mentor, to("goals", pairing))


# --- Many


def many(pairing: Pairing, people: tuple[User, User], number: int) -> None:
    for one in range(number):
        by = people[one % 2]
        goal = goal_of(pairing, by, text=f"goal {one}.")
        step_of(pairing, by, text=f"step {one}.", goal=goal)
        shelf_of(pairing, by, text=f"thing {one}.")


def test_pages_ask_the_database_as_often_for_many_as_for_few(
    pairing: Pairing, mentor: User, mentee: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    many(pairing, (mentor, mentee), 3)
    client = signed_in(mentee)
    for name in ("detail", "goals"):
        client.get(to(name, pairing))
    for name in ("detail", "goals"):
        with CaptureQueriesContext(connection) as few:
            client.get(to(name, pairing))
            asked = len(few)
        many(pairing, (mentor, mentee), 20)
        client.get(to(name, pairing))
        with django_assert_num_queries(asked):
            client.get(to(name, pairing))


def test_there_is_a_page_for_each_fifty(pairing: Pairing, mentor: User, mentee: User) -> None:
    many(pairing, (mentor, mentee), 53)
    first, second = page(mentee, to("goals", pairing)), page(mentee, to("goals", pairing) + "?shelf=2")
    assert "goal 0." in first
    assert "thing 0." not in first
    assert "thing 0." in second
    assert "goal 52." in page(mentee, to("goals", pairing) + "?page=2")
    assert "step 52." in page(mentee, to("goals", pairing) + "?steps=2")


# --- What is cleared


def test_the_words_of_one_go_and_those_of_the_other_stay(
    program: Program, pairing: Pairing, mentor: User, mentee: User
) -> None:
    goal = goal_of(pairing, mentee)
    step_of(pairing, mentee)
    shelf_of(pairing, mentee)
    theirs = step_of(pairing, mentor, goal=goal)
    kept = goal_of(pairing, mentor, text="mine")
    clear_program_words(mentee, program)
    assert list(Goal.objects.all()) == [kept]
    assert list(Action.objects.all()) == [theirs]
    assert not Possibility.objects.exists()
    theirs.refresh_from_db()
    assert theirs.goal is None


def taken_along(person: User) -> str:
    file = BytesIO()
    archive.write(person, file, now=NOW)
    with zipfile.ZipFile(file) as found:
        return "".join(found.read(name).decode() for name in ("index.html", "data.json"))


def test_a_copy_of_everything_has_ones_own_words_and_not_the_others(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    goal = goal_of(pairing, mentee, why="so that clients trust me")
    step_of(pairing, mentee, goal=goal)
    shelf_of(pairing, mentee)
    mine, theirs = taken_along(mentee), taken_along(mentor)
    for words in (SENTENCE, "so that clients trust me", "name the number first", "a workshop of my own"):
        assert words in mine
        assert words not in theirs
    DataKey.objects.filter(pk=mentee.pk).delete()
    remembered.forget()
    # Words that are lost do not keep somebody from taking the rest along.
    assert "These words cannot be read any more." in taken_along(mentee)


# --- What is due


def test_a_step_of_ones_own_is_due_from_three_days_before_to_its_day_and_never_late(
    pairing: Pairing, mentor: User, mentee: User
) -> None:
    step_of(pairing, mentee, text="mine", owner="mentee", by_on=TODAY + timedelta(days=2))
    step_of(pairing, mentee, text="far off", owner="mentee", by_on=TODAY + timedelta(days=9))
    assert [str(each.words) for each in due(pairing, mentee, NOW)] == ["By Thursday: mine"]
    assert due(pairing, mentor, NOW) == []
    assert due(pairing, mentee, NOW - timedelta(days=2)) == []
    assert len(due(pairing, mentee, NOW - timedelta(days=1))) == 1
    assert len(due(pairing, mentee, NOW + timedelta(days=2))) == 1
    assert due(pairing, mentee, NOW + timedelta(days=3)) == []
    both = step_of(pairing, mentor, text="ours", owner="both", by_on=TODAY)
    for person in (mentor, mentee):
        assert str(due(pairing, person, NOW)[0].words) == "Today: ours"
    actions.tick_actions(pairing, by=mentor, done=[both.pk], not_done=[], now=NOW)
    assert due(pairing, mentor, NOW) == []
    for status, ended_on in (("paused", None), ("ended", TODAY)):
        Pairing.objects.filter(pk=pairing.pk).update(status=status, ended_on=ended_on)
        pairing.refresh_from_db()
        assert due(pairing, mentee, NOW) == []
