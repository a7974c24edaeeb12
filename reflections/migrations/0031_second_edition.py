from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Editions never change once they are released, so this changes the same rows for ever.
from reflections.default_questions import FIRST_EDITION, NAME
from reflections.second_edition import NEW, SECOND_EDITION


def bring_in(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Into the default questionnaire, as far as its prompts are those of the first edition: what somebody has put into
    their own words stays theirs. Rounds that have opened keep what they copied."""
    prompts = _prompts_of_the_default(apps, schema_editor)
    first = {prompt.code: prompt.row() for prompt in FIRST_EDITION}
    new = {prompt.code for prompt in NEW}
    for questionnaire, rows in prompts:
        for prompt in SECOND_EDITION:
            row = rows.get(prompt.code)
            if row is None and prompt.code in new:
                questionnaire.prompts.create(**prompt.row_of_second_edition())
            elif row is not None and prompt.code in first and _is(row, first[prompt.code]):
                _change(row, prompt.row_of_second_edition())


def take_out(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    first = {prompt.code: prompt.row() for prompt in FIRST_EDITION}
    second = {prompt.code: prompt.row_of_second_edition() for prompt in SECOND_EDITION}
    for _questionnaire, rows in _prompts_of_the_default(apps, schema_editor):
        for code, row in rows.items():
            if code not in second or not _is(row, second[code]):
                continue
            if code in first:
                _change(row, {"kind": "words", "examples": "", "is_yearly": False} | first[code])
            else:
                row.delete()


def _prompts_of_the_default(apps, schema_editor):
    found = apps.get_model("reflections", "Questionnaire").objects.using(schema_editor.connection.alias)
    return [
        (one, {prompt.code: prompt for prompt in one.prompts.all()})
        for one in found.filter(program=None, name=NAME)
    ]


def _is(prompt, row: dict[str, object]) -> bool:
    return all(getattr(prompt, name) == value for name, value in row.items())


def _change(prompt, row: dict[str, object]) -> None:
    for name, value in row.items():
        setattr(prompt, name, value)
    prompt.save(update_fields=list(row))


class Migration(migrations.Migration):
    dependencies = [("reflections", "0030_examples_and_a_rough_quarter")]

    operations = [migrations.RunPython(bring_in, take_out, elidable=False)]
