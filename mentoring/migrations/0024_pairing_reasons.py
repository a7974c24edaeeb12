from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0023_program_pairs'),
    ]

    operations = [
        migrations.AddField(
            model_name='pairing',
            name='answer_by',
            field=models.DateTimeField(blank=True, null=True, verbose_name='answer until'),
        ),
        migrations.AddField(
            model_name='pairing',
            name='reasons',
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name='why the two'),
        ),
    ]
