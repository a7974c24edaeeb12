import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0058_calendar_feeds'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(default=60, verbose_name='minutes')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('state', models.CharField(choices=[('open', 'Open'), ('taken', 'Taken'), ('none_suits', 'None suits'), ('withdrawn', 'Taken back'), ('lapsed', 'Lapsed')], default='open', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='over since')),
            ],
            options={
                'verbose_name': 'proposal of times',
                'verbose_name_plural': 'proposals of times',
            },
        ),
        migrations.CreateModel(
            name='ProposedTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
            ],
            options={
                'verbose_name': 'proposed time',
                'verbose_name_plural': 'proposed times',
                'ordering': ['starts_at'],
            },
        ),
        migrations.AddField(
            model_name='meetingproposal',
            name='moves',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='mentoring.meeting', verbose_name='instead of'),
        ),
        migrations.AddField(
            model_name='meetingproposal',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='meetingproposal',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='meetings_proposed', to=settings.AUTH_USER_MODEL, verbose_name='proposed by'),
        ),
        migrations.AddField(
            model_name='proposedtime',
            name='meeting',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='was_proposed', to='mentoring.meeting'),
        ),
        migrations.AddField(
            model_name='proposedtime',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='mentoring.meetingproposal'),
        ),
        migrations.AddConstraint(
            model_name='meetingproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('pairing',), name='proposal_open_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='meetingproposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'taken', 'none_suits', 'withdrawn', 'lapsed'])), name='proposal_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='meetingproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='proposal_is_closed_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='meetingproposal',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__range', (10, 480))), name='proposal_lasts_ten_minutes_to_eight_hours'),
        ),
        migrations.AddConstraint(
            model_name='proposedtime',
            constraint=models.UniqueConstraint(fields=('proposal', 'starts_at'), name='proposed_time_once'),
        ),
    ]
