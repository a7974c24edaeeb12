from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reflections', '0084_opened_in_an_emergency'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='naming',
            name='naming_answered_when_asked',
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('agreed_at__isnull', True), _connector='OR'), name='naming_agreed_when_asked'),
        ),
    ]
