"""Editions of a questionnaire: what it asked when, who changed it, and that a round keeps what it asked."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.mydata.erasing import erase
from mentoring.models import Program
from reflections import actions, editions
from reflections.models import (
    Edition,
    EditionAuthor,
    Prompt,
    PromptTranslation,
    Question,
    Questionnaire,
    Round,
)
from reflections.rounds import in_order, open_due_rounds, questions_of
from tests.conftest import NOW
from tests.mentoring.test_constraints import forbidden

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 9, 20, 12, tzinfo=UTC)


def change(questionnaire: Questionnaire, by: User, text: str = "Anew?", code: str = "A") -> Edition:
    questionnaire.prompts.filter(code=code).update(text=text)
    return actions.publish(questionnaire, by=by, now=NOW)


# --- Editions ------------------------------------------------------------------------------------------------------


def test_what_no_round_has_asked_is_put_right_in_place(ours: Questionnaire, admin: User) -> None:
    first = actions.publish(ours, by=admin, now=NOW)
    again = change(ours, admin)
    assert (first.pk, again.number) == (again.pk, 1)
    assert "Anew?" in [row["text"] for row in again.prompts]


def test_what_a_round_has_asked_stays_and_a_change_is_a_new_edition(
    ours: Questionnaire, program: Program, admin: User
) -> None:
    asked = open_due_rounds(NOW)
    first = Edition.objects.get()
    assert {round.edition for round in Round.objects.all()} == {first}
    assert len(asked) == 2
    second = change(ours, admin)
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert [row["text"] for row in first.prompts] == ["A?", "B?", "C?"]
    assert (first.publisher, second.publisher) == (None, admin)
    later = open_due_rounds(LATER)[-1]
    assert later.edition == second
    assert Question.objects.get(round=later, code="A").text == "Anew?"
    assert set(Question.objects.filter(round__in=asked, code="A").values_list("text", flat=True)) == {"A?"}


def test_saving_without_a_change_makes_none(ours: Questionnaire, admin: User, superuser: User) -> None:
    first = actions.publish(ours, by=admin, now=NOW)
    again = actions.publish(ours, by=superuser, now=NOW + timedelta(days=1))
    assert (again.pk, again.publisher, again.published_at) == (first.pk, admin, NOW)


def test_what_came_with_the_software_has_an_edition_of_its_own(program: Program) -> None:
    """Also where a migration has changed the prompts since."""
    open_due_rounds(NOW)
    Prompt.objects.filter(questionnaire__program=None, code="M1").update(text="What went well?")
    later = open_due_rounds(LATER)[-1]
    assert later.edition is not None
    assert (later.edition.number, later.edition.publisher) == (2, None)


def test_two_programs_with_the_same_questions_ask_from_one_edition(
    program: Program, other_program: Program
) -> None:
    open_due_rounds(NOW)
    assert Edition.objects.count() == 1


def test_an_edition_gives_back_the_questions_it_asked(ours: Questionnaire, admin: User) -> None:
    prompt = ours.prompts.get(code="A")
    PromptTranslation.objects.create(prompt=prompt, language="de", text="A auf Deutsch?")
    edition = actions.publish(ours, by=admin, now=NOW)
    ours.prompts.all().delete()
    edition.refresh_from_db()
    round = Round(quarter_start=date(2026, 4, 1))
    asked = in_order(questions_of(round, editions.prompts_in(edition)), "mentee")
    assert [question.text for question in asked] == ["A?", "C?"]
    with translation.override("de"):
        assert asked[0].asked == "A auf Deutsch?"


def test_whoever_is_erased_leaves_the_edition_without_a_name(
    ours: Questionnaire, program: Program, admin: User
) -> None:
    edition = actions.publish(ours, by=admin, now=NOW)
    assert erase(admin, now=NOW)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.publisher is None
    assert not EditionAuthor.objects.exists()
    assert len(edition.prompts) == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_make_one_edition_after_the_other(
    ours: Questionnaire, program: Program, admin: User
) -> None:
    open_due_rounds(NOW)
    both = threading.Barrier(2, timeout=10)

    def save(code: str) -> None:
        try:
            with transaction.atomic():
                ours.prompts.filter(code=code).update(text=f"{code} anew?")
                both.wait()
                actions.publish(ours, by=admin, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[code]) for code in "AC"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = list(Edition.objects.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2]  # The second is put right in place: nobody has asked it.
    texts = {row["text"] for row in Edition.objects.get(number=2).prompts}
    assert texts >= {"A anew?", "C anew?"}


# --- In the language of whoever reads ------------------------------------------------------------------------------


def test_a_round_copies_the_translations_and_keeps_them(ours: Questionnaire, admin: User) -> None:
    prompt = ours.prompts.get(code="A")
    wordings = {prompt.pk: ("A auf Deutsch?", "zu A")}
    actions.translate_prompts(ours, "de", wordings, by=admin, now=NOW)
    round = open_due_rounds(NOW)[-1]
    actions.translate_prompts(ours, "de", {prompt.pk: ("Ganz anders?", "")}, by=admin, now=NOW)
    question = Question.objects.get(round=round, code="A")
    assert (question.asked, question.helped) == ("A?", "about A")
    with translation.override("de"):
        assert (question.asked, question.helped) == ("A auf Deutsch?", "zu A")
        assert Question.objects.get(round=round, code="B").asked == "B?"
    later = Question.objects.get(round=open_due_rounds(LATER)[-1], code="A")
    with translation.override("de"):
        # Its help was left: they read it as it was written.
        assert (later.asked, later.helped) == ("Ganz anders?", "about A")


def test_a_translation_goes_before_the_one_that_comes_with_the_software(
    program: Program, superuser: User
) -> None:
    default = Questionnaire.objects.get(program=None)
    prompt = default.prompts.get(code="M1")
    actions.translate_prompts(default, "de", {prompt.pk: ("Was lief gut?", "")}, by=superuser, now=NOW)
    question = Question.objects.get(round=open_due_rounds(NOW)[-1], code="M1")
    with translation.override("de"):
        assert question.asked == "Was lief gut?"
    assert question.asked == "What was your best stuff?"


def test_an_emptied_translation_is_none_and_a_help_alone_is_refused(ours: Questionnaire, admin: User) -> None:
    prompt = ours.prompts.get(code="A")
    actions.translate_prompts(ours, "de", {prompt.pk: ("A?", "zu A")}, by=admin, now=NOW)
    with pytest.raises(actions.Refused, match="the question too"):
        actions.translate_prompts(ours, "de", {prompt.pk: ("", "zu A")}, by=admin, now=NOW)
    actions.translate_prompts(ours, "de", {}, by=admin, now=NOW)
    assert not PromptTranslation.objects.exists()


def test_asking_a_question_in_ones_language_asks_the_database_nothing(
    ours: Questionnaire, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    questions = list(Question.objects.filter(round=open_due_rounds(NOW)[-1]))
    with django_assert_num_queries(0), translation.override("de"):
        assert [question.asked for question in questions] == ["A?", "B?", "C?"]


def test_the_next_program_gets_the_translations_too(
    ours: Questionnaire, other_program: Program, program: Program, admin: User
) -> None:
    prompt = ours.prompts.get(code="A")
    actions.translate_prompts(ours, "de", {prompt.pk: ("A auf Deutsch?", "zu A")}, by=admin, now=NOW)
    actions.copy_questionnaire(program, other_program)
    copied = Prompt.objects.get(questionnaire__program=other_program, code="A")
    assert copied.wordings == {"de": {"text": "A auf Deutsch?", "help_text": "zu A"}}


# --- Their order ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "up", "after"),
    [("B", True, "BAC"), ("B", False, "ACB"), ("A", True, "ABC"), ("C", False, "ABC")],
)
def test_a_question_moves_by_one_place_in_one_set(
    ours: Questionnaire, admin: User, code: str, up: bool, after: str
) -> None:
    actions.move_prompt(ours.prompts.get(code=code), "mentor", up=up, by=admin, now=NOW)
    in_set = ours.prompts.order_by("mentor_position").values_list("code", flat=True)
    assert "".join(in_set) == after
    others = ours.prompts.exclude(mentee_position=None).order_by("mentee_position")
    assert list(others.values_list("code", "mentee_position")) == [("A", 1), ("C", 3)]


def test_two_at_the_same_place_are_put_apart(ours: Questionnaire, admin: User) -> None:
    ours.prompts.update(mentor_position=5)
    actions.move_prompt(ours.prompts.get(code="C"), "mentor", up=True, by=admin, now=NOW)
    assert list(ours.prompts.order_by("mentor_position").values_list("code", "mentor_position")) == [
        ("A", 10),
        ("C", 20),
        ("B", 30),
    ]


def test_a_question_of_another_set_is_not_moved(ours: Questionnaire, admin: User) -> None:
    with pytest.raises(actions.Refused, match="not asked of them"):
        actions.move_prompt(ours.prompts.get(code="B"), "mentee", up=True, by=admin, now=NOW)


# --- What the database forbids -------------------------------------------------------------------------------------


def test_the_database_holds_each_number_and_each_translation_once(ours: Questionnaire, admin: User) -> None:
    edition = actions.publish(ours, by=admin, now=NOW)
    with forbidden("edition_number_once"), transaction.atomic():
        Edition.objects.create(questionnaire=ours, number=edition.number, published_at=NOW)
    prompt = ours.prompts.get(code="A")
    PromptTranslation.objects.create(prompt=prompt, language="de", text="A?")
    with forbidden("prompt_translation_once"), transaction.atomic():
        PromptTranslation.objects.create(prompt=prompt, language="de", text="B?")
    with forbidden("prompt_translation_says_something"), transaction.atomic():
        PromptTranslation.objects.create(prompt=prompt, language="en-us", text="")
