import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('mentoring', '0026_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='PairingRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(max_length=1000, verbose_name='note')),
                ('state', models.CharField(choices=[('checked', 'Looked at by those who run the program'), ('waiting', 'Comes next'), ('asked', 'Asked'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('expired', 'Not answered'), ('withdrawn', 'Taken back')], default='asked', max_length=9, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='written')),
                ('asked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asked')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed')),
                ('question', models.TextField(blank=True, max_length=1000, verbose_name='asked back')),
                ('question_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='asked back at')),
                ('reply', models.TextField(blank=True, max_length=1000, verbose_name='replied')),
                ('reply_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='replied at')),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RoomWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
            ],
            options={
                'verbose_name': 'wait for a mentor’s room',
                'verbose_name_plural': 'waits for a mentor’s room',
            },
        ),
        migrations.AddField(
            model_name='pairingrequest',
            name='mentee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests_made', to=settings.AUTH_USER_MODEL, verbose_name='mentee'),
        ),
        migrations.AddField(
            model_name='pairingrequest',
            name='mentor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests_received', to=settings.AUTH_USER_MODEL, verbose_name='mentor'),
        ),
        migrations.AddField(
            model_name='pairingrequest',
            name='pairing',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='request', to='mentoring.pairing'),
        ),
        migrations.AddField(
            model_name='pairingrequest',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairing_requests', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddField(
            model_name='roomwatch',
            name='mentee',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='room_watches', to=settings.AUTH_USER_MODEL, verbose_name='mentee'),
        ),
        migrations.AddField(
            model_name='roomwatch',
            name='mentor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='mentor'),
        ),
        migrations.AddField(
            model_name='roomwatch',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddIndex(
            model_name='pairingrequest',
            index=models.Index(condition=models.Q(('state__in', ['checked', 'waiting', 'asked'])), fields=['program', 'mentee'], name='request_open_of_mentee'),
        ),
        migrations.AddConstraint(
            model_name='pairingrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['checked', 'waiting', 'asked', 'accepted', 'declined', 'expired', 'withdrawn'])), name='request_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='pairingrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['checked', 'waiting', 'asked'])), fields=('program', 'mentor', 'mentee'), name='request_open_once_per_pair', violation_error_message='You have asked this person already.'),
        ),
        migrations.AddConstraint(
            model_name='pairingrequest',
            constraint=models.CheckConstraint(condition=models.Q(('mentor', models.F('mentee')), _negated=True), name='request_of_two_people'),
        ),
        migrations.AddConstraint(
            model_name='pairingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ['checked', 'waiting', 'asked'])), models.Q(('closed_at__isnull', False), ('state__in', ['accepted', 'declined', 'expired', 'withdrawn'])), _connector='OR'), name='request_is_closed_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='pairingrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['asked', 'accepted']), _negated=True), ('asked_at__isnull', False), _connector='OR'), name='request_is_asked_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='pairingrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reply', ''), models.Q(('question', ''), _negated=True), _connector='OR'), name='request_replies_to_a_question'),
        ),
        migrations.AddConstraint(
            model_name='roomwatch',
            constraint=models.UniqueConstraint(fields=('program', 'mentor', 'mentee'), name='room_watch_once'),
        ),
        migrations.AddConstraint(
            model_name='roomwatch',
            constraint=models.CheckConstraint(condition=models.Q(('mentor', models.F('mentee')), _negated=True), name='room_watch_of_two_people'),
        ),
    ]
