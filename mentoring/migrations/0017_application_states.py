from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0016_application_since")]

    operations = [
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'applied'), _negated=True), ('applied_at__isnull', False), _connector='OR'), name='enrollment_applied_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'waitlisted'), ('waitlisted_at__isnull', False)), models.Q(models.Q(('status', 'waitlisted'), _negated=True), ('waitlisted_at__isnull', True)), _connector='OR'), name='enrollment_waits_since_some_time'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offer_expires_at__isnull', True), ('offered_at__isnull', True)), models.Q(('offer_expires_at__gt', models.F('offered_at')), ('offered_at__isnull', False), ('status', 'waitlisted')), _connector='OR'), name='enrollment_is_offered_a_place_while_it_waits'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(('paused_until__isnull', True), ('status', 'paused'), _connector='OR'), name='enrollment_is_paused_until_a_day', violation_error_message='Only a paused place is paused until a day.'),
        ),
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_to', ''), ('agreed_at__isnull', False), _connector='OR'), name='enrollment_agreed_at_some_time'),
        ),
    ]
