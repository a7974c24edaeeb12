from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0023_weekly_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='nudges_paused_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='not asked since'),
        ),
        migrations.AddField(
            model_name='user',
            name='nudges_wanted_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asked again since'),
        ),
    ]
