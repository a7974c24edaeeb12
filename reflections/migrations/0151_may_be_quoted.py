from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reflections", "0150_figures_of_quarters")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="may_be_quoted",
            field=models.BooleanField(default=False, editable=False, verbose_name="may be quoted"),
        ),
        migrations.AddField(
            model_name="moment",
            name="may_be_quoted",
            field=models.BooleanField(default=False, editable=False, verbose_name="may be quoted"),
        ),
    ]
