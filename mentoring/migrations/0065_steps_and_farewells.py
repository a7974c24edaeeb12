import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0064_goals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='until')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('agreed', 'Agreed'), ('declined', 'Not wanted'), ('withdrawn', 'Taken back'), ('lapsed', 'Lapsed')], default='proposed', max_length=9, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'extension',
                'verbose_name_plural': 'extensions',
            },
        ),
        migrations.CreateModel(
            name='Farewell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('keep', accounts.vault.fields.SealedText(max_length=4000, verbose_name='what I will keep')),
                ('hear', accounts.vault.fields.SealedText(max_length=4000, verbose_name='what they should hear')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='said to the other')),
            ],
            options={
                'verbose_name': 'farewell',
                'verbose_name_plural': 'farewells',
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('pause', 'Paused'), ('complete', 'Completed'), ('end', 'Ended early')], max_length=8, verbose_name='what')),
                ('reason', accounts.vault.fields.SealedText(max_length=2000, verbose_name='why')),
                ('next_step', models.CharField(choices=[('nothing', 'Nothing for now'), ('another', 'I would like to be paired with somebody else'), ('break', 'I would like a break from the program'), ('talk', 'I would like to talk with those who run the program')], default='nothing', max_length=7, verbose_name='next')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='seen to')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='extension',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='extension',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions_proposed', to=settings.AUTH_USER_MODEL, verbose_name='proposed by'),
        ),
        migrations.AddField(
            model_name='farewell',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='farewells', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='farewell',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='farewells', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='step',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='step',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairing_steps', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('pairing',), name='extension_open_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'agreed', 'declined', 'withdrawn', 'lapsed'])), name='extension_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='extension_is_closed_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='farewell',
            constraint=models.UniqueConstraint(fields=('pairing', 'person'), name='farewell_once_each'),
        ),
        migrations.AddConstraint(
            model_name='farewell',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('answered_at__isnull', False), _connector='OR'), name='farewell_sent_was_answered'),
        ),
        migrations.AddConstraint(
            model_name='farewell',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('hear__is_sealed', True), ('keep__is_sealed', True)), name='farewell_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pause', 'complete', 'end'])), name='step_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('next_step__in', ['nothing', 'another', 'break', 'talk'])), name='step_next_is_known'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('reason__is_sealed', True)), name='step_is_sealed'),
        ),
    ]
