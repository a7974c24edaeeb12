from django.db import migrations
from django.db.models import Q


def keep_walls(apps, schema_editor):
    """What people share with a whole program stays readable there, though walls are off unless somebody wants one."""
    program = apps.get_model("mentoring", "Program")
    moment = apps.get_model("reflections", "Moment")
    answer = apps.get_model("reflections", "Answer")
    used = Q(pk__in=moment.objects.filter(audience="program").values("program")) | Q(
        pk__in=answer.objects.filter(audience="program").values("reflection__round__program")
    )
    program.objects.filter(used).update(has_wall=True)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0112_walls"), ("reflections", "0015_thanks")]

    operations = [migrations.RunPython(keep_walls, migrations.RunPython.noop)]
