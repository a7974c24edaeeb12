from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reflections", "0151_may_be_quoted")]

    operations = [
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("may_be_quoted", False), ("audience", "program"), _connector="OR"),
                name="answer_is_quoted_from_the_wall_alone",
            ),
        ),
        migrations.AddConstraint(
            model_name="moment",
            constraint=models.CheckConstraint(
                condition=models.Q(("may_be_quoted", False), ("audience", "program"), _connector="OR"),
                name="moment_is_quoted_from_the_wall_alone",
            ),
        ),
    ]
