import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0013_people_named'),
    ]

    operations = [
        migrations.CreateModel(
            name='Swap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_on', models.DateField(verbose_name='opens on')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='opened')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='agreed')),
            ],
            options={
                'verbose_name': 'swap',
                'verbose_name_plural': 'swaps',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SwapItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'thing in a swap',
                'verbose_name_plural': 'things in swaps',
            },
        ),
        migrations.CreateModel(
            name='SwapPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ready_at', models.DateTimeField(blank=True, null=True, verbose_name='ready')),
            ],
            options={
                'verbose_name': 'part of a swap',
                'verbose_name_plural': 'parts of swaps',
            },
        ),
        migrations.AddField(
            model_name='swap',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swaps', to='mentoring.pairing', verbose_name='pairing'),
        ),
        migrations.AddField(
            model_name='swap',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps', to='reflections.round', verbose_name='round'),
        ),
        migrations.AddField(
            model_name='swapitem',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='swapped', to='reflections.answer'),
        ),
        migrations.AddField(
            model_name='swapitem',
            name='moment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='swapped', to='reflections.moment'),
        ),
        migrations.AddField(
            model_name='swappart',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='swap_parts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='swappart',
            name='swap',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='reflections.swap'),
        ),
        migrations.AddField(
            model_name='swapitem',
            name='part',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='reflections.swappart'),
        ),
        migrations.AddConstraint(
            model_name='swap',
            constraint=models.UniqueConstraint(fields=('pairing', 'round'), name='swap_once_per_quarter'),
        ),
        migrations.AddConstraint(
            model_name='swappart',
            constraint=models.UniqueConstraint(fields=('swap', 'person'), name='swap_part_once_each'),
        ),
        migrations.AddConstraint(
            model_name='swapitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', True), ('moment__isnull', False)), models.Q(('answer__isnull', False), ('moment__isnull', True)), _connector='OR'), name='swap_item_is_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='swapitem',
            constraint=models.UniqueConstraint(fields=('part', 'moment'), name='swap_item_moment_once'),
        ),
        migrations.AddConstraint(
            model_name='swapitem',
            constraint=models.UniqueConstraint(fields=('part', 'answer'), name='swap_item_answer_once'),
        ),
    ]
