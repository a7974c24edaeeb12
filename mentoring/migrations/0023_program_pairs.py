import django.contrib.postgres.fields
import django.core.validators
import mentoring.models.program
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0022_no_archive_on_the_way_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='program',
            name='approval',
            field=models.CharField(choices=[('both', 'The mentor and the mentee both say yes'), ('mentor', 'The mentor says yes'), ('mentee', 'The mentee says yes'), ('admins', 'Nobody is asked: who runs the program has decided it')], default='both', max_length=10, verbose_name='who says yes to a proposed pair'),
        ),
        migrations.AddField(
            model_name='program',
            name='directory_for',
            field=models.CharField(choices=[('mentees', 'The mentees of the program'), ('members', 'Everybody in the program')], default='mentees', max_length=10, verbose_name='who may look through the mentors'),
        ),
        migrations.AddField(
            model_name='program',
            name='directory_shows',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('photo', 'Photo'), ('headline', 'Headline'), ('about', 'About'), ('help_with', 'What they can help with, in their words'), ('seeks', 'What they would like to learn'), ('languages', 'Languages'), ('hours', 'Usual hours'), ('place', 'Where they live, as their time zone says'), ('department', 'Department')], max_length=10), blank=True, default=mentoring.models.program.shown_at_first, size=None, verbose_name='what they see of each mentor'),
        ),
        migrations.AddField(
            model_name='program',
            name='open_requests',
            field=models.PositiveSmallIntegerField(default=3, help_text='How many mentors somebody may ask at one time. Others wait until one has answered.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)], verbose_name='open requests for each mentee'),
        ),
        migrations.AddField(
            model_name='program',
            name='requests_are_checked',
            field=models.BooleanField(default=False, help_text='A request reaches the mentor once somebody who runs the program has passed it on.', verbose_name='look at each request first'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('approval__in', ['both', 'mentor', 'mentee', 'admins'])), name='program_approval_is_known'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('directory_for__in', ['mentees', 'members'])), name='program_directory_is_for_known'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('directory_shows__contained_by', ['photo', 'headline', 'about', 'help_with', 'seeks', 'languages', 'hours', 'place', 'department'])), name='program_directory_shows_known'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('open_requests__range', (1, 9))), name='program_has_one_to_nine_open_requests'),
        ),
    ]
