"""A line that its writer was offered to tell somebody, and would rather keep: it is not offered again."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .moment import Moment
from .reflection import Answer


class LeftUntoldQuerySet(models.QuerySet["LeftUntold"]):
    def of(self, user: User) -> Self:
        return self.filter(person=user)


class LeftUntold(models.Model):
    """Of one answer or one moment, by its writer. Nothing is counted, and nobody else sees it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="left_untold")
    moment = models.OneToOneField(
        Moment, models.CASCADE, null=True, blank=True, related_name="left_untold", verbose_name=_("moment")
    )
    answer = models.OneToOneField(
        Answer, models.CASCADE, null=True, blank=True, related_name="left_untold", verbose_name=_("answer")
    )
    created_at = models.DateTimeField(_("left"), default=timezone.now)

    objects = models.Manager.from_queryset(LeftUntoldQuerySet)()

    class Meta:
        verbose_name = _("line left untold")
        verbose_name_plural = _("lines left untold")
        constraints = [
            models.CheckConstraint(
                condition=Q(moment__isnull=False, answer__isnull=True)
                | Q(moment__isnull=True, answer__isnull=False),
                name="left_untold_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"Line left untold #{self.pk}"
