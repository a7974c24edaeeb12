"""Somebody's words opened by two superusers in an emergency: asked, allowed, read, and told to their writer."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.vault.fields import OnlySealed, Sealed, SealedText

from .moment import Moment
from .reflection import Answer
from .round import Round
from .thanks import Thanks

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

LONGEST_REASON = 2000
# The second superuser answers within these, and the words are open for so long at most.
ALLOWED_WITHIN = timedelta(hours=24)
OPEN_FOR = timedelta(minutes=60)


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def of(self, user: User) -> Self:
        """Whose words it is about."""
        return self.filter(person=user)

    def waiting(self, now: datetime) -> Self:
        return self.filter(
            allowed_at__isnull=True, refused_at__isnull=True, asked_at__gt=now - ALLOWED_WITHIN
        )

    def with_people(self) -> Self:
        return self.select_related("person", "asked_by", "allowed_by", "refused_by", "round__program")


class BreakGlass(Sealed):
    """One thing, or what somebody kept and wrote in one quarter; `about` says which, also when the thing is gone.

    The reason is the writer's to read, and sealed with their key: it goes when they do.
    """

    class About(models.TextChoices):
        MOMENT = "moment", _("one moment")
        ANSWER = "answer", _("one answer")
        NOTE = "note", _("one note of thanks")
        QUARTER = "quarter", _("one quarter")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="opened_words")
    about = models.CharField(_("about"), max_length=7, choices=About.choices)
    moment = models.ForeignKey(Moment, models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.ForeignKey(Thanks, models.SET_NULL, null=True, blank=True, related_name="+")
    round = models.ForeignKey(Round, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = SealedText(_("reason"), max_length=LONGEST_REASON)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("allowed by")
    )
    allowed_at = models.DateTimeField(_("allowed"), null=True, blank=True)
    ends_at = models.DateTimeField(_("open until"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("refused by")
    )
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    sealed_by = "person"

    readings: "RelatedManager[BreakGlassReading]"
    objects = models.Manager.from_queryset(BreakGlassQuerySet)()

    class Meta:
        verbose_name = _("opening of somebody’s words")
        verbose_name_plural = _("openings of somebody’s words")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            OnlySealed(condition=Q(reason__is_sealed=True), name="break_glass_is_sealed"),
            models.CheckConstraint(condition=Q(reason__is_empty=False), name="break_glass_has_a_reason"),
            models.CheckConstraint(
                condition=Q(about="moment", answer__isnull=True, note__isnull=True, round__isnull=True)
                | Q(about="answer", moment__isnull=True, note__isnull=True, round__isnull=True)
                | Q(about="note", moment__isnull=True, answer__isnull=True, round__isnull=True)
                | Q(about="quarter", moment__isnull=True, answer__isnull=True, note__isnull=True),
                name="break_glass_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(allowed_at__isnull=True, ends_at__isnull=True)
                | Q(
                    refused_at__isnull=True,
                    ends_at__isnull=False,
                    allowed_at__isnull=False,
                    allowed_at__gte=models.F("asked_at"),
                    allowed_at__lt=models.F("asked_at") + ALLOWED_WITHIN,
                    ends_at__lte=models.F("allowed_at") + OPEN_FOR,
                ),
                name="break_glass_is_open_for_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(allowed_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(allowed_by=models.F("asked_by")),
                name="break_glass_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return f"Opening #{self.pk}"

    def is_open_at(self, now: datetime) -> bool:
        return self.ends_at is not None and now < self.ends_at

    def waits_at(self, now: datetime) -> bool:
        return self.allowed_at is None and self.refused_at is None and now < self.asked_at + ALLOWED_WITHIN


class BreakGlassReading(models.Model):
    """Each time that the words were shown."""

    opening = models.ForeignKey(BreakGlass, models.CASCADE, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(_("read"), default=timezone.now)

    objects = models.Manager()

    class Meta:
        verbose_name = _("reading of opened words")
        verbose_name_plural = _("readings of opened words")
        ordering = ["read_at", "pk"]

    def __str__(self) -> str:
        return f"Reading #{self.pk}"
