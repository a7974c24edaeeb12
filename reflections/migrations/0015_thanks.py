import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0014_swaps'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnMentor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', accounts.vault.fields.SealedText(max_length=120, verbose_name='name')),
                ('address', accounts.vault.fields.SealedText(max_length=254, verbose_name='e-mail address')),
                ('kept', accounts.vault.fields.SealedText(max_length=1000, verbose_name='what you kept from it')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='named')),
            ],
            options={
                'verbose_name': 'own mentor',
                'verbose_name_plural': 'own mentors',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Thanks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.CharField(choices=[('thanks', 'A thank-you'), ('learned', 'What I learned from you'), ('trust', 'What I trust you with'), ('belief', 'What I see in you')], default='thanks', max_length=8, verbose_name='about')),
                ('text', accounts.vault.fields.SealedText(max_length=4000, verbose_name='your note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='begun')),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last saved')),
                ('way', models.CharField(blank=True, choices=[('here', 'here, to read when they sign in'), ('mail', 'by e-mail, to somebody who is not here'), ('print', 'printed'), ('copy', 'copied, to send it yourself')], max_length=5, verbose_name='how it went')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read')),
            ],
            options={
                'verbose_name': 'note of thanks',
                'verbose_name_plural': 'notes of thanks',
                'ordering': ['-saved_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='ownmentor',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='named_as_mentor', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ownmentor',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_mentors', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='thanks',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='told', to='reflections.answer'),
        ),
        migrations.AddField(
            model_name='thanks',
            name='mentor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thanks', to='reflections.ownmentor'),
        ),
        migrations.AddField(
            model_name='thanks',
            name='moment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='told', to='reflections.moment'),
        ),
        migrations.AddField(
            model_name='thanks',
            name='pairing',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thanks', to='mentoring.pairing'),
        ),
        migrations.AddField(
            model_name='thanks',
            name='recipient',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thanks_received', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='thanks',
            name='writer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thanks_written', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='ownmentor',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('address__is_sealed', True), ('kept__is_sealed', True), ('name__is_sealed', True)), name='own_mentor_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='ownmentor',
            constraint=models.CheckConstraint(condition=models.Q(('name__is_empty', False)), name='own_mentor_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='thanks',
            index=models.Index(fields=['recipient', '-sent_at'], name='thanks_to_newest'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='thanks_are_sealed'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.CheckConstraint(condition=models.Q(('about__in', ['thanks', 'learned', 'trust', 'belief'])), name='thanks_about_is_known'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', True), ('way', '')), models.Q(('sent_at__isnull', False), ('way__in', ['here', 'mail', 'print', 'copy'])), _connector='OR'), name='thanks_way_goes_with_sent_at'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.CheckConstraint(condition=models.Q(('read_at__isnull', True), ('way', 'here'), _connector='OR'), name='thanks_read_here_only'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.CheckConstraint(condition=models.Q(('recipient__isnull', True), models.Q(('recipient', models.F('writer')), _negated=True), _connector='OR'), name='thanks_to_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='thanks',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('text__is_empty', False), _connector='OR'), name='thanks_sent_say_something'),
        ),
    ]
