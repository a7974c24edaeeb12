"""A copy of everything that is somebody's, made for them to take along."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .user import User


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and nobody else's."""
        return self.filter(person=user)

    def living(self) -> Self:
        """Being made, or there to be fetched."""
        return self.filter(state__in=Export.LIVING)

    def ready(self, now: datetime) -> Self:
        return self.filter(state=Export.State.READY, expires_at__gt=now)

    def unclaimed(self, now: datetime) -> Self:
        """Those to be made, which nobody is making: their maker's time is over where there was one."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now), state=Export.State.WANTED
        )


class Export(models.Model):
    class State(models.TextChoices):
        WANTED = "wanted", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be made")
        GONE = "gone", _("deleted")

    LIVING = (State.WANTED, State.READY)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WANTED)
    requested_at = models.DateTimeField(_("asked for"))
    ready_at = models.DateTimeField(_("ready since"), null=True, blank=True)
    expires_at = models.DateTimeField(_("deleted on"), null=True, blank=True)
    # Whoever makes it holds it by a token for some minutes; whoever comes back later finds that it is not theirs.
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = models.Manager.from_queryset(ExportQuerySet)()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "ready", "failed", "gone"]), name="export_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=["wanted", "ready"]), name="export_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(ready_at__isnull=False, expires_at__isnull=False),
                name="export_ready_has_its_days",
            ),
        ]

    def __str__(self) -> str:
        return f"Export #{self.pk}"
