"""What was kept by mail is remembered in the one table of what comes in, so that a copy of it still makes no moment."""

from django.db import migrations


def remember(apps, schema_editor):
    kept = apps.get_model("reflections", "KeptMail")
    incoming = apps.get_model("reflections", "IncomingMail")
    for row in kept.objects.order_by("pk").iterator():
        incoming.objects.get_or_create(
            person_id=row.person_id,
            token_hash="",
            message_hash=bytes(row.message_hash),
            defaults={
                "way": "keep",
                "state": "taken",
                "came_at": row.came_at,
                "sender": b"",
                "text": b"",
                "left_out": b"",
            },
        )


def as_before(apps, schema_editor):
    kept = apps.get_model("reflections", "KeptMail")
    incoming = apps.get_model("reflections", "IncomingMail")
    for row in incoming.objects.filter(way="keep", state="taken").order_by("pk").iterator():
        kept.objects.get_or_create(
            person_id=row.person_id,
            message_hash=bytes(row.message_hash),
            defaults={"came_at": row.came_at},
        )


class Migration(migrations.Migration):
    dependencies = [("reflections", "0100_replies_by_mail")]

    operations = [migrations.RunPython(remember, as_before)]
