import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0065_steps_and_farewells'),
    ]

    operations = [
        migrations.CreateModel(
            name='Silence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='silent since')),
                ('number', models.PositiveSmallIntegerField(choices=[(1, 'Asked'), (2, 'Asked again'), (3, 'Told that it will be closed')], verbose_name='time')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('answer', models.CharField(blank=True, choices=[('in_touch', 'We are in touch'), ('pause', 'It rests for a while'), ('end', 'It is over')], max_length=8, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'silence',
                'verbose_name_plural': 'silences',
            },
        ),
        migrations.AddField(
            model_name='silence',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='silences', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='silence',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='silences', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='silence',
            constraint=models.UniqueConstraint(fields=('pairing', 'person', 'since', 'number'), name='silence_asked_once_each_time'),
        ),
        migrations.AddConstraint(
            model_name='silence',
            constraint=models.CheckConstraint(condition=models.Q(('number__range', (1, 3))), name='silence_number_is_known'),
        ),
        migrations.AddConstraint(
            model_name='silence',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'in_touch', 'pause', 'end'])), name='silence_answer_is_known'),
        ),
        migrations.AddConstraint(
            model_name='silence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='silence_is_answered_at_some_time'),
        ),
    ]
