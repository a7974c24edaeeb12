import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0059_proposed_times'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', accounts.vault.fields.SealedText(max_length=200, verbose_name='something to talk about')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written')),
                ('talked_at', models.DateTimeField(blank=True, null=True, verbose_name='talked about')),
            ],
            options={
                'verbose_name': 'something to talk about',
                'verbose_name_plural': 'things to talk about',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda_items', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='agenda', to='mentoring.meeting', verbose_name='meeting'),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddIndex(
            model_name='agendaitem',
            index=models.Index(fields=['pairing', 'created_at'], name='agenda_pairing_created'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('meeting__isnull', True), ('talked_at__isnull', False), _connector='OR'), name='agenda_item_of_a_meeting_was_talked_about'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='agenda_item_is_sealed'),
        ),
    ]
