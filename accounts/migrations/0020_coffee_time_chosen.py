from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_exports_are_made_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='coffee_chosen_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='coffee time chosen'),
        ),
    ]
