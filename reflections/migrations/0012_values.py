import accounts.vault.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0011_kinds_of_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Value',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', accounts.vault.fields.SealedText(max_length=60, verbose_name='value')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first named')),
            ],
            options={
                'verbose_name': 'value',
                'verbose_name_plural': 'values',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ValueShown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('quote', accounts.vault.fields.SealedText(max_length=500, verbose_name='the words that show it')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='said')),
            ],
            options={
                'verbose_name': 'what shows a value',
                'verbose_name_plural': 'what shows values',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='value',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='valueshown',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shows', to='reflections.answer'),
        ),
        migrations.AddField(
            model_name='valueshown',
            name='moment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shows', to='reflections.moment'),
        ),
        migrations.AddField(
            model_name='valueshown',
            name='reflection',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='values_shown', to='reflections.reflection'),
        ),
        migrations.AddField(
            model_name='valueshown',
            name='value',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shown', to='reflections.value'),
        ),
        migrations.AddConstraint(
            model_name='value',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('name__is_sealed', True)), name='value_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='value',
            constraint=models.CheckConstraint(condition=models.Q(('name__is_empty', False)), name='value_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='valueshown',
            constraint=accounts.vault.fields.OnlySealed(condition=models.Q(('quote__is_sealed', True)), name='value_shown_is_sealed'),
        ),
        migrations.AddConstraint(
            model_name='valueshown',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('moment__isnull', False)), models.Q(('answer__isnull', False), ('moment__isnull', True)), _connector='OR'), name='value_shown_by_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='valueshown',
            constraint=models.UniqueConstraint(fields=('value', 'moment'), name='value_shown_once_by_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='valueshown',
            constraint=models.UniqueConstraint(fields=('value', 'answer'), name='value_shown_once_by_an_answer'),
        ),
    ]
