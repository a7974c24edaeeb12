from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0050_request_read_by_admins")]

    operations = [
        migrations.AddField(
            model_name="pairingrequest",
            name="because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("room", "No room any more"),
                    ("away", "Not there for requests now"),
                    ("paired", "A mentor is found"),
                    ("program", "The program takes no requests now"),
                    ("organizers", "Not passed on by those who run the program"),
                ],
                editable=False,
                max_length=10,
                verbose_name="why it ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("because", ""),
                    models.Q(
                        ("because__in", ["room", "away", "paired", "program", "organizers"]),
                        ("state__in", ["declined", "expired", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="request_ended_for_a_known_reason",
            ),
        ),
    ]
