"""Somebody named in what another one wrote: nobody else reads it before they have agreed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

from .moment import Moment
from .reflection import Answer


class NamingQuerySet(models.QuerySet["Naming"]):
    def asked_of(self, user: User) -> Self:
        """Those that this person was asked about."""
        return self.filter(person=user, asked_at__isnull=False)

    def unanswered(self) -> Self:
        return self.filter(asked_at__isnull=False, agreed_at__isnull=True, declined_at__isnull=True)

    def in_the_way(self) -> Self:
        """Without a yes that stands."""
        return self.filter(agreed_at__isnull=True)


class Naming(models.Model):
    """One person in one thing. A yes is to the words as they stood: what changes them asks anew."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="namings")
    moment = models.ForeignKey(Moment, models.CASCADE, null=True, blank=True, related_name="namings")
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="namings")
    created_at = models.DateTimeField(_("named"), default=timezone.now)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)

    objects = models.Manager.from_queryset(NamingQuerySet)()

    class Meta:
        verbose_name = _("person named")
        verbose_name_plural = _("people named")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(moment__isnull=False, answer__isnull=True)
                | Q(moment__isnull=True, answer__isnull=False),
                name="naming_in_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "moment"], name="naming_once_in_a_moment"),
            models.UniqueConstraint(fields=["person", "answer"], name="naming_once_in_an_answer"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(declined_at__isnull=True),
                name="naming_agreed_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=False) | Q(agreed_at__isnull=True, declined_at__isnull=True),
                name="naming_answered_when_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"Person named #{self.pk}"
