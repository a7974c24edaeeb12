from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0021_who_has_chosen'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='wants_line_twice',
            field=models.BooleanField(default=False, verbose_name='ask me for a line a second time in a quarter'),
        ),
    ]
