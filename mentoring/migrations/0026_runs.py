import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('mentoring', '0025_matching_criteria'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('making', 'being made'), ('made', 'made'), ('failed', 'could not be made'), ('left', 'put away')], default='making', max_length=6, verbose_name='state')),
                ('stage', models.PositiveSmallIntegerField(choices=[(0, 'Waiting for a worker'), (1, 'Reading what people offer and seek'), (2, 'Looking for the best pairs'), (3, 'Asking why some are without'), (4, 'Done')], default=0, verbose_name='stage')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('finished_at', models.DateTimeField(editable=False, null=True, verbose_name='finished')),
                ('criteria', models.JSONField(default=dict, editable=False, verbose_name='criteria')),
                ('fingerprint', models.CharField(blank=True, editable=False, max_length=64)),
                ('mentees', models.PositiveIntegerField(default=0, verbose_name='mentees without a mentor')),
                ('mentors', models.PositiveIntegerField(default=0, verbose_name='mentors with room')),
                ('matched', models.PositiveIntegerField(default=0, verbose_name='matched')),
                ('total_fit', models.PositiveBigIntegerField(default=0, verbose_name='fit of all together')),
                ('worst_fit', models.PositiveIntegerField(blank=True, null=True, verbose_name='worst pair')),
                ('best_fit', models.PositiveIntegerField(default=0, verbose_name='best possible')),
                ('problem', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what was wrong')),
                ('claim', models.UUIDField(editable=False, null=True)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'matching run',
                'verbose_name_plural': 'matching runs',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProposedPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fit', models.PositiveIntegerField(verbose_name='fit')),
                ('is_locked', models.BooleanField(default=False, verbose_name='locked')),
                ('is_by_hand', models.BooleanField(default=False, verbose_name='put together by hand')),
            ],
            options={
                'verbose_name': 'proposed pair',
                'verbose_name_plural': 'proposed pairs',
                'ordering': ['run', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='published')),
                ('approval', models.CharField(choices=[('both', 'The mentor and the mentee both say yes'), ('mentor', 'The mentor says yes'), ('mentee', 'The mentee says yes'), ('admins', 'Nobody is asked: who runs the program has decided it')], max_length=10, verbose_name='who says yes')),
                ('starts_on', models.DateField(verbose_name='begins on')),
                ('to_mentors', models.TextField(blank=True, max_length=4000, verbose_name='to the mentors')),
                ('to_mentees', models.TextField(blank=True, max_length=4000, verbose_name='to the mentees')),
            ],
            options={
                'verbose_name': 'publication',
                'verbose_name_plural': 'publications',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RuledOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('because', models.CharField(choices=[('admins', 'Said by those who run the program'), ('not_a_fit', 'The two were no fit')], default='admins', max_length=10, verbose_name='because')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
            ],
            options={
                'verbose_name': 'pair that is ruled out',
                'verbose_name_plural': 'pairs that are ruled out',
                'ordering': ['program', '-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='WithoutMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('mentor', 'Mentor'), ('mentee', 'Mentee')], max_length=6, verbose_name='as')),
                ('why', models.JSONField(blank=True, default=dict, editable=False, verbose_name='why')),
            ],
            options={
                'verbose_name': 'person without a match',
                'verbose_name_plural': 'people without a match',
                'ordering': ['run', 'side', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='matchingrun',
            name='after',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_by', to='mentoring.matchingrun', verbose_name='after'),
        ),
        migrations.AddField(
            model_name='matchingrun',
            name='created_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to=settings.AUTH_USER_MODEL, verbose_name='made by'),
        ),
        migrations.AddField(
            model_name='matchingrun',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddField(
            model_name='proposedpair',
            name='mentee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mentee'),
        ),
        migrations.AddField(
            model_name='proposedpair',
            name='mentor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mentor'),
        ),
        migrations.AddField(
            model_name='proposedpair',
            name='pairing',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposed', to='mentoring.pairing'),
        ),
        migrations.AddField(
            model_name='proposedpair',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='mentoring.matchingrun', verbose_name='run'),
        ),
        migrations.AddField(
            model_name='publication',
            name='created_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='publications', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
        migrations.AddField(
            model_name='publication',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='mentoring.matchingrun', verbose_name='run'),
        ),
        migrations.AddField(
            model_name='proposedpair',
            name='publication',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pairs', to='mentoring.publication'),
        ),
        migrations.AddField(
            model_name='ruledout',
            name='created_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='said by'),
        ),
        migrations.AddField(
            model_name='ruledout',
            name='mentee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mentee'),
        ),
        migrations.AddField(
            model_name='ruledout',
            name='mentor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mentor'),
        ),
        migrations.AddField(
            model_name='ruledout',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ruled_out', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddField(
            model_name='withoutmatch',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='withoutmatch',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='without', to='mentoring.matchingrun', verbose_name='run'),
        ),
        migrations.AddConstraint(
            model_name='matchingrun',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['making', 'made', 'failed', 'left'])), name='run_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingrun',
            constraint=models.CheckConstraint(condition=models.Q(('stage__range', (0, 4))), name='run_stage_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state', 'making')), models.Q(models.Q(('state', 'making'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='run_is_finished_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='matchingrun',
            constraint=models.CheckConstraint(condition=models.Q(('claim__isnull', True), ('state', 'making'), _connector='OR'), name='run_is_claimed_while_made'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('approval__in', ['both', 'mentor', 'mentee', 'admins'])), name='publication_approval_is_known'),
        ),
        migrations.AddConstraint(
            model_name='proposedpair',
            constraint=models.UniqueConstraint(fields=('run', 'mentee'), name='proposed_pair_once_for_a_mentee'),
        ),
        migrations.AddConstraint(
            model_name='proposedpair',
            constraint=models.CheckConstraint(condition=models.Q(('mentor', models.F('mentee')), _negated=True), name='proposed_pair_of_two_people'),
        ),
        migrations.AddConstraint(
            model_name='proposedpair',
            constraint=models.CheckConstraint(condition=models.Q(('pairing__isnull', True), ('publication__isnull', False), _connector='OR'), name='proposed_pair_becomes_one_by_publishing'),
        ),
        migrations.AddConstraint(
            model_name='ruledout',
            constraint=models.UniqueConstraint(fields=('program', 'mentor', 'mentee', 'because'), name='ruled_out_once'),
        ),
        migrations.AddConstraint(
            model_name='ruledout',
            constraint=models.CheckConstraint(condition=models.Q(('mentor', models.F('mentee')), _negated=True), name='ruled_out_are_two_people'),
        ),
        migrations.AddConstraint(
            model_name='ruledout',
            constraint=models.CheckConstraint(condition=models.Q(('because__in', ['admins', 'not_a_fit'])), name='ruled_out_because_is_known'),
        ),
        migrations.AddConstraint(
            model_name='withoutmatch',
            constraint=models.UniqueConstraint(fields=('run', 'side', 'person'), name='without_match_once'),
        ),
        migrations.AddConstraint(
            model_name='withoutmatch',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['mentor', 'mentee'])), name='without_match_side_is_known'),
        ),
    ]
