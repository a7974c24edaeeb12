"""The default questionnaire: what PRODUCT.md asks of it, and that a released edition stays as it was."""

import hashlib
import importlib
import json

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from mentoring.models import Program
from reflections.default_questions import FIRST_EDITION, NAME
from reflections.models import Prompt, PromptKind, Question, Questionnaire, RoleSet, Step
from reflections.second_edition import NEW, SECOND_EDITION

pytestmark = pytest.mark.django_db

MENTOR = "M1 M2 M3 M4 M5 M6 M7 M8 M9 M10 M11 M12 W1 M13 M14 M15 M16"
ROUGH = "R1 R2 R3"
MENTEE = "E1 M2 E3 M4 E5 E6 E7 E8 M7 E10 E11 M12 E13 E14 M15 M16"
BOTH = "M1 M2 M3 M4 M5 M6 M7 E6 E7 E8 M8 M12 W1 E13 M13 M14 M15 M16"


def default() -> Questionnaire:
    return Questionnaire.objects.get(program=None)


def asked_of(role: RoleSet) -> list[Prompt]:
    field = f"{role.value}_position"
    return list(default().prompts.filter(**{f"{field}__isnull": False}).order_by(field))


@pytest.mark.parametrize(
    ("role", "codes"), [(RoleSet.MENTOR, MENTOR), (RoleSet.MENTEE, MENTEE), (RoleSet.BOTH, BOTH)]
)
def test_each_set_is_asked_its_questions_in_the_order_of_the_steps(role: RoleSet, codes: str) -> None:
    prompts = asked_of(role)
    assert " ".join(prompt.code for prompt in prompts) == f"{codes} {ROUGH}"
    steps = [list(Step).index(Step(prompt.step)) for prompt in prompts]
    assert steps == sorted(steps)
    assert {Step(prompt.step) for prompt in prompts} == set(Step)


@pytest.mark.parametrize("role", list(RoleSet))
def test_nobody_is_asked_the_same_thing_twice(role: RoleSet) -> None:
    texts = [prompt.text for prompt in asked_of(role)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("role", list(RoleSet))
def test_everybody_is_asked_the_question_first_and_then_sets_the_shortfalls_down(role: RoleSet) -> None:
    first, aside, *_rest = asked_of(role)
    assert first.text == "What was your best stuff?"
    assert (aside.step, aside.is_locked) == (Step.ASIDE, True)


def test_the_marks_are_those_of_the_product() -> None:
    prompts = {prompt.code: prompt for prompt in default().prompts.all()}
    assert {code for code, prompt in prompts.items() if prompt.is_locked} == {
        *("M2", "M15"),
        *ROUGH.split(),
    }
    assert {code for code, prompt in prompts.items() if prompt.is_yearly} == {"W1"}
    assert {code: prompt.kind for code, prompt in prompts.items() if prompt.kind != PromptKind.WORDS} == {
        "M3": PromptKind.AGAIN,
        "E3": PromptKind.AGAIN,
        "M4": PromptKind.BEFORE_AFTER,
        "M12": PromptKind.VALUES,
        "M16": PromptKind.CARRY,
    }
    assert {code for code, prompt in prompts.items() if prompt.needs_care} == {"M6", "E8"}
    assert {code for code, prompt in prompts.items() if prompt.is_rotating} == {
        "M9",
        "M10",
        "M11",
        "E10",
        "E11",
    }
    assert {code for code, prompt in prompts.items() if prompt.is_short} == {
        *("M1", "M3", "M5", "M8", "M14"),
        *("E1", "E3", "E5", "E13"),
    }


@pytest.mark.parametrize("role", list(RoleSet))
def test_the_five_minute_set_is_about_five_questions(role: RoleSet) -> None:
    assert 4 <= sum(prompt.is_short for prompt in asked_of(role)) <= 6


def test_every_prompt_says_how_it_is_meant_and_fits_its_fields() -> None:
    for prompt in default().prompts.all():
        prompt.full_clean()
        assert prompt.help_text
        assert "!" not in prompt.text + prompt.help_text


def test_a_released_edition_is_never_edited() -> None:
    """The words stand in people's pages. Better words are a second edition, with a migration of its own."""
    released = json.dumps([prompt.row() for prompt in FIRST_EDITION], sort_keys=True, ensure_ascii=False)
    assert (
        hashlib.sha256(released.encode()).hexdigest()
        == "d8020de00e9c0da3cf4fee0adef75a95d782ba5ae20d70a7c64dd8fa63ecebec"
    )


def test_the_second_edition_is_never_edited_either() -> None:
    released = [prompt.row_of_second_edition() for prompt in SECOND_EDITION]
    print_of_it = json.dumps(released, sort_keys=True, ensure_ascii=False)
    assert (
        hashlib.sha256(print_of_it.encode()).hexdigest()
        == "fe8ad25dadc1d99472a49fedc3b2bb6187c2d04f593d2b4625ea75168ac3278a"
    )


def test_whoever_asks_has_the_second_edition_with_two_small_examples_for_an_empty_page() -> None:
    prompts = {prompt.code: prompt for prompt in default().prompts.all()}
    assert set(prompts) == {prompt.code for prompt in SECOND_EDITION}
    for prompt in SECOND_EDITION:
        row = prompt.row_of_second_edition()
        assert {name: getattr(prompts[prompt.code], name) for name in row} == row
    # None where shortfalls are set down, where a rough quarter is, and where values stand beside stories.
    without = {code for code, prompt in prompts.items() if not prompt.examples}
    assert without == {"M2", "M12", *ROUGH.split()}
    examples = [line for prompt in prompts.values() for line in prompt.examples.splitlines()]
    assert len(examples) == len(set(examples)) == 2 * (len(prompts) - len(without))


def test_the_second_edition_goes_in_and_out_and_leaves_ones_own_wording_alone(program: Program) -> None:
    copied = Questionnaire.objects.create(name=NAME, program=program)
    Prompt.objects.create(questionnaire=copied, **FIRST_EDITION[0].row())
    theirs = default().prompts.filter(code="M3")
    theirs.update(text="And then?", kind="words", examples="")
    migration = importlib.import_module("reflections.migrations.0031_second_edition")
    with connection.schema_editor() as editor:
        migration.take_out(apps, editor)
        before = {prompt.code: prompt for prompt in default().prompts.all()}
        assert set(before) == {prompt.code for prompt in FIRST_EDITION}
        for prompt in FIRST_EDITION:
            if prompt.code != "M3":
                row = prompt.row() | {"kind": "words", "examples": "", "is_yearly": False}
                assert {name: getattr(before[prompt.code], name) for name in row} == row
        migration.bring_in(apps, editor)
        migration.bring_in(apps, editor)
    assert default().prompts.count() == len(FIRST_EDITION) + len(NEW)
    assert theirs.get().text == "And then?"
    assert theirs.get().kind == PromptKind.WORDS
    assert default().prompts.get(code="M4").kind == PromptKind.BEFORE_AFTER
    assert [prompt.examples for prompt in copied.prompts.all()] == [""]


def test_the_questions_are_asked_in_the_readers_language_where_we_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    german = translation.trans_real.translation("de")._catalog._catalogs[0]  # type: ignore[attr-defined]
    monkeypatch.setitem(german, "What was your best stuff?", "Was war dein Bestes?")
    with translation.override("de"):
        assert Question(text="What was your best stuff?").asked == "Was war dein Bestes?"
        assert Question(text="Ours alone?").asked == "Ours alone?"


def test_the_migration_goes_back_and_forth_and_leaves_a_programs_own_questions_alone(
    program: Program,
) -> None:
    own = Questionnaire.objects.create(name="Harbor's own", program=program)
    migration = importlib.import_module("reflections.migrations.0002_default_questionnaire")
    with connection.schema_editor() as editor:
        migration.remove(apps, editor)
        assert list(Questionnaire.objects.all()) == [own]
        migration.insert(apps, editor)
        migration.insert(apps, editor)
    assert default().name == NAME
    assert default().prompts.count() == len(FIRST_EDITION)  # the second one is a step of its own


def test_the_migration_leaves_a_default_that_is_there_alone() -> None:
    Questionnaire.objects.filter(program=None).update(name="Our own words")
    migration = importlib.import_module("reflections.migrations.0002_default_questionnaire")
    with connection.schema_editor() as editor:
        migration.insert(apps, editor)
        migration.remove(apps, editor)
    assert default().name == "Our own words"
