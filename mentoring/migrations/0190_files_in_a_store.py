from django.db import migrations, models

# As accounts/migrations/0090_files_in_a_store.py has it for photos.
LET_GO = """
CREATE TRIGGER logo_lets_its_file_go AFTER DELETE OR UPDATE OF stored_as ON mentoring_logo
    FOR EACH ROW EXECUTE FUNCTION accounts_file_is_let_go();
CREATE TRIGGER resource_lets_its_file_go AFTER DELETE OR UPDATE OF stored_as ON mentoring_resourcefile
    FOR EACH ROW EXECUTE FUNCTION accounts_file_is_let_go();
"""
NOT_NOTED = """
DROP TRIGGER resource_lets_its_file_go ON mentoring_resourcefile;
DROP TRIGGER logo_lets_its_file_go ON mentoring_logo;
"""


def stored_as() -> "models.CharField[str, str]":
    return models.CharField(
        blank=True,
        db_default="",
        default="",
        editable=False,
        max_length=32,
        verbose_name="name in the store",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0090_files_in_a_store"),
        ("mentoring", "0170_lists_by_latest"),
    ]

    operations = [
        migrations.AddField(model_name="logo", name="stored_as", field=stored_as()),
        migrations.AddField(model_name="resourcefile", name="stored_as", field=stored_as()),
        migrations.RunSQL(LET_GO, NOT_NOTED),
    ]
