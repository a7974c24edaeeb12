from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# An edition never changes once it is released, so this inserts the same rows for ever.
from reflections.default_questions import FIRST_EDITION, NAME


def insert(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    questionnaires = apps.get_model("reflections", "Questionnaire").objects.using(schema_editor.connection.alias)
    prompts = apps.get_model("reflections", "Prompt").objects.using(schema_editor.connection.alias)
    if questionnaires.filter(program=None).exists():
        return
    questionnaire = questionnaires.create(name=NAME)
    prompts.bulk_create(
        prompts.model(questionnaire=questionnaire, **prompt.row()) for prompt in FIRST_EDITION
    )


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rounds keep their own copies of the questions, so nothing that was answered goes with it."""
    questionnaires = apps.get_model("reflections", "Questionnaire").objects.using(schema_editor.connection.alias)
    questionnaires.filter(program=None, name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("reflections", "0001_initial")]

    operations = [migrations.RunPython(insert, remove, elidable=False)]
