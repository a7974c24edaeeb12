from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0022_a_second_line'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='wants_weekly_mail',
            field=models.BooleanField(default=False, verbose_name='one e-mail a week at most'),
        ),
    ]
