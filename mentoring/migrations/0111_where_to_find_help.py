from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0110_versions_ask_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='program',
            name='help_url',
            field=models.URLField(blank=True, help_text='A page on help in hard times; a link leads there from the page of the quarter.', verbose_name='where to find help'),
        ),
    ]
