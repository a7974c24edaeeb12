import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0060_agenda'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConversationStarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='question')),
                ('stage', models.CharField(choices=[('any', 'At any time'), ('beginning', 'At the beginning'), ('under_way', 'Under way'), ('ending', 'Towards the end')], default='any', max_length=9, verbose_name='when')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered')),
            ],
            options={
                'verbose_name': 'conversation starter',
                'verbose_name_plural': 'conversation starters',
                'ordering': ['program', 'position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='conversationstarter',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversation_starters', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddConstraint(
            model_name='conversationstarter',
            constraint=models.UniqueConstraint(fields=('program', 'text'), name='conversation_starter_once'),
        ),
        migrations.AddConstraint(
            model_name='conversationstarter',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['any', 'beginning', 'under_way', 'ending'])), name='conversation_starter_stage_is_known'),
        ),
    ]
