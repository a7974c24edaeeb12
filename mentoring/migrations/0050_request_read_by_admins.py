from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0046_next_choices_in_order")]

    operations = [
        migrations.AddField(
            model_name="pairingrequest",
            name="is_read_by_admins",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="read by those who run the program"
            ),
        ),
    ]
