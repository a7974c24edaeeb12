import uuid

import accounts.vault.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """The clear text goes at once and not a release later: a column that anybody can read is what sealing is against."""

    dependencies = [("reflections", "0007_seal_moments_and_answers")]

    operations = [
        migrations.RemoveField("moment", "text"),
        migrations.RemoveField("answer", "text"),
        migrations.RenameField("moment", "words", "text"),
        migrations.RenameField("answer", "words", "text"),
        migrations.AlterField(
            "moment", "seal_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AlterField(
            "answer", "seal_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
    ]
