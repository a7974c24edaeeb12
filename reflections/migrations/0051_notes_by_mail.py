import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0112_walls'),
        ('reflections', '0050_thanks_between_two'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NeverAgain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='keyed hash of the address')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
            ],
            options={
                'verbose_name': 'address that wants no notes',
                'verbose_name_plural': 'addresses that want no notes',
                'constraints': [models.CheckConstraint(condition=models.Q(('address_hash__regex', '^[0-9a-f]{64}$')), name='never_again_hash_is_one')],
            },
        ),
        migrations.CreateModel(
            name='MutedWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='muted_writers', to=settings.AUTH_USER_MODEL)),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='muted_by', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'muted writer of notes',
                'verbose_name_plural': 'muted writers of notes',
                'constraints': [models.UniqueConstraint(fields=('person', 'writer'), name='muted_writer_once'), models.CheckConstraint(condition=models.Q(('person', models.F('writer')), _negated=True), name='muted_writer_is_another')],
            },
        ),
        migrations.CreateModel(
            name='NoteReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('reader', 'its reader here says that it should not have been sent'), ('outside', 'its reader outside says that it should not have been sent'), ('limit', 'more than we send in a day, or in a month')], max_length=7, verbose_name='why it is here')),
                ('way', models.CharField(choices=[('here', 'here, to read when they sign in'), ('mail', 'by e-mail, to somebody who is not here'), ('print', 'printed'), ('copy', 'copied, to send it yourself')], max_length=5, verbose_name='which way')),
                ('by_mail_lately', models.PositiveSmallIntegerField(default=0, verbose_name='notes by e-mail in the thirty days before')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='said')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='seen to')),
                ('note', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='reflections.thanks')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='note_reports', to='mentoring.program', verbose_name='program')),
                ('reporter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes_reported', to=settings.AUTH_USER_MODEL, verbose_name='said by')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='note_reports', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'note that was reported',
                'verbose_name_plural': 'notes that were reported',
                'ordering': ['-reported_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('note', 'why'), name='note_report_once'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'here'), ('why', 'reader')), models.Q(('way', 'mail'), ('why__in', ['outside', 'limit'])), _connector='OR'), name='note_report_why_goes_with_way')],
            },
        ),
        migrations.CreateModel(
            name='OutsideNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('address', accounts.vault.fields.SealedText(max_length=254, verbose_name='e-mail address')),
                ('address_hash', models.CharField(editable=False, max_length=64, verbose_name='keyed hash of the address')),
                ('tells_address', models.BooleanField(default=False, verbose_name='answers go to the writer’s own address')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked to go')),
                ('note', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='by_mail', to='reflections.thanks')),
                ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes_by_mail', to='mentoring.program')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes_by_mail', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'note by e-mail',
                'verbose_name_plural': 'notes by e-mail',
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['writer', '-asked_at'], name='outside_note_by_newest'), models.Index(fields=['address_hash', '-asked_at'], name='outside_note_to_newest')],
                'constraints': [accounts.vault.fields.OnlySealed(condition=models.Q(('address__is_sealed', True)), name='outside_note_address_is_sealed'), models.CheckConstraint(condition=models.Q(('address__is_empty', False)), name='outside_note_has_an_address'), models.CheckConstraint(condition=models.Q(('address_hash__regex', '^[0-9a-f]{64}$')), name='outside_note_hash_is_one')],
            },
        ),
        migrations.CreateModel(
            name='OutsideStop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='stopped')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outside_stops', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outside_stops', to='mentoring.program', verbose_name='program')),
            ],
            options={
                'verbose_name': 'stop to somebody’s notes by e-mail',
                'verbose_name_plural': 'stops to people’s notes by e-mail',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('program', 'person'), name='outside_stop_once', violation_error_message='That is stopped already.')],
            },
        ),
    ]
