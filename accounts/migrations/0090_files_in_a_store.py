import django.db.models.functions.datetime
from django.db import migrations, models

# A name that a row had is noted where it is let go, so that no file stays behind: not after a cascade, nor after what
# somebody did in the admin, by a command or at the database. It is noted in the transaction that lets it go, and undone
# with it. The mentoring app's tables have the same (mentoring/migrations/0190_files_in_a_store.py).
LET_GO = """
CREATE FUNCTION accounts_file_is_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stored_as = '' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.stored_as = OLD.stored_as THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO accounts_forgottenfile (name) VALUES (OLD.stored_as) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER photo_lets_its_file_go AFTER DELETE OR UPDATE OF stored_as ON accounts_photo
    FOR EACH ROW EXECUTE FUNCTION accounts_file_is_let_go();
"""
NOT_NOTED = """
DROP TRIGGER photo_lets_its_file_go ON accounts_photo;
DROP FUNCTION accounts_file_is_let_go();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0060_failed_tasks_and_runs")]

    operations = [
        migrations.CreateModel(
            name="ForgottenFile",
            fields=[
                (
                    "name",
                    models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name="name"),
                ),
                (
                    "since",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="since"
                    ),
                ),
            ],
            options={
                "verbose_name": "file to be removed",
                "verbose_name_plural": "files to be removed",
            },
        ),
        migrations.CreateModel(
            name="FileSweep",
            fields=[
                ("on", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                ("parts", models.PositiveSmallIntegerField(default=0, verbose_name="parts")),
            ],
            options={
                "verbose_name": "sweep of the store",
                "verbose_name_plural": "sweeps of the store",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parts__lte", 256)), name="file_sweep_has_256_parts"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="photo",
            name="stored_as",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=32,
                verbose_name="name in the store",
            ),
        ),
        migrations.RunSQL(LET_GO, NOT_NOTED),
    ]
