"""What is told of a program's quarter in reports."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mentoring.models import Program
from mentoring.quarter import Quarter


class QuarterFigureQuerySet(models.QuerySet["QuarterFigure"]):
    def administered_by(self, user: User) -> Self:
        return self.filter(program__in=Program.objects.administered_by(user))


class QuarterFigure(models.Model):
    """How many people these were at least, in steps of five: 0 is fewer than five. Kept once, when the quarter is
    counted, and never changed: the count itself is not kept."""

    class Measure(models.TextChoices):
        ENROLLED = "enrolled", _("Enrolled")
        MATCHED = "matched", _("Matched")
        MET = "met", _("Met")
        REFLECTED = "reflected", _("Reflected")
        COMPLETED = "completed", _("Completed a pairing")
        ENDED_BY_ONE = "ended_by_one", _("Ended early by one of the two")
        ENDED_IN_SILENCE = "ended_in_silence", _("Closed after a silence")

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="quarter_figures", verbose_name=_("program")
    )
    quarter_start = models.DateField(_("quarter begins on"))
    measure = models.CharField(_("what"), max_length=16, choices=Measure.choices)
    at_least = models.PositiveIntegerField(_("people at least"))
    counted_at = models.DateTimeField(_("counted"), default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(QuarterFigureQuerySet)()

    class Meta:
        verbose_name = _("figure of a quarter")
        verbose_name_plural = _("figures of quarters")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "quarter_start", "measure"], name="quarter_figure_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(at_least=F("at_least") / 5 * 5), name="quarter_figure_in_steps_of_five"
            ),
            models.CheckConstraint(
                condition=Q(
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
        ]

    def __str__(self) -> str:
        return f"{self.measure} · {self.quarter_start}"


def quarter_of(program: Program, start: date) -> Quarter:
    """The quarter that begins on `start`, in the program's fiscal year."""
    return Quarter(start, program.fiscal_first_month)
