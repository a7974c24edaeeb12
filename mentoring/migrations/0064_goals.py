import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0063_agreements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('owner', models.CharField(choices=[('mentor', 'The mentor'), ('mentee', 'The mentee'), ('both', 'Both')], default='mentee', max_length=6, verbose_name='whose')),
                ('text', accounts.vault.fields.SealedText(max_length=300, verbose_name='what')),
                ('by_on', models.DateField(blank=True, null=True, verbose_name='by when')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'action',
                'verbose_name_plural': 'actions',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('owner', models.CharField(choices=[('mentor', 'The mentor'), ('mentee', 'The mentee'), ('both', 'Both')], default='mentee', max_length=6, verbose_name='whose')),
                ('text', accounts.vault.fields.SealedText(max_length=300, verbose_name='goal')),
                ('why', accounts.vault.fields.SealedText(max_length=600, verbose_name='why')),
                ('state', models.CharField(choices=[('open', 'On the way'), ('reached', 'Reached'), ('moved_on', 'Moved on to something else'), ('let_go', 'Let go')], default='open', max_length=8, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='over since')),
            ],
            options={
                'verbose_name': 'goal',
                'verbose_name_plural': 'goals',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Possibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', accounts.vault.fields.SealedText(max_length=300, verbose_name='possibility')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
            ],
            options={
                'verbose_name': 'possibility',
                'verbose_name_plural': 'possibilities',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='action',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pair_actions', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='action',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='goal',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='goal',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='goals', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='action',
            name='goal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='actions', to='mentoring.goal', verbose_name='goal'),
        ),
        migrations.AddField(
            model_name='possibility',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='possibilities', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='possibility',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='possibilities', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddIndex(
            model_name='goal',
            index=models.Index(fields=['pairing', 'created_at'], name='goal_pairing_created'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'reached', 'moved_on', 'let_go'])), name='goal_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='goal_is_closed_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('owner__in', ['mentor', 'mentee', 'both'])), name='goal_owner_is_known'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True), ('why__is_sealed', True)), name='goal_is_sealed'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['pairing', 'created_at'], name='action_pairing_created'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('owner__in', ['mentor', 'mentee', 'both'])), name='action_owner_is_known'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='action_is_sealed'),
        ),
        migrations.AddIndex(
            model_name='possibility',
            index=models.Index(fields=['pairing', '-created_at'], name='possibility_pairing_newest'),
        ),
        migrations.AddConstraint(
            model_name='possibility',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='possibility_is_sealed'),
        ),
    ]
