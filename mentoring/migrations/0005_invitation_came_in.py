from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


def count_those_who_came(apps, schema_editor):
    """So far they were counted by the places that point to the invitation."""
    Enrollment = apps.get_model("mentoring", "Enrollment")
    places = Enrollment.objects.filter(invitation=OuterRef("pk")).order_by().values("invitation")
    number = Subquery(places.annotate(number=Count("pk")).values("number"))
    apps.get_model("mentoring", "Invitation").objects.update(came_in=Coalesce(number, 0))


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0004_retention")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="came_in",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="have come in"),
        ),
        migrations.RunPython(count_those_who_came, migrations.RunPython.noop),
    ]
