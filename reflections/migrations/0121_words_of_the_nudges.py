import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0112_walls'),
        ('reflections', '0120_hold_the_mails_of_a_round'),
    ]

    operations = [
        migrations.CreateModel(
            name='NudgeWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en-us', 'English'), ('de', 'German')], max_length=10, verbose_name='language')),
                ('subject', models.CharField(blank=True, max_length=120, verbose_name='subject of all three')),
                ('ask', models.TextField(blank=True, max_length=600, verbose_name='the question: how it begins')),
                ('reminder', models.TextField(blank=True, max_length=600, verbose_name='the reminder: how it begins')),
                ('last_call', models.TextField(blank=True, max_length=600, verbose_name='the last reminder: how it begins')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nudge_words', to='mentoring.program', verbose_name='program')),
            ],
            options={
                'verbose_name': 'words of the quarter’s e-mails',
                'verbose_name_plural': 'words of the quarter’s e-mails',
                'ordering': ['program', 'language'],
            },
        ),
        migrations.CreateModel(
            name='NudgeTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nudge', models.CharField(max_length=20)),
                ('role', models.CharField(choices=[('mentor', 'Mentor'), ('mentee', 'Mentee'), ('both', 'Both')], max_length=10)),
                ('words', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tests', to='reflections.nudgewords')),
            ],
            options={
                'verbose_name': 'test of an e-mail',
                'verbose_name_plural': 'tests of e-mails',
            },
        ),
        migrations.AddConstraint(
            model_name='nudgewords',
            constraint=models.UniqueConstraint(fields=('program', 'language'), name='nudge_words_once_per_language', violation_error_message='This program has words in that language already. Change those.'),
        ),
    ]
