import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('mentoring', '0024_pairing_reasons'),
    ]

    operations = [
        migrations.CreateModel(
            name='MatchingCriteria',
            fields=[
                ('program', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='matching_criteria', serialize=False, to='mentoring.program', verbose_name='program')),
                ('language_in_common', models.BooleanField(default=False, verbose_name='a language in common')),
                ('half_hours_shared', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(336)], verbose_name='half hours in common in a week, at least')),
                ('zone_gap', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(1440)], verbose_name='minutes between their clocks, at most')),
                ('outside_reporting_line', models.BooleanField(default=True, verbose_name='neither reports to the other')),
                ('other_department', models.BooleanField(default=False, verbose_name='another department')),
                ('not_again', models.BooleanField(default=True, verbose_name='nobody they were paired with before')),
                ('skills', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='high', max_length=6, verbose_name='skills sought and offered')),
                ('languages', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='low', max_length=6, verbose_name='languages')),
                ('hours', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='medium', max_length=6, verbose_name='hours in common')),
                ('interests', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='off', max_length=6, verbose_name='interests')),
                ('seniority', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='off', max_length=6, verbose_name='seniority')),
                ('department', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='off', max_length=6, verbose_name='department')),
                ('half_hours_wanted', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(336)], verbose_name='half hours in a week that are enough')),
                ('seniority_gap', models.SmallIntegerField(default=2, validators=[django.core.validators.MinValueValidator(-9), django.core.validators.MaxValueValidator(9)], verbose_name='steps that the mentor is ahead')),
                ('department_wanted', models.CharField(choices=[('same', 'The same'), ('different', 'Different')], default='different', max_length=9, verbose_name='department at best')),
            ],
            options={
                'verbose_name': 'what makes a good pair',
                'verbose_name_plural': 'what makes a good pair',
            },
        ),
        migrations.CreateModel(
            name='MatchingQuestion',
            fields=[
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='counts', serialize=False, to='mentoring.enrollmentquestion', verbose_name='question')),
                ('must', models.CharField(blank=True, choices=[('same', 'The same'), ('different', 'Different')], max_length=9, verbose_name='must be')),
                ('weight', models.CharField(choices=[('off', 'Off'), ('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], default='off', max_length=6, verbose_name='weight')),
                ('wanted', models.CharField(choices=[('same', 'The same'), ('different', 'Different')], default='same', max_length=9, verbose_name='at best')),
            ],
            options={
                'verbose_name': 'question that counts',
                'verbose_name_plural': 'questions that count',
            },
        ),
        migrations.AddField(
            model_name='matchingcriteria',
            name='interests_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mentoring.enrollmentquestion', verbose_name='question that asks for interests'),
        ),
        migrations.AddField(
            model_name='matchingcriteria',
            name='seniority_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mentoring.enrollmentquestion', verbose_name='question that asks for seniority, its answers from junior to senior'),
        ),
        migrations.AddConstraint(
            model_name='matchingquestion',
            constraint=models.CheckConstraint(condition=models.Q(('must__in', ['', 'same', 'different']), ('wanted__in', ['same', 'different'])), name='matching_question_likeness_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingquestion',
            constraint=models.CheckConstraint(condition=models.Q(('weight__in', ['off', 'low', 'medium', 'high'])), name='matching_question_weight_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('skills__in', ['off', 'low', 'medium', 'high'])), name='criteria_weight_of_skills_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('languages__in', ['off', 'low', 'medium', 'high'])), name='criteria_weight_of_languages_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('hours__in', ['off', 'low', 'medium', 'high'])), name='criteria_weight_of_hours_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('interests__in', ['off', 'low', 'medium', 'high'])), name='criteria_weight_of_interests_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('seniority__in', ['off', 'low', 'medium', 'high'])), name='criteria_weight_of_seniority_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('department__in', ['off', 'low', 'medium', 'high'])), name='criteria_weight_of_department_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('department_wanted__in', ['same', 'different'])), name='criteria_department_wanted_is_known'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('half_hours_shared__range', (0, 336)), ('half_hours_wanted__range', (1, 336))), name='criteria_half_hours_are_of_a_week'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('zone_gap__isnull', True), ('zone_gap__range', (0, 1440)), _connector='OR'), name='criteria_zone_gap_is_within_a_day'),
        ),
        migrations.AddConstraint(
            model_name='matchingcriteria',
            constraint=models.CheckConstraint(condition=models.Q(('seniority_gap__range', (-9, 9))), name='criteria_seniority_gap_is_a_few_steps'),
        ),
    ]
