import accounts.models.user
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0056_pairing_runs_and_rests'),
    ]

    operations = [
        migrations.CreateModel(
            name='Arrangement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('zone', models.CharField(max_length=64, validators=[accounts.models.user.validate_time_zone], verbose_name='time zone')),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('minutes', models.PositiveSmallIntegerField(default=60, verbose_name='minutes')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('every', models.CharField(blank=True, choices=[('week', 'Every week'), ('two_weeks', 'Every two weeks'), ('month', 'Every month')], max_length=9, verbose_name='how often')),
                ('times', models.PositiveSmallIntegerField(default=1, verbose_name='times')),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('asked_in', models.PositiveIntegerField(default=0, editable=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'arrangement',
                'verbose_name_plural': 'arrangements',
            },
        ),
        migrations.CreateModel(
            name='ArrangementVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveIntegerField()),
                ('occurrence', models.DateTimeField(blank=True, null=True)),
                ('is_cancelled', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'version of an arrangement',
                'verbose_name_plural': 'versions of arrangements',
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('NEEDS-ACTION', 'Has not answered'), ('ACCEPTED', 'Comes'), ('TENTATIVE', 'Perhaps'), ('DECLINED', 'Cannot come')], default='NEEDS-ACTION', max_length=12, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('last_sequence', models.IntegerField(default=-1, editable=False)),
                ('last_stamp', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='kind',
            field=models.CharField(choices=[('talk', 'A talk'), ('came_along', 'Came along')], default='talk', max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='original_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='meeting',
            name='said_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='said'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='took_place',
            field=models.BooleanField(blank=True, null=True, verbose_name='they met'),
        ),
        migrations.AddField(
            model_name='arrangement',
            name='arranged_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meetings_arranged', to=settings.AUTH_USER_MODEL, verbose_name='arranged by'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='arrangement',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='meetings', to='mentoring.arrangement'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['talk', 'came_along'])), name='meeting_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('said_at__isnull', True), ('took_place__isnull', True)), models.Q(('said_at__isnull', False), ('took_place__isnull', False)), _connector='OR'), name='meeting_said_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arrangement__isnull', True), ('original_at__isnull', True)), models.Q(('arrangement__isnull', False), ('original_at__isnull', False)), _connector='OR'), name='meeting_of_an_arrangement_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('arrangement', 'pairing', 'original_at'), name='meeting_once_in_its_series'),
        ),
        migrations.AddField(
            model_name='arrangementversion',
            name='arrangement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='mentoring.arrangement'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='arrangement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='mentoring.arrangement'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='mentoring.meeting'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='arrangement',
            constraint=models.CheckConstraint(condition=models.Q(('every__in', ['', 'week', 'two_weeks', 'month'])), name='arrangement_rhythm_is_known'),
        ),
        migrations.AddConstraint(
            model_name='arrangement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('every', ''), ('times', 1)), models.Q(models.Q(('every', ''), _negated=True), ('times__range', (2, 60))), _connector='OR'), name='arrangement_of_a_series_has_times'),
        ),
        migrations.AddConstraint(
            model_name='arrangement',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__range', (10, 480))), name='arrangement_lasts_ten_minutes_to_eight_hours'),
        ),
        migrations.AddConstraint(
            model_name='arrangement',
            constraint=models.CheckConstraint(condition=models.Q(('asked_in__lte', models.F('sequence'))), name='arrangement_was_asked_in_a_version'),
        ),
        migrations.AddConstraint(
            model_name='arrangementversion',
            constraint=models.UniqueConstraint(fields=('arrangement', 'sequence'), name='arrangement_version_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='attendance_once_for_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('meeting__isnull', True)), fields=('arrangement', 'person'), name='attendance_once_for_all'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['NEEDS-ACTION', 'ACCEPTED', 'TENTATIVE', 'DECLINED'])), name='attendance_answer_is_known'),
        ),
    ]
