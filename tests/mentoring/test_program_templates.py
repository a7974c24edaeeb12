"""The templates: data that is whole, makes a valid program, and is said in every language."""

import pytest
from django.utils import translation

from accounts.models import User
from dev import messages
from mentoring.actions import make_from_template
from mentoring.models import EnrollmentQuestion, Program
from mentoring.program_templates import FOLDER, ORDER, ProgramTemplate, templates
from tests.conftest import NOW, TODAY

every_template = pytest.mark.parametrize("key", ORDER)


def texts_of(template: ProgramTemplate) -> list[str]:
    said = [template.name, template.sentence, template.mentors_are, template.mentees_are]
    said += [*template.purpose, *template.ground_rules, *template.agreement, *template.skills]
    for question in template.questions:
        said += [question.text, question.help, *question.options]
    return [text for text in said if text]


def test_every_file_of_the_folder_is_offered() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(ORDER) == set(templates())


@every_template
def test_a_template_says_everything(key: str) -> None:
    template = templates()[key]
    for words in (template.name, template.sentence, template.mentors_are):
        assert words.strip()
    assert template.mentees_are.strip() or template.roles == Program.Roles.PEERS
    assert template.purpose
    assert 4 <= len(template.ground_rules) <= 8
    assert 4 <= len(template.agreement) <= 8
    assert 15 <= len(template.skills) <= 30
    assert len({name.lower() for name in template.skills}) == len(template.skills)
    assert 3 <= len(template.questions) <= 8
    assert len({question.code for question in template.questions}) == len(template.questions)


@every_template
def test_a_template_speaks_calmly(key: str) -> None:
    for text in texts_of(templates()[key]):
        assert "!" not in text
        assert text == text.strip()
        assert "'" not in text  # typographic apostrophes


@every_template
@pytest.mark.parametrize("language", ["en-us", "de"])
def test_a_template_makes_a_valid_program_in_the_language_of_whoever_makes_it(
    key: str, language: str, superuser: User
) -> None:
    template = templates()[key]
    with translation.override(language):
        program = make_from_template(template, {"name": "New", "starts_on": TODAY}, by=superuser, now=NOW)
    program.full_clean()
    assert program.status == Program.Status.DRAFT
    for question in program.enrollment_questions.all():
        question.full_clean()
    for skill in program.skills.all():
        skill.full_clean()
        assert skill.state == "listed"
    assert program.skills.count() == len(template.skills)
    assert program.enrollment_questions.count() == len(template.questions)
    rows = program.enrollment_questions.values_list("kind", "options")
    assert all(bool(options) == (kind in EnrollmentQuestion.CHOOSING) for kind, options in rows)
    is_english = template.ground_rules[0] in program.ground_rules
    assert is_english == (language == "en-us")
    assert program.skills.filter(name=template.skills[0]).exists() == is_english


def test_every_text_of_a_template_is_found_for_translation() -> None:
    found = {message.id for message in messages.texts()}
    missing = [text for template in templates().values() for text in texts_of(template) if text not in found]
    assert missing == []


def test_no_code_of_a_template_is_taken_for_a_text() -> None:
    found = {
        str(message.id)
        for message in messages.texts()
        if any("program_templates" in place for place, _line in message.locations)
    }
    texts = {text for template in templates().values() for text in texts_of(template)}
    assert found == texts
