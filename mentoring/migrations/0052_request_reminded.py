from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0051_request_because")]

    operations = [
        migrations.AddField(
            model_name="pairingrequest",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reminded"),
        ),
    ]
