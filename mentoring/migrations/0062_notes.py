import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0061_conversation_starters'),
    ]

    operations = [
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('is_shared', models.BooleanField(default=False, verbose_name='for the two')),
                ('text', accounts.vault.fields.SealedText(max_length=8000, verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pair_notes', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='note',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='mentoring.meeting', verbose_name='meeting'),
        ),
        migrations.AddField(
            model_name='note',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['pairing', '-created_at'], name='note_pairing_newest'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='note_is_sealed'),
        ),
    ]
