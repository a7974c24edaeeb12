"""How long a place in a program has been over: the clock that says when its words are to go."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .enrollment import Enrollment


class Retention(models.Model):
    """One row for each place that is over; it goes when the place is taken up again.

    The clock writes it down when it first sees that the place is over, because a status does not say since when. So it
    counts too late rather than too early.
    """

    enrollment = models.OneToOneField(
        Enrollment, models.CASCADE, primary_key=True, related_name="retention", verbose_name=_("enrollment")
    )
    over_since = models.DateField(_("over since"))
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    # What the warning said would go. More than that never goes by it, whatever has become of the person since.
    goes_whole = models.BooleanField(_("told that the account goes"), default=False)
    cleared_at = models.DateTimeField(_("words deleted"), null=True, blank=True)

    objects = models.Manager()

    class Meta:
        verbose_name = _("retention")
        verbose_name_plural = _("retentions")
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(warned_at__isnull=False),
                name="retention_warns_before_it_clears",
            )
        ]

    def __str__(self) -> str:
        return f"Retention #{self.pk}"
