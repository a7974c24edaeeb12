"""That mail to an address came back for good, or was called unwanted: nothing of a stream is sent there any more."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def standing(self) -> Self:
        """Of the addresses that people have now, and not lifted."""
        return self.filter(lifted_at=None, address=F("person__email"))

    def put(self, person_id: int, address: str, reason: str, *, now: datetime) -> None:
        """Once, however often it is found out."""
        row = self.model(person_id=person_id, address=address, reason=reason, suppressed_at=now)
        self.bulk_create([row], ignore_conflicts=True)


class Suppression(models.Model):
    class Reason(models.TextChoices):
        BOUNCED = "bounced", _("mail came back")
        COMPLAINT = "complaint", _("mail was called unwanted")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="suppressions", db_index=False
    )
    # It holds for this address alone, and goes once its person has another (accounts/mail/suppression.py).
    address = models.EmailField(_("e-mail address"), max_length=254, editable=False)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    suppressed_at = models.DateTimeField(_("since"), editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = models.Manager.from_queryset(SuppressionQuerySet)()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "address", "reason"],
                condition=Q(lifted_at=None),
                name="suppression_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["bounced", "complaint"]), name="suppression_reason_is_known"
            ),
        ]
        indexes = [models.Index(fields=["person", "reason"], name="suppression_of_person")]

    def __str__(self) -> str:
        return f"Suppression #{self.pk}"
