"""What the house notes of itself: that something failed, and that the clock tidied up. Never about whom, or what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FailedTask(models.Model):
    """That a task, or a part of the tick, ended with an error: of which type, and how often on that day (UTC). Neither
    what it was given nor what the error said, since either may hold somebody's words."""

    task = models.CharField(_("task"), max_length=100)
    error = models.CharField(_("type of error"), max_length=100)
    on = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("how often"), default=1)
    last_at = models.DateTimeField(_("last"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("failed task")
        verbose_name_plural = _("failed tasks")
        constraints = [
            models.UniqueConstraint(fields=["task", "error", "on"], name="failed_task_once_a_day"),
            models.CheckConstraint(condition=Q(times__gte=1), name="failed_task_failed_once_at_least"),
        ]

    def __str__(self) -> str:
        return f"Failed task #{self.pk}"


class HouseRun(models.Model):
    """What one part of the clock did on a day (UTC): how often it looked, and how many rows it saw to."""

    name = models.CharField(_("part"), max_length=60)
    on = models.DateField(_("day"))
    runs = models.PositiveIntegerField(_("how often"), default=1)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    last_at = models.DateTimeField(_("last"))

    objects = models.Manager()

    class Meta:
        verbose_name = _("run of the house")
        verbose_name_plural = _("runs of the house")
        constraints = [models.UniqueConstraint(fields=["name", "on"], name="house_run_once_a_day")]

    def __str__(self) -> str:
        return f"Run of the house #{self.pk}"
