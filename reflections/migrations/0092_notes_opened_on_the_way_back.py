from django.db import migrations


def on_the_way_back(apps, schema_editor):
    """Before, nothing could be about a note: that one was asked for stays written down, about an answer that is gone."""
    openings = apps.get_model("reflections", "BreakGlass").objects
    openings.filter(about="note").update(about="answer", note=None)


class Migration(migrations.Migration):
    dependencies = [("reflections", "0091_a_note_is_opened")]

    operations = [migrations.RunPython(migrations.RunPython.noop, on_the_way_back)]
