from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('mentoring', '0055_publications_go_with_their_program'),
    ]

    operations = [
        migrations.AddField(
            model_name='pairing',
            name='paused_until',
            field=models.DateField(blank=True, null=True, verbose_name='paused until'),
        ),
        migrations.AddField(
            model_name='pairing',
            name='runs_until',
            field=models.DateField(blank=True, null=True, verbose_name='runs until'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'paused'), ('paused_until__isnull', True), _connector='OR'), name='pairing_paused_until_a_day'),
        ),
    ]
