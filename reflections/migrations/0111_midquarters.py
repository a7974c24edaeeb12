import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0112_walls'),
        ('reflections', '0110_another_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='Midquarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter_start', models.DateField(verbose_name='quarter begins')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='midquarters', to='mentoring.program')),
            ],
            options={
                'verbose_name': 'middle of a quarter',
                'verbose_name_plural': 'middles of quarters',
                'constraints': [models.UniqueConstraint(fields=('program', 'quarter_start'), name='midquarter_once_per_quarter')],
            },
        ),
    ]
