from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0111_where_to_find_help'),
    ]

    operations = [
        migrations.AddField(
            model_name='program',
            name='has_wall',
            field=models.BooleanField(default=False, help_text='People may share a moment, or an answer, with everybody here. Whoever is named in it has to agree first.', verbose_name='has a wall'),
        ),
    ]
