"""A program's library of conversation starters, and those that new programs begin with."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from mentoring import actions, starters
from mentoring.actions import Refused
from mentoring.models import ConversationStarter, Program, Stage
from mentoring.models.agenda import LONGEST_TOPIC
from mentoring.program_templates import templates
from tests.conftest import NOW, signed_in

pytestmark = pytest.mark.django_db


def texts(program: Program) -> list[str]:
    return list(program.conversation_starters.values_list("text", flat=True))


def test_several_are_added_at_once_after_those_that_are_there(program: Program, admin: User) -> None:
    actions.add_starters(program, ["One?", "  Two \t of  them? ", "", "One?"], by=admin, stage="ending")
    actions.add_starters(program, ["Two of them?", "Three?"], by=admin)
    assert texts(program) == ["One?", "Two of them?", "Three?"]
    stages = program.conversation_starters.values_list("stage", flat=True)
    assert list(stages) == ["ending", "ending", "any"]


@pytest.mark.parametrize(
    "lines", [[], ["  "], ["x" * (LONGEST_TOPIC + 1)], ["There?"], [f"{n}" for n in range(101)]]
)
def test_what_adds_nothing_is_refused(program: Program, admin: User, lines: list[str]) -> None:
    actions.add_starters(program, ["There?"], by=admin)
    with pytest.raises(Refused):
        actions.add_starters(program, lines, by=admin)
    assert texts(program) == ["There?"]


def test_only_those_who_run_the_program_add_to_it(
    program: Program, mentor: User, other_admin: User, outsider: User
) -> None:
    for person in (mentor, other_admin, outsider):
        with pytest.raises(Refused):
            actions.add_starters(program, ["One?"], by=person)


def test_our_suggestions_come_along_where_they_are_wanted(program: Program, admin: User) -> None:
    known = str(starters.SUGGESTED[0][1])
    actions.add_starters(program, ["One?", known], by=admin, with_suggested=True)
    assert len(texts(program)) == len(starters.SUGGESTED) + 1
    assert set(program.conversation_starters.values_list("stage", flat=True)) == set(Stage.values)


@pytest.mark.parametrize("language", ["en-us", "de"])
def test_each_suggestion_fits_and_is_there_once(language: str) -> None:
    with translation.override(language):
        found = list(starters.suggested())
    assert all(len(text) <= LONGEST_TOPIC for _stage, text in found)
    assert len({text for _stage, text in found}) == len(found)


@pytest.mark.parametrize("key", list(templates()))
def test_a_new_program_begins_with_our_suggestions(superuser: User, key: str) -> None:
    said = {"name": "New", "starts_on": date(2026, 9, 1)}
    program = actions.make_from_template(templates()[key], said, by=superuser, now=NOW)
    assert len(texts(program)) == len(starters.SUGGESTED)


def test_the_next_program_has_what_the_one_before_offers(program: Program, admin: User) -> None:
    actions.add_starters(program, ["One?", "Two?", "Three?"], by=admin, stage="ending")
    ConversationStarter.objects.filter(text="Two?").update(is_offered=False)
    said = {"name": "Next", "starts_on": date(2026, 9, 1)}
    following = actions.duplicate_program(program, said, by=admin, now=NOW, same_admins=True)
    assert texts(following) == ["One?", "Three?"]
    assert set(following.conversation_starters.values_list("stage", flat=True)) == {"ending"}
    assert len(texts(program)) == 3


# --- In the admin


def url(page: str, *args: object) -> str:
    return reverse(f"admin:mentoring_conversationstarter_{page}", args=args)


def add(person: User, program: Program, **fields: Any) -> str:
    values = {"program": program.pk, "texts": "", "for_stage": "any"} | fields
    return signed_in(person).post(url("add"), values, follow=True).content.decode()


def test_the_page_adds_lines_and_says_how_many_are_new(program: Program, admin: User) -> None:
    said = add(admin, program, texts="One?\r\nTwo?", for_stage="beginning")
    assert "2 questions are new in the library." in said
    assert texts(program) == ["One?", "Two?"]


def test_the_page_adds_our_suggestions(program: Program, admin: User) -> None:
    add(admin, program, with_suggested="on")
    assert len(texts(program)) == len(starters.SUGGESTED)
    assert "All of these are in the library already." in add(admin, program, with_suggested="on")


def test_what_is_wrong_stands_beside_the_field_and_stays_typed(program: Program, admin: User) -> None:
    said = add(admin, program, texts="x" * 201)
    assert "Keep each question to 200 characters." in said
    assert "x" * 201 in said
    assert "Write at least one question." in add(admin, program)


def test_one_is_changed_and_not_into_another(program: Program, admin: User) -> None:
    one, _two = actions.add_starters(program, ["One?", "Two?"], by=admin)
    client = signed_in(admin)
    values = {"text": " Which  one? ", "stage": "ending", "position": 7, "is_offered": ""}
    client.post(url("change", one.pk), values)
    one.refresh_from_db()
    assert (one.text, one.stage, one.position, one.is_offered) == ("Which one?", "ending", 7, False)
    page = client.post(url("change", one.pk), values | {"text": "Two?"}).content.decode()
    assert "This question is in the library already." in page


def test_what_a_pair_took_stays_when_it_is_changed(
    program: Program, admin: User, pairing: Any, mentor: User
) -> None:
    (one,) = actions.add_starters(program, ["One?"], by=admin)
    item = actions.start_from(one, pairing, by=mentor, now=NOW)
    signed_in(admin).post(url("delete", one.pk), {"post": "yes"})
    assert not ConversationStarter.objects.exists()
    item.refresh_from_db()
    assert item.text == "One?"
