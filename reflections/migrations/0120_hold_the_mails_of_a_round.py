from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0111_midquarters'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='held_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='e-mails held since'),
        ),
    ]
