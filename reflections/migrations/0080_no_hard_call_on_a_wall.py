from django.db import migrations


def take_down(apps, schema_editor):
    """What is easily regretted hangs on no wall: what hung there is for its writer alone again."""
    apps.get_model("reflections", "Moment").objects.filter(
        audience="program", kind__in=["hard_call", "brave_try"]
    ).update(audience="me", program=None)
    apps.get_model("reflections", "Answer").objects.filter(
        audience="program", question__needs_care=True
    ).update(audience="me")


class Migration(migrations.Migration):
    dependencies = [("reflections", "0071_editions")]

    operations = [migrations.RunPython(take_down, migrations.RunPython.noop)]
