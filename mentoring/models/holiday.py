"""When a program writes to nobody by itself."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring.days_off import DaysOff

from .program import LOOKED_AHEAD, Program


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def days_off(self, programs: Collection[Program], now: datetime) -> dict[int, DaysOff]:
        """The holidays of each of these programs from now on, by its key; those that lie far ahead are cut off."""
        today, horizon = now.date(), now.date() + LOOKED_AHEAD
        spans: dict[int, list[tuple[date, date]]] = {program.pk: [] for program in programs}
        rows = self.filter(program__in=spans, ends_on__gte=today - timedelta(days=30), starts_on__lte=horizon)
        for program, first, last in rows.order_by("starts_on", "pk").values_list(
            "program", "starts_on", "ends_on"
        ):
            spans[program].append((first, min(last, horizon)))
        return {program.pk: DaysOff(program.zone, tuple(spans[program.pk])) for program in programs}


class Holiday(models.Model):
    """Days on which a program writes to nobody by itself, both ends included: neither on its own calendar nor on that
    of whoever would be written to."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="holidays", verbose_name=_("program"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = models.Manager.from_queryset(HolidayQuerySet)()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="holiday_ends_after_it_starts",
                violation_error_message=_("The last day must not come before the first."),
            )
        ]

    def __str__(self) -> str:
        return self.name or f"{self.starts_on} – {self.ends_on}"
