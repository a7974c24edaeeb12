"""What is noted of files in a store (accounts/media): names that no row has any more, and how far a day's sweep is."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class ForgottenFile(models.Model):
    """A file that a row named until it was deleted, or given another: to be removed from the store.

    Written by the database itself, whoever deletes or changes the row: an action, the admin, a cascade, a shell.
    """

    name = models.CharField(_("name"), max_length=32, primary_key=True)
    since = models.DateTimeField(_("since"), db_default=Now())

    objects = models.Manager()

    class Meta:
        verbose_name = _("file to be removed")
        verbose_name_plural = _("files to be removed")

    def __str__(self) -> str:
        return "File to be removed"


class FileSweep(models.Model):
    """On a day (UTC), how many of the 256 parts of the store have been looked through for what no row names."""

    on = models.DateField(_("day"), primary_key=True)
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)

    objects = models.Manager()

    class Meta:
        verbose_name = _("sweep of the store")
        verbose_name_plural = _("sweeps of the store")
        constraints = [
            models.CheckConstraint(condition=Q(parts__lte=256), name="file_sweep_has_256_parts"),
        ]

    def __str__(self) -> str:
        return f"Sweep of {self.on}"
