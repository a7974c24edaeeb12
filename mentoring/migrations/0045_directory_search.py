"""So that looking for a mentor is quick where a program has thousands (mentoring/search.py)."""

from django.db import migrations

# In the languages of our pages; whoever reads another one waits a little longer.
CONFIGURATIONS = ("english", "german")
PARTS = ("headline", "about", "help_with")


def _indexes():
    for part in PARTS:
        for configuration in CONFIGURATIONS:
            name = f"profile_{part}_in_{configuration}"
            # translate: "UX/UI" would be one word, the name of a file.
            words = f"to_tsvector('{configuration}', translate({part}, '/.@', '   '))"
            yield migrations.RunSQL(
                f"CREATE INDEX {name} ON accounts_profile USING gin ({words})", f"DROP INDEX {name}"
            )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_leaving_and_exports"),
        ("mentoring", "0040_pairing_approval"),
    ]

    operations = list(_indexes())
