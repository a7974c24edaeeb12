import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0112_walls'),
        ('reflections', '0041_lines_left_untold'),
    ]

    operations = [
        migrations.AddField(
            model_name='thanks',
            name='in_reply_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replies', to='reflections.thanks', verbose_name='in reply to'),
        ),
        migrations.AddField(
            model_name='thanks',
            name='program',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='thanks', to='mentoring.program'),
        ),
    ]
