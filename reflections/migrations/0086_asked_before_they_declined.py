"""On the way back a no has the instant of its asking again, as the constraint before wants it."""

from typing import Any

from django.db import migrations
from django.db.models import F


def say_when_they_were_asked(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("reflections", "Naming").objects.filter(declined_at__isnull=False)
    rows.filter(asked_at__isnull=True).update(asked_at=F("declined_at"))


class Migration(migrations.Migration):
    dependencies = [("reflections", "0085_a_no_outlasts_the_asking")]

    operations = [migrations.RunPython(migrations.RunPython.noop, say_when_they_were_asked)]
