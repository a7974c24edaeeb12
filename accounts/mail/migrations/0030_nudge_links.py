from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0020_events_and_suppression'),
    ]

    operations = [
        migrations.AlterField(
            model_name='maillink',
            name='purpose',
            field=models.CharField(choices=[('stop', 'stop a kind of e-mail'), ('reply', 'answer by e-mail'), ('nudge', 'say “not this quarter” or “another time”')], max_length=20, verbose_name='purpose'),
        ),
    ]
