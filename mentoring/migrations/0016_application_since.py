from django.db import migrations, models


def since_when(apps, schema_editor):
    """So far only the row said since when: somebody applied, or waits, from the day on which it was made."""
    Enrollment = apps.get_model("mentoring", "Enrollment")
    Enrollment.objects.filter(status__in=["applied", "waitlisted"]).update(applied_at=models.F("created_at"))
    Enrollment.objects.filter(status="waitlisted").update(waitlisted_at=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0015_application")]

    # On its own: PostgreSQL alters no table in the transaction that has just written to it.
    operations = [migrations.RunPython(since_when, migrations.RunPython.noop)]
