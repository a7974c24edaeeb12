import uuid

from django.db import migrations

from accounts.vault import data_keys
from accounts.vault.sealing import Place, SealedBytes

BATCH = 500
# Each model, and the column in which its row says whose the words are.
OWNERS = {"moment": "person_id", "answer": "reflection__person_id"}


def seal(apps, schema_editor):
    """In batches by number. Once more does no harm: what is sealed already has its number."""
    for name, owner in OWNERS.items():
        model = apps.get_model("reflections", name)
        table = model._meta.db_table
        while True:
            rows = list(model.objects.filter(seal_id=None).order_by("pk").values_list("pk", "text", owner)[:BATCH])
            if not rows:
                break
            with data_keys.in_hand(*sorted({person for _, _, person in rows})):
                for pk, text, person in rows:
                    seal_id = uuid.uuid4()
                    place = Place(table, "words", seal_id)
                    words = data_keys.seal(text, person=person, place=place) if text else b""
                    model.objects.filter(pk=pk).update(seal_id=seal_id, words=words)


def open_again(apps, schema_editor):
    """Needs the key file. Words that it does not open stay behind, and stop this."""
    for name, owner in OWNERS.items():
        model = apps.get_model("reflections", name)
        table = model._meta.db_table
        rows = model.objects.order_by("pk").values_list("pk", "seal_id", "words", owner)
        for pk, seal_id, words, person in list(rows):
            if words:
                sealed = SealedBytes(bytes(words))
                text = data_keys.open_(sealed, person=person, place=Place(table, "words", seal_id))
                model.objects.filter(pk=pk).update(text=text)
        model.objects.update(seal_id=None, words=b"")


class Migration(migrations.Migration):
    dependencies = [("reflections", "0006_room_for_sealed_words")]

    operations = [migrations.RunPython(seal, open_again)]
