from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mentoring", "0020_import"),
    ]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="how",
            field=models.CharField(
                choices=[
                    ("invite", "Invite them by e-mail"),
                    ("enroll", "Put in those you know, invite the others"),
                ],
                default="invite",
                max_length=10,
                verbose_name="how they come in",
            ),
        ),
    ]
