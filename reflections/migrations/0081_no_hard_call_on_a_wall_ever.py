from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reflections", "0080_no_hard_call_on_a_wall")]

    operations = [
        migrations.AddConstraint(
            model_name="moment",
            constraint=models.CheckConstraint(
                condition=~Q(audience="program") | ~Q(kind__in=["hard_call", "brave_try"]),
                name="moment_with_care_is_on_no_wall",
            ),
        ),
    ]
