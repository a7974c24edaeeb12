"""What all senders together know of the mail server: when the next message may go, and whether it needs a rest."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relay(models.Model):
    """One row, kept in the database because that is the one thing that all senders share (Redis may be away)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    next_at = models.DateTimeField(_("the next message may go"), null=True, blank=True)
    slow_until = models.DateTimeField(_("half as fast until"), null=True, blank=True)
    faults = models.PositiveIntegerField(_("faults in a row"), default=0)
    paused_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    pause_seconds = models.PositiveIntegerField(_("length of the rest, in seconds"), default=0)

    objects = models.Manager()

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail servers")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="relay_is_one_row")]

    def __str__(self) -> str:
        return "Mail server"
