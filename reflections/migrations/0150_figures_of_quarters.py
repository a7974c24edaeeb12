import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mentoring", "0120_words_for_whom_a_moment_was"),
        ("reflections", "0141_copies_on_a_shelf"),
    ]

    operations = [
        migrations.CreateModel(
            name="QuarterFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quarter_figures",
                        to="mentoring.program",
                        verbose_name="program",
                    ),
                ),
                ("quarter_start", models.DateField(verbose_name="quarter begins on")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("enrolled", "Enrolled"),
                            ("matched", "Matched"),
                            ("met", "Met"),
                            ("reflected", "Reflected"),
                            ("completed", "Completed a pairing"),
                            ("ended_by_one", "Ended early by one of the two"),
                            ("ended_in_silence", "Closed after a silence"),
                        ],
                        max_length=16,
                        verbose_name="what",
                    ),
                ),
                ("at_least", models.PositiveIntegerField(verbose_name="people at least")),
                (
                    "counted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="counted"
                    ),
                ),
            ],
            options={
                "verbose_name": "figure of a quarter",
                "verbose_name_plural": "figures of quarters",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["program", "quarter_start", "measure"], name="quarter_figure_is_told_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(at_least=models.F("at_least") / 5 * 5),
                        name="quarter_figure_in_steps_of_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            measure__in=[
                                "enrolled",
                                "matched",
                                "met",
                                "reflected",
                                "completed",
                                "ended_by_one",
                                "ended_in_silence",
                            ]
                        ),
                        name="quarter_figure_measure_is_known",
                    ),
                ],
            },
        ),
    ]
