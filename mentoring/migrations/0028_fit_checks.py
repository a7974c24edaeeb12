import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('mentoring', '0027_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='FitCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1, verbose_name='time')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('answer', models.CharField(blank=True, choices=[('good', 'It is good'), ('finding_out', 'Still finding out'), ('not_a_fit', 'Not a fit')], max_length=11, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('learned', models.TextField(blank=True, max_length=1000, verbose_name='what was learned')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='seen to')),
            ],
            options={
                'verbose_name': 'fit check',
                'verbose_name_plural': 'fit checks',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='fitcheck',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fit_checks', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='fitcheck',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fit_checks', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='fitcheck',
            constraint=models.UniqueConstraint(fields=('pairing', 'person', 'number'), name='fit_check_once_each_time'),
        ),
        migrations.AddConstraint(
            model_name='fitcheck',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'good', 'finding_out', 'not_a_fit'])), name='fit_check_answer_is_known'),
        ),
        migrations.AddConstraint(
            model_name='fitcheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='fit_check_is_answered_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='fitcheck',
            constraint=models.CheckConstraint(condition=models.Q(('settled_at__isnull', True), ('answer', 'not_a_fit'), _connector='OR'), name='fit_check_settled_was_no_fit'),
        ),
    ]
