from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0045_directory_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='pairingrequest',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='place in the order'),
        ),
    ]
