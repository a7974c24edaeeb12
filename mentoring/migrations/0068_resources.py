import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0067_in_touch'),
    ]

    operations = [
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('about', models.TextField(blank=True, max_length=1000, verbose_name='what it is good for')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('file_name', models.CharField(blank=True, editable=False, max_length=120, verbose_name='file')),
                ('for_role', models.CharField(choices=[('all', 'Everybody'), ('mentors', 'Mentors'), ('mentees', 'Mentees')], default='all', max_length=7, verbose_name='for')),
                ('stage', models.CharField(choices=[('any', 'At any time'), ('beginning', 'At the beginning'), ('under_way', 'Under way'), ('ending', 'Towards the end')], default='any', max_length=9, verbose_name='when')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'resource',
                'verbose_name_plural': 'resources',
                'ordering': ['program', 'position', 'title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ResourceFile',
            fields=[
                ('resource', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='file', serialize=False, to='mentoring.resource')),
                ('content', models.BinaryField()),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
            ],
            options={
                'verbose_name': 'file of a resource',
                'verbose_name_plural': 'files of resources',
            },
        ),
        migrations.AddField(
            model_name='resource',
            name='added_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='resources_added', to=settings.AUTH_USER_MODEL, verbose_name='added by'),
        ),
        migrations.AddField(
            model_name='resource',
            name='program',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='mentoring.program', verbose_name='program'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('for_role__in', ['all', 'mentors', 'mentees'])), name='resource_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['any', 'beginning', 'under_way', 'ending'])), name='resource_stage_is_known'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('link', ''), _negated=True), models.Q(('file_name', ''), _negated=True), _connector='OR'), name='resource_leads_somewhere', violation_error_message='Give it a link or a file.'),
        ),
    ]
