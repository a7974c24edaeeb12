import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import mentoring.models.concern
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0068_resources'),
    ]

    operations = [
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('receipt', models.CharField(default=mentoring.models.concern.new_receipt, editable=False, max_length=8, unique=True, verbose_name='receipt')),
                ('text', accounts.vault.fields.SealedText(max_length=8000, verbose_name='concern')),
                ('reply', accounts.vault.fields.SealedText(max_length=8000, verbose_name='answer')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='told')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='seen to')),
            ],
            options={
                'verbose_name': 'concern',
                'verbose_name_plural': 'concerns',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ConcernReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='read')),
            ],
            options={
                'verbose_name': 'reading of a concern',
                'verbose_name_plural': 'readings of concerns',
                'ordering': ['read_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='concern',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='concerns_heard', to=settings.AUTH_USER_MODEL, verbose_name='told to'),
        ),
        migrations.AddField(
            model_name='concern',
            name='pairing',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='concerns', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='concern',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concerns', to=settings.AUTH_USER_MODEL, verbose_name='told by'),
        ),
        migrations.AddField(
            model_name='concern',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concerns', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddField(
            model_name='concernreading',
            name='concern',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='mentoring.concern'),
        ),
        migrations.AddField(
            model_name='concernreading',
            name='reader',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='concern_readings', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='concern',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('reply__is_sealed', True), ('text__is_sealed', True)), name='concern_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='concern',
            constraint=models.CheckConstraint(condition=models.Q(('replied_at__isnull', False), ('reply__is_empty', True), _connector='OR'), name='concern_reply_has_a_time'),
        ),
    ]
