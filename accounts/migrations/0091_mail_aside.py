import uuid

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0090_files_in_a_store")]

    operations = [
        migrations.CreateModel(
            name="MailAside",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("file_key", models.PositiveIntegerField(verbose_name="version of the key file")),
                ("wrapped", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                (
                    "put_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="put aside"
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail put aside",
                "verbose_name_plural": "e-mails put aside",
            },
        ),
    ]
