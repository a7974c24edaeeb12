import accounts.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the clear text, until the next two migrations have sealed it and taken it away."""

    dependencies = [("accounts", "0006_data_key"), ("reflections", "0005_responses")]

    operations = [
        migrations.AddField("moment", "seal_id", models.UUIDField(editable=False, null=True)),
        migrations.AddField("answer", "seal_id", models.UUIDField(editable=False, null=True)),
        migrations.AddField(
            "moment",
            "words",
            accounts.vault.fields.SealedText(
                db_column="words", default=b"", max_length=2000, verbose_name="what you noticed"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "answer",
            "words",
            accounts.vault.fields.SealedText(
                db_column="words", default=b"", max_length=20000, verbose_name="what you wrote"
            ),
            preserve_default=False,
        ),
        # What goes back to clear text finds a place for it.
        migrations.AlterField("moment", "text", models.TextField(default="", max_length=2000)),
        migrations.AlterField("answer", "text", models.TextField(blank=True, default="", max_length=20000)),
    ]
