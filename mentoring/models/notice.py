"""What somebody was told about their place: a row for each time, so that each has its own e-mail."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .enrollment import Enrollment
from .program import Program

LONGEST_NOTE = 1000


class NoticeQuerySet(models.QuerySet["Notice"]):
    def offers(self) -> Self:
        return self.filter(kind=Notice.Kind.OFFERED)

    def administered_by(self, user: User) -> Self:
        return self.filter(enrollment__program__in=Program.objects.administered_by(user))


class Notice(models.Model):
    """`made_at` is the instant that the place has in `decided_at`, `offered_at` or `waitlisted_at` (where an offer
    ended): as long as the two are one, the notice is still true."""

    class Kind(models.TextChoices):
        APPROVED = "approved", _("Approved")
        WAITLISTED = "waitlisted", _("Waitlisted")
        DECLINED = "declined", _("Declined")
        OFFERED = "offered", _("Offered a place")
        OFFER_ENDED = "offer_ended", _("The offer ended")

    enrollment = models.ForeignKey(
        Enrollment, models.CASCADE, related_name="notices", verbose_name=_("enrollment")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    note = models.TextField(_("note"), max_length=LONGEST_NOTE, blank=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = models.Manager.from_queryset(NoticeQuerySet)()

    class Meta:
        verbose_name = _("notice about a place")
        verbose_name_plural = _("notices about places")
        ordering = ["enrollment", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["approved", "waitlisted", "declined", "offered", "offer_ended"]),
                name="notice_kind_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"Notice #{self.pk}"
