import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0019_offer_has_a_deadline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mentors', 'Mentors: a list of people'), ('mentees', 'Mentees: a list of people'), ('people', 'People, with a column that says their role'), ('pairs', 'Pairs: who is whose mentor')], max_length=10, verbose_name='what it holds')),
                ('state', models.CharField(choices=[('columns', 'waits for its columns'), ('checking', 'being looked through'), ('checked', 'looked through, not imported'), ('importing', 'being imported'), ('done', 'imported'), ('failed', 'could not be read'), ('left', 'left, nothing imported')], default='columns', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='sent')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('fingerprint', models.CharField(editable=False, max_length=64)),
                ('format', models.CharField(editable=False, max_length=4)),
                ('encoding', models.CharField(blank=True, editable=False, max_length=20)),
                ('separator', models.CharField(blank=True, editable=False, max_length=1)),
                ('headings', models.JSONField(default=list, editable=False)),
                ('samples', models.JSONField(default=list, editable=False)),
                ('headings_print', models.CharField(editable=False, max_length=64)),
                ('columns', models.JSONField(default=dict, editable=False)),
                ('how', models.CharField(choices=[('invite', 'Invite them by e-mail'), ('enroll', 'Put them in at once')], default='invite', max_length=10, verbose_name='how they come in')),
                ('days', models.PositiveSmallIntegerField(default=7, verbose_name='may answer for')),
                ('ask_first', models.BooleanField(default=True, verbose_name='ask them first')),
                ('rows_total', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('rows_done', models.PositiveIntegerField(default=0, verbose_name='rows looked at')),
                ('new', models.PositiveIntegerField(default=0, verbose_name='new')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                ('bad', models.PositiveIntegerField(default=0, verbose_name='not possible')),
                ('problem', models.CharField(blank=True, editable=False, max_length=300, verbose_name='what was wrong')),
                ('claim', models.UUIDField(editable=False, null=True)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('finished_at', models.DateTimeField(editable=False, null=True, verbose_name='finished')),
                ('acting', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='mentoring.program', verbose_name='program')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ImportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='mentoring.import')),
            ],
            options={
                'verbose_name': 'part of an import',
                'verbose_name_plural': 'parts of imports',
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('bad', 'not possible')], max_length=10)),
                ('cells', models.JSONField(default=list)),
                ('faults', models.JSONField(default=dict)),
                ('errors', models.JSONField(default=dict)),
                ('said', models.JSONField(default=list)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), default=list, size=None)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='mentoring.import')),
            ],
            options={
                'verbose_name': 'row of an import',
                'verbose_name_plural': 'rows of imports',
                'ordering': ['source', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mentors', 'mentees', 'people', 'pairs'])), name='import_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['columns', 'checking', 'checked', 'importing', 'done', 'failed', 'left'])), name='import_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['invite', 'enroll'])), name='import_how_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['done', 'failed', 'left'])), models.Q(models.Q(('state__in', ['done', 'failed', 'left']), _negated=True), ('finished_at__isnull', True)), _connector='OR'), name='import_over_since_some_time'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('bad', 0), _connector='OR'), name='import_done_is_all_or_nothing'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('claim__isnull', True), ('state__in', ['checking', 'importing']), _connector='OR'), name='import_is_claimed_while_worked_on'),
        ),
        migrations.AddConstraint(
            model_name='importpart',
            constraint=models.UniqueConstraint(fields=('source', 'number'), name='import_part_once'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('source', 'number'), name='import_row_once'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['new', 'changed', 'unchanged', 'bad'])), name='import_row_outcome_is_known'),
        ),
    ]
