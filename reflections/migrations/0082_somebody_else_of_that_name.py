from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reflections", "0081_no_hard_call_on_a_wall_ever")]

    operations = [
        migrations.AddField(
            model_name="naming",
            name="is_by_hand",
            field=models.BooleanField(default=False, verbose_name="named by hand"),
        ),
        migrations.AddField(
            model_name="naming",
            name="is_somebody_else",
            field=models.BooleanField(default=False, verbose_name="is somebody else"),
        ),
        migrations.AddConstraint(
            model_name="naming",
            constraint=models.CheckConstraint(
                condition=Q(is_somebody_else=False) | Q(asked_at__isnull=True, is_by_hand=False),
                name="naming_somebody_else_is_not_asked",
            ),
        ),
    ]
