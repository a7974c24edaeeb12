"""Whoever has another coffee time than everybody begins with has chosen it."""

from datetime import time

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.filter(coffee_chosen_at=None, erased_at=None)
    people.exclude(coffee_weekday=1, coffee_time=time(7, 30)).update(coffee_chosen_at=F("joined_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0020_coffee_time_chosen'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
