import uuid

import django.db.models.deletion
from django.db import migrations, models

import accounts.vault.fields


class Migration(migrations.Migration):
    """The pieces of exports go, and their table is made anew with room for sealed ones only; the next migration has the
    exports made again. Backwards it is the same with room for clear ones."""

    dependencies = [("accounts", "0006_data_key")]

    operations = [
        migrations.DeleteModel("ExportPart"),
        migrations.CreateModel(
            name="ExportPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seal_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField()),
                ("content", accounts.vault.fields.SealedText()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="accounts.export"
                    ),
                ),
            ],
            options={
                "constraints": [
                    accounts.vault.fields.OnlySealed(
                        condition=models.Q(("content__is_sealed", True)), name="export_part_is_sealed"
                    ),
                    models.UniqueConstraint(fields=("export", "number"), name="export_part_once"),
                ],
            },
        ),
    ]
