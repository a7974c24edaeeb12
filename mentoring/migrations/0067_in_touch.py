import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0066_silences'),
    ]

    operations = [
        migrations.CreateModel(
            name='InTouch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wants', models.BooleanField(verbose_name='would like to')),
                ('said_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='said')),
                ('muted_at', models.DateTimeField(blank=True, null=True, verbose_name='muted')),
            ],
            options={
                'verbose_name': 'being in touch',
                'verbose_name_plural': 'being in touch',
            },
        ),
        migrations.CreateModel(
            name='Postcard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField(verbose_name='time')),
                ('text', accounts.vault.fields.SealedText(max_length=4000, verbose_name='a few lines')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
            ],
            options={
                'verbose_name': 'postcard',
                'verbose_name_plural': 'postcards',
            },
        ),
        migrations.AddField(
            model_name='intouch',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='in_touch', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='intouch',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='in_touch', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='postcard',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postcards', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='postcard',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postcards', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddConstraint(
            model_name='intouch',
            constraint=models.UniqueConstraint(fields=('pairing', 'person'), name='in_touch_once_each'),
        ),
        migrations.AddConstraint(
            model_name='postcard',
            constraint=models.UniqueConstraint(fields=('pairing', 'person', 'number'), name='postcard_once_each_time'),
        ),
        migrations.AddConstraint(
            model_name='postcard',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('text__is_sealed', True)), name='postcard_is_sealed'),
        ),
    ]
