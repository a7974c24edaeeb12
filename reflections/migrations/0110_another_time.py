import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0102_no_kept_mails'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnotherTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nudge', models.CharField(max_length=20, verbose_name='which e-mail')),
                ('not_before', models.DateField(verbose_name='not before')),
                ('created_at', models.DateTimeField(verbose_name='said')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_times', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_times', to='reflections.round')),
            ],
            options={
                'verbose_name': 'another time',
                'verbose_name_plural': 'other times',
                'constraints': [models.UniqueConstraint(fields=('person', 'round', 'nudge'), name='another_time_once_per_mail'), models.CheckConstraint(condition=models.Q(('nudge__in', ['reminder', 'last_call'])), name='another_time_nudge_is_known')],
            },
        ),
    ]
