from django.db import migrations


def close_what_is_archived(apps, schema_editor):
    """The states of before 0007 know no archive. What was put there was closed first."""
    apps.get_model("mentoring", "Program").objects.filter(status="archived").update(status="closed")


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0021_import_how")]

    # On its own, and so the first on the way back: PostgreSQL alters no table that it has just written to.
    operations = [migrations.RunPython(migrations.RunPython.noop, close_what_is_archived)]
